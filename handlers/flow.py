"""Who spoke when, lately, and what it was like: each member's past, in bounded memory."""

from collections.abc import Iterable
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

_Heard = tuple[datetime, int | None]


class Before:
    """What one member said in one group before a message."""

    __slots__ = ("_heard",)

    def __init__(self, heard: Iterable[_Heard]) -> None:
        self._heard = list(heard)

    def times(self, since: datetime = _EVER) -> list[datetime]:
        """When they spoke after that moment, oldest first."""
        return sorted(at for at, _ in self._heard if at > since)

    def texts(self, group: Group, author: Identity, since: datetime = _EVER) -> list[Earlier]:
        """What they said after that moment, as far as it is like anything, oldest first."""
        said = [
            (at, likeness) for at, likeness in self._heard if likeness is not None and at > since
        ]
        return [Earlier(author, group, at, likeness) for at, likeness in sorted(said)]


class _Window:
    """One member's messages in one group, by platform id, in the order they were heard."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def note(self, heard: _Heard, message_id: str) -> Before:
        """What was noted before this message; noted once, however often asked."""
        if message_id in self._heard:
            earlier = takewhile(lambda each: each[0] != message_id, self._heard.items())
            return Before(each for _, each in earlier)
        before = Before(self._heard.values())
        self._heard[message_id] = heard
        return before

    def forget(self, before: datetime | None) -> None:
        """Drop from the front what is older than that, and what is more than the most."""
        while self._heard:
            message_id, (at, _) = next(iter(self._heard.items()))
            if len(self._heard) <= MOST and (before is None or at >= before):
                return
            del self._heard[message_id]

    def silent_since(self, moment: datetime) -> bool:
        """Whether nothing was heard from then on."""
        return all(at < moment for at, _ in self._heard.values())


class Flow:
    """The windows of all members of all groups. Texts are not in it, only their likenesses."""

    def __init__(self) -> None:
        self._windows: dict[tuple[Group, Identity], _Window] = {}
        self._kept_for: dict[Group, timedelta] = {}
        self._sweep_at = _FIRST_SWEEP
        self._latest: datetime | None = None

    def __len__(self) -> int:
        """How many windows are kept."""
        return len(self._windows)

    def keep(self, group: Group, looks_back: timedelta) -> None:
        """Rules of this group look back so far."""
        self._kept_for[group] = looks_back + SLACK

    def note(
        self,
        group: Group,
        author: Identity,
        at: datetime,
        message_id: str,
        *,
        likeness: int | None = None,
        now: datetime | None = None,
    ) -> Before:
        """Remember that somebody spoke; what they said before.

        Asked again for the same message it gives the same answer. `now` is the time by our clock
        if it is known: a message that claims to be from later makes nobody forgotten sooner.
        """
        window = self._windows.get((group, author))
        if window is None:
            self._sweep_when_grown()
            window = self._windows[group, author] = _Window()
        before = window.note((at, likeness), message_id)
        moment = at if now is None else min(at, now)
        kept_for = self._kept_for.get(group)
        window.forget(moment - kept_for if kept_for else None)
        self._latest = max(self._latest or moment, moment)
        return before

    def _sweep_when_grown(self) -> None:
        """Drop the windows of the silent whenever there are twice as many as were left last."""
        if len(self._windows) < self._sweep_at or self._latest is None:
            return
        for (group, author), window in tuple(self._windows.items()):
            kept_for = self._kept_for.get(group)
            if kept_for and window.silent_since(self._latest - kept_for):
                del self._windows[group, author]
        self._sweep_at = max(_FIRST_SWEEP, 2 * len(self._windows))
