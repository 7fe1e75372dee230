"""`weilu run`: Weilu at work, in the sandbox or on a real account, until Ctrl-C."""

from typing import Annotated

import typer

from bot.cli.opening import DEFAULT, ConfigPath
from bot.cli.serving import serve
from bot.cli.speech import tr

DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help=tr("照常判断并记录，但什么也不说", "decide, record, say nothing")
    ),
]


def run(config: ConfigPath = DEFAULT, dry_run: DryRun = False) -> None:
    """Start on the gateway that the config names; Ctrl-C stops cleanly."""
    serve(str(config), dry_run)
