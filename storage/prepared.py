"""Statements that are compiled once and then run by the driver itself.

What SQLAlchemy does for each execution takes ten times as long as SQLite takes to find a row by its
key, and as long as it takes to write one. So SQLAlchemy writes the SQL, decides how values are
stored, and names the errors; the values are bound here, a column at a time.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Dialect, Executable, Insert, Update
from sqlalchemy.exc import StatementError
from sqlalchemy.sql.compiler import SQLCompiler

from storage.lines import Line

_VALUE = r"%s(?:::[A-Z ]+)?"
_VALUES = re.compile(rf"(?P<begin>.*\)) VALUES \({_VALUE}(?:, {_VALUE})*\)(?P<end>.*)", re.DOTALL)
_ONE_VALUE = re.compile("%s(?:::[A-Z]+(?: WITH TIME ZONE)?)?")

_NO_VALUE = object()

ROWS_DIFFER = "rows_differ"
"""The execution option of an UPDATE that is never given the same row twice at once."""

Params = Mapping[str, Any]


class Prepared:
    """One statement, for parameters of the same names each time. Raises SQLAlchemy's errors."""

    def __init__(self, statement: Any, compiled: SQLCompiler, names: tuple[str, ...]) -> None:
        dialect = compiled.dialect
        self._sql = compiled.string
        self._of_lists = _of_lists(statement, compiled)
        self._columns = [
            _Column(compiled.binds[name], name if name in names else None, dialect)
            for name in compiled.positiontup or ()
        ]
        self._bound = _binding(self._columns)
        told = list(getattr(statement, "selected_columns", ()))
        names_told = [each.name for each in told]
        row: Any = namedtuple("row", names_told, rename=True)  # type: ignore[misc]  # noqa: PYI024 made at run time
        self._row: Callable[[Iterable[Any]], Any] = row._make
        self._results = [
            (place, convert)
            for place, each in enumerate(told)
            if (convert := each.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def rows(self, line: Line, params: Params) -> list[Any]:
        """What it selects; the columns of a row by name or by place."""
        try:
            bound = self._bound(params)
        except ValueError as error:
            raise self._unfit(error) from error
        found = line.fetch(self._sql, bound)
        if len(found) == 1:
            return [self._row(self._told(found[0]))]
        if self._results and found:
            columns: list[Sequence[Any]] = [*zip(*found, strict=True)]  # quicker than row by row
            for place, convert in self._results:
                columns[place] = [convert(value) for value in columns[place]]
            found = [*zip(*columns, strict=True)]
        return [*map(self._row, found)]

    def _told(self, values: Sequence[Any]) -> Sequence[Any]:
        """One row, as it is read."""
        if not self._results:
            return values
        told = [*values]
        for place, convert in self._results:
            told[place] = convert(told[place])
        return told

    def change(self, line: Line, rows: Sequence[Params]) -> int:
        """Run it for each of these; how many rows changed."""
        try:
            if len(rows) == 1:
                return line.execute(self._sql, self._bound(rows[0]))
            columns = [column.values(rows) for column in self._columns]
        except ValueError as error:
            raise self._unfit(error) from error
        if self._of_lists:
            return line.execute(self._of_lists, columns)
        return line.execute_many(self._sql, [*zip(*columns, strict=True)])

    def _unfit(self, error: ValueError) -> StatementError:
        return StatementError(str(error), self._sql, None, error, hide_parameters=True)


def _binding(columns: Sequence["_Column"]) -> Callable[[Params], Sequence[Any]]:
    """How the values of a statement are taken from its parameters: most are as they are."""
    names = [each.name for each in columns if each.name is not None]
    if len(names) < len(columns) or len(names) < 2:  # noqa: PLR2004 - one alone comes without tuple
        return lambda row: [each.value(row) for each in columns]
    take = itemgetter(*names)
    changed = [(place, each.convert) for place, each in enumerate(columns) if each.convert]
    if not changed:
        return take

    def bound(row: Params) -> Sequence[Any]:
        values = [*take(row)]
        for place, convert in changed:
            values[place] = convert(values[place])
        return values

    return bound


def _of_lists(statement: Any, compiled: SQLCompiler) -> str | None:
    """The statement for PostgreSQL that takes a list a column; None where that cannot be.

    Otherwise each row is a statement of its own there. What changes rows that are there may not
    change one twice in the same statement.
    """
    if compiled.dialect.name != "postgresql":
        return None
    if isinstance(statement, Update) and ROWS_DIFFER in statement.get_execution_options():
        return _update_of(compiled.string, _lists(compiled))
    found = _VALUES.fullmatch(compiled.string) if isinstance(statement, Insert) else None
    if found is None or "DO UPDATE" in found["end"]:
        return None
    return f"{found['begin']} SELECT * FROM unnest({_lists(compiled)}){found['end']}"  # noqa: S608 no value


def _lists(compiled: SQLCompiler) -> str:
    types = (compiled.binds[name].type for name in compiled.positiontup or ())
    return ", ".join(f"%s::{each.compile(compiled.dialect)}[]" for each in types)


def _update_of(sql: str, lists: str) -> str | None:
    """An UPDATE whose parameters come from lists; None where it is not plain."""
    changed, where, rows = sql.partition(" WHERE ")
    if not where or where in rows:
        return None
    numbers = count()
    changed, rows = (
        _ONE_VALUE.sub(lambda _: f"new.value_{next(numbers)}", part) for part in (changed, rows)
    )
    names = ", ".join(f"value_{number}" for number in range(next(numbers)))
    return f"{changed} FROM unnest({lists}) AS new({names}) WHERE {rows}"


class _Column:
    """One parameter, of all rows; without a name it is what the statement itself says."""

    __slots__ = ("_said", "convert", "name")

    def __init__(self, bind: BindParameter[Any], name: str | None, dialect: Dialect) -> None:
        self.name = name
        self.convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if name is None:
            said = bind.effective_value
            self._said = said if self.convert is None else self.convert(said)

    def value(self, row: Params) -> Any:
        """As the driver takes it."""
        if self.name is None:
            return self._said
        value = row[self.name]
        return value if self.convert is None else self.convert(value)

    def values(self, rows: Sequence[Params]) -> list[Any]:
        """The same for many: quicker than one by one."""
        name, convert = self.name, self.convert
        if name is None:
            return [self._said] * len(rows)
        if convert is None:
            return [row[name] for row in rows]
        values = []
        last: object = _NO_VALUE
        for row in rows:
            value = row[name]
            if value is not last:  # rows of one work share their account, times and states
                last, done = value, convert(value)
            values.append(done)
        return values


@lru_cache(maxsize=1024)
def prepared(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> Prepared | None:
    """The statement, ready; None where its text depends on the values (lists of keys)."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]
    if any(bind.expanding for bind in compiled.binds.values()):
        return None
    return Prepared(statement, compiled, names)
