"""Groups that are told their rules, which is what every sanction needs."""

from collections.abc import Sequence
from datetime import datetime

from builders import ACCOUNT, NOON, group
from claiming import claim
from hall import Hall

from bot.actions import Action, Say
from bot.events import RosterRead, RulesChanged
from handlers.terms import terms
from storage.values import OutboxState


def told(hall: Hall, name: str = "读书会", at: datetime = NOON) -> int:
    """The group has been told the rules in force in it; which version that is."""
    place = group(name)
    pact = hall.work.pacts.propose(place, terms(hall.settings[place]), at)
    hall.work.pacts.mark_posted(place, pact.version, at)
    return pact.version


def begins(hall: Hall, name: str = "读书会") -> Sequence[Action]:
    """What is said when the roster of the group is read, as at each start."""
    return hall.happens(RosterRead(group=group(name), members=(), at=hall.now))


def edited(hall: Hall, name: str = "读书会") -> Sequence[Action]:
    """What is said when an edit of the rules took effect."""
    return hall.happens(RulesChanged(group=group(name), at=hall.now))


def becomes(hall: Hall, said: Action, state: OutboxState) -> None:
    """Something on its way has come to this."""
    assert isinstance(said, Say)
    row = hall.work.outbox.of_key(ACCOUNT, said.key)
    assert row is not None
    if state is not OutboxState.CANCELLED:
        claim(hall.work, row.id, "test", hall.now)
    hall.work.outbox.settle(row.id, state, hall.now)
