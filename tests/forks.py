"""Processes of their own, forked from one that has imported Weilu: quicker than starting Python.

The process they are forked from holds no database, no thread and nothing of a test.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
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


@dataclass(frozen=True)
class Life:
    """A process that does what it does until it ends or is killed."""

    process: Any

    @property
    def pid(self) -> int:
        """As the machine knows it."""
        pid: int = self.process.pid
        return pid

    @property
    def returncode(self) -> int | None:
        """None while it lives; negative: the signal that killed it."""
        code: int | None = self.process.exitcode
        return code

    def kill(self) -> None:
        """By SIGKILL."""
        self.process.kill()

    def terminate(self) -> None:
        """By SIGTERM, upon which it ends well."""
        self.process.terminate()

    async def wait(self) -> int | None:
        """Return once it is gone."""
        await asyncio.to_thread(self.process.join)
        return self.returncode


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


def living(work: Callable[..., None], log: Path, *told: Any) -> Life:
    """A process at work; what it says goes to the end of a file."""
    process = _FORKS.Process(target=_logged, args=(log, work, told), daemon=True)
    process.start()
    return Life(process)


def _logged(log: Path, work: Callable[..., None], told: tuple[Any, ...]) -> None:
    with log.open("ab") as file:
        for channel in (1, 2):
            os.dup2(file.fileno(), channel)
    work(*told)


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
