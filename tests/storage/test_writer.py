import asyncio
import threading
from collections.abc import AsyncIterator
from functools import partial

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


async def test_a_job_that_nobody_waits_for_any_more_is_not_begun(writer: Writer):
    """Cancelled while it waits for its turn, it leaves nothing."""
    go_on = threading.Event()

    def see(work: Work) -> None:
        work.groups.see(group(), managed=True, at=NOON)

    first = asyncio.create_task(writer.run(lambda _: go_on.wait(10)))
    second = asyncio.create_task(writer.run(see))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await first
    assert [] == await writer.run(lambda work: work.groups.all())


async def test_closing_finishes_what_waits(sqlite_database: Database):
    """Jobs that were given before are committed; one that comes later is refused."""
    writer = Writer(sqlite_database)
    jobs = [
        asyncio.create_task(writer.run(lambda work: work.groups.count(group(), NOON)))
        for _ in range(3)
    ]
    await asyncio.sleep(0)
    await writer.close()
    await asyncio.gather(*jobs)
    with pytest.raises(RuntimeError):
        await writer.run(lambda _: None)
    with sqlite_database.work() as work:
        assert [3] == [known.messages for known in work.groups.all()]


async def test_a_job_whose_loop_has_ended_is_finished(sqlite_database: Database):
    """It is committed though nobody can be told any more."""
    writer = Writer(sqlite_database)
    begun, go_on = threading.Event(), threading.Event()

    def job(work: Work) -> None:
        begun.set()
        go_on.wait(10)
        work.groups.see(group(), managed=True, at=NOON)

    async def short_life() -> None:
        asyncio.create_task(writer.run(job))  # noqa: RUF006 - it is to be lost
        await asyncio.to_thread(begun.wait, 10)

    await asyncio.to_thread(lambda: asyncio.run(short_life()))
    go_on.set()
    await writer.close()
    with sqlite_database.work() as work:
        assert 1 == len(work.groups.all())


async def test_what_follows_a_commit_is_called_before_whoever_waits_goes_on(writer: Writer):
    """On the event loop, once it is committed; not after a failure. What it raises is raised."""
    told: list[str] = []

    def job(work: Work, what: str) -> None:
        work.once_committed.append(lambda: told.append(threading.current_thread().name))
        if what == "fails":
            raise ZeroDivisionError
        if what == "is told badly":
            work.once_committed.append(lambda: told.remove("?"))

    await writer.run(partial(job, what="succeeds"))
    assert [threading.current_thread().name] == told
    with pytest.raises(ZeroDivisionError):
        await writer.run(partial(job, what="fails"))
    assert 1 == len(told)
    with pytest.raises(ValueError, match="not in list"):
        await writer.run(partial(job, what="is told badly"))
    assert 2 == len(told)
