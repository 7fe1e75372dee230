"""Leaving with a clear sentence: what is wrong, where, what to do."""

import sys
from pathlib import Path

from bot.config import Config
from bot.config_file import load
from bot.faults import ConfigFaults

FAULTY = 2
"""Exit status for a faulty file or a wrong call; 1 is any other trouble."""


def leave(message: str, status: int = 1) -> SystemExit:
    """Print a sentence to standard error; raise what this returns."""
    print(message, file=sys.stderr)  # noqa: T201
    return SystemExit(status)


def read_config(path: Path, *, ready: bool = True) -> Config:
    """The config, or exit status 2 with all its faults; `ready`: see `bot.config_file.load`."""
    try:
        return load(path, ready=ready)
    except ConfigFaults as faults:
        raise leave(str(faults), FAULTY) from None
