"""Who spoke when, lately: the past that rules may look back to, in bounded memory."""

from datetime import datetime, timedelta
from itertools import takewhile

from bot.events import Group, Identity

MOST = 1000
"""So many messages of one member are kept at most; no rule's limit is higher."""

SLACK = timedelta(hours=1)
"""So much longer than rules look back is kept: a batch that is run anew finds its own past."""

_FIRST_SWEEP = 1024


class _Window:
    """One member's messages in one group: platform id and time, in the order they were heard."""

    def __init__(self) -> None:
        self._heard: dict[str, datetime] = {}

    def note(self, at: datetime, message_id: str) -> list[datetime]:
        """The times noted before this message, oldest first; noted once, however often asked."""
        if message_id in self._heard:
            before = takewhile(lambda heard: heard[0] != message_id, self._heard.items())
            return sorted(time for _, time in before)
        past = sorted(self._heard.values())
        self._heard[message_id] = at
        return past

    def forget(self, before: datetime | None) -> None:
        """Drop from the front what is older than that, and what is more than the most."""
        while self._heard:
            message_id, at = next(iter(self._heard.items()))
            if len(self._heard) <= MOST and (before is None or at >= before):
                return
            del self._heard[message_id]

    def silent_since(self, moment: datetime) -> bool:
        """Whether nothing was heard from then on."""
        return all(at < moment for at in self._heard.values())


class Flow:
    """The windows of all members of all groups."""

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

    def note(self, group: Group, author: Identity, at: datetime, message_id: str) -> list[datetime]:
        """Remember that somebody spoke; the earlier times, oldest first.

        Asked again for the same message it gives the same answer.
        """
        window = self._windows.get((group, author))
        if window is None:
            self._sweep_when_grown()
            window = self._windows[group, author] = _Window()
        past = window.note(at, message_id)
        kept_for = self._kept_for.get(group)
        window.forget(at - kept_for if kept_for else None)
        self._latest = max(self._latest or at, at)
        return past

    def _sweep_when_grown(self) -> None:
        """Drop the windows of the silent whenever there are twice as many as were left last."""
        if len(self._windows) < self._sweep_at or self._latest is None:
            return
        for (group, author), window in tuple(self._windows.items()):
            kept_for = self._kept_for.get(group)
            if kept_for and window.silent_since(self._latest - kept_for):
                del self._windows[group, author]
        self._sweep_at = max(_FIRST_SWEEP, 2 * len(self._windows))
