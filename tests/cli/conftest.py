import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.main import main

HOUSE = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Said:
    """What a command said: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


Weilu = Callable[..., Said]


@pytest.fixture
def weilu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Weilu:
    """Runs `weilu …` in a folder of its own that holds the shipped config."""
    shutil.copy(HOUSE / "config.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WEILU_DATABASE_URL", raising=False)

    def call(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["weilu", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        heard = capsys.readouterr()
        return Said(int(left.value.code or 0), heard.out, heard.err)

    return call


@pytest.fixture
def ready(weilu: Weilu, tmp_path: Path, new_sqlite: Callable[[], str]) -> Weilu:
    """The same, with a database: a copy, as `weilu db upgrade` would make it."""
    (tmp_path / "data").mkdir()
    shutil.move(new_sqlite().removeprefix("sqlite:///"), tmp_path / "data" / "weilu.db")
    return weilu
