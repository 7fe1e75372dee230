"""Statements that SQLite and PostgreSQL spell differently, and look-ups of many keys at once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Dialect, Insert, Table, Text, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

T = TypeVar("T")

ByDialect = Mapping[str, Insert]

MANY = 4000
"""How many keys one look-up asks for: well below the parameter limits of both databases."""


def insert_new(table: Table, *keys: str, where: Any = None) -> ByDialect:
    """An insert that leaves a row alone if one with these keys is there; by dialect name."""
    makers: Sequence[tuple[str, Any]] = (
        ("sqlite", sqlite.insert),
        ("postgresql", postgresql.insert),
    )
    return {
        name: insert(table).on_conflict_do_nothing(index_elements=list(keys), index_where=where)
        for name, insert in makers
    }


class _List(TypeDecorator[list[str]]):
    """Many texts as one parameter."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """JSON on SQLite, which has no lists."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text))

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """To the database."""
        return json.dumps(value) if dialect.name == "sqlite" else value


class among(FunctionElement[Any]):  # noqa: N801 used like a function
    """Whether a text is in the list that is given under this name.

    However long the list is, it is one parameter, so that the statement is always the same.
    """

    # Not Boolean: SQLite would be asked for "… = 1", and read the whole table for it.
    type = NullType()
    inherit_cache = True

    def __init__(self, column: ColumnElement[str], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_List()))


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
