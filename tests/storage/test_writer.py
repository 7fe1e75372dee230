import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from builders import NOON, group

from storage.database import Database
from storage.work import Work
from storage.writer import Writer


@pytest.fixture
async def writer(sqlite_database: Database) -> AsyncIterator[Writer]:
    """A writer on a fresh database."""
    writer = Writer(sqlite_database)
    yield writer
    await writer.close()


async def test_a_job_is_committed_and_returns(writer: Writer):
    """What a job returns comes back, and what it did lasts."""

    def job(work: Work) -> str:
        work.groups.see(group(), managed=True, at=NOON)
        return threading.current_thread().name

    assert (await writer.run(job)).startswith("weilu-writer")
    assert 1 == len(await writer.run(lambda work: work.groups.all()))


async def test_a_failing_job_leaves_nothing(writer: Writer):
    """An exception reaches the caller, and nothing of the job lasts."""

    def job(work: Work) -> None:
        work.groups.see(group(), managed=True, at=NOON)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await writer.run(job)
    assert [] == await writer.run(lambda work: work.groups.all())


async def test_jobs_take_turns(writer: Writer):
    """Jobs that are given at once run one after another, each seeing what the last one did."""

    def job(work: Work) -> int:
        work.groups.count(group(), NOON)
        (known,) = work.groups.all()
        return known.messages

    assert [1, 2, 3, 4, 5] == sorted(await asyncio.gather(*(writer.run(job) for _ in range(5))))


async def test_a_cancelled_caller_does_not_tear_a_job(writer: Writer):
    """A job that has begun is finished and committed though nobody waits for it any more."""
    begun, go_on = threading.Event(), threading.Event()

    def job(work: Work) -> None:
        begun.set()
        go_on.wait(10)
        work.groups.see(group(), managed=True, at=NOON)

    task = asyncio.create_task(writer.run(job))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert 1 == len(await writer.run(lambda work: work.groups.all()))
