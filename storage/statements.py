"""Statements that SQLite and PostgreSQL spell differently, and look-ups of many keys at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

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


def portions(things: Iterable[T], size: int = MANY) -> Iterator[list[T]]:
    """The things in lists of at most `size`."""
    rest = iter(things)
    while portion := list(islice(rest, size)):
        yield portion
