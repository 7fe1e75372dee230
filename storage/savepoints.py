"""Savepoints: the blocks of a transaction, and what each of them can take back."""

from collections.abc import Callable, Sized
from types import TracebackType


class Savepoint:
    """The block of a savepoint: an exception inside undoes what happened inside, and goes on.

    Until something has to be written inside, it is two numbers: how many rows were buffered and
    how much could be undone. Once left it may be entered again, as every event is in one.
    """

    __slots__ = ("_leave", "_open", "_rows", "_undo", "real", "rows", "undo")

    def __init__(
        self,
        open_: "list[Savepoint]",
        rows: Sized,
        undo: Sized,
        leave: Callable[..., None],
    ) -> None:
        self._open = open_
        self._rows = rows
        self._undo = undo
        self._leave = leave
        self.rows = self.undo = 0
        self.real = False
        """Whether the database knows of it."""

    def __enter__(self) -> None:
        self.rows = len(self._rows)
        self.undo = len(self._undo)
        self.real = False
        self._open.append(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if kind is None and not self.real:  # as nearly all are left
            self._open.pop()
        else:
            self._leave(well=kind is None)


def name_of(depth: int) -> str:
    """How the database calls the savepoint at this depth."""
    return f"weilu_{depth}"
