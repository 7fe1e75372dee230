"""The unit of work: one transaction, with a store a noun."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from bot.events import (
    Event,
    FriendshipRequested,
    Group,
    Identity,
    InvitationReceived,
    MemberJoined,
    MemberLeft,
    Message,
    RosterRead,
)
from storage.accounts import Accounts
from storage.cases import Cases
from storage.groups import Groups
from storage.interactions import Interactions
from storage.members import Members
from storage.memberships import Memberships
from storage.messages import Messages
from storage.outbox import Outbox
from storage.posts import Posts
from storage.requests import Requests
from storage.slots import Slots
from storage.topics import Topics
from storage.transaction import Transaction


class Work:
    """One transaction. What it changed lasts only if `commit` was called and did not raise.

    Not thread-safe. `Database.work()` makes it and rolls back what was not committed.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        # The order in which buffered rows are written: what others point to comes first.
        self.groups = Groups(transaction)
        self.members = Members(transaction)
        self.memberships = Memberships(transaction, self.groups, self.members)
        self.messages = Messages(transaction, self.groups, self.members)
        self.interactions = Interactions(transaction, self.groups, self.members)
        self.cases = Cases(transaction, self.groups, self.members, self.messages)
        self.topics = Topics(transaction, self.groups)
        self.slots = Slots(transaction, self.groups)
        self.posts = Posts(transaction, self.groups, self.members, self.slots)
        self.outbox = Outbox(transaction, self.groups, self.posts)
        self.accounts = Accounts(transaction)
        self.requests = Requests(transaction, self.members)

    def savepoint(self) -> AbstractContextManager[None]:
        """An exception inside undoes what happened inside, and goes on upwards."""
        return self._transaction.savepoint()

    def commit(self) -> None:
        """Make it last. Raises DatabaseTrouble if that fails; then nothing has happened."""
        self._transaction.commit()

    def prepare(self, events: Sequence[Event]) -> None:
        """Look up together what these events will ask for one by one: quicker, nothing else."""
        # Keyed by plain tuples: hashing groups and people as values takes longer than looking up.
        groups: dict[tuple[str, str], Group] = {}
        people: dict[tuple[str, str], Identity] = {}
        pairs: dict[tuple[tuple[str, str], tuple[str, str]], tuple[Group, Identity]] = {}
        for event in events:
            group: Group | None = getattr(event, "group", None)
            where = ("", "") if group is None else (group.account, group.id)
            if group is not None:
                groups[where] = group
            for who in _people(event):
                key = (who.account, who.id)
                people[key] = who
                if group is not None:
                    pairs[where, key] = (group, who)
        self.groups.prepare(groups.values())
        self.members.prepare(people.values())
        self.memberships.prepare(pairs.values())
        self.messages.prepare(event for event in events if isinstance(event, Message))


def _people(event: Event) -> list[Identity]:
    """Everybody an event names."""
    people: list[Identity | None] = []
    match event:
        case Message():
            people = [event.author, *event.mentions]
        case MemberJoined():
            people = [event.member, event.inviter]
        case MemberLeft():
            people = [event.member, event.remover]
        case RosterRead():
            people = [*event.members]
        case InvitationReceived():
            people = [event.inviter]
        case FriendshipRequested():
            people = [event.person]
    return [person for person in people if person is not None]
