"""One process at a time for an account: a lock that the operating system or PostgreSQL lets go of.

A process that ends, however it ends, holds nothing any more; one that is merely stopped goes on
holding. So there is no lease to renew, nothing runs out while a machine is slow, and nothing has
to be cleaned up after a crash.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage.trouble import DatabaseTrouble, DatabaseUnavailable, in_words

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks whether the lock is still ours."""

# A machine that lost its power must not keep the lock for hours: half a minute, then it is free.
_KEEP_ALIVE = {
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "4",
}
_SET = text("SELECT set_config(:name, :value, false)")
_TRY = text("SELECT pg_try_advisory_lock(:key)")
_WHO = text("""
    SELECT application_name, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (
        SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = :key
""")


class AccountTaken(DatabaseTrouble):
    """Another process works for this account."""

    def __init__(self, account: str, who: str) -> None:
        super().__init__(
            f"账号「{account}」已有一个围炉在运行（{who}）。两个同时运行会各做各的，这一个不启动；"
            f"要换成这一个，先停掉那一个。 "
            f"A Weilu is already running for the account “{account}” ({who}). This one does not "
            "start; stop the other one first."
        )


class _Lock(Protocol):
    """A lock of one of the two kinds."""

    def take(self) -> str | None:
        """Take it, again if it was lost: None, or who has it."""
        ...

    def release(self) -> None:
        """Let go."""
        ...


class Holding:
    """An account that this process works for."""

    def __init__(self, account: str, lock: _Lock) -> None:
        self._account = account
        self._lock = lock
        self._one_at_a_time = threading.Lock()

    def take(self) -> None:
        """Make sure that it is ours; AccountTaken if it is another's."""
        with self._one_at_a_time:
            who = self._lock.take()
        if who is not None:
            raise AccountTaken(self._account, who)

    async def keep(self) -> None:
        """Look again and again, until cancelled; raises AccountTaken once another one has it."""
        troubled = False
        while True:
            await asyncio.sleep(EVERY)
            try:
                await asyncio.to_thread(self.take)
                troubled = False
            except DatabaseUnavailable as trouble:
                if not troubled:
                    log.warning("账号锁暂时核实不了 the account's lock is in doubt: %s", trouble)
                troubled = True

    def release(self) -> None:
        """Another process may have it."""
        with self._one_at_a_time:
            self._lock.release()


@contextmanager
def held(account: str, lock: _Lock) -> Iterator[Holding]:
    """The account is ours inside this block; AccountTaken if it is another's."""
    holding = Holding(account, lock)
    try:
        holding.take()
        yield holding
    finally:
        holding.release()


class FileLock:
    """A lock on a file beside the SQLite file; the file stays, the lock ends with the process."""

    def __init__(self, database: Path, account: str) -> None:
        digest = hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()[:8]
        self._path = database.with_name(f"{database.name}.{digest}.lock")
        self._file: int | None = None

    def take(self) -> str | None:
        """As promised. A lock file that somebody deleted is made anew."""
        try:
            if self._file is not None and os.path.samestat(os.fstat(self._file), self._stat()):
                return None
            self.release()
            return self._open()
        except OSError as error:
            raise DatabaseUnavailable(
                f"写不了数据库文件夹里的 {self._path.name}（{error.strerror}），请检查权限。 "
                f"{self._path.name} in the folder of the database cannot be written "
                f"({error.strerror}): check the permissions there."
            ) from error

    def release(self) -> None:
        """As promised."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _stat(self) -> os.stat_result:
        with contextlib.suppress(FileNotFoundError):
            return self._path.stat()
        return os.stat_result((0,) * 10)

    def _open(self) -> str | None:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.pread(file, 200, 0).decode("utf-8", "replace").strip()
            os.close(file)
            return who or "?"
        os.ftruncate(file, 0)
        os.pwrite(file, f"{_me()}, {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}\n".encode(), 0)
        self._file = file
        return None


class ServerLock:
    """An advisory lock of PostgreSQL on a connection of its own; lost with the connection."""

    def __init__(self, engine: Engine, account: str) -> None:
        digest = hashlib.sha256(f"weilu account {account}".encode("utf-8", "replace")).digest()
        self._key = int.from_bytes(digest[:8]) >> 1
        self._engine = engine
        self._connection: Connection | None = None

    def take(self) -> str | None:
        """As promised."""
        try:
            if self._connection is not None:
                with contextlib.suppress(SQLAlchemyError):
                    self._connection.execute(text("SELECT 1"))
                    return None
            self.release()
            return self._connect()
        except SQLAlchemyError as error:
            raise in_words(error) from error

    def release(self) -> None:
        """As promised."""
        if self._connection is not None:
            # Not back into the pool: the lock ends with the connection.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _connect(self) -> str | None:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection = connection
        for name, value in {**_KEEP_ALIVE, "application_name": f"weilu {_me()}"[:63]}.items():
            connection.execute(_SET, {"name": name, "value": value})
        if connection.execute(_TRY, {"key": self._key}).scalar_one():
            return None
        who = connection.execute(_WHO, {"key": self._key}).first()
        self.release()
        return f"{who[0]}, {who[1]:%Y-%m-%d %H:%M:%S}" if who else "?"


def _me() -> str:
    return f"{socket.gethostname()} pid {os.getpid()}"
