"""What was recorded, replayed under a config that somebody proposes: one replay at a time."""

import asyncio
import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.config import Config
from bot.config_file import make_ready
from bot.events import Group
from console.access import Access
from handlers.granted import granted
from handlers.history import history
from handlers.rehearsing import Rehearsal
from handlers.replaying import Replay
from storage.reports import Reports
from storage.trouble import DatabaseTrouble

log = logging.getLogger(__name__)

DAYS = (7, 30, 90)
"""How far back a replay may go."""
EXAMPLES = 3
_BREATH = 50
"""So many messages are judged in one go."""
_REST = 2.0
"""After each it rests for so many times what they took: the groups are answered meanwhile."""


class _Cancelled(Exception):  # noqa: N818 - it is no error
    """Somebody wants no more of it, or Weilu stops."""


@dataclass(slots=True)
class Rerun:
    """One replay, on its way or over, of these groups, or of all of them if there are none.

    `heard` of `total` messages were looked at; `total` is None until they are counted. `found` is
    only to be looked at once it is `over`, and stands for all of them unless it was cancelled.
    """

    days: int
    groups: tuple[Group, ...]
    at: datetime
    since: datetime
    total: int | None = None
    heard: int = 0
    found: Replay | None = None
    over: bool = False
    cancelled: bool = False
    trouble: str = ""
    cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return min(100, 100 * self.heard // self.total) if self.total else 0


class Rerunning:
    """The newest replay. It reads one state of the database, and writes nothing."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._task: asyncio.Task[None] | None = None
        self.newest: Rerun | None = None

    @property
    def busy(self) -> bool:
        """Whether one is on its way."""
        return self.newest is not None and not self.newest.over

    def start(self, proposed: Config, days: int, groups: tuple[Group, ...] = ()) -> Rerun:
        """Begin one; the newest if it is on its way."""
        if self.newest is not None and not self.newest.over:
            return self.newest
        now = self._access.now()
        rerun = Rerun(days, groups, now, now - timedelta(days=days))
        self.newest = rerun
        running = self._access.in_force.config
        self._task = asyncio.create_task(self._run(rerun, running, proposed), name="replay")
        return rerun

    def cancel(self) -> None:
        """End the one that is on its way."""
        if self.newest is not None:
            self.newest.cancel.set()

    async def _run(self, rerun: Rerun, running: Config, proposed: Config) -> None:
        try:
            await self._access.read_aside(
                lambda reports: self._look(rerun, running, proposed, reports)
            )
        except _Cancelled:
            rerun.cancelled = True
        except DatabaseTrouble as trouble:
            rerun.trouble = str(trouble)
        except Exception as error:  # noqa: BLE001 - told on the page, and in the log
            log.error("重放出错了 a replay failed: %s", type(error).__name__)  # noqa: TRY400
            rerun.trouble = "围炉出错了，已记入日志。 Something went wrong; it is in Weilu's log."
        finally:
            rerun.over = True

    def _look(self, rerun: Rerun, running: Config, proposed: Config, reports: Reports) -> None:
        """In a thread of its own."""
        make_ready(proposed)
        account = running.account.name
        known = [each.group for each in reports.stores.groups.all(account)]
        meant = [each for each in known if not rerun.groups or each in rerun.groups]
        said = history(reports, meant, rerun.since, running.group, proposed.group)
        spared = {each.id for each in (*running.people(), *proposed.people())}
        spared |= {each.id for each in reports.operators(account)}
        given = granted(reports, account)
        rerun.found = Replay(
            Rehearsal(running.group, spared, given),
            Rehearsal(proposed.group, spared, given),
            rerun.since,
            EXAMPLES,
        )
        rerun.total = said.total()
        said.tell(rerun.found, _Pace(rerun, self._access.closing).tick)


class _Pace:
    """Counts, rests now and then, and ends it when nobody wants it any more."""

    def __init__(self, rerun: Rerun, closing: threading.Event) -> None:
        self._rerun = rerun
        self._closing = closing
        self._spent = time.thread_time()

    def tick(self) -> None:
        self._rerun.heard += 1
        if self._rerun.cancel.is_set() or self._closing.is_set():
            raise _Cancelled
        if self._rerun.heard % _BREATH == 0:
            self._rerun.cancel.wait(_REST * (time.thread_time() - self._spent))
            self._spent = time.thread_time()
