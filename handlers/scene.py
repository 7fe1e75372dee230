"""What a handler is given and what it gives back."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, TypeVar

from bot.actions import Action
from bot.events import Event, Group, Identity
from bot.frozen import frozen
from bot.gateway.base import Capability
from handlers.settings import GroupSettings, House
from storage.work import Work


@frozen
class Scene:
    """One event's surroundings.

    `group` is None for events outside any group the config names (private words, the clock, the
    gateway's own state). `now` is when the batch was taken up, aware and in UTC. `me` is None
    until the account has logged in. `settings` tells what is in force in any group, for what
    happens outside of one.
    """

    work: Work
    house: House
    group: GroupSettings | None
    now: datetime
    me: Identity | None
    capabilities: frozenset[Capability]
    settings: Callable[[Group], GroupSettings | None] = lambda _: None


@frozen
class Reply:
    """What a handler answers: the actions it wants, and whether the event ends here."""

    actions: tuple[Action, ...] = ()
    events: tuple[Event, ...] = ()
    """Further events that follow from this one, handled right after it in the same transaction."""
    stop: bool = False

    NOTHING: ClassVar["Reply"]
    STOP: ClassVar["Reply"]


Reply.NOTHING = Reply()
Reply.STOP = Reply(stop=True)

Handler = Callable[[Event, Scene], Reply]
"""Synchronous; returns values; never speaks, sleeps or reads the wall clock."""

H = TypeVar("H", bound=Handler)

_DEAF = "deaf_to_messages"


def deaf_to_messages(handler: H) -> H:
    """Mark a handler that answers no message: of events that come by the thousand it is spared."""
    setattr(handler, _DEAF, True)
    return handler


def hears_messages(handler: Handler) -> bool:
    """Whether the handler is asked about messages."""
    return not getattr(handler, _DEAF, False)
