"""Who spoke when, lately, and what it was like: each member's past, in bounded memory."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from bot.events import Group, Identity
from handlers.outlook import TEXTS, TIMES, Enough
from rules.base import Earlier

MOST = 1000
"""So many messages of one member are kept at most; no rule's limit is higher."""

SLACK = timedelta(hours=1)
"""So much longer than rules look back is kept: a batch that is run anew finds its own past."""

EVER = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)

_FIRST_SWEEP = 1024


class Before(NamedTuple):
    """What one member said in one group before a message: the first of two lists, in order of time.

    The lists grow at their end only, so that none need be copied; whatever else has to be done to
    them makes new ones.
    """

    heard: list[datetime]
    times_count: int
    said: list[Earlier]
    texts_count: int

    def times(self, since: datetime = EVER) -> list[datetime]:
        """When they spoke after that moment, oldest first."""
        return self.heard[bisect_right(self.heard, since, 0, self.times_count) : self.times_count]

    def texts(self, since: datetime = EVER) -> list[Earlier]:
        """What they said after that moment, as far as it is like anything, oldest first."""
        count = self.texts_count
        return self.said[bisect_right(self.said, since, 0, count, key=_time) : count]

    def holds(self, at: datetime, times_said: Enough, texts_said: Enough) -> int:
        """Of which of the two there is enough: bits of handlers/outlook.py."""
        heard, times_count, said, texts_count = self
        bits = 0
        least, within = times_said
        if times_count >= least > 0 and heard[times_count - least] > at - within:
            bits = TIMES
        least, within = texts_said
        if texts_count >= least > 0 and said[texts_count - least].at > at - within:
            bits |= TEXTS
        return bits


NOTHING = Before([], 0, [], 0)

_made = tuple.__new__  # a named tuple's own way takes three times as long


_First = tuple[str, datetime, Earlier | None]
"""The one message of a member who has said no more. Most have not, and with a window of their own
each would take 570 bytes instead of 160, and three times as long."""


class _Window:
    """One member's messages in one group, by platform id, in the order they were heard."""

    __slots__ = ("_heard", "_said", "_times", "due")

    def __init__(self, first: _First, kept_for: timedelta | None) -> None:
        message_id, at, said = first
        self._heard = {message_id: (at, said)}
        self._times = [at]
        self._said = [] if said is None else [said]
        self.due = due(at, kept_for)
        """After this moment there may be something to forget."""

    def note(self, at: datetime, said: Earlier | None, message_id: str) -> Before:
        """What was noted before this message; noted once, however often asked."""
        heard = self._heard
        if message_id in heard:
            return self._before(message_id)
        times, texts = self._times, self._said
        before = _made(Before, (times, len(times), texts, len(texts)))
        heard[message_id] = (at, said)
        if not times or times[-1] <= at:
            times.append(at)
        else:
            self._times = sorted([*times, at])
        if len(heard) > MOST:
            self.due = EVER
        if said is None:
            return before
        if not texts or texts[-1].at <= at:
            texts.append(said)
        else:
            self._said = sorted([*texts, said], key=_time)
        return before

    def _before(self, message_id: str) -> Before:
        """The same for a message that is heard again."""
        until = takewhile(lambda each: each[0] != message_id, self._heard.items())
        earlier = [heard for _, heard in until]
        said = sorted((each for _, each in earlier if each is not None), key=_time)
        return Before(sorted(at for at, _ in earlier), len(earlier), said, len(said))

    def forget(self, moment: datetime, kept_for: timedelta | None) -> None:
        """Drop from the front what is older by then, and what is more than the most."""
        before = EVER if kept_for is None else moment - kept_for
        too_many = len(self._heard) - MOST
        gone: list[str] = []
        for message_id, (at, _) in self._heard.items():
            if len(gone) >= too_many and at >= before:
                self.due = due(at, kept_for)
                break
            gone.append(message_id)
        if gone:
            self._drop(gone)

    def _drop(self, gone: list[str]) -> None:
        times, texts = self._times[:], self._said[:]
        for message_id in gone:
            at, said = self._heard.pop(message_id)
            times.remove(at)
            if said is not None:
                texts.remove(said)
        self._times, self._said = times, texts

    def silent_since(self, moment: datetime) -> bool:
        """Whether nothing was heard from then on."""
        return not self._times or self._times[-1] < moment


def due(at: datetime, kept_for: timedelta | None) -> datetime:
    """When something may be forgotten; while nobody knows how long it is kept, never."""
    return LAST if kept_for is None or at > LAST - kept_for else at + kept_for


def _time(said: Earlier) -> datetime:
    return said.at


class Room:
    """The windows of the members of one group."""

    __slots__ = ("_flow", "_kept_for", "_windows")

    def __init__(self, flow: "Flow") -> None:
        self._flow = flow
        self._windows: dict[tuple[str, str], _Window | _First] = {}
        self._kept_for: timedelta | None = None

    def __len__(self) -> int:
        """How many windows there are."""
        return len(self._windows)

    def keep(self, looks_back: timedelta) -> None:
        """Rules of this group look back so far."""
        self._kept_for = looks_back + SLACK
        for window in self._windows.values():
            if isinstance(window, _Window):
                window.due = EVER

    def note(
        self,
        author: Identity,
        at: datetime,
        message_id: str,
        said: Earlier | None = None,
        now: datetime | None = None,
    ) -> Before:
        """Remember that somebody spoke, and what it was like; what they said before.

        Asked again for the same message it gives the same answer. `now` is the time by our clock
        if it is known: a message that claims to be from later makes nobody forgotten sooner.
        """
        key = (author.account, author.id)
        window = self._windows.get(key)
        moment = at if now is None or at < now else now
        if window is None:
            self._flow.grow(moment)
            self._windows[key] = (message_id, at, said)
            return NOTHING
        if isinstance(window, tuple):
            if window[0] == message_id:
                return NOTHING
            if due(window[1], self._kept_for) < moment:
                self._windows[key] = (message_id, at, said)
                return NOTHING
            window = self._windows[key] = _Window(window, self._kept_for)
        before = window.note(at, said, message_id)
        if window.due < moment:
            window.forget(moment, self._kept_for)
        return before

    def sweep(self, latest: datetime) -> None:
        """Drop the windows of the silent, once it is known how far the rules look back."""
        if self._kept_for is None:
            return
        since = latest - self._kept_for
        for key, window in tuple(self._windows.items()):
            if window[1] < since if isinstance(window, tuple) else window.silent_since(since):
                del self._windows[key]


class Flow:
    """The windows of all members of all groups. Texts are not in it, only their likenesses."""

    def __init__(self) -> None:
        self._rooms: dict[tuple[str, str], Room] = {}
        self._windows = 0
        self._sweep_at = _FIRST_SWEEP
        self._latest = EVER

    def __len__(self) -> int:
        """How many windows are kept."""
        return sum(map(len, self._rooms.values()))

    def room(self, group: Group) -> Room:
        """That of this group, always the same one."""
        return self._rooms.setdefault((group.account, group.id), Room(self))

    def grow(self, moment: datetime) -> None:
        """One window more; the silent go whenever there are twice as many as were left last."""
        self._latest = max(self._latest, moment)
        if self._windows >= self._sweep_at:
            for room in self._rooms.values():
                room.sweep(self._latest)
            self._windows = len(self)
            self._sweep_at = max(_FIRST_SWEEP, 2 * self._windows)
        self._windows += 1
