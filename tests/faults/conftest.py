"""Databases without tables, for what happens before the first migration is through."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine


@pytest.fixture(params=["sqlite", "postgres"])
def new_empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing is, on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'weilu.db'}"
    fresh: Callable[[], str] = request.getfixturevalue("new_postgres")
    url = fresh()
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return url
