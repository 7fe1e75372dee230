"""Lines to the database: connections that stay open, with one transaction after another on them.

SQLAlchemy opens a connection, runs what is rare and names the errors. What is done for every
message (begin, look up, insert, savepoint, commit) goes to the driver itself: taking a connection
out of the pool and beginning there costs as much as writing a message.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, Row
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError

T = TypeVar("T")

OPTION = "weilu_line"
"""The execution option of a connection on which SQLAlchemy is not to begin by itself."""

_KEPT = 4  # lines that stay open while nobody uses them; the writer needs one
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"


class Line:
    """One connection. Not thread-safe. Raises SQLAlchemy's errors.

    A line that was `lost` refuses everything, so that the rest of a transaction is never written
    on a new connection.
    """

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect
        self.lost = False
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._error = connection.dialect.loaded_dbapi.Error
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        self._cursor = driver.cursor()
        self._begun = False

    def begin(self, *, reading: bool) -> None:
        """Begin a transaction: one that writes, or one that sees one state of the database."""
        self._begun = True
        if self._sqlite:
            # Whoever writes takes the lock at once, so that nobody has to give up halfway.
            self.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
        elif reading:
            self.execute(_SNAPSHOT)

    def version(self) -> int | None:
        """Another one as soon as another connection has committed anything; None if none tells."""
        if not self._sqlite:
            return None
        version: int = self.fetch("PRAGMA data_version", ())[0][0]
        return version

    def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement in the driver; how many rows changed."""
        try:
            self._cursor.execute(sql, params)
        except self._error as error:
            raise self._named(error, sql) from error
        return self._cursor.rowcount  # type: ignore[no-any-return]

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """The same for each of these."""
        try:
            self._cursor.executemany(sql, rows)
        except self._error as error:
            raise self._named(error, sql) from error
        return self._cursor.rowcount  # type: ignore[no-any-return]

    def fetch(self, sql: str, params: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """What one statement selects, as the driver gives it."""
        try:
            self._cursor.execute(sql, params)
            return self._cursor.fetchall()  # type: ignore[no-any-return]
        except self._error as error:
            raise self._named(error, sql) from error

    def select(
        self, statement: Executable, params: Mapping[str, Any]
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """What a statement selects, run by SQLAlchemy."""
        return self._told(lambda: self._connection.execute(statement, params).fetchall())

    def change(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
        """How many rows a statement changed, run by SQLAlchemy."""
        return self._told(lambda: self._connection.execute(statement, rows).rowcount)

    def commit(self) -> None:
        """Make it last."""
        if self._connection.in_transaction():
            self._told(self._connection.commit)
        else:
            self._drive(self._driver.commit)
        self._begun = False

    def roll_back(self) -> None:
        """Undo what was begun and not committed."""
        if not self._begun:
            return
        self._begun = False
        if self.lost or self._connection.get_transaction() is not None:
            self._connection.rollback()
        if not self.lost:
            # After a commit that failed, SQLAlchemy has only forgotten its transaction.
            self._drive(self._driver.rollback)

    def close(self) -> None:
        """Give the connection back; nothing is done on this line afterwards."""
        self._connection.close()

    def _told(self, run: Callable[[], T]) -> T:
        if self.lost:
            raise PendingRollbackError("the connection was lost in this transaction")
        try:
            return run()
        except SQLAlchemyError:
            self.lost = self._connection.invalidated
            raise

    def _drive(self, run: Callable[[], None]) -> None:
        try:
            run()
        except self._error as error:
            raise self._named(error, "") from error

    def _named(self, error: Exception, sql: str) -> BaseException:
        """SQLAlchemy's error for one of the driver; the values are not in it."""
        gone = self.dialect.is_disconnect(error, self._driver, None)  # type: ignore[arg-type]
        if gone:
            self.lost = True
            self._connection.invalidate(error)
        return DBAPIError.instance(
            sql,
            None,
            error,
            self._error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=self.dialect,
        )


class Lines:
    """The lines of a database. May be shared by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Line] = deque()

    def take(self, begin: Callable[[Line], T]) -> tuple[Line, T]:
        """A line on which `begin` has succeeded, and what that gave.

        One that was lost while nobody used it is replaced: nothing has happened on it yet.
        """
        while True:
            kept = self._kept()
            line = kept or self._new()
            try:
                return line, begin(line)
            except BaseException:
                self.give_back(line)
                if kept is None or not line.lost:
                    raise

    def give_back(self, line: Line) -> None:
        """Whoever took it needs it no longer; what was not committed is undone."""
        try:
            line.roll_back()
        except SQLAlchemyError:
            line.lost = True
        if line.lost or len(self._idle) >= _KEPT:
            line.close()
        else:
            self._idle.append(line)

    def close(self) -> None:
        """Close those that nobody uses."""
        while (line := self._kept()) is not None:
            line.close()

    def _kept(self) -> Line | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _new(self) -> Line:
        return Line(self._engine.connect().execution_options(**{OPTION: True}))
