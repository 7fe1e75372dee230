"""The one place that acts: claims what was decided, performs it slowly, writes down the result."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random

from bot.clock import Clock, MovableClock
from bot.gateway.base import Gateway
from bot.hands import Hands
from bot.pace import PaceSettings
from bot.round import Asked, Round
from bot.rounds import Rounds
from bot.runs import by_place
from bot.waiting import Alarm
from handlers.settings import House
from storage.trouble import DatabaseBroken, DatabaseTrouble
from storage.values import OutboxRow
from storage.work import Work
from storage.writer import Writer

log = logging.getLogger(__name__)

POLL = 2.0
"""Seconds of real time after which it looks for what another process changed (resume, resend)."""
PATIENCE = 5.0
"""Seconds of real time that actions in hand have to finish when the outbox is closed."""
_PAUSE = timedelta(seconds=2)
_SPARING = 20
"""Looking at everything takes one part in so many of the time, however much waits."""


@dataclass(slots=True)
class _Trip:
    """What goes along with somebody's transaction: a round, or (asked is None) only a look."""

    asked: Asked | None
    due: bool
    staged: Sequence[OutboxRow] | None = None
    barred: bool = False
    round: Round | None = None
    over: bool = False  # it has arrived or turned back


class Outbox:
    """Performs the committed actions of one account.

    Every action is done at most once: what may have happened is shown to an operator and never
    repeated. In one place (a group, a private talk) the order is kept, by priority and then by
    age; places do not wait for each other. `pace` may be replaced at any time. With `dry_run`
    everything is decided and recorded, and nothing done. `house` tells whom to inform of what
    was refused; without it the log has it.

    It goes round: one transaction writes down all that has come of the actions in hand and claims
    all that may go next; then these are performed, at the same time where the places differ. A
    round goes along with the transaction that stages actions (`aboard`), or alone; there is one at
    a time.
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
        self._clock = clock
        self._patience = patience
        self._rounds = Rounds(
            account=gateway.account, clock=clock, random=random, dry_run=dry_run, house=house
        )
        self._hands = Hands(gateway, self._ring, clock, dry_run=dry_run)
        self._staged: list[OutboxRow] = []
        self._look_all = True
        self._barred = ""
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._closing = asyncio.Event()
        self._nobody_goes = asyncio.Event()
        self._nobody_goes.set()
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
            self._hands.give_way(staged)
        self._ring()

    def _ring(self) -> None:
        self._idle.clear()
        self._woken.set()

    @contextmanager
    def aboard(self, *, alone: bool = False) -> Iterator[Callable[[Work, bool], None]]:
        """While this block runs, somebody's transaction may take a round along.

        What is given is called at the end of that transaction, in the writer's thread, with the
        work and whether it has staged anything or changed the account. Leaving the block says that
        it was committed, an exception that it was not. `alone`: no round, what was staged is
        handed over and claimed in another transaction.
        """
        due = self._woken.is_set()
        acting = self._loop is not None and not self._closing.is_set()
        goes = not alone and acting and self._nobody_goes.is_set()
        trip = _Trip(self._depart() if goes else None, due=due)
        try:
            yield partial(self._along, trip)
        except BaseException:
            if trip.asked is not None and not trip.over:
                self._turn_back()
                self._ring()
            trip.over = True
            raise
        self._arrive(trip)

    def _along(self, trip: _Trip, work: Work, acts: bool) -> None:  # noqa: FBT001 a callback
        """In the writer's thread. What fails here fails alone too, and is told there."""
        if trip.asked is not None and (acts or trip.due):
            trip.round = self._rounds.go(work, trip.asked)
            work.once_committed.append(partial(self._arrive, trip))  # no turn of the loop is lost
        elif acts:
            trip.staged = work.outbox.staged
            trip.barred = self._rounds.barred(work)

    def _arrive(self, trip: _Trip) -> None:
        if trip.over:
            return
        trip.over = True
        if trip.barred:
            self._hands.withdraw()
        if trip.staged is not None:
            self.wake(trip.staged)
        if trip.asked is not None:
            self._nobody_goes.set()
            if trip.round is not None:
                self._land(trip.asked, trip.round)

    async def recover(self) -> None:
        """Take over from a dead process; before `run`.

        What it said is unconfirmed (an echo may still confirm it); what can be read back is, once
        the account is connected.
        """
        await self._writer.run(self._rounds.recover)

    async def run(self) -> None:
        """Act until `close`; being cancelled is being closed. Raises DatabaseBroken."""
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
        self._hands.withdraw()
        self.wake()
        if self._loop is not None:
            await asyncio.wait({self._loop})

    async def _act_on(self) -> None:
        self._ring()
        try:
            while await self._is_called():
                await self._go_alone()
        finally:
            await self._finish()

    async def _is_called(self) -> bool:
        """Wait until there is something to do and nobody does it; False if it is to stop."""
        while not (self._woken.is_set() and self._nobody_goes.is_set()):
            await self._woken.wait()
            await self._nobody_goes.wait()
        return not self._closing.is_set()

    async def _go_alone(self) -> None:
        """One round in a transaction of its own; while the database is in trouble all waits."""
        asked = self._depart()
        try:
            round_ = await self._writer.run(partial(self._rounds.go, asked=asked))
        except BaseException as error:
            self._turn_back()
            if isinstance(error, DatabaseBroken) or not isinstance(error, DatabaseTrouble):
                raise
            self._say_barred(f"发件箱在等数据库 the outbox waits for the database: {error}")
            self._alarm.set(self._clock.now() + _PAUSE if asked.results else None)
            self._poll_after(POLL)
            self._note_idle()
        else:
            self._nobody_goes.set()
            self._land(asked, round_)

    def _depart(self) -> Asked:
        """What the next round is to do; nobody else goes until it is back."""
        self._nobody_goes.clear()
        self._woken.clear()
        results = self._hands.results
        in_hand = self._hands.still(results)
        staged, self._staged = self._staged, []
        look_all, self._look_all = self._look_all, False
        places, rows = self._hands.free(results)
        return Asked(
            results=results,
            staged=staged,
            busy={*in_hand.values()},
            in_hand=in_hand.keys(),
            most=min(places, rows),
            rows=rows,
            look_all=look_all,
            pace=self.pace,
            closing=self._closing.is_set(),
        )

    def _turn_back(self) -> None:
        """Nothing was committed: all is as it was, and everything is looked at anew."""
        self._rounds.undone()
        self._nobody_goes.set()

    def _land(self, asked: Asked, round_: Round) -> None:
        """It is committed: do what was decided."""
        self._rounds.committed(round_)
        self._hands.wrote(asked.results)
        self._say_barred(round_.barred)
        if round_.barred:
            self._hands.withdraw()
        self._hands.give_way(round_.noticed)
        for run in by_place(round_.go):
            self._hands.perform(run)
        for row in round_.verify:
            self._hands.verify(row)
        self._alarm.set(round_.look_again)
        if round_.staged or round_.moved:
            self.wake(round_.staged)
        if asked.look_all:
            self._poll_after(max(POLL, round_.took * _SPARING))
        self._note_idle()

    def _note_idle(self) -> None:
        if not self._hands and not self._woken.is_set():
            self._idle.set()

    def _poll_after(self, seconds: float) -> None:
        if self._poll is not None:
            self._poll.cancel()
        self._poll = asyncio.get_running_loop().call_later(seconds, self.wake)

    async def _finish(self) -> None:
        """Wait for what is in hand while there is patience, and write down what came of it."""
        self._closing.set()
        await self._nobody_goes.wait()
        await self._hands.finish(self._patience)
        try:
            if self._hands.results:
                await self._go_alone()
        finally:
            self._alarm.set(None)
            if self._poll is not None:
                self._poll.cancel()
            self._idle.set()

    def _say_barred(self, barred: str) -> None:
        """Log what is in the way, once each time it comes."""
        if barred and barred != self._barred:
            log.warning("%s", barred)
        self._barred = barred
