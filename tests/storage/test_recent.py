from collections.abc import Iterator

import pytest
from builders import later, said

from bot.events import Quote
from storage.database import Database
from storage.recent import Recent

QUOTE = Quote("小林", "早")


@pytest.fixture
def recent(sqlite_database: Database) -> Iterator[Recent]:
    """What a work has recorded so far: nothing."""
    with sqlite_database.work() as work:
        yield Recent(work._transaction)


def test_what_was_recorded_is_found_by_its_group(recent: Recent):
    """The newest first, until then, without what quotes."""
    first, second, tomorrow = said("早"), said("好"), said("晚", at=later(days=1))
    for number, message in enumerate((first, second, tomorrow, said("早", quote=QUOTE)), 1):
        recent.add(number, 7, message)
    recent.add(9, 8, said("别处"))

    assert [(2, second), (1, first)] == [*recent.before(7, QUOTE, later(hours=1))]
    assert 9 in recent
    assert 10 not in recent


def test_what_was_taken_back_was_not_said(recent: Recent):
    """A savepoint that fails leaves nothing of it."""
    with pytest.raises(ZeroDivisionError), recent._transaction.savepoint():  # noqa: PT012 leaving it
        recent.add(1, 7, said("早"))
        raise ZeroDivisionError

    assert [] == [*recent.before(7, QUOTE, later(hours=1))]
    assert 1 not in recent
    assert recent.get(1) is None
