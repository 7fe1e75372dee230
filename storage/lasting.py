"""Answers that last: what the database said of tables that nobody has written to since.

SQLite tells by one number whether another connection has committed anything, and what this process
commits it knows itself. So what hardly ever changes need not be asked again for every message. On
PostgreSQL, where there is no such number, it is asked each time.
"""

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.sql.visitors import iterate

_MOST = 20_000  # answers; beyond that they are asked for again

Tables = frozenset[str]


class Lasting:
    """Answers by what was asked. Used by one writer at a time, between its BEGIN and its COMMIT."""

    def __init__(self) -> None:
        self._seen: Hashable = None
        self._answers: dict[Hashable, tuple[Tables, Any]] = {}
        self._of: dict[str, set[Hashable]] = {}

    def begin(self, seen: Hashable) -> None:
        """A transaction begins: `seen` is another one if anybody else may have written since."""
        if seen != self._seen:
            self._forget_all()
            self._seen = seen

    def get(self, asked: Hashable, but: Iterable[str]) -> Any:
        """The answer, unless it is of one of these tables; None if it is not known."""
        known = self._answers.get(asked)
        return known[1] if known is not None and known[0].isdisjoint(but) else None

    def keep(self, asked: Hashable, answer: Any, of: Tables) -> None:
        """The answer, read of these tables."""
        if len(self._answers) >= _MOST:
            self._forget_all()
        self._answers[asked] = (of, answer)
        for table in of:
            self._of.setdefault(table, set()).add(asked)

    def written(self, tables: Iterable[str]) -> None:
        """These are about to change."""
        for table in tables:
            for asked in self._of.pop(table, ()):
                self._answers.pop(asked, None)

    def _forget_all(self) -> None:
        self._answers.clear()
        self._of.clear()


@lru_cache(maxsize=256)
def tables_of(statement: Any) -> Tables:
    """All tables that a statement reads."""
    return frozenset(each.name for each in iterate(statement) if isinstance(each, Table))
