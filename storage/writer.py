"""The one writer: every change to the database is made in this thread, one transaction a job."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from storage.database import Database
from storage.work import Work

T = TypeVar("T")


class Writer:
    """Runs jobs one after another in one thread, so that writers never wait for each other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="weilu-writer")

    async def run(self, job: Callable[[Work], T]) -> T:
        """Run a job in a transaction of its own, commit, and return what it returned.

        An exception of the job or of the commit rolls back and is raised here. If the waiting
        task is cancelled, a job that has begun is still finished and committed as a whole.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, job)

    def _do(self, job: Callable[[Work], T]) -> T:
        with self._database.work() as work:
            value = job(work)
            work.commit()
            return value

    async def close(self) -> None:
        """Finish the jobs that wait, then end the thread; `run` raises RuntimeError after this."""
        await asyncio.to_thread(self._thread.shutdown)
