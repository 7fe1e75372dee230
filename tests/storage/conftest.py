"""A unit of work to try the stores in."""

from collections.abc import Callable, Iterator

import pytest

from storage.database import Database
from storage.work import Work


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    """A work on a fresh database; what it writes is never committed."""
    with database.work() as work:
        yield work


@pytest.fixture
def sqlite_url(new_sqlite: Callable[[], str]) -> str:
    """A fresh, migrated database on SQLite, for many works that are never committed."""
    return new_sqlite()
