"""A copy of a SQLite database, taken while it is written to, that can be started from."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from storage.database import Database
from storage.trouble import DatabaseTrouble
from storage.values import OutboxState

_DETAIL = (
    "来自备份：备份之后可能已经做了，请看过再重发或取消 "
    "from a backup: it may have been done since, look yourself, then resend or cancel"
)
_EVERYTHING = 1_000_000


def backup(database: Database, target: Path, now: datetime) -> None:
    """Write the copy to a file that does not exist yet; DatabaseTrouble says why it cannot.

    What waited to be done is unconfirmed in the copy: when it is restored, it will long have been
    done, and must not be done again. Until the copy is complete and sound it has another name.
    """
    part = target.with_name(f"{target.name}.part")
    with _telling(target):
        if target.exists():
            raise FileExistsError
        # Readable by nobody else: it holds what members wrote.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            database.copy_to(part)
            _repeat_nothing(part, now)
            _to_the_disk(part)
            os.link(part, target)
        finally:
            for name in (part.name, f"{part.name}-wal", f"{part.name}-shm"):
                part.with_name(name).unlink(missing_ok=True)
        _to_the_disk(target.parent)


def _repeat_nothing(part: Path, now: datetime) -> None:
    """Opening it shows, besides, that it is sound and of this program's version."""
    with closing(Database(f"sqlite:///{part}")) as copied:
        copied.check()
        with copied.work() as work:
            for row in work.outbox.list(states=(OutboxState.PENDING,), limit=_EVERYTHING):
                work.outbox.settle(row.id, OutboxState.UNCONFIRMED, now, _DETAIL)
            work.commit()


def _to_the_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _telling(target: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise DatabaseTrouble(
            f"{target} 已经存在（或中断的备份留下了 {target.name}.part），不会覆盖；请换个名字。 "
            f"{target} exists (or an interrupted backup left {target.name}.part) and is not "
            "overwritten: choose another name."
        ) from None
    except OSError as error:
        raise DatabaseTrouble(
            f"写不了 {target}：{error.strerror}。 {target} cannot be written: {error.strerror}."
        ) from error
