"""The unit of work: one transaction, with a store a noun."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property

from bot.events import (
    Event,
    FriendshipRequested,
    Group,
    Identity,
    InvitationReceived,
    MemberJoined,
    MemberLeft,
    Message,
    SlotDue,
)
from storage.accounts import Accounts
from storage.appeals import Appeals
from storage.audit import Audit
from storage.cases import Cases
from storage.complaints import Complaints
from storage.exemptions import Exemptions
from storage.groups import Groups
from storage.interactions import Interactions
from storage.members import Members
from storage.memberships import Memberships
from storage.messages import Messages
from storage.operators import Operators
from storage.outbox import Outbox
from storage.pacts import Pacts
from storage.posts import Posts
from storage.requests import Requests
from storage.sanctions import Sanctions
from storage.slots import Slots
from storage.speech import Speech
from storage.tasks import Tasks
from storage.topics import Topics
from storage.transaction import Transaction


class Work:
    """One transaction. What it changed lasts only if `commit` was called and did not raise.

    Not thread-safe. `Database.work()` makes it and rolls back what was not committed.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.groups = Groups(transaction)
        self.members = Members(transaction)

    # The others are made when they are first needed: of a message at rest, half of them never.

    @cached_property
    def memberships(self) -> Memberships:
        """Who is in which group."""
        return Memberships(self._transaction, self.groups, self.members)

    @cached_property
    def messages(self) -> Messages:
        """What was said."""
        return Messages(self._transaction, self.groups, self.members)

    @cached_property
    def speech(self) -> Speech:
        """What was said lately."""
        return Speech(self._transaction, self.groups, self.members)

    @cached_property
    def interactions(self) -> Interactions:
        """Who turned to whom."""
        return Interactions(self._transaction, self.groups, self.members)

    @cached_property
    def cases(self) -> Cases:
        """Findings of rules."""
        return Cases(self._transaction, self.groups, self.members, self.messages)

    @cached_property
    def sanctions(self) -> Sanctions:
        """What was imposed because of cases."""
        return Sanctions(self._transaction, self.groups, self.members)

    @cached_property
    def exemptions(self) -> Exemptions:
        """Whom rules spare because an operator said so."""
        return Exemptions(self._transaction, self.groups, self.members)

    @cached_property
    def tasks(self) -> Tasks:
        """What humans have to do."""
        return Tasks(self._transaction, self.groups, self.members)

    @cached_property
    def appeals(self) -> Appeals:
        """Objections to cases."""
        return Appeals(self._transaction, self.groups, self.members)

    @cached_property
    def complaints(self) -> Complaints:
        """What members report about others."""
        return Complaints(self._transaction, self.groups, self.members)

    @cached_property
    def operators(self) -> Operators:
        """Who may act for the house."""
        return Operators(self._transaction, self.members)

    @cached_property
    def audit(self) -> Audit:
        """Who did what for the house."""
        return Audit(self._transaction, self.members)

    @cached_property
    def pacts(self) -> Pacts:
        """The versions of the groups' rules."""
        return Pacts(self._transaction, self.groups, self.members)

    @cached_property
    def slots(self) -> Slots:
        """Due times of programmes."""
        return Slots(self._transaction, self.groups)

    @cached_property
    def topics(self) -> Topics:
        """The topic bank."""
        return Topics(self._transaction, self.members, self.slots)

    @cached_property
    def posts(self) -> Posts:
        """Topics in groups, and their answers."""
        return Posts(self._transaction, self.groups, self.members, self.slots)

    @cached_property
    def outbox(self) -> Outbox:
        """Actions on their way out."""
        return Outbox(self._transaction, self.groups, self.posts)

    @cached_property
    def accounts(self) -> Accounts:
        """The state of each account."""
        return Accounts(self._transaction)

    @cached_property
    def requests(self) -> Requests:
        """Invitations and friendship requests."""
        return Requests(self._transaction, self.members)

    def savepoint(self) -> AbstractContextManager[None]:
        """An exception inside undoes what happened inside, and goes on upwards."""
        return self._transaction.savepoint()

    def commit(self) -> None:
        """Make it last. Raises DatabaseTrouble if that fails; then nothing has happened."""
        self._transaction.commit()

    def prepare(self, events: Sequence[Event]) -> None:
        """Look up together what these events will ask for one by one: quicker, nothing else."""
        if len(events) == 1 and isinstance(events[0], Message):
            return
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
        self.sanctions.prepare(people.values())
        self.memberships.prepare(pairs.values())
        self.messages.prepare(event for event in events if isinstance(event, Message))
        self.outbox.hear_early([each for each in events if isinstance(each, Message) and each.ours])
        self.slots.prepare(event for event in events if isinstance(event, SlotDue))


def _people(event: Event) -> list[Identity]:
    """Everybody an event names, a roster left out: that is a look-up of its own."""
    people: list[Identity | None] = []
    match event:
        case Message():
            people = [event.author, *event.mentions]
        case MemberJoined():
            people = [event.member, event.inviter]
        case MemberLeft():
            people = [event.member, event.remover]
        case InvitationReceived():
            people = [event.inviter]
        case FriendshipRequested():
            people = [event.person]
    return [person for person in people if person is not None]
