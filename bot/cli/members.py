"""`weilu members`: one person's record, taken out or erased."""

import json
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from bot.cli import frame
from bot.cli.deciding import CLI, decide
from bot.cli.leaving import leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, out, reading, working
from bot.cli.speech import tr
from bot.shown import shown
from handlers.forgetting import forget as forget_
from storage.values import MemberCard
from storage.work import Work

app = frame.new()
Who = Annotated[
    str,
    typer.Argument(
        help=tr("名字的一部分、平台 id 或编号", "part of a name, platform id or number"),
        show_default=False,
    ),
]


@app.command("show", help=tr("查看成员", "show members"))
def show(who: Who = "", config: ConfigPath = DEFAULT, as_json: AsJson = False) -> None:
    """Everybody, or those whose name, platform id or number fits; times by the account's zone."""
    with reading(config) as (loaded, reports):
        cards = reports.members(who)
    if as_json:
        typer.echo(json.dumps([_plain(card) for card in cards], ensure_ascii=False, indent=2))
        return
    if not cards:
        raise leave(tr("没有找到这样的成员。", "No such member."))
    out.print(_table(cards, loaded.time_zone))


@app.command("export", help=tr("导出一个人的全部记录", "export all we hold about one person"))
def export(
    who: Who,
    config: ConfigPath = DEFAULT,
    to: Annotated[
        Path | None, typer.Option("--to", help=tr("写到这个文件", "write to this file"))
    ] = None,
) -> None:
    """JSON, to standard output or to a file of its own."""
    with working(config) as (_, work):
        text = json.dumps(
            work.members.export(_only(work, who).member_id), ensure_ascii=False, indent=2
        )
    if to is None:
        typer.echo(text)
        return
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as trouble:
        raise leave(
            tr(
                f"写不了 {to}：{trouble.strerror}。换一个不存在的文件名。",
                f"Cannot write {to}: {trouble.strerror}. Name a file that does not exist.",
            )
        ) from None
    out.print(tr(f"已写到 {to}", f"Written to {to}"))


@app.command("forget", help=tr("抹去一个人（不可恢复）", "erase one person (cannot be undone)"))
def forget(
    who: Who,
    config: ConfigPath = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help=tr("不再询问", "do not ask"))] = False,
) -> None:
    """What is deleted stays deleted: replays and later messages are recorded without a name."""
    with working(config) as (_, work):
        card = _only(work, who)
        question = tr(
            f"抹去 {shown(card.name)}（{card.messages} 条消息，{card.cases} 个案件）？不可恢复。",
            f"Erase {shown(card.name)} ({card.messages} messages, {card.cases} cases)? For good.",
        )
        if not yes and not typer.confirm(question):
            raise leave(tr("什么也没有动。", "Nothing was touched."))
    decide(config, lambda scene: forget_(scene, card.member_id, CLI))


def _only(work: Work, who: str) -> MemberCard:
    """The one member meant; several or none is a clear error, and nothing happens."""
    cards = work.members.find(who)
    if len(cards) == 1:
        return cards[0]
    if not cards:
        raise leave(tr("没有找到这样的成员。", "No such member."))
    names = "\n".join(f"  {card.member_id}  {shown(card.name)}" for card in cards[:20])
    raise leave(
        tr(
            f"不止一位，请用编号指定：\n{names}",
            f"More than one; say which by number:\n{names}",
        )
    )


def _plain(card: MemberCard) -> dict[str, Any]:
    return {
        "number": card.member_id,
        "name": card.name,
        "identities": [identity.id for identity in card.identities],
        "groups": [group.name for group in card.groups],
        "messages": card.messages,
        "cases": card.cases,
        "first_seen": card.first_seen.isoformat(),
        "last_spoke": card.last_spoke.isoformat() if card.last_spoke else None,
    }


def _table(cards: list[MemberCard], zone: ZoneInfo) -> Table:
    table = Table(
        tr("编号", "number"),
        tr("名字", "name"),
        tr("群", "groups"),
        tr("消息", "messages"),
        tr("案件", "cases"),
        tr(f"最近发言（{zone}）", f"last spoke ({zone})"),
    )
    for card in cards:
        last = card.last_spoke.astimezone(zone) if card.last_spoke else None
        spoke = f"{last:%Y-%m-%d %H:%M}" if last else "—"
        groups = "、".join(group.name for group in card.groups)
        counts = (str(card.messages), str(card.cases))
        cells = (str(card.member_id), card.name, groups, *counts, spoke)
        table.add_row(*(Text(shown(cell)) for cell in cells))
    return table
