"""Savepoints: the blocks of a transaction, and what each of them can take back."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType


@dataclass(slots=True)
class Savepoint:
    """How many rows were buffered, how much could be undone, and whether it is a real one yet."""

    rows: int
    undo: int
    real: bool = False


class Scope:
    """The block of a savepoint."""

    __slots__ = ("_enter", "_leave")

    def __init__(self, enter: Callable[[], None], leave: Callable[..., None]) -> None:
        self._enter = enter
        self._leave = leave

    def __enter__(self) -> None:
        self._enter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._leave(well=kind is None)


def name_of(depth: int) -> str:
    """How the database calls the savepoint at this depth."""
    return f"weilu_{depth}"
