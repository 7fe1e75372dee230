"""Processes of their own, forked from one that has imported Weilu: quicker than starting Python.

The process they are forked from holds no database, no thread and nothing of a test.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "alembic.command",
        "bot.app",
        "bot.cli.commands",
        "bot.cli.serving",
        "sqlalchemy.dialects.postgresql.psycopg",
        "storage.database",
    ]
)
_PATIENCE = 30.0


@dataclass(frozen=True)
class Fork:
    """A process that has said it is ready, and lives until `end`."""

    process: Any
    line: "Connection[None, None]"

    @property
    def pid(self) -> int:
        """As the machine knows it."""
        pid: int = self.process.pid
        return pid

    def send_signal(self, number: signal.Signals) -> None:
        """Stop it, let it go on, kill it."""
        os.kill(self.pid, number)

    def end(self) -> None:
        """Return once it is gone."""
        with suppress(OSError):  # it may be dead already
            self.line.send(None)
        self.process.join()
        self.line.close()


def exit_codes(work: Callable[..., None], *told: Any, number: int = 1) -> list[int | None]:
    """Have so many processes do that at the same time; negative: the signal that killed one."""
    processes = [_FORKS.Process(target=work, args=told, daemon=True) for _ in range(number)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(_PATIENCE)
        process.kill()  # unless it is gone: nothing may hang
        process.join()
    return [process.exitcode for process in processes]


def forked(work: Callable[..., None], *told: Any) -> Fork:
    """A process at work, as soon as it is `ready`."""
    ours, theirs = _FORKS.Pipe()
    process = _FORKS.Process(target=work, args=(theirs, *told), daemon=True)
    process.start()
    theirs.close()
    ours.recv()
    return Fork(process, ours)


def ready(line: "Connection[None, None]") -> None:
    """In the process: say that it has begun, and return when it is to end."""
    line.send(None)
    line.recv()


def hold(line: "Connection[None, None]", url: str, account: str) -> None:
    """Hold an account until told to end."""
    from storage.database import Database

    with Database(url).hold(account):
        ready(line)


def upgrade(url: str, until: int = 0) -> None:
    """Upgrade a database; die of SIGKILL at that statement."""
    from sqlalchemy import Engine, event

    from storage.database import Database

    left = until

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", count)
    Database(url).upgrade()
