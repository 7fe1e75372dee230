"""Statements that SQLite and PostgreSQL spell differently, and look-ups of many keys at once."""

import json
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Dialect,
    Insert,
    Integer,
    Table,
    Text,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

T = TypeVar("T")


class ByDialect(dict[str, Insert]):
    """An insert by the name of the dialect.

    Made when it is first asked for: the dialect that nobody uses takes long to import.
    """

    def __init__(self, make: Callable[[Any], Insert]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Insert:
        insert = import_module(f"sqlalchemy.dialects.{name}").insert
        made = self[name] = self._make(insert)
        return made


MANY = 4000
"""How many keys one look-up asks for: well below the parameter limits of both databases."""


def insert_new(table: Table, *keys: str, where: Any = None) -> ByDialect:
    """An insert that leaves a row alone if one with these keys is there; by dialect name."""

    def make(insert: Any) -> Insert:
        made: Insert = insert(table).on_conflict_do_nothing(
            index_elements=list(keys), index_where=where
        )
        return made

    return ByDialect(make)


def put_forward(table: Table, column: str, *keys: str) -> ByDialect:
    """An insert that moves a column forward, never back, where a row with these keys is there."""

    def make(insert: Any) -> Insert:
        new = insert(table)
        later = new.excluded[column]
        made: Insert = new.on_conflict_do_update(
            index_elements=list(keys), set_={column: later}, where=table.c[column] < later
        )
        return made

    return ByDialect(make)


class _List(TypeDecorator[list[Any]]):
    """Many texts or keys as one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """JSON on SQLite, which has no lists."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item))

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        """To the database."""
        every = [*(value or ())]
        return json.dumps(every) if dialect.name == "sqlite" else every


class among(FunctionElement[Any]):  # noqa: N801 used like a function
    """Whether a text or a key is in the list that is given under this name.

    However long the list is, it is one parameter, so that the statement is always the same.
    """

    # Not Boolean: SQLite would be asked for "… = 1", and read the whole table for it.
    type = NullType()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        item = BigInteger if isinstance(column.type, Integer) else Text
        super().__init__(column, bindparam(name, type_=_List(item)))


@compiles(among, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, texts = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 names and a parameter


@compiles(among, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, texts = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY ({texts})"


def portions(things: Iterable[T], size: int = MANY) -> Iterator[list[T]]:
    """The things in lists of at most `size`."""
    rest = iter(things)
    while portion := list(islice(rest, size)):
        yield portion
