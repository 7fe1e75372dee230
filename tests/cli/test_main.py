import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import _COMMANDS, _unexpected

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


def test_the_details_of_a_fault_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each in a file of its own, which the sentence names; the sentence holds none of them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = [_unexpected(ValueError("一")), _unexpected(ValueError("二"))]

    kept = sorted(tmp_path.iterdir())
    assert 2 == len(kept)
    assert all(any(str(file) in words for words in told) for file in kept)
    assert {"一", "二"} == {file.read_text(encoding="utf-8").strip()[-1] for file in kept}
    assert all("（ValueError）" in words for words in told)
