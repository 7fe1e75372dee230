"""`weilu outbox`: what waits to be said, and the switch that stops all sending."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from bot.actions import place
from bot.cli import frame, words
from bot.cli.deciding import CLI, decide
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, out, working
from bot.cli.speech import tr
from bot.shown import shown
from handlers import sending
from storage.values import OutboxRow, OutboxState

app = frame.new()
OPEN = (OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.SENT, OutboxState.UNCONFIRMED)
Row = Annotated[
    int,
    typer.Argument(help=tr("行号", "the row's number"), show_default=False, min=1, max=2**63 - 1),
]


@app.command("list", help=tr("列出待办与未确认的动作", "what waits or is unconfirmed"))
def list_(
    config: ConfigPath = DEFAULT,
    everything: Annotated[
        bool, typer.Option("--all", help=tr("也列出已了结的", "settled rows too"))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Every row says why it exists and what came of it."""
    with working(config) as (loaded, work):
        rows = work.outbox.list(loaded.account.name, () if everything else OPEN)
    if as_json:
        typer.echo(json.dumps([_plain(row) for row in rows], ensure_ascii=False, indent=2))
        return
    out.print(_table(rows) if rows else tr("没有待办的动作。", "Nothing waits."))


@app.command("resume", help=tr("恢复发送", "let sending go on"))
def resume(config: ConfigPath = DEFAULT) -> None:
    """After a logout or repeated errors all sending stops until a person says this."""
    decide(config, lambda scene: sending.resume(scene, CLI))


@app.command("stop", help=tr("停止一切发送", "stop all sending"))
def stop(config: ConfigPath = DEFAULT) -> None:
    """Nothing is said or done until `weilu outbox resume`; everything goes on being recorded."""
    decide(config, lambda scene: sending.stop(scene, CLI))


@app.command("cancel", help=tr("取消一行", "cancel a row"))
def cancel(row: Row, config: ConfigPath = DEFAULT) -> None:
    """A row that has not been performed never will be."""
    decide(config, lambda scene: sending.cancel(scene, row, CLI))


@app.command("resend", help=tr("重发一行", "send a row again"))
def resend(row: Row, config: ConfigPath = DEFAULT) -> None:
    """For an unconfirmed row, once you have looked and it is not there."""
    decide(config, lambda scene: sending.resend(scene, row, CLI))


def _table(rows: Sequence[OutboxRow]) -> Table:
    # The number is what `cancel` and `resend` take: it must never be cut.
    number = Column("#", min_width=18, overflow="fold")
    heads = (tr("状态", "state"), tr("去处", "where"), tr("缘由", "why"), tr("备注", "note"))
    table = Table(number, *(Column(head, overflow="fold") for head in heads))
    for row in rows:
        where = place(row.action)
        name = where.name or where.id
        cells = (str(row.id), words.outbox(row.state), name, row.action.why, row.detail)
        table.add_row(*(Text(shown(cell)) for cell in cells))
    return table


def _plain(row: OutboxRow) -> dict[str, object]:
    where = place(row.action)
    return {
        "id": row.id,
        "state": row.state.value,
        "action": type(row.action).__name__,
        "where": where.name or where.id,
        "why": row.action.why,
        "detail": row.detail,
        "created_at": row.created_at.isoformat(),
        "attempts": row.attempts,
    }
