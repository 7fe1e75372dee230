"""A hall in which 读书会 is managed, with the defaults in force."""

from collections.abc import Iterator

import pytest
from hall import Hall

from storage.database import Database


def open_hall(database: Database) -> Iterator[Hall]:
    """A hall on this database; nothing of it is committed."""
    with database.work() as work:
        hall = Hall(work)
        hall.rule()
        yield hall


@pytest.fixture
def hall(sqlite_database: Database) -> Iterator[Hall]:
    """The hall on SQLite."""
    yield from open_hall(sqlite_database)


@pytest.fixture
def halls(database: Database) -> Iterator[Hall]:
    """The hall on each kind of database, for what asks much of it."""
    yield from open_hall(database)
