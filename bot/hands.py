"""What is in hand: actions that are being performed or read back, and what came of them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions import place
from bot.gateway.base import Gateway, Outcome, Status
from bot.outcomes import wants_proof
from bot.recovery import proven
from bot.round import Result
from bot.turns import Place
from storage.values import OutboxRow

log = logging.getLogger(__name__)

HANDS = 32
"""So many actions are in hand at a time: the most that a crash can leave in doubt."""
SLOW = 1.0
"""What takes longer, in seconds of real time, keeps no hand from others: no group waits for it."""
_CUT_OFF = Outcome(
    Status.UNSURE, detail="围炉停下时正在做，不知是否做成 cut off when Weilu stopped"
)


@dataclass(frozen=True, slots=True)
class _Hand:
    """An action that is being performed, or was and is not yet written down."""

    task: asyncio.Task[None]
    place: Place
    began: float


class Hands:
    """Performs claimed rows, each in a task of its own; the only caller of `Gateway.perform`.

    `done` is called each time something has come of a row; `results` has it until `wrote`.
    With `dry_run` nothing is performed and everything is done.
    """

    def __init__(self, gateway: Gateway, done: Callable[[], None], *, dry_run: bool) -> None:
        self._gateway = gateway
        self._done = done
        self._dry_run = dry_run
        self._hands: dict[int, _Hand] = {}
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
        return {
            row_id: hand.place for row_id, hand in self._hands.items() if row_id not in finished
        }

    def free(self, results: Sequence[Result]) -> int:
        """How many more may be taken in hand once these results are written down."""
        lately = asyncio.get_running_loop().time() - SLOW
        return HANDS - sum(self._hands[row_id].began > lately for row_id in self.still(results))

    def perform(self, row: OutboxRow) -> None:
        """Do a claimed row."""
        self._take(row, self._do(row))

    def verify(self, row: OutboxRow) -> None:
        """Read back what was performed earlier."""
        self._take(row, self._read_back(row))

    async def finish(self, patience: float) -> None:
        """Wait so many seconds for what is in hand, then break it off."""
        tasks = {hand.task for hand in self._hands.values()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, row: OutboxRow, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing, name=f"outbox {row.id}")
        began = asyncio.get_running_loop().time()
        self._hands[row.id] = _Hand(task, place(row.action), began)

    def _put_down(self, result: Result) -> None:
        self._results.append(result)
        self._done()

    async def _do(self, row: OutboxRow) -> None:
        try:
            outcome, proof = await self._perform(row)
        except asyncio.CancelledError:
            outcome, proof = _CUT_OFF, None
        self._put_down(Result(row, outcome, proof))

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
        self._put_down(Result(row, None, await proven(self._gateway, row)))
