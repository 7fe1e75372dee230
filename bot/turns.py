"""Whose turn it is: which of the waiting actions may go now, and why the others may not."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from bot.actions import Priority, Remove, Say, place
from bot.events import Group, Identity
from bot.frozen import frozen
from bot.pace import PaceSettings
from bot.pacing import HOUR, MINUTE, Bucket, quiet_until, typing
from storage.values import OutboxRow

Place = Group | Identity

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The `not_before` of a pending row that waits for a person: `weilu outbox resend` or `cancel`."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
QUIET = "安静时段，过后再发 quiet hours: it waits for their end"
SAME_TEXT = "同一段话刚发过多个群，稍后再发 too many groups were just told this text: it waits"
HELD_FOR_A_PERSON = (
    "一小时内移出的人已达上限，须人确认：weilu outbox resend 或 cancel "
    "too many removals within an hour: a person must say `weilu outbox resend` or `cancel`"
)


@frozen
class Hold:
    """A row that stays pending, with what is written beside it; out of the way until `until`."""

    row: OutboxRow
    detail: str
    until: datetime | None = None


@dataclass(slots=True)
class Choice:
    """Who goes, who is held, and when it is worth asking again (None: when something changes)."""

    go: list[OutboxRow] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    ask_again: datetime | None = None
    spread: Counter[str] = field(default_factory=Counter)
    """How often a text for groups is among them."""
    kept_back: int = 0
    """Tokens for earlier rows that are being typed."""

    def later(self, moment: datetime | None, now: datetime) -> None:
        """Ask again at that moment if it is ahead, unless earlier anyway."""
        if moment is not None and moment > now:
            self.ask_again = min(self.ask_again or moment, moment)


@dataclass(slots=True)
class _Place:
    """What is remembered of a group, or of a private talk."""

    bucket: Bucket = field(default_factory=lambda: Bucket(MINUTE))
    typing: tuple[int, datetime] | None = None
    """For which row somebody is `typing`, and when that is done."""
    retry: tuple[tuple[Priority, int], datetime] | None = None
    """A row that is tried again later: what is behind it in the order waits for it."""


class Turns:
    """The pace of one account: its tokens, who is typing, who is tried again.

    In one place the order is kept: by priority, then by age. Places do not wait for each other,
    but all of them share the account's tokens, which go by the same order; a token is kept back
    for an earlier row that is still typing, so that moderation never waits for a topic.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._account = Bucket(MINUTE)
        self._removals = Bucket(HOUR)
        self._places: dict[Place, _Place] = {}
        self._tidied: datetime | None = None

    def warm(self, rows: Sequence[OutboxRow]) -> None:
        """Remember what earlier processes did: a restart does not make the account any faster."""
        done = [(row.settled_at, row) for row in rows if row.settled_at is not None]
        for at, row in sorted(done, key=lambda pair: pair[0]):
            self._take(row, self._at(row), at)

    def try_again(self, row: OutboxRow, at: datetime) -> None:
        """That row did not get through and is tried again at that time."""
        self._at(row).retry = (_order(row), at)

    def give_back(self, rows: Sequence[OutboxRow]) -> None:
        """These were chosen and did not go: their tokens are there again, and they are typed."""
        for row in reversed(rows):  # the first of a place is remembered as typed
            here = self._at(row)
            self._account.give_back()
            here.bucket.give_back()
            here.typing = row.id, _LONG_AGO
            if isinstance(row.action, Remove):
                self._removals.give_back()

    def choose(  # noqa: PLR0917 callers name them
        self,
        rows: Iterable[OutboxRow],
        busy: Collection[Place],
        now: datetime,
        pace: PaceSettings,
        told: Callable[[str], int],
        most: int | None = None,
    ) -> Choice:
        """Of the waiting rows, in order, those that go now, `most` of them; their tokens are taken.

        `busy` are places where an action is in hand. `told` says how many groups were told a text
        lately, those chosen a moment before included.
        """
        choice = Choice()
        self._tidy(now)
        if most is not None and most <= 0:
            return choice
        quiet = quiet_until(now, pace.quiet_hours)
        for row, here in self._heads(rows, busy, now, choice):
            if self._is_held(row, now, pace, choice, quiet):
                continue
            if not self._is_ready(row, here, now, pace, choice):
                choice.kept_back += here.bucket.left(now, pace.group_per_minute) > 0
                continue
            if self._account.left(now, pace.per_minute) <= choice.kept_back:
                choice.later(self._account.free_at(now, pace.per_minute), now)
                continue
            if self._was_told(row, pace, told, choice):
                choice.holds.append(Hold(row, SAME_TEXT, now + MINUTE))
                continue
            self._let_go(row, here, now, choice)
            if len(choice.go) == most:
                break
        return choice

    def follow(
        self,
        choice: Choice,
        rows: Iterable[OutboxRow],
        now: datetime,
        pace: PaceSettings,
        told: Callable[[str], int],
    ) -> None:
        """Adds what may be said right after one that was chosen in that place.

        `rows` stand behind it in the order. Only words go this way, and only while nothing at all
        keeps them: no pace, no silence, nothing that had to be typed. Any other act waits until
        what comes of those before it is known.
        """
        quiet = quiet_until(now, pace.quiet_hours)
        for row in rows:
            silent = quiet is not None and row.action.priority > Priority.ANSWER
            if silent or not isinstance(row.action, Say) or typing(row.action, pace, self._random):
                return
            here = self._at(row)
            if here.retry is not None or not here.bucket.left(now, pace.group_per_minute):
                return
            if self._account.left(now, pace.per_minute) <= choice.kept_back:
                return
            if self._was_told(row, pace, told, choice):
                return
            self._let_go(row, here, now, choice)

    @staticmethod
    def _was_told(
        row: OutboxRow, pace: PaceSettings, told: Callable[[str], int], choice: Choice
    ) -> bool:
        """Whether too many groups were just told the same."""
        text = text_for_groups(row)
        return bool(text) and told(text) + choice.spread.get(text, 0) >= pace.same_text_groups

    def _let_go(self, row: OutboxRow, here: _Place, now: datetime, choice: Choice) -> None:
        text = text_for_groups(row)
        choice.spread[text] = choice.spread.get(text, 0) + 1
        self._take(row, here, now)
        choice.go.append(row)

    def _heads(
        self, rows: Iterable[OutboxRow], busy: Collection[Place], now: datetime, choice: Choice
    ) -> Iterator[tuple[OutboxRow, _Place]]:
        """The first row of each place, unless an earlier one of that place is tried again soon."""
        seen = set(busy)
        for row in rows:
            where = place(row.action)
            if where in seen:
                continue
            seen.add(where)
            here = self._place(where)
            retry = here.retry
            if retry is not None and retry[0] < _order(row) and now < retry[1]:
                choice.later(retry[1], now)
                continue
            yield row, here

    def _is_held(
        self,
        row: OutboxRow,
        now: datetime,
        pace: PaceSettings,
        choice: Choice,
        quiet: datetime | None,
    ) -> bool:
        if quiet is not None and row.action.priority > Priority.ANSWER:
            choice.holds.append(Hold(row, QUIET))
            choice.later(quiet, now)
            return True
        # A held row that is due again was let go by a person: nothing else brings it back.
        asks = isinstance(row.action, Remove) and row.detail != HELD_FOR_A_PERSON
        if asks and not self._removals.left(now, pace.removals_per_hour):
            choice.holds.append(Hold(row, HELD_FOR_A_PERSON, NEVER))
            return True
        return False

    def _is_ready(
        self, row: OutboxRow, here: _Place, now: datetime, pace: PaceSettings, choice: Choice
    ) -> bool:
        """Whether it has been typed and its place has a token."""
        if here.typing is None or here.typing[0] != row.id:
            here.typing = row.id, now + typing(row.action, pace, self._random)
        if here.typing[1] <= now and here.bucket.left(now, pace.group_per_minute):
            return True
        typed = min(here.typing[1], now + pace.typing_cap)  # the clock may have been put back
        ready = max(typed, here.bucket.free_at(now, pace.group_per_minute) or NEVER)
        choice.later(ready, now)
        return ready <= now

    def _take(self, row: OutboxRow, here: _Place, at: datetime) -> None:
        self._account.take(at)
        here.bucket.take(at)
        here.typing = None
        if here.retry is not None and here.retry[0] == _order(row):
            here.retry = None
        if isinstance(row.action, Remove):
            self._removals.take(at)

    def _at(self, row: OutboxRow) -> _Place:
        return self._place(place(row.action))

    def _place(self, where: Place) -> _Place:
        here = self._places.get(where)
        if here is None:
            here = self._places[where] = _Place()
        return here

    def _tidy(self, now: datetime) -> None:
        """Once a minute drop the places where nothing is going on and nothing was done lately."""
        if self._tidied is not None and abs(now - self._tidied) < MINUTE:
            return
        self._tidied = now
        for where, here in tuple(self._places.items()):
            retried = here.retry is None or here.retry[1] <= now
            typed = here.typing is None or here.typing[1] + HOUR <= now
            if retried and typed and here.bucket.left(now, 1):
                del self._places[where]


def _order(row: OutboxRow) -> tuple[Priority, int]:
    return row.action.priority, row.id


def text_for_groups(row: OutboxRow) -> str:
    """What would be the same text in many groups; nothing for private words and other acts."""
    action = row.action
    return action.text if isinstance(action, Say) and isinstance(action.to, Group) else ""
