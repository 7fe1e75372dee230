"""The one place that acts: claims what was decided, performs it slowly, writes down the result."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from bot.actions import place
from bot.clock import Clock, MovableClock
from bot.gateway.base import Gateway, Outcome, Status
from bot.outcomes import wants_proof
from bot.pace import PaceSettings
from bot.recovery import proven
from bot.rounds import Asked, Result, Round, Rounds
from bot.turns import Place
from bot.waiting import Alarm
from handlers.settings import House
from storage.trouble import DatabaseTrouble
from storage.values import OutboxRow
from storage.writer import Writer

log = logging.getLogger(__name__)

POLL = 2.0
"""Seconds of real time after which it looks for what another process changed (resume, resend)."""
PATIENCE = 5.0
"""Seconds of real time that actions in hand have to finish when the outbox is closed."""
HANDS = 32
"""So many actions are in hand at a time: the most that a crash can leave in doubt."""
SLOW = 1.0
"""What takes longer, in seconds of real time, keeps no hand from others: no group waits for it."""
_PAUSE = timedelta(seconds=2)
_SPARING = 20
"""Looking at everything takes one part in so many of the time, however much waits."""
_CUT_OFF = Outcome(
    Status.UNSURE, detail="围炉停下时正在做，不知是否做成 cut off when Weilu stopped"
)


@dataclass(frozen=True, slots=True)
class _Hand:
    """An action that is being performed, or was and is not yet written down."""

    task: asyncio.Task[None]
    place: Place
    began: float


class Outbox:
    """Performs the committed actions of one account; the only caller of `Gateway.perform`.

    Every action is done at most once: what may have happened is shown to an operator and never
    repeated. In one place (a group, a private talk) the order is kept, by priority and then by
    age; places do not wait for each other. `pace` may be replaced at any time. With `dry_run`
    everything is decided and recorded, and nothing done. `house` tells whom to inform of what
    was refused; without it the log has it.

    It goes round: one transaction writes down all that has come of the actions in hand and claims
    all that may go next; then these are performed, at the same time where the places differ.
    """

    def __init__(
        self,
        *,
        writer: Writer,
        gateway: Gateway,
        clock: Clock,
        pace: PaceSettings,
        random: Random,
        dry_run: bool = False,
        house: Callable[[], House] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.pace = pace
        self._gateway = gateway
        self._clock = clock
        self._dry_run = dry_run
        self._patience = patience
        self._rounds = Rounds(
            writer=writer,
            account=gateway.account,
            clock=clock,
            random=random,
            dry_run=dry_run,
            house=house,
        )
        self._hands: dict[int, _Hand] = {}
        self._results: list[Result] = []
        self._staged: list[OutboxRow] = []
        self._look_all = True
        self._barred = ""
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._closing = asyncio.Event()
        self._alarm = Alarm(clock, self._ring)
        self._poll: asyncio.TimerHandle | None = None
        self._loop: asyncio.Task[None] | None = None
        if isinstance(clock, MovableClock):
            clock.on_move(self.wake)

    def wake(self, staged: Sequence[OutboxRow] | None = None) -> None:
        """Look now: something was committed, either these rows or anything (None)."""
        if staged is None:
            self._look_all = True
        else:
            self._staged.extend(staged)
        self._ring()

    def _ring(self) -> None:
        self._idle.clear()
        self._woken.set()

    async def recover(self) -> None:
        """Take over from a dead process; before `run`.

        What it said is unconfirmed (an echo may still confirm it); what can be read back is, once
        the account is connected.
        """
        await self._rounds.recover()

    async def run(self) -> None:
        """Act until `close`; being cancelled is being closed."""
        self._loop = asyncio.create_task(self._act_on(), name="outbox loop")
        try:
            await asyncio.shield(self._loop)
        finally:
            await self.close()

    async def settled(self) -> None:
        """Return once nothing is in hand and nothing may be done now; at once if not running."""
        if self._loop is None or self._loop.done():
            return
        self.wake()
        idle = asyncio.create_task(self._idle.wait())
        await asyncio.wait({idle, self._loop}, return_when=asyncio.FIRST_COMPLETED)
        idle.cancel()

    @property
    def is_settled(self) -> bool:
        """Whether nothing has come up since it was last settled."""
        return self._idle.is_set() or self._loop is None or self._loop.done()

    async def close(self) -> None:
        """Begin nothing more and let what is in hand finish, or mark it unconfirmed."""
        self._closing.set()
        self.wake()
        if self._loop is not None:
            await asyncio.wait({self._loop})

    async def _act_on(self) -> None:
        try:
            while not self._closing.is_set():
                self._woken.clear()
                await self._go_round()
                if not self._hands and not self._woken.is_set():
                    self._idle.set()
                await self._woken.wait()
        finally:
            await self._finish()

    async def _go_round(self) -> None:
        """One transaction; while the database is in trouble everything waits."""
        results = tuple(self._results)
        staged, self._staged = self._staged, []
        look_all, self._look_all = self._look_all, False
        asked = self._asked(results, staged, look_all=look_all)
        began = asyncio.get_running_loop().time()
        try:
            round_ = await self._rounds.take(asked)
        except DatabaseTrouble as trouble:
            self._say_barred(f"发件箱在等数据库 the outbox waits for the database: {trouble}")
            self._alarm.set(self._clock.now() + _PAUSE if results else None)
            self._poll_after(POLL)
            return
        del self._results[: len(results)]
        for result in results:
            del self._hands[result.row.id]
        self._follow(round_)
        if look_all:
            took = asyncio.get_running_loop().time() - began
            self._poll_after(max(POLL, took * _SPARING))

    def _asked(
        self, results: Sequence[Result], staged: Sequence[OutboxRow], *, look_all: bool
    ) -> Asked:
        finished = {result.row.id for result in results}
        in_hand = {row_id: hand for row_id, hand in self._hands.items() if row_id not in finished}
        lately = asyncio.get_running_loop().time() - SLOW
        return Asked(
            results=results,
            staged=staged,
            busy={hand.place for hand in in_hand.values()},
            in_hand=in_hand.keys(),
            most=HANDS - sum(hand.began > lately for hand in in_hand.values()),
            look_all=look_all,
            pace=self.pace,
            closing=self._closing.is_set(),
        )

    def _follow(self, round_: Round) -> None:
        """Do what a round has decided."""
        self._say_barred(round_.barred)
        for row in round_.go:
            self._take_in_hand(row, self._do(row))
        for row in round_.verify:
            self._take_in_hand(row, self._verify(row))
        self._alarm.set(round_.look_again)
        if round_.staged or round_.moved:
            self.wake(round_.staged)

    def _poll_after(self, seconds: float) -> None:
        if self._poll is not None:
            self._poll.cancel()
        self._poll = asyncio.get_running_loop().call_later(seconds, self.wake)

    def _take_in_hand(self, row: OutboxRow, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing, name=f"outbox {row.id}")
        began = asyncio.get_running_loop().time()
        self._hands[row.id] = _Hand(task, place(row.action), began)

    def _put_down(self, result: Result) -> None:
        self._results.append(result)
        self._ring()

    async def _finish(self) -> None:
        """Wait for what is in hand while there is patience, and write down what came of it."""
        self._closing.set()
        tasks = {hand.task for hand in self._hands.values()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        try:
            if self._results:
                await self._go_round()
        finally:
            self._alarm.set(None)
            if self._poll is not None:
                self._poll.cancel()
            self._idle.set()

    async def _do(self, row: OutboxRow) -> None:
        """Perform a claimed row."""
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

    async def _verify(self, row: OutboxRow) -> None:
        """Read back what was performed earlier."""
        self._put_down(Result(row, None, await proven(self._gateway, row)))

    def _say_barred(self, barred: str) -> None:
        """Log what is in the way, once each time it comes."""
        if barred and barred != self._barred:
            log.warning("%s", barred)
        self._barred = barred
