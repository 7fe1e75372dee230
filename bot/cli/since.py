"""The option `--since`: how far back a command looks."""

from datetime import timedelta
from typing import Annotated

import typer

from bot.cli.leaving import FAULTY, leave
from bot.cli.speech import tr
from bot.duration import parse

Since = Annotated[
    str, typer.Option("--since", help=tr("多久以来，如 30d", "how far back, like 30d"))
]


def length(since: str) -> timedelta:
    """The length of time that is meant; leaves with status 2 where it is none."""
    try:
        return parse(since)
    except ValueError as wrong:
        raise leave(f"--since {since}：{wrong}", FAULTY) from None
