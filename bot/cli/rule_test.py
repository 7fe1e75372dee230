"""`weilu rules test`: what the rules would find in texts that nobody has said yet."""

import json
from typing import Annotated, Any

import typer

from bot.cli.leaving import read_config
from bot.cli.marking import marked, normalising, then
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, glancing, out
from bot.cli.speech import tr
from bot.cli.trying import lines, outcomes
from bot.clock import SystemClock
from bot.shown import shown
from handlers.granted import NONE, granted
from handlers.trying import Stage, Tried


def try_text(
    text: Annotated[
        str,
        typer.Argument(
            help=tr("要试的话；- 表示从标准输入逐行读", "the text; - reads lines from stdin"),
            show_default=False,
        ),
    ],
    *,
    config: ConfigPath = DEFAULT,
    group: Annotated[
        str | None, typer.Option("--group", "-g", help=tr("群名", "the group's name"))
    ] = None,
    who: Annotated[
        str,
        typer.Option(
            "--as",
            help=tr("谁说的：newcomer、operator，或一个名字", "newcomer, operator, or a name"),
        ),
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", help=tr("消息种类，如 名片", "the kind, like contact"))
    ] = "text",
    link: Annotated[
        str, typer.Option("--link", help=tr("卡片通向哪里", "where the card leads"))
    ] = "",
    strikes: Annotated[
        int,
        typer.Option(
            "--strikes", min=0, max=20, help=tr("此前已有几次记录", "strikes there are already")
        ),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Every finding, in the order of the rules; the first that counts is acted on."""
    given: dict[str, Any] = {"group": group, "author": who, "kind": kind, "link": link}
    loaded = read_config(config)
    with glancing(loaded) as reports:
        spared = granted(reports, loaded.account.name) if reports else NONE
    people = {name for one in loaded.people() for name in (one.id, one.name) if name}
    stage = Stage(loaded.group, people, strikes=strikes, now=SystemClock().now(), granted=spared)
    for number, line in enumerate(lines(text, given), 1):
        tried = outcomes(stage, line, number, loaded)
        if as_json:
            typer.echo(json.dumps(_plain(tried), ensure_ascii=False))
        else:
            _show(tried)


def _show(tried: Tried) -> None:
    text = shown(tried.text)
    if tried.spared:
        out.print(
            tr(f"运营者与管理员不受规则约束：{text}", f"No rule touches operators: {text}"),
            markup=False,
            soft_wrap=True,
        )
    elif not tried.outcomes:
        out.print(
            tr("没有碰到任何规则：", "No rule matches: ") + text, markup=False, soft_wrap=True
        )
    for each in tried.outcomes:
        rule, finding = each.found.rule, each.found.finding
        name = f"{rule.called}{tr('（影子）', ' (shadow)') if rule.shadow else ''}"
        style = "yellow" if each.counts else "dim"
        out.print(
            f"{name}：{marked(tried.text, finding.span)}", markup=False, soft_wrap=True, style=style
        )
        steps = "、".join(map(normalising, finding.steps))
        undone = tr(f"（还原了：{steps}）", f" (undone: {steps})") if steps else ""
        out.print(f"  {shown(finding.detail)}{undone}", markup=False, soft_wrap=True)
        out.print(f"  {shown(rule.reason)}", markup=False, soft_wrap=True)
        out.print(f"  → {then(each)}", markup=False, soft_wrap=True)


def _plain(tried: Tried) -> dict[str, object]:
    return {
        "text": tried.text,
        "spared": tried.spared,
        "findings": [
            {
                "rule": each.found.rule.called,
                "kind": each.found.rule.key,
                "span": list(each.found.finding.span),
                "detail": each.found.finding.detail,
                "steps": list(each.found.finding.steps),
                "reason": each.found.rule.reason,
                "shadow": each.found.rule.shadow,
                "counts": each.counts,
                "follows": each.step.written,
            }
            for each in tried.outcomes
        ],
    }
