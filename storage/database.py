"""The database: opening it, keeping its tables up to date, and units of work on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError

from storage.holding import FileLock, Holding, ServerLock, held
from storage.ids import Ids
from storage.known import Known
from storage.lines import OPTION, Line, Lines
from storage.transaction import Transaction
from storage.trouble import DatabaseTrouble, DatabaseUnavailable, in_words
from storage.work import Work

if TYPE_CHECKING:
    from storage.reports import Reports

__all__ = ["Database", "DatabaseTrouble", "DatabaseUnavailable"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_PATIENCE_MS = 10_000  # how long a writer waits for another program's lock on SQLite
# What members wrote never stands in an error, and an INSERT says whether it did anything.
_ALWAYS: dict[str, Any] = {
    "hide_parameters": True,
    "execution_options": {"preserve_rowcount": True},
}
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    # A batch of some hundred messages touches a thousand pages of the indexes. With these, they
    # are not read again and again, and copied to the main file once for many batches: a third more
    # messages a second, for up to 32 MiB of memory and of disk.
    "cache_size = -32768",
    "wal_autocheckpoint = 8000",
)
_USE_PG_DUMP = (
    "PostgreSQL 请用它自己的工具备份：pg_dump --format=custom --file=文件 库名"
    "（主机与用户同 WEILU_DATABASE_URL，口令放进 ~/.pgpass）；恢复用 pg_restore。 "
    "Back PostgreSQL up with its own tool: pg_dump --format=custom --file=FILE DATABASE "
    "(host and user as in WEILU_DATABASE_URL, the password in ~/.pgpass); restore with pg_restore."
)
_VERSION = text("SELECT version_num FROM alembic_version")
_TRY_TO_WRITE = text("UPDATE counters SET value = value WHERE name = 'forgets'")


class Database:
    """A SQLite file or a PostgreSQL database, by URL. May be shared by threads.

    SQLite runs in WAL with foreign keys and synchronous=FULL: what was committed survives a power
    failure. Its writers take the write lock when they begin, so that none has to give up halfway.
    """

    def __init__(self, url: str, patience_ms: int = _PATIENCE_MS) -> None:
        self._patience_ms = patience_ms
        try:
            self._url = make_url(url)
            self._sqlite = self._url.get_backend_name() == "sqlite"
            self._engine = self._open()
        except (ArgumentError, NoSuchModuleError, ImportError):
            # The URL may hold a password: it is not repeated, not even as the cause.
            raise DatabaseTrouble(
                "看不懂数据库地址，请写成 sqlite:///data/weilu.db 或 postgresql://用户@主机/库名。 "
                "The database URL is not understood: write sqlite:///data/weilu.db or "
                "postgresql://user@host/name."
            ) from None
        self._lines = Lines(self._engine)
        self._known = Known()
        self._ids = Ids()

    def _open(self) -> Any:
        if not self._sqlite:
            url = self._url
            if url.drivername in ("postgresql", "postgres"):
                url = url.set(drivername="postgresql+psycopg")
            return create_engine(url, pool_pre_ping=True, paramstyle="format", **_ALWAYS)
        if self._file is None:
            raise DatabaseTrouble(
                "SQLite 需要一个文件，内存数据库会在线程之间丢失内容。 "
                "SQLite needs a file: threads do not share a database in memory."
            )
        self._file.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self._url, connect_args={"timeout": self._patience_ms / 1000}, **_ALWAYS
        )
        event.listen(engine, "connect", self._on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine

    def _on_connect(self, connection: Any, record: Any) -> None:  # noqa: ARG002
        # None: the driver begins nothing by itself, so that _on_begin decides how it begins.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @property
    def _file(self) -> Path | None:
        """The file of a SQLite database, None if there is none."""
        name = self._url.database
        return None if not name or name == ":memory:" else Path(name.removeprefix("file:"))

    def upgrade(self) -> None:
        """Bring the tables up to date; does nothing if they are. Two processes take turns."""
        with _telling(), self._engine.connect() as connection:
            version = self._version(connection)
        if version is not None and version >= self.head():
            self._refuse_newer(version)
            return
        from alembic import command  # slow to import, and rarely needed
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with _telling(), self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def version(self) -> str | None:
        """Up to which migration the tables are, None if there are none."""
        if self._sqlite and self._file is not None and not self._file.exists():
            return None
        with _telling(), self._engine.connect() as connection:
            return self._version(connection)

    def _version(self, connection: Connection) -> str | None:
        if not connection.dialect.has_table(connection, "alembic_version"):
            return None
        version: str | None = connection.execute(_VERSION).scalar()
        return version

    def head(self) -> str:
        """The newest migration this program knows."""
        return max(path.name.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))

    def check(self) -> None:
        """Raise DatabaseTrouble unless this program can read and write the database as it is."""
        version = self.version()
        if version is None or version < self.head():
            raise DatabaseTrouble(
                "数据库的表还没有更新，请先运行 weilu db upgrade。 "
                "The tables of the database are not up to date: run `weilu db upgrade` first."
            )
        self._refuse_newer(version)
        with _telling(), self._engine.connect() as connection:
            connection.execute(_TRY_TO_WRITE)
            connection.rollback()

    def _refuse_newer(self, version: str) -> None:
        if version > self.head():
            raise DatabaseTrouble(
                f"数据库（{version}）比这个程序（{self.head()}）新，请升级围炉。 "
                f"The database ({version}) is newer than this program ({self.head()}): "
                "upgrade Weilu."
            )

    def hold(self, account: str) -> AbstractContextManager[Holding]:
        """Inside this block this process works for the account; AccountTaken if another does.

        Needs no tables, so that it comes before `upgrade`.
        """
        if self._file is not None and self._sqlite:
            return held(account, FileLock(self._file, account))
        return held(account, ServerLock(self._engine, account))

    def copy_to(self, empty: Path) -> None:
        """Copy a SQLite database as it is at this moment; nobody who writes has to wait.

        What was erased is not in the copy, not even in pages that are free.
        """
        if not self._sqlite:
            raise DatabaseTrouble(_USE_PG_DUMP)
        if self._file is None or not self._file.exists():
            raise DatabaseTrouble("还没有数据库。 There is no database yet.")
        with _telling(), self._engine.connect() as connection:
            # Not in a transaction, which is what "begin" would make of it.
            driver: Any = connection.connection.driver_connection
            try:
                driver.execute("VACUUM INTO ?", (str(empty),))
            except sqlite3.Error as error:
                raise in_words(OperationalError("VACUUM INTO", None, error)) from error

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction; leaving it without `commit` leaves nothing."""
        line, transaction = self._begin(reading=False)
        try:
            yield Work(transaction)
        finally:
            self._end(line, transaction)

    @contextmanager
    def reading(self) -> "Iterator[Reports]":
        """The read side, on one state of the database; it never waits for a writer."""
        from storage.reports import Reports  # the first answer need not wait for it

        line, transaction = self._begin(reading=True)
        try:
            yield Reports(Work(transaction), transaction)
        finally:
            self._end(line, transaction)

    def _begin(self, *, reading: bool) -> tuple[Line, Transaction]:
        """A lock that is not to be had is told at the beginning."""

        def begin(line: Line) -> Transaction:
            line.begin(reading=reading)
            return Transaction(line, self._known, self._ids, reading=reading)

        try:
            return self._lines.take(begin)
        except SQLAlchemyError as error:
            raise in_words(error) from error

    def _end(self, line: Line, transaction: Transaction) -> None:
        transaction.end()
        try:
            self._lines.give_back(line)
        except SQLAlchemyError as error:
            raise in_words(error) from error

    def close(self) -> None:
        """Close all connections."""
        self._lines.close()
        self._engine.dispose()


def _on_begin(connection: Connection) -> None:
    if not connection.get_execution_options().get(OPTION):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _telling() -> Iterator[None]:
    """What goes wrong is told in a sentence; the library's own error is its cause."""
    try:
        yield
    except SQLAlchemyError as error:
        raise in_words(error) from error
