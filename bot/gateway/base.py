"""The promise of a gateway: it hears, it acts, it says what it can do.

Platform objects never cross this line; what comes over it is `bot.events`, what goes is
`bot.actions`. The exam in tests/gateway/test_exam.py is taken by every gateway.
"""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import Protocol

from bot.actions import Action
from bot.events import Event, Group
from bot.frozen import frozen


class Capability(StrEnum):
    """What a platform may be able to do. What it cannot do is data, read at the start."""

    HEAR_ALL = "hear every message"
    JOINS = "join and leave events"
    SPEAK = "speak at any time"
    SPEAK_IN_PRIVATE = "speak to one person"
    SEND_PICTURE = "send a picture"
    MENTION = "mention a member"
    QUOTE = "quote a message"
    REMOVE = "remove a member"
    INVITE = "invite a person"
    ANNOUNCE = "set the announcement"
    RECALL = "recall our own message"
    MUTE = "mute a member"


class Status(StrEnum):
    """How performing an action went."""

    DONE = "done"
    """Proven: read back, or the platform gave the id of the new message."""
    SENT = "sent"
    """Accepted without proof; the echo of our own message, or a later event, will confirm it."""
    REFUSED = "refused"
    """The platform said no; trying the same again is useless."""
    IGNORED = "ignored"
    """Accepted, but reading back shows that nothing happened."""
    UNSENT = "unsent"
    """It certainly did not reach the platform; it may be tried again."""
    UNSURE = "unsure"
    """It may or may not have happened (the line broke in between): never blindly repeated."""


@frozen
class Outcome:
    """What came of performing one action. `detail` is a sentence for the operator.

    `incomplete`: it was done but for a part that is left out for good, such as the picture of a
    topic; the detail says which.
    """

    status: Status
    message_id: str = ""
    detail: str = ""
    incomplete: bool = False


CaresFor = Callable[[Group], bool]
"""Tells a gateway whether the config names a group; it loads nothing of any other.

Likewise whether a rule in force in a group looks into pictures: nobody's are loaded for nothing.
"""


def nowhere(group: Group) -> bool:  # noqa: ARG001  it is the same of every group
    """In no group."""
    return False


class Gateway(Protocol):
    """One logged-in account on one platform."""

    @property
    def account(self) -> str:
        """The account's name in config.yaml; every identity and group carries it."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this gateway can do, as far as is known; complete once logged in."""
        ...

    def events(self) -> AsyncIterator[Event]:
        """What happens, in arrival order within a group, from now on and across reconnects.

        What a card is called and a wanted picture are loaded before their message is handed on,
        in five seconds at most, or it goes on without: only its own group waits meanwhile.
        Iterated once. Connects when first asked and reconnects by itself; a GatewayChanged event
        tells of each change of state, and RosterRead follows each login for the groups cared for.
        Ends only after `close()`. Raises nothing: what cannot be understood is logged and skipped.
        """
        ...

    async def perform(self, action: Action) -> Outcome:
        """Do it once and say what came of it; raises nothing but CancelledError.

        Only the outbox calls this.
        """
        ...

    async def confirm(self, action: Action) -> bool | None:
        """Whether an action performed earlier has taken effect, read back from the platform.

        None where that cannot be told (speech).
        """
        ...

    async def close(self) -> None:
        """Let go of the connection; `events()` ends. May be called twice."""
        ...
