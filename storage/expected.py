"""What a batch of events will ask for, gathered in one pass so that it is looked up together."""

from collections.abc import Iterable, Sequence

from bot.events import (
    FriendshipRequested,
    Group,
    Identity,
    InvitationReceived,
    MemberJoined,
    MemberLeft,
    Message,
    SlotDue,
)
from storage.transaction import Transaction


class Expected:
    """Groups, people, who is said to be where, messages and due times. What is no event is nothing.

    Keyed by plain tuples: hashing groups and people as values takes longer than looking up.
    """

    def __init__(self, events: Iterable[object], transaction: Transaction) -> None:
        self.groups: dict[tuple[str, str], Group] = {}
        self.people: dict[tuple[str, str], Identity] = {}
        self.strangers: list[Identity] = []
        """Who was not met lately."""
        self.pairs: list[tuple[Group, Identity]] = []
        """Of whom it is not known that they are in the group."""
        self.said: list[Message] = []
        self.due: list[SlotDue] = []
        self._transaction = transaction
        for event in events:
            if isinstance(event, Message):
                self.said.append(event)
                self._meet(event.group, event.author)
                if event.mentions:
                    self._meet(event.group, *event.mentions)
            else:
                self._meet(getattr(event, "group", None), *_people(event))
                if isinstance(event, SlotDue):
                    self.due.append(event)

    def _meet(self, group: Group | None, *people: Identity) -> None:
        row = None
        if group is not None:
            where = (group.account, group.id)
            self.groups[where] = group
            row = self._transaction.groups.get(where)
        for who in people:
            key = (who.account, who.id)
            self.people[key] = who
            person = self._transaction.people.get(key)
            if person is None:
                self.strangers.append(who)
            if group is not None and (
                row is None
                or person is None
                or person.id is None
                or self._transaction.stays.get((row.id, person.id)) is None
            ):
                self.pairs.append((group, who))


def _people(event: object) -> Sequence[Identity]:
    """Everybody an event names, a roster left out: that is a look-up of its own."""
    people: list[Identity | None] = []
    match event:
        case MemberJoined():
            people = [event.member, event.inviter]
        case MemberLeft():
            people = [event.member, event.remover]
        case InvitationReceived():
            people = [event.inviter]
        case FriendshipRequested():
            people = [event.person]
    return [person for person in people if person is not None]
