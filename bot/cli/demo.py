"""`weilu demo`: a day of a lively group, on the real pipeline, outbox, schedule and database."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.leaving import FAULTY, leave
from bot.cli.opening import out
from bot.cli.speech import tr
from bot.cli.summary import render
from bot.demo import play

Keep = Annotated[
    Path | None,
    typer.Option("--keep", help=tr("把数据库留在这个文件", "keep the database in this file")),
]


def demo(keep: Keep = None) -> None:
    """Plays the day on the sandbox's clock, then reads the summary back from SQLite."""
    try:
        summaries = asyncio.run(play(out, keep))
    except FileExistsError as taken:
        raise leave(str(taken), FAULTY) from None
    for summary in summaries:
        out.print(render(summary))
    out.print(
        tr(
            "\n想自己聊两句：make run。接真实账号：见 README。",
            "\nTalk to it yourself: make run. A real account: see the README.",
        ),
        style="dim",
    )
