"""A handler or rule that raises, returns nonsense or hangs spoils one event."""

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import NOON, group, said
from faults.hall import Hall

from bot import watchdog
from handlers.scene import Reply
from rules.base import Finding
from storage.database import Database


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A pipeline on a real file, in which a stage may be bad."""
    with closing(Database(f"sqlite:///{tmp_path / 'weilu.db'}")) as database:
        database.upgrade()
        yield Hall(database)


def hang() -> None:
    """For ever."""
    while True:
        re.escape("一")


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "ja",
        Reply(actions=("nonsense",)),  # type: ignore[arg-type]
        Reply(actions=(Finding(rule="x", span=(0, 1), detail=""),)),  # type: ignore[arg-type]
        RecursionError("deep"),
        KeyError("秘密"),
        MemoryError(),
        hang,
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
async def test_one_event_is_spoiled(
    hall: Hall, nonsense: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """The events before and behind it are recorded, and the log does not quote anybody."""
    monkeypatch.setattr(watchdog, "BREAK_OFF", 2)
    hall.bad_for("坏", nonsense)
    with caplog.at_level(logging.ERROR):
        await hall.hears(said("前", id="1"), said("坏", id="2"), said("后", id="3"))

    assert {"1", "3"} == hall.recorded()
    assert 1 == caplog.text.count("an event was skipped")
    assert "秘密" not in caplog.text


@pytest.mark.parametrize(
    "finding",
    [
        "ja",
        17,
        Finding(rule=None, span=(0, 1), detail=""),  # type: ignore[arg-type]
        Finding(rule="x", span=None, detail=""),  # type: ignore[arg-type]
        Finding(rule="x" * 10, span=(0, 10**30), detail="x" * 10**6),
        Finding(rule=object(), span=(-5, 99), detail=3),  # type: ignore[arg-type]
    ],
    ids=["a word", "a number", "no rule", "no span", "far too much", "things"],
)
async def test_a_rule_that_finds_nonsense(
    hall: Hall, finding: Any, caplog: pytest.LogCaptureFixture
):
    """Whatever a rule returns, at most its own message is spoiled."""
    hall.rule_finds("坏", finding)
    await hall.hears(said("前", id="1"), said("坏", id="2"), said("后", id="3"))

    assert {"1", "3"} <= hall.recorded()
    assert group() == said("x", at=NOON).group
