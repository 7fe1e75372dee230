from datetime import datetime

import pytest
from builders import NOON, group, later, person, said
from order_stage import opened
from statements_seen import statements

from rules.base import Finding
from storage.database import Database
from storage.work import Work

NAMES = [f"人{number}" for number in range(8)]
MESSAGES = [said("早", name) for name in NAMES]


def found(rule: str) -> Finding:
    """Something that this rule finds."""
    return Finding(rule=rule, span=(0, 1), detail="")


def asked(work: Work) -> dict[tuple[str, str], datetime | None]:
    """When each was last reminded of each rule."""
    return {
        (name, rule): work.cases.last_reminded(group(), person(name), rule)
        for name in NAMES
        for rule in ("ads", "flo\x00od")
    }


@pytest.fixture
def reminded(database: Database) -> Database:
    """Some were reminded, some twice, some in another group, some of nothing."""
    with database.work() as work:
        for number, name in enumerate(NAMES[:5]):
            opened(work, name, finding=found("ads"), at=later(minutes=number))
            opened(work, name, finding=found("flo\x00od"), reminded=number % 2 == 0)
        opened(work, NAMES[0], finding=found("ads"), at=later(hours=1))
        opened(work, NAMES[6], finding=found("ads"), group=group("跑步"))
        work.commit()
    return database


def test_together_is_as_one_by_one(reminded: Database):
    """Whether or not a batch was announced, also after something was noted in it."""
    with reminded.work() as work:
        alone = asked(work)
    with reminded.work() as work:
        work.prepare(MESSAGES)
        together = asked(work)
        opened(work, NAMES[7], finding=found("ads"), at=later(days=1))
        now = work.cases.last_reminded(group(), person(NAMES[7]), "ads")

    assert alone == together
    assert later(hours=1) == alone[NAMES[0], "ads"]
    assert NOON == alone[NAMES[2], "flo\x00od"]
    assert [None] * 2 == [alone[NAMES[1], "flo\x00od"], alone[NAMES[6], "ads"]]
    assert later(days=1) == now


def test_many_take_few_statements_on_a_server(reminded: Database, monkeypatch: pytest.MonkeyPatch):
    """After one was looked up by itself, the others are looked up together there."""
    with reminded.work() as work:
        work.prepare(MESSAGES)
        ran = statements(monkeypatch)
        asked(work)
        far = work._transaction.dialect == "postgresql"

    assert (2 if far else 12) == len(ran)


def test_what_a_spoiled_event_has_looked_up_is_looked_up_again(reminded: Database):
    """It may have seen what was taken back with it."""
    with reminded.work() as work:
        work.prepare(MESSAGES)
        before = asked(work)
    with reminded.work() as work:
        work.prepare(MESSAGES)
        with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
            opened(work, NAMES[7], finding=found("ads"))
            work.groups.all()
            assert before | {(NAMES[7], "ads"): NOON} == asked(work)
            raise ZeroDivisionError
        assert before == asked(work)
