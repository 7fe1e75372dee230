"""Statements that are compiled once and then run by the driver itself.

What SQLAlchemy does for each execution takes ten times as long as SQLite takes to find a row by its
key, and as long as it takes to write one. So SQLAlchemy writes the SQL, decides how values are
stored, and names the errors; the values are bound here, a column at a time.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.sql.compiler import SQLCompiler

Params = Mapping[str, Any]
Convert = Callable[[Any], Any]


class Prepared:
    """One statement, for parameters of the same names each time. Raises SQLAlchemy's errors."""

    def __init__(self, statement: Any, compiled: SQLCompiler, names: tuple[str, ...]) -> None:
        self._dialect = compiled.dialect
        self._sql = compiled.string
        order = compiled.positiontup or ()
        self._columns = [_Column(name, compiled.binds[name], self._dialect) for name in order]
        self._fixed = {
            name: compiled.binds[name].effective_value for name in order if name not in names
        }
        told = list(getattr(statement, "selected_columns", ()))
        names_told = [each.name for each in told]
        self._row: Callable[..., Any] = namedtuple("_row", names_told, rename=True)  # type: ignore[misc]  # noqa: PYI024 made at run time
        self._results = [
            (place, convert)
            for place, each in enumerate(told)
            if (
                convert := each.type.dialect_impl(self._dialect).result_processor(
                    self._dialect, None
                )
            )
        ]

    def rows(self, connection: Connection, params: Params) -> list[Any]:
        """What it selects; the columns of a row by name or by place."""
        (bound,) = self._bound([params])
        cursor = self._cursor(connection)
        try:
            cursor.execute(self._sql, bound)
            found = cursor.fetchall()
        except self._dialect.loaded_dbapi.Error as error:
            raise self._named(error, connection) from error
        finally:
            cursor.close()
        return [self._row(*self._read(row)) for row in found]

    def change(self, connection: Connection, rows: Sequence[Params]) -> int:
        """Run it for each of these; how many rows changed."""
        bound = self._bound(rows)
        cursor = self._cursor(connection)
        try:
            if len(bound) == 1:
                cursor.execute(self._sql, bound[0])
            else:
                cursor.executemany(self._sql, bound)
            changed: int = cursor.rowcount
        except self._dialect.loaded_dbapi.Error as error:
            raise self._named(error, connection) from error
        else:
            return changed
        finally:
            cursor.close()

    def _cursor(self, connection: Connection) -> Any:
        """A connection that was cut fails already here."""
        try:
            return connection.connection.cursor()
        except self._dialect.loaded_dbapi.Error as error:
            raise self._named(error, connection) from error

    def _bound(self, rows: Sequence[Params]) -> list[tuple[Any, ...]]:
        if self._fixed:
            rows = [{**self._fixed, **row} for row in rows]
        try:
            columns = [column.values(rows) for column in self._columns]
        except ValueError as error:
            raise StatementError(
                str(error), self._sql, None, error, hide_parameters=True
            ) from error
        return list(zip(*columns, strict=True)) if columns else [()] * len(rows)

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self._results:
            return row
        values = list(row)
        for place, convert in self._results:
            values[place] = convert(values[place])
        return values

    def _named(self, error: Exception, connection: Connection) -> BaseException:
        gone = self._dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
        if gone:
            connection.invalidate(error)
        return DBAPIError.instance(
            self._sql,
            None,
            error,
            self._dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=self._dialect,
        )


class _Column:
    """One parameter, of all rows."""

    def __init__(self, name: str, bind: BindParameter[Any], dialect: Dialect) -> None:
        self._name = name
        self._convert = bind.type.dialect_impl(dialect).bind_processor(dialect)

    def values(self, rows: Sequence[Params]) -> list[Any]:
        """As the driver takes them."""
        name, convert = self._name, self._convert
        if convert is None:
            return [row[name] for row in rows]
        return [convert(row[name]) for row in rows]


@lru_cache(maxsize=1024)
def prepared(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> Prepared | None:
    """The statement, ready; None where its text depends on the values (lists of keys)."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]
    if any(bind.expanding for bind in compiled.binds.values()):
        return None
    return Prepared(statement, compiled, names)
