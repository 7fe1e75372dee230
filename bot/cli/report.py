"""`weilu report`: what happened, read back from the database."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

from bot.cli import frame, words
from bot.cli.leaving import leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, OnlyGroup, err, out, reading
from bot.cli.rule_report import report_rules
from bot.cli.since import Since, length
from bot.cli.speech import tr
from bot.cli.summary import render
from bot.cli.topic_report import report_topics
from bot.events import Group
from bot.shown import shown
from storage.reports import Reports
from storage.values import AccountState
from storage.values_of_reports import GroupSummary

app = frame.Commands(
    cls=frame.Group,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(
    "rules", help=tr("各条规则是否太严、太松", "whether rules are too strict or too loose")
)(report_rules)
app.command(
    "topics", help=tr("话题的效果：什么在群里行得通", "what came of topics, and what works")
)(report_topics)


@app.callback()
def report(
    context: typer.Context,
    *,
    config: ConfigPath = DEFAULT,
    since: Since = "7d",
    group: OnlyGroup = None,
    as_json: AsJson = False,
) -> None:
    """The account's state, then each group that Weilu keeps; others by name and count only."""
    if context.invoked_subcommand:
        return
    until = datetime.now(UTC)
    start = until - length(since)
    with reading(config) as (loaded, reports):
        accounts = reports.accounts()
        summaries = _summaries(reports, group, start, until)
        alone = [known for known in reports.groups() if not known.managed]
        unposted = {each.group: _unposted(reports, each.group) for each in summaries}
    if group and not summaries:
        raise leave(
            tr(f"没有见过群「{shown(group)}」。", f"No group “{shown(group)}” has been seen.")
        )
    if as_json:
        plain = {
            "accounts": [_account(account) for account in accounts],
            "groups": [
                _summary(each) | {"rules_not_posted": unposted[each.group]} for each in summaries
            ],
            "left_alone": [
                {"group": known.group.name, "messages": known.messages} for known in alone
            ],
        }
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for account in accounts:
        _show_account(account, loaded.time_zone)
    for summary in summaries:
        out.print(render(summary))
        if version := unposted[summary.group]:
            _show_unposted(version)
    if alone and not group:
        names = "、".join(f"{shown(known.group.name)}（{known.messages}）" for known in alone)
        out.print(tr(f"未理会的群：{names}", f"Groups left alone: {names}"), markup=False)
    if not accounts and not summaries:
        err.print(
            tr(
                "数据库还是空的：先 weilu run 或 weilu demo。",
                "The database is empty: weilu run or weilu demo first.",
            )
        )


def _summaries(
    reports: Reports, name: str | None, since: datetime, until: datetime
) -> list[GroupSummary]:
    known = [one.group for one in reports.groups() if one.managed]
    wanted = [one for one in known if name is None or name in (one.name, one.id)]
    return [reports.summary(one, since, until) for one in wanted]


def _unposted(reports: Reports, group: Group) -> int | None:
    """The version of its rules that the group was not told yet; None if it was, or has none."""
    pact = reports.stores.pacts.current(group)
    return None if pact is None or pact.posted_at else pact.version


def _show_unposted(version: int) -> None:
    out.print(
        tr(
            f"群规第 {version} 版还没有公布：它改动的规则现在只提醒，不处理人。",
            f"Version {version} of the rules was not announced yet: what it changed leads to"
            " reminders only.",
        ),
        style="yellow",
    )


def _show_account(account: AccountState, zone: ZoneInfo) -> None:
    since = f"{account.since.astimezone(zone):%Y-%m-%d %H:%M} {zone}"
    line = f"{account.account}：{words.gateway(account.state)} · {since}"
    out.print(shown(f"{line} {account.detail}"), markup=False, style="bold")
    if account.stopped_at:
        out.print(
            tr(
                f"发送已停止（{account.stopped_why}）。恢复：weilu outbox resume",
                f"Sending is stopped ({account.stopped_why}). Go on: weilu outbox resume",
            ),
            style="red",
            markup=False,
        )


def _account(account: AccountState) -> dict[str, Any]:
    return {
        "account": account.account,
        "state": account.state,
        "detail": account.detail,
        "since": account.since.isoformat(),
        "stopped": account.stopped_why if account.stopped_at else None,
    }


def _summary(summary: GroupSummary) -> dict[str, Any]:
    return {
        "group": summary.group.name,
        "since": summary.since.isoformat(),
        "until": summary.until.isoformat(),
        "messages": summary.messages,
        "speakers": {count.name: count.count for count in summary.speakers},
        "joined": list(summary.joined),
        "left": list(summary.left),
        "interactions": [
            {"from": edge.from_name, "to": edge.to_name, "count": edge.count}
            for edge in summary.edges
        ],
        "cases": [
            {"number": case.number, "rule": case.rule, "at": case.at.isoformat()}
            for case in summary.cases
        ],
        "posts": [
            {
                "topic": post.topic_title,
                "posted_at": post.posted_at.isoformat(),
                "state": post.state.value,
                "answers": post.answers,
                "people": post.people,
            }
            for post in summary.posts
        ],
        "outbox": {state.value: count for state, count in summary.outbox},
    }
