"""The command `weilu` in a process of its own, on a database in a folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from faults.trial import HOUSE

_WEILU = "from bot.cli.main import main; main()"


def weilu(
    folder: Path, *words: str, first: Callable[[], None] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with the config that is shipped; what it said, as bytes.

    `first` is called in the new process before Weilu begins.
    """
    where = {"PYTHONPATH": str(HOUSE), "WEILU_DATABASE_URL": f"sqlite:///{folder / 'weilu.db'}"}
    return subprocess.run(
        [sys.executable, "-c", _WEILU, *words, "--config", str(HOUSE / "config.yaml")],
        env=os.environ | where,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
        preexec_fn=first,
    )
