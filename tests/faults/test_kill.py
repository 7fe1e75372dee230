"""Killed at any point, Weilu loses nothing that was committed and does nothing twice.

A few seeded kills; the full hundred: `python -m faults.kill --kills 100` in tests/.
"""

from contextlib import closing
from pathlib import Path

import pytest
from builders import NOON, group, later
from earlier import live_at_first, upgrade_to
from faults.kill import POINTS, Kill, plan, run
from faults.trial import Trial
from forks import exit_codes, upgrade
from sqlalchemy import NullPool, create_engine

from storage.database import Database


@pytest.mark.timeout(180)  # four lives, and the machine may be busy
async def test_killed_while_busy(tmp_path: Path):
    """Before, while and after it acts, and while it writes: all is there once, or shown as open."""
    kills = [
        Kill("after the act", 4),
        Kill("before the act", 7),
        Kill("committed", 9),
        Kill("after the answer", 3),
    ]
    async with Trial(tmp_path, seed=11) as trial:
        found = await run(trial, kills)

    assert found.is_clean, f"{found.table()}\n{trial.words()[-3000:]}"
    assert found.seen["actions done at the far side"] > 20
    assert found.seen["messages in the database"] > 100
    for what in ("warnings", "quiet periods", "removals with a date of return", "  invited back"):
        assert found.seen[what] > 0, what


def test_a_seed_is_a_plan():
    """The same seed gives the same kills, and a hundred of them pass every point."""
    assert plan(100, 7) == plan(100, 7)
    assert plan(100, 7) != plan(100, 8)
    assert set(POINTS) == {kill.point for kill in plan(100, 7)}


@pytest.mark.parametrize("statement", [1, 9, 25, 48])
def test_killed_while_migrating(statement: int, new_empty: str):
    """A migration happens as a whole or not at all: the next start finishes it."""
    codes = exit_codes(upgrade, new_empty, statement)
    with closing(Database(new_empty)) as database:
        left = database.version()
        database.upgrade()
        database.check()

    assert ([-9], None) == (codes, left)
    engine = create_engine(new_empty, poolclass=NullPool)
    with engine.connect() as connection:
        assert 1 == connection.exec_driver_sql("SELECT count(*) FROM salt").scalar()


@pytest.mark.parametrize("statement", [7, 16, 24, 40, 60])
def test_killed_while_migrating_what_is_there(statement: int, new_empty: str):
    """An upgrade of a database with data in it is all or nothing; then nothing is missing."""
    upgrade_to(new_empty, "0001")
    live_at_first(new_empty)
    codes = exit_codes(upgrade, new_empty, statement)
    with closing(Database(new_empty)) as database:
        left = database.version()
        database.upgrade()
        database.check()
        with database.reading() as reports:
            cases = reports.summary(group(), NOON, later(days=1)).cases

    assert ([-9], "0001") == (codes, left)
    assert [1, 2, 3] == [case.number for case in cases]
