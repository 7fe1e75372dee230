"""How long somebody has been in a group and how much they have said there, for newcomers' rules."""

from datetime import datetime

from bot.events import Group, Message
from handlers.scene import Scene
from rules.standing import AT_LONGEST, MOST_MESSAGES

_MOST = 5_000
"""So many people's counts are kept at most, and those of the longest ago are asked for again."""


Standing = tuple[datetime | None, int]
"""When somebody joined (None: nobody saw it), and how many messages they said here before."""

NOBODY: Standing = (None, 0)


class _Count:
    """Messages of one person: how many before we counted, and which since, in order."""

    __slots__ = ("_before", "_since")

    def __init__(self, before: int) -> None:
        self._before = before
        self._since: dict[str, int] = {}

    def note(self, message_id: str) -> int:
        """How many came before this one; the same whenever it is asked."""
        since = self._since.get(message_id, len(self._since))
        if since < MOST_MESSAGES:
            self._since[message_id] = since
        return min(self._before + since, MOST_MESSAGES)


class Standings:
    """Asks storage once for each newcomer, and counts on from there in bounded memory."""

    def __init__(self) -> None:
        # by ids: to hash a group and an identity takes longer than all else that is done here
        self._counts: dict[tuple[str, str, str, str, datetime], _Count] = {}

    def of(self, message: Message, group: Group, scene: Scene) -> Standing:
        """When the author joined (None: nobody saw it), and how many messages they said before.

        Beyond MOST_MESSAGES nothing is counted, nor for those who joined longer ago than AT_LONGEST
        (0 for them): they are no newcomers by any rule.
        """
        joined_at = scene.work.memberships.joined_at(group, message.author)
        if joined_at is None or message.at - joined_at > AT_LONGEST:
            return joined_at, 0
        author = message.author
        key = (group.account, group.id, author.account, author.id, joined_at)
        count = self._counts.get(key)
        if count is None:
            if len(self._counts) >= _MOST:
                del self._counts[next(iter(self._counts))]
            count = self._counts[key] = _Count(_said_before(message, group, joined_at, scene))
        return joined_at, count.note(message.id)


def _said_before(message: Message, group: Group, since: datetime, scene: Scene) -> int:
    ids = scene.work.speech.ids_since(group, message.author, since, MOST_MESSAGES + 1)
    return len(ids - {message.id})
