"""A round of the outbox: one transaction that writes what came of it and claims what is next."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from random import Random

from bot.actions import Say, place
from bot.clock import Clock
from bot.gateway.base import Outcome
from bot.outcomes import DRY, FAILURES, SETTLED, SUCCESSES, read_back, settlement, wants_a_human
from bot.queues import Queues
from bot.recovery import ECHO_WITHIN, barrier, overdue, prepare, tell
from bot.round import BY, Asked, Result, Round
from bot.runs import behind
from bot.told import Answer, Told
from bot.turns import HELD_FOR_A_PERSON, Choice, Turns
from bot.waiting import earlier, sooner
from handlers.settings import House
from storage.values import OutboxRow, OutboxState, Settlement
from storage.work import Work

log = logging.getLogger(__name__)

STOP_AFTER = 5
"""So many failures in a row stop the account until an operator resumes."""
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


class Rounds:
    """The rounds of one account, one after another.

    Each is a `go` in the writer's thread, then `committed` or `undone` on the event loop. In memory
    are only what waits (compared with the database when asked to), the pace, and when to look at
    something; what is undone gives its tokens back, all else is read anew.
    """

    def __init__(
        self,
        *,
        account: str,
        clock: Clock,
        random: Random,
        dry_run: bool,
        house: Callable[[], House] | None,
    ) -> None:
        self._account = account
        self._clock = clock
        self._random = random
        self._dry_run = dry_run
        self._house = house
        self._turns = Turns(random)
        self._queues = Queues()
        self._told = Told()
        self._orphans: list[OutboxRow] = []
        self._going: Sequence[OutboxRow] = ()
        """What the round under way has taken tokens for."""
        self._not_begun: Sequence[OutboxRow] = ()
        """What the round under way has put back."""
        self._failures = 0
        self._afresh = True
        self._expiry: datetime | None = None
        self._echoes: datetime | None = _AT_ONCE

    def recover(self, work: Work) -> None:
        """Take over from a dead process."""
        self._orphans, recent = prepare(work, self._account, self._clock.now())
        self._turns.warm(recent)

    def committed(self, round_: Round) -> None:
        """What `go` decided holds."""
        self._turns.give_back(self._not_begun)
        self._going = self._not_begun = ()
        self._failures = round_.failures
        if round_.connected and self._orphans:
            round_.verify = (*round_.verify, *self._orphans)
            self._orphans = []

    def undone(self) -> None:
        """The transaction was not committed, whether or not there was a `go` in it."""
        self._turns.give_back(self._going)
        self._going = self._not_begun = ()
        self._afresh = True

    def go(self, work: Work, asked: Asked) -> Round:
        """One round, at the end of this transaction."""
        began, now = time.monotonic(), self._clock.now()
        just_staged, round_ = work.outbox.staged, Round(failures=self._failures)
        self._write(work, asked, round_, now)
        if not asked.closing:
            self._look(work, asked, just_staged, round_, now)
        round_.staged = work.outbox.staged[len(just_staged) :]
        round_.took = time.monotonic() - began
        return round_

    def barred(self, work: Work) -> bool:
        """Whether nothing may be done now."""
        return bool(barrier(work.accounts.get(self._account))[0])

    def _look(
        self,
        work: Work,
        asked: Asked,
        just_staged: Sequence[OutboxRow],
        round_: Round,
        now: datetime,
    ) -> None:
        round_.noticed = (*asked.staged, *just_staged)
        self._notice(work, asked, round_.noticed, now)
        round_.barred, round_.connected = barrier(work.accounts.get(self._account))
        self._miss_echoes(work, asked, round_, now)
        if not round_.barred:
            self._take_turns(work, asked, round_, now)
        for moment in (self._expiry, self._echoes, self._queues.next_due()):
            round_.look_again = sooner(round_.look_again, moment, now)

    def _write(self, work: Work, asked: Asked, round_: Round, now: datetime) -> None:
        """What came of what was in hand."""
        begun = [each for each in asked.results if each.begun]
        if begun:
            became = {each.row.id: self._became(each, asked, now) for each in begun}
            self._settle(work, [each.row for each in begun], became, now)
        if back := [each.row for each in asked.results if not each.begun]:
            self._put_back(work, back, now)
            round_.moved = True
        for each in begun:
            if each.outcome is not None and not self._dry_run:
                self._count(work, each.outcome, round_, now)

    def _became(self, result: Result, asked: Asked, now: datetime) -> Settlement:
        row, outcome, proof = result.row, result.outcome, result.proof
        if outcome is None:
            return read_back(row, proof=proof, now=now)
        if self._dry_run:
            return DRY
        return settlement(row, outcome, proof=proof, now=now, pace=asked.pace, random=self._random)

    def _settle(
        self, work: Work, rows: Iterable[OutboxRow], became: dict[int, Settlement], now: datetime
    ) -> None:
        work.outbox.settle_all(became, now)
        for row in rows:
            done = became[row.id]
            if done.state is OutboxState.SENT:
                self._echoes = min(self._echoes or now + ECHO_WITHIN, now + ECHO_WITHIN)
            elif done.state not in SETTLED:
                self._told.unsure(row)
            if done.state is OutboxState.PENDING:  # its time may be over by now
                self._expiry = earlier(self._expiry, row.action.expires_at)
            if done.not_before is not None:
                self._turns.try_again(row, done.not_before)
                self._queues.put_off(row.id, done.not_before)
            if wants_a_human(row, done):
                self._tell(work, row, done.detail, now)

    def _put_back(self, work: Work, rows: Sequence[OutboxRow], now: datetime) -> None:
        """Claimed and not begun: they wait as before, in the same order."""
        work.outbox.put_back([row.id for row in rows])
        self._not_begun = rows
        for row in rows:
            self._queues.put(row, now)
            self._told.unsure(row)
            self._expiry = earlier(self._expiry, row.action.expires_at)

    def _count(self, work: Work, outcome: Outcome, round_: Round, now: datetime) -> None:
        """So many failures in a row stop the account."""
        if outcome.status in FAILURES:
            round_.failures += 1
        elif outcome.status in SUCCESSES:
            round_.failures = 0
        if round_.failures >= STOP_AFTER:
            why = f"连续 {STOP_AFTER} 次没有做成 {STOP_AFTER} failures in a row: {outcome.detail}"
            work.accounts.stop(self._account, why, now)
            round_.failures = 0

    def _notice(self, work: Work, asked: Asked, staged: Sequence[OutboxRow], now: datetime) -> None:
        """What waits by now, and what has waited too long."""
        if self._afresh:
            self._queues, self._told = Queues(), Told()
            self._echoes = _AT_ONCE
        for row in staged:
            if row.account != self._account:
                continue
            self._queues.put(row, now)
            self._expiry = earlier(self._expiry, row.action.expires_at)
        if asked.look_all or self._afresh:
            self._let_go(work, asked)
            self._queues.compare(work.outbox.pending(self._account))
            self._expiry = work.outbox.next_expiry(self._account)
        self._afresh = False
        if self._expiry is not None and self._expiry <= now:
            self._queues.drop(row.id for row in work.outbox.expire(self._account, now))
            self._expiry = work.outbox.next_expiry(self._account)
        self._queues.read_due(now, partial(work.outbox.rows, self._account))

    def _let_go(self, work: Work, asked: Asked) -> None:
        """Claims of this very process that nobody was told of, and so nobody began.

        The line broke at a commit that the database had made all the same.
        """
        known = {*asked.in_hand, *(row.id for row in self._orphans)}
        claimed = work.outbox.claimed(self._account, BY)
        lost = [row_id for row_id in claimed if row_id not in known]
        if lost:
            log.warning(
                "有 %d 件事已认领而没有开始，放回去 claimed and not begun, put back: %s",
                len(lost),
                lost,
            )
            work.outbox.put_back(lost)

    def _miss_echoes(self, work: Work, asked: Asked, round_: Round, now: datetime) -> None:
        """What was sent so long ago that its echo should have come."""
        if self._echoes is None or self._echoes > now:
            return
        late, self._echoes = overdue(work, self._account, now)
        late = [row for row in late if row.id not in asked.in_hand]
        said = [row for row in late if isinstance(row.action, Say)]
        became = {row.id: read_back(row, proof=None, now=now) for row in said}
        self._settle(work, said, became, now)
        seen = [row for row in late if not isinstance(row.action, Say)]
        if round_.connected:
            round_.verify = seen
        elif seen:
            self._echoes = _AT_ONCE  # they are read back once it is connected

    def _take_turns(self, work: Work, asked: Asked, round_: Round, now: datetime) -> None:
        since = now - asked.pace.same_text_within

        def told(text: str) -> int:
            return self._told.count(text, since)

        choice = self._turns.choose(
            self._heads(work, asked, round_, now),
            busy=(),
            now=now,
            pace=asked.pace,
            told=told,
            most=asked.most,
        )
        read = partial(work.outbox.rows, self._account)
        for rows in behind(choice.go, self._queues, asked.rows - len(choice.go), read):
            self._learn(work, rows, asked, now)
            self._turns.follow(choice, rows, now, asked.pace, told)
        self._hold(work, choice, round_, now)
        if choice.go:
            self._claim(work, choice.go, round_, now)
        round_.look_again = choice.ask_again

    def _claim(self, work: Work, going: Sequence[OutboxRow], round_: Round, now: datetime) -> None:
        """Those that still wait; of the others the tokens are there again."""
        self._going = going
        row_ids = [row.id for row in going]
        claimed = work.outbox.claim_all(row_ids, BY, now)
        self._queues.drop(row_ids)
        self._turns.give_back([row for row in going if row.id not in claimed])
        self._going = round_.go = [row for row in going if row.id in claimed]
        for row in round_.go:
            self._told.tell(row, now)

    def _heads(self, work: Work, asked: Asked, round_: Round, now: datetime) -> Iterator[OutboxRow]:
        """The first row of each place where nothing is going on.

        Reading back is going on as well: whether somebody was removed cannot be seen any more once
        they are invited again.
        """
        asking = {place(row.action) for row in (*self._orphans, *round_.verify)}
        busy = {*asked.busy, *asking}
        read = partial(work.outbox.rows, self._account)
        for rows in self._queues.values(self._queues.heads(busy), read):
            self._learn(work, rows, asked, now)
            yield from rows

    def _learn(self, work: Work, rows: Iterable[OutboxRow], asked: Asked, now: datetime) -> None:
        """Whom the texts of these rows were told lately."""
        within = asked.pace.same_text_within

        def ask(texts: list[str]) -> Answer:
            return work.outbox.told(self._account, texts, now - within)

        self._told.learn(rows, within, ask)

    def _hold(self, work: Work, choice: Choice, round_: Round, now: datetime) -> None:
        """Write beside held rows why; some are out of the way of others now."""
        for hold in choice.holds:
            if hold.until is not None or hold.row.detail != hold.detail:
                work.outbox.hold(hold.row.id, hold.detail, hold.until)
                self._queues.note(hold.row, hold.detail)
            if hold.until is not None:
                self._queues.put_off(hold.row.id, hold.until)
                round_.moved = True
            if hold.detail == HELD_FOR_A_PERSON:
                self._tell(work, hold.row, hold.detail, now)

    def _tell(self, work: Work, row: OutboxRow, detail: str, now: datetime) -> None:
        log.warning("发件箱第 %d 行没有做成 row %d was not done: %s", row.id, row.id, detail)
        if self._house is not None:
            tell(work, self._house(), row, detail, now)
