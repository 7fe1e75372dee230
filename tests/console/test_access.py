from pathlib import Path

import pytest
from builders import NOON, person
from console_stage import console

from console.sessions import Right
from handlers.decisions import uphold
from handlers.verdicts import NO_CASE, NO_RIGHT
from storage.database import Database
from storage.values_of_order import OperatorRole


@pytest.mark.parametrize(
    ("right", "words"),
    [(Right.VIEWER, NO_RIGHT), (Right.OPERATOR, NO_CASE), (Right.ADMIN, NO_CASE)],
)
async def test_a_viewer_decides_nothing(
    database: Database, tmp_path: Path, right: Right, words: object
):
    """What somebody may do is asked where it is decided, whatever page they came from."""
    async with console(database, tmp_path) as stage:
        session = stage.sessions.enter(stage.sessions.link(right))
        assert session is not None
        verdict = await stage.access.decide(session, lambda scene, by: uphold(scene, 1, by, "好"))

    assert words == verdict.words


async def test_who_is_no_operator_any_more_decides_nothing(database: Database, tmp_path: Path):
    """A right that was taken away is gone from the next decision on."""
    who = person("小何")
    async with console(database, tmp_path) as stage:
        with database.work() as work:
            work.operators.invite(
                OperatorRole.OPERATOR, "CODE", NOON.replace(year=2100), "test", NOON
            )
            work.operators.redeem("CODE", who, NOON)
            work.commit()
        session = stage.sessions.enter(stage.sessions.link(Right.OPERATOR, who))
        assert session is not None
        before = await stage.access.decide(session, lambda scene, by: uphold(scene, 1, by, "好"))
        with database.work() as work:
            work.operators.revoke(who, NOON, "test")
            work.commit()
        after = await stage.access.decide(session, lambda scene, by: uphold(scene, 1, by, "好"))

    assert (NO_CASE, NO_RIGHT) == (before.words, after.words)
