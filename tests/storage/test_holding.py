import re
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest
from forks import Fork, forked, hold
from sqlalchemy import NullPool, create_engine

from storage import holding
from storage.database import Database
from storage.holding import AccountTaken


def another_process(url: str) -> Fork:
    """A process that holds the account until its end."""
    return forked(hold, url, "围炉")


def test_the_second_process_is_told_who_is_first(database_url: str):
    """One process an account; the second learns the pid of the first, and when it began."""
    other = another_process(database_url)
    with closing(Database(database_url)) as database:
        with pytest.raises(AccountTaken) as taken, database.hold("围炉"):
            pass
        with database.hold("另一个号"):
            pass

    assert f"pid {other.pid}" in str(taken.value)
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d", str(taken.value))
    assert "已有一个围炉在运行" in str(taken.value)
    other.end()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_process_holds_nothing(database_url: str, end: signal.Signals):
    """However it died, the next start has the account at once, with nothing to tidy up."""
    other = another_process(database_url)
    other.send_signal(end)
    other.end()
    with closing(Database(database_url)) as database:
        for _ in range(100):  # PostgreSQL notices a moment later that the connection is gone
            try:
                with database.hold("围炉"):
                    return
            except AccountTaken:
                time.sleep(0.05)
    pytest.fail("still held")


def test_a_stopped_process_goes_on_holding(database_url: str):
    """A process that is merely slow keeps its account: nothing runs out behind its back."""
    other = another_process(database_url)
    other.send_signal(signal.SIGSTOP)
    with (
        closing(Database(database_url)) as database,
        pytest.raises(AccountTaken),
        database.hold("围炉"),
    ):
        pass
    other.send_signal(signal.SIGCONT)
    other.end()


async def test_a_lost_lock_is_noticed(database_url: str, monkeypatch: pytest.MonkeyPatch):
    """The lock file was deleted or the connection cut, and another process was quicker: stop."""
    monkeypatch.setattr(holding, "EVERY", 0.02)
    with closing(Database(database_url)) as database, database.hold("围炉") as ours:
        lose(database_url)
        other = another_process(database_url)
        with pytest.raises(AccountTaken, match=f"pid {other.pid}"):
            await ours.keep()
        other.end()


def test_a_lost_lock_is_taken_again(database_url: str):
    """Where nobody was quicker it is simply ours again."""
    with closing(Database(database_url)) as database, database.hold("围炉") as ours:
        lose(database_url)
        ours.take()
        ours.take()
        with (
            closing(Database(database_url)) as other,
            pytest.raises(AccountTaken),
            other.hold("围炉"),
        ):
            pass


def lose(url: str) -> None:
    """Take the lock away behind its holder's back."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        (lock,) = path.parent.glob(f"{path.name}.*.lock")
        lock.unlink()
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
