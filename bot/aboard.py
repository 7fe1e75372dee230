"""Going along with a transaction: what the pipeline asks of the outbox."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from storage.work import Work

Along = Callable[[Work, bool], None]
"""Called at the end of a transaction, in the writer's thread, with the work and whether it acts."""


class Aboard(Protocol):
    """Who goes along with a transaction: it claims what was staged there, in the same commit."""

    def __call__(self, *, alone: bool) -> AbstractContextManager[Along]:
        """Around a transaction; an exception says that it was not committed.

        `alone`: nothing more is done in it than what the events ask for.
        """
        ...
