"""The one place that acts: claims what was decided, performs it slowly, writes down the result."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from bot import waiting
from bot.actions import Say, place
from bot.clock import Clock, MovableClock
from bot.gateway.base import Gateway, Outcome, Status
from bot.outcomes import DRY, FAILURES, Settlement, read_back, settlement, wants_proof
from bot.pace import PaceSettings
from bot.recovery import all_waiting, barrier, overdue, prepare, proven, tell
from bot.turns import HELD_FOR_A_PERSON, Choice, Place, Turns
from handlers.settings import House
from storage.trouble import DatabaseTrouble
from storage.values import OutboxRow, OutboxState
from storage.work import Work
from storage.writer import Writer

log = logging.getLogger(__name__)

POLL = 2.0
"""Seconds of real time after which it looks for what another process changed (resume, resend)."""
PATIENCE = 5.0
"""Seconds of real time that actions in hand have to finish when the outbox is closed."""
STOP_AFTER = 5
"""So many failures in a row stop the account until an operator resumes."""
_BY = f"{socket.gethostname()}:{os.getpid()}"
_PAUSE = timedelta(seconds=2)
_CUT_OFF = Outcome(
    Status.UNSURE, detail="围炉停下时正在做，不知是否做成 cut off when Weilu stopped"
)


@dataclass(slots=True)
class _Round:
    """One look at the table: what was claimed, what is to be verified, when to look again."""

    go: Sequence[OutboxRow] = ()
    verify: Sequence[OutboxRow] = ()
    look_again: datetime | None = None
    connected: bool = False
    moved: bool = False


class Outbox:
    """Performs the committed actions of one account; the only caller of `Gateway.perform`.

    Every action is done at most once: what may have happened is shown to an operator and never
    repeated. In one place (a group, a private talk) the order is kept, by priority and then by
    age; places do not wait for each other. `pace` may be replaced at any time. With `dry_run`
    everything is decided and recorded, and nothing done. `house` tells whom to inform of what
    was refused; without it the log has it.
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
        self._writer = writer
        self._gateway = gateway
        self._clock = clock
        self._random = random
        self._dry_run = dry_run
        self._house = house
        self._patience = patience
        self._turns = Turns(random)
        self._orphans: list[OutboxRow] = []
        self._hands: dict[int, tuple[asyncio.Task[None], Place]] = {}
        self._failures = 0
        self._barred = ""
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._closing = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        if isinstance(clock, MovableClock):
            clock.on_move(self.wake)

    def wake(self) -> None:
        """Look at the table now: something was committed."""
        self._idle.clear()
        self._woken.set()

    async def recover(self) -> None:
        """Take over from a dead process; before `run`.

        What it said is unconfirmed (an echo may still confirm it); what can be read back is, once
        the account is connected.
        """
        self._orphans, recent = await self._writer.run(
            partial(prepare, account=self._gateway.account, now=self._clock.now())
        )
        self._turns.warm(recent)

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

    async def close(self) -> None:
        """Begin nothing more and let what is in hand finish, or mark it unconfirmed."""
        self._closing.set()
        self.wake()
        if self._loop is not None:
            await asyncio.wait({self._loop})

    async def _act_on(self) -> None:
        while not self._closing.is_set():
            self._woken.clear()
            round_ = await self._look()
            for row in round_.go:
                self._take_in_hand(row, self._do(row))
            for row in round_.verify:
                self._take_in_hand(row, self._verify(row))
            if round_.moved:
                self.wake()
            if not self._hands and not self._woken.is_set():
                self._idle.set()
            await waiting.until(self._woken, self._clock, round_.look_again, at_most=POLL)
        await self._finish()

    def _take_in_hand(self, row: OutboxRow, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing, name=f"outbox {row.id}")
        self._hands[row.id] = task, place(row.action)
        task.add_done_callback(lambda _: self._put_down(row.id))

    def _put_down(self, row_id: int) -> None:
        del self._hands[row_id]
        self.wake()

    async def _finish(self) -> None:
        tasks = {task for task, _ in self._hands.values()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._idle.set()

    async def _look(self) -> _Round:
        """A round in one transaction; while the database is in trouble there is nothing to do."""
        try:
            round_ = await self._writer.run(self._choose)
        except DatabaseTrouble as trouble:
            self._say_barred(f"发件箱在等数据库 the outbox waits for the database: {trouble}")
            return _Round()
        if round_.connected and self._orphans:
            round_.verify = (*round_.verify, *self._orphans)
            self._orphans = []
        return round_

    def _choose(self, work: Work) -> _Round:
        """In the writer's thread, while the loop waits for it."""
        now, account = self._clock.now(), self._gateway.account
        work.outbox.expire(account, now)
        barred, connected = barrier(work.accounts.get(account))
        self._say_barred(barred)
        late, next_late = overdue(work, account, now)
        late = [row for row in late if row.id not in self._hands]
        for row in late:
            if isinstance(row.action, Say):
                self._write(work, row=row, done=read_back(row, proof=None, now=now))
        round_ = _Round(look_again=next_late, connected=connected)
        if connected:
            round_.verify = [row for row in late if not isinstance(row.action, Say)]
        if not barred:
            self._take_turns(work, now, round_)
        return round_

    def _take_turns(self, work: Work, now: datetime, round_: _Round) -> None:
        account = self._gateway.account
        rows = all_waiting(work, account, now)
        since = now - self.pace.same_text_within
        choice = self._turns.choose(
            rows,
            busy={where for _, where in self._hands.values()},
            now=now,
            pace=self.pace,
            told=lambda text: work.outbox.same_text(account, text, since),
        )
        round_.moved = self._hold(work, choice)
        round_.go = [row for row in choice.go if work.outbox.claim(row.id, _BY, now)]
        choice.later(round_.look_again, now)
        choice.later(work.outbox.next_at(account), now)
        for row in rows:
            choice.later(row.action.expires_at, now)
        round_.look_again = choice.ask_again

    def _hold(self, work: Work, choice: Choice) -> bool:
        """Write beside held rows why; whether one is out of the way of others now."""
        for hold in choice.holds:
            if hold.until is not None or hold.row.detail != hold.detail:
                work.outbox.hold(hold.row.id, hold.detail, hold.until)
            if hold.detail == HELD_FOR_A_PERSON:
                self._tell(work, hold.row, hold.detail)
        return any(hold.until is not None for hold in choice.holds)

    async def _do(self, row: OutboxRow) -> None:
        """Perform a claimed row and write down what came of it."""
        try:
            outcome, proof = await self._perform(row)
        except asyncio.CancelledError:
            outcome, proof = _CUT_OFF, None
        await self._write_down(row, partial(self._settle, row=row, outcome=outcome, proof=proof))

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
        done = read_back(row, proof=await proven(self._gateway, row), now=self._clock.now())
        await self._write_down(row, partial(self._write, row=row, done=done))

    async def _write_down(self, row: OutboxRow, job: Callable[[Work], None]) -> None:
        """However long the database takes; at a stop the row is left to the next start."""
        while True:
            try:
                return await self._writer.run(job)
            except DatabaseTrouble as trouble:
                log.warning("第 %d 行的结果暂未写入 row %d waits: %s", row.id, row.id, trouble)
            if self._closing.is_set():
                return None
            await waiting.until(self._closing, self._clock, self._clock.now() + _PAUSE)

    def _settle(self, work: Work, *, row: OutboxRow, outcome: Outcome, proof: bool | None) -> None:
        """In the writer's thread."""
        if self._dry_run:
            self._write(work, row=row, done=DRY)
            return
        now = self._clock.now()
        done = settlement(row, outcome, proof=proof, now=now, pace=self.pace, random=self._random)
        self._write(work, row=row, done=done)
        self._count(work, outcome, now)

    def _write(self, work: Work, *, row: OutboxRow, done: Settlement) -> None:
        now = self._clock.now()
        work.outbox.settle(row.id, done.state, now, done.detail, done.message_id, done.not_before)
        if done.not_before is not None:
            self._turns.try_again(row, done.not_before)
        if done.state is OutboxState.REFUSED:
            self._tell(work, row, done.detail)

    def _count(self, work: Work, outcome: Outcome, now: datetime) -> None:
        """So many failures in a row stop the account."""
        if outcome.status in FAILURES:
            self._failures += 1
        elif outcome.status in {Status.DONE, Status.SENT}:
            self._failures = 0
        if self._failures >= STOP_AFTER:
            why = f"连续 {STOP_AFTER} 次没有做成 {STOP_AFTER} failures in a row: {outcome.detail}"
            work.accounts.stop(self._gateway.account, why, now)
            self._failures = 0

    def _tell(self, work: Work, row: OutboxRow, detail: str) -> None:
        log.warning("发件箱第 %d 行没有做成 row %d was not done: %s", row.id, row.id, detail)
        if self._house is not None:
            tell(work, self._house(), row, detail, self._clock.now())

    def _say_barred(self, barred: str) -> None:
        """Log what is in the way, once each time it comes."""
        if barred and barred != self._barred:
            log.warning("%s", barred)
        self._barred = barred
