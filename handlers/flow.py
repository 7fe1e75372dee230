"""Who spoke when, lately, and what it was like: each member's past, in bounded memory."""

from bisect import bisect_right, insort
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from bot.events import Group, Identity
from rules.base import Earlier

MOST = 1000
"""So many messages of one member are kept at most; no rule's limit is higher."""

SLACK = timedelta(hours=1)
"""So much longer than rules look back is kept: a batch that is run anew finds its own past."""

_FIRST_SWEEP = 1024

_EVER = datetime.min.replace(tzinfo=UTC)

_Heard = tuple[datetime, Earlier | None]


class Before:
    """What one member said in one group before a message; both lists are in order of time."""

    __slots__ = ("_said", "_times")

    def __init__(self, times: list[datetime], said: list[Earlier]) -> None:
        self._times = times
        self._said = said

    def times(self, since: datetime = _EVER) -> list[datetime]:
        """When they spoke after that moment, oldest first."""
        times = self._times
        return times[bisect_right(times, since) :] if times else times

    def texts(self, since: datetime = _EVER) -> list[Earlier]:
        """What they said after that moment, as far as it is like anything, oldest first."""
        said = self._said
        return said[bisect_right(said, since, key=_time) :] if said else said


class _Window:
    """One member's messages in one group, by platform id, in the order they were heard."""

    __slots__ = ("_heard", "_said", "_times")

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}
        self._times: list[datetime] = []
        self._said: list[Earlier] = []

    def note(self, at: datetime, said: Earlier | None, message_id: str) -> Before:
        """What was noted before this message; noted once, however often asked."""
        if message_id in self._heard:
            return self._before(message_id)
        before = Before(self._times[:], self._said[:])
        self._heard[message_id] = (at, said)
        insort(self._times, at)
        if said is not None:
            insort(self._said, said, key=_time)
        return before

    def _before(self, message_id: str) -> Before:
        """The same for a message that is heard again."""
        until = takewhile(lambda each: each[0] != message_id, self._heard.items())
        earlier = [heard for _, heard in until]
        said = [each for _, each in earlier if each is not None]
        return Before(sorted(at for at, _ in earlier), sorted(said, key=_time))

    def forget(self, before: datetime | None) -> None:
        """Drop from the front what is older than that, and what is more than the most."""
        heard = self._heard
        while heard:
            message_id = next(iter(heard))
            at, said = heard[message_id]
            if len(heard) <= MOST and (before is None or at >= before):
                return
            del heard[message_id]
            self._times.remove(at)
            if said is not None:
                self._said.remove(said)

    def silent_since(self, moment: datetime) -> bool:
        """Whether nothing was heard from then on."""
        return not self._times or self._times[-1] < moment


def _time(said: Earlier) -> datetime:
    return said.at


class Flow:
    """The windows of all members of all groups. Texts are not in it, only their likenesses."""

    def __init__(self) -> None:
        # by ids: to hash a group and an identity takes longer than all else that is done here
        self._windows: dict[tuple[str, str, str, str], _Window] = {}
        self._kept_for: dict[tuple[str, str], timedelta] = {}
        self._sweep_at = _FIRST_SWEEP
        self._latest: datetime | None = None

    def __len__(self) -> int:
        """How many windows are kept."""
        return len(self._windows)

    def keep(self, group: Group, looks_back: timedelta) -> None:
        """Rules of this group look back so far."""
        self._kept_for[group.account, group.id] = looks_back + SLACK

    def note(
        self,
        group: Group,
        author: Identity,
        at: datetime,
        message_id: str,
        *,
        said: Earlier | None = None,
        now: datetime | None = None,
    ) -> Before:
        """Remember that somebody spoke, and what it was like; what they said before.

        Asked again for the same message it gives the same answer. `now` is the time by our clock
        if it is known: a message that claims to be from later makes nobody forgotten sooner.
        """
        key = (group.account, group.id, author.account, author.id)
        window = self._windows.get(key)
        if window is None:
            self._sweep_when_grown()
            window = self._windows[key] = _Window()
        before = window.note(at, said, message_id)
        moment = at if now is None or at < now else now
        kept_for = self._kept_for.get(key[:2])
        window.forget(moment - kept_for if kept_for else None)
        if self._latest is None or moment > self._latest:
            self._latest = moment
        return before

    def _sweep_when_grown(self) -> None:
        """Drop the windows of the silent whenever there are twice as many as were left last."""
        if len(self._windows) < self._sweep_at or self._latest is None:
            return
        for key, window in tuple(self._windows.items()):
            kept_for = self._kept_for.get(key[:2])
            if kept_for and window.silent_since(self._latest - kept_for):
                del self._windows[key]
        self._sweep_at = max(_FIRST_SWEEP, 2 * len(self._windows))
