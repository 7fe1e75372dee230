import pytest
from builders import NOON, group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statements_seen import statements

from bot.actions import Priority, Say
from storage.database import Database
from storage.work import Work

batches = st.lists(
    st.lists(st.tuples(st.lists(st.integers(0, 5)), st.booleans()), max_size=4), max_size=3
)
"""The keys that each event of each batch acts by, and whether it fails."""


def say(number: int) -> Say:
    """A word because of that cause."""
    return Say(key=f"k{number}", why="", priority=Priority.NOTICE, to=group(), text=f"第{number}")


def staged(work: Work) -> list[str]:
    """The keys of what is new."""
    return sorted(row.action.key for row in work.outbox.staged)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(todo=batches, ask=st.booleans())
def test_each_cause_acts_once(new_url, todo, ask):  # noqa: ANN001
    """Put again in a later batch, in the same, or by an event that failed: new is what is new."""
    database = Database(new_url())
    there: set[str] = set()
    for batch in todo:
        with database.work() as work:
            new: set[str] = set()
            for numbers, fails in batch:
                try:
                    with work.savepoint():
                        work.outbox.put([say(number) for number in numbers], NOON)
                        if ask:
                            assert staged(work) == sorted(new | ({*map(_key, numbers)} - there))
                        assert not fails or 1 / 0
                except ZeroDivisionError:
                    continue
                new |= {*map(_key, numbers)} - there
            assert sorted(new) == staged(work)
            work.commit()
        there |= new
    with database.work() as work:
        assert there == {row.action.key for row in work.outbox.list()}
    database.close()


def _key(number: int) -> str:
    return f"k{number}"


def test_what_is_all_new_is_not_read_back(database: Database, monkeypatch: pytest.MonkeyPatch):
    """The database says how many it has taken."""
    with database.work() as work:
        work.groups.see(group(), managed=True, at=NOON)
        work.commit()
    with database.work() as work:
        work.outbox.put([say(1), say(2)], NOON)
        ran = statements(monkeypatch)
        assert ["k1", "k2"] == staged(work)

    assert ["INSERT"] == [sql.split()[0] for sql in ran]
