import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bot.cli.main import _COMMANDS

Weilu = Callable[..., Any]  # the fixture in conftest.py


def test_a_command_is_loaded_when_it_is_called():
    """Starting one command does not wait for what only others need."""
    asked = "import sys, bot.cli.main; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()

    places = {place for place, _ in _COMMANDS.values()}
    assert set() == places & set(loaded)
    assert set() == {"bot.demo", "rich.table", "typer.rich_utils", "openpyxl", "grpc"} & set(loaded)


def test_the_nearest_command_is_suggested(weilu: Weilu):
    """A slip of the finger gets the name that was probably meant."""
    said = weilu("topic")

    assert (2, True) == (said.status, "'topics'" in said.err)
