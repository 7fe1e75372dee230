"""What is in hand: actions that are being performed or read back, and what came of them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions import place
from bot.clock import Clock
from bot.gateway.base import Gateway, Outcome, Status
from bot.outcomes import SUCCESSES, wants_proof
from bot.recovery import proven
from bot.round import Result
from bot.runs import CLAIMED
from bot.turns import Place
from storage.values import OutboxRow

log = logging.getLogger(__name__)

HANDS = CLAIMED
"""In so many places something is in hand at a time: each round has its price, and a crash leaves no
more in doubt than there may be anyway."""
SLOW = 1.0
"""What takes longer, in seconds of real time, keeps no hand from others: no group waits for it.

So long a run may take; what it has not begun by then waits again, where it may be cancelled.
"""
SOON = 0.05
"""What has come of a run is written down after so many seconds, though it goes on."""
_CUT_OFF = Outcome(
    Status.UNSURE, detail="围炉停下时正在做，不知是否做成 cut off when Weilu stopped"
)


@dataclass(slots=True, eq=False)
class _Run:
    """What is done in one place, one row after another."""

    place: Place
    rows: Sequence[OutboxRow]
    began: float
    task: asyncio.Task[None] | None = None
    withdrawn: bool = False


class Hands:
    """Performs claimed rows, each run in a task of its own; the only caller of `Gateway.perform`.

    `done` is called each time something has come of a run; `results` has it until `wrote`.
    With `dry_run` nothing is performed and everything is done.
    """

    def __init__(
        self, gateway: Gateway, done: Callable[[], None], clock: Clock, *, dry_run: bool
    ) -> None:
        self._gateway = gateway
        self._done = done
        self._clock = clock
        self._dry_run = dry_run
        self._hands: dict[int, _Run] = {}
        self._results: list[Result] = []

    def __bool__(self) -> bool:
        return bool(self._hands)

    @property
    def results(self) -> tuple[Result, ...]:
        """What came of rows and is not yet written down, oldest first."""
        return tuple(self._results)

    def wrote(self, results: Sequence[Result]) -> None:
        """The oldest results, these, are written down."""
        del self._results[: len(results)]
        for result in results:
            del self._hands[result.row.id]

    def still(self, results: Sequence[Result]) -> dict[int, Place]:
        """The rows in hand once these results are written down, and where each acts."""
        finished = {result.row.id for result in results}
        return {row_id: run.place for row_id, run in self._hands.items() if row_id not in finished}

    def free(self, results: Sequence[Result]) -> tuple[int, int]:
        """In how many more places, and how many more rows, once these results are written down."""
        lately = asyncio.get_running_loop().time() - SLOW
        runs = [self._hands[row_id] for row_id in self.still(results)]
        quick = [run for run in runs if run.began > lately]
        return HANDS - len({*map(id, quick)}), CLAIMED - len(quick)

    def perform(self, rows: Sequence[OutboxRow]) -> None:
        """Do claimed rows of one place, in this order."""
        run = self._take(rows)
        run.task = self._begin(run, self._do(run))

    def verify(self, row: OutboxRow) -> None:
        """Read back what was performed earlier."""
        run = self._take([row])
        run.task = self._begin(run, self._read_back(row))

    def give_way(self, rows: Iterable[OutboxRow]) -> None:
        """These wait: a run that is less urgent begins nothing more before them."""
        runs = {run.place: run for run in self._hands.values() if len(run.rows) > 1}
        for row in rows if runs else ():
            run = runs.get(place(row.action))
            if run is not None and row.action.priority < run.rows[0].action.priority:
                run.withdrawn = True

    def withdraw(self) -> None:
        """Begin nothing more of what is in hand."""
        for run in self._hands.values():
            run.withdrawn = True

    async def finish(self, patience: float) -> None:
        """Wait so many seconds for what has begun, then break it off."""
        self.withdraw()
        tasks = {run.task for run in self._hands.values() if run.task is not None}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, rows: Sequence[OutboxRow]) -> _Run:
        run = _Run(place(rows[0].action), rows, asyncio.get_running_loop().time())
        for row in rows:
            self._hands[row.id] = run
        return run

    @staticmethod
    def _begin(run: _Run, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.create_task(doing, name=f"outbox {run.rows[0].id}")

    async def _do(self, run: _Run) -> None:
        told = run.began
        for done, row in enumerate(run.rows, 1):
            try:
                outcome, proof = await self._perform(row)
            except asyncio.CancelledError:
                outcome, proof = _CUT_OFF, None
            self._results.append(Result(row, outcome, proof))
            if done < len(run.rows) and self._must_end(run, run.rows[done], outcome):
                back = run.rows[done:]
                self._results.extend(Result(row, None, None, begun=False) for row in back)
                break
            now = asyncio.get_running_loop().time()
            if now - told > SOON:
                told = now
                self._done()
        self._done()

    def _must_end(self, run: _Run, following: OutboxRow, outcome: Outcome) -> bool:
        """Whether the following row must not begin now; it waits again, with those behind it.

        Not if what came before it did not simply succeed: it may be tried again, in its turn, or
        be one failure too many. Nor if its time is over, something more urgent waits, all is to
        stop, or the run has taken long.
        """
        late = asyncio.get_running_loop().time() - run.began > SLOW
        over = following.action.expires_at
        expired = over is not None and over <= self._clock.now()
        failed = outcome.status not in SUCCESSES
        return run.withdrawn or failed or expired or late

    async def _perform(self, row: OutboxRow) -> tuple[Outcome, bool | None]:
        if self._dry_run:
            return Outcome(Status.DONE), None
        try:
            outcome = await self._gateway.perform(row.action)
        except Exception as error:
            # Against its promise; whether it happened nobody knows, so it is not done again.
            log.exception("网关出错 the gateway failed on row %d", row.id)
            return Outcome(Status.UNSURE, detail=type(error).__name__), None
        return outcome, await proven(self._gateway, row) if wants_proof(row, outcome) else None

    async def _read_back(self, row: OutboxRow) -> None:
        self._results.append(Result(row, None, await proven(self._gateway, row)))
        self._done()
