"""`weilu report rules`: how each rule did, with a plain verdict."""

import json
from datetime import UTC, datetime
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.leaving import leave
from bot.cli.marking import consequence, unshortened
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, OnlyGroup, err, out, reading
from bot.cli.since import Since, length
from bot.cli.speech import language, tr
from bot.events import Group
from bot.shown import shown
from handlers.assessing import (
    APART,
    VERDICTS,
    Bystanders,
    Ground,
    Verdict,
    Weighed,
    weigh,
)
from handlers.decisions import BY_HAND
from rules.consequences import by_word
from storage.reports import Reports

_ByGroup = list[tuple[Group, list[Weighed]]]


def report_rules(
    *,
    config: ConfigPath = DEFAULT,
    since: Since = "30d",
    group: OnlyGroup = None,
    as_json: AsJson = False,
) -> None:
    """Group by group: what each rule found, how often it was wrong, and what followed."""
    now = datetime.now(UTC)
    start = now - length(since)
    with reading(config) as (_, reports):
        found = _weighed(reports, group, start, now)
    if as_json:
        plain = [
            {
                "group": one.name,
                "since": start.isoformat(),
                "rules": [_plain(each) for each in all_],
            }
            for one, all_ in found
        ]
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for one, weighed in found:
        _show(one, weighed)
    if not any(weighed for _, weighed in found):
        err.print(tr("没有规则碰到过什么。", "No rule has found anything."))


def _weighed(reports: Reports, name: str | None, start: datetime, now: datetime) -> _ByGroup:
    known = [one.group for one in reports.groups() if one.managed]
    wanted = [one for one in known if name is None or name in (one.name, one.id)]
    if name is not None and not wanted:
        raise leave(
            tr(f"没有见过群「{shown(name)}」。", f"No group “{shown(name)}” has been seen.")
        )
    return [
        (
            one,
            [
                weigh(record, reports.around(one, record.name, start, now, apart=APART))
                for record in reports.rules(one, start)
                if record.name != BY_HAND
            ],
        )
        for one in wanted
    ]


def _show(group: Group, weighed: list[Weighed]) -> None:
    if not weighed:
        return
    out.print(shown(group.name), markup=False, style="bold")
    table = Table(
        tr("规则", "rule"),
        tr("碰到", "hits"),
        tr("影子", "shadow"),
        tr("撤销", "overturned"),
        tr("误判", "false"),
        tr("人", "people"),
        tr("之后", "what followed"),
        tr("旁人", "bystanders"),
    )
    unshortened(table)
    for each in weighed:
        table.add_row(*(Text(shown(cell)) for cell in _cells(each)))
    out.print(table)
    for each in weighed:
        grounds = "；".join(_ground(ground) for ground in each.grounds)
        line = f"{each.record.name}：{_verdict(each.verdict)}——{grounds}"
        out.print(shown(line), markup=False, soft_wrap=True)


def _cells(weighed: Weighed) -> tuple[str, ...]:
    record = weighed.record
    share = f"（{record.overturned / record.hits:.0%}）" if record.overturned else ""
    followed = "，".join(f"{consequence(by_word(word))} {n}" for word, n in record.consequences)
    counts = (record.hits, record.shadow, f"{record.overturned}{share}", record.false_hits)
    words = (followed or "—", _heard(weighed.bystanders))
    return (record.name, *map(str, (*counts, record.members)), *words)


def _heard(bystanders: Bystanders) -> str:
    """Whether others wrote less afterwards, and over how many acts."""
    acts, ratio = bystanders.acts, bystanders.ratio
    if bystanders.fell_silent is None or ratio is None:
        return tr(f"{acts} 次，说不准", f"{acts} acts, too few")
    return tr(f"{acts} 次，为之前的 {ratio:.0%}", f"{acts} acts, {ratio:.0%} of before")


def _verdict(verdict: Verdict) -> str:
    return VERDICTS[verdict].say(language())


def _ground(ground: Ground) -> str:
    return {
        Ground.OFTEN_WRONG: tr(
            "被撤销或标为误判的超过一成", "more than one in ten was overturned or marked as false"
        ),
        Ground.BYSTANDERS_FELL_SILENT: tr(
            "处理之后，旁人说话明显少了", "others clearly wrote less after it had acted"
        ),
        Ground.SAME_PEOPLE_AGAIN: tr(
            "提醒之后，同样的人一再碰到", "the same people go on although they were told"
        ),
        Ground.SELDOM_WRONG: tr(
            "被撤销或标为误判的不到一成",
            "less than one in ten was overturned or marked as false",
        ),
        Ground.FEW_CASES: tr("案件还太少", "there are too few cases yet"),
    }[ground]


def _plain(weighed: Weighed) -> dict[str, Any]:
    record, bystanders = weighed.record, weighed.bystanders
    return {
        "rule": record.name,
        "kind": record.kind,
        "hits": record.hits,
        "shadow": record.shadow,
        "overturned": record.overturned,
        "false_hits": record.false_hits,
        "wrong": record.wrong,
        "members": record.members,
        "followed": dict(record.consequences),
        "bystanders": {
            "acts": bystanders.acts,
            "quieter": bystanders.quieter,
            "ratio": bystanders.ratio,
            "fell_silent": bystanders.fell_silent,
        },
        "verdict": weighed.verdict.value,
        "grounds": [ground.value for ground in weighed.grounds],
    }
