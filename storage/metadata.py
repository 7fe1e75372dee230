"""What all tables belong to, how their keys and indexes are named, and indexes over some rows."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Index, Insert, MetaData, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
_WHERE = "where"


def partial_index(
    name: str, *columns: Any, where: str, on_postgresql: str = "", unique: bool = False
) -> Index:
    """An index over the rows for which the condition holds; `described` says so to SQLAlchemy."""
    conditions = {"sqlite": where, "postgresql": on_postgresql or where}
    return Index(name, *columns, unique=unique, info={_WHERE: conditions})


def described() -> MetaData:
    """The tables with all that migrations and comparisons ask of them.

    Naming a condition makes SQLAlchemy import the dialect it is for, which takes long; nobody who
    only reads and writes needs it.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            for dialect, where in index.info.get(_WHERE, {}).items():
                index.dialect_kwargs[f"{dialect}_where"] = text(where)
    return metadata


@lru_cache(maxsize=1024)
def place_of(statement: Any) -> tuple[int, bool]:
    """What others point to is written first; a row is there before it is changed."""
    return _places()[statement.table.name], not isinstance(statement, Insert)


@lru_cache(maxsize=1)
def _places() -> Mapping[str, int]:
    return {table.name: place for place, table in enumerate(metadata.sorted_tables)}
