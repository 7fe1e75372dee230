"""The unit of work: one transaction, with a store a noun."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property

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
from storage.accounts import Accounts
from storage.appeals import Appeals
from storage.arrangements import Arrangements
from storage.audit import Audit
from storage.cases import Cases
from storage.casts import Casts
from storage.complaints import Complaints
from storage.consents import Consents
from storage.crowds import Crowds
from storage.effects import Effects
from storage.exemptions import Exemptions
from storage.goals import Goals
from storage.groups import Groups
from storage.histories import Histories
from storage.interactions import Interactions
from storage.known import GroupRow, Person
from storage.members import Members
from storage.memberships import Memberships
from storage.messages import Messages
from storage.operators import Operators
from storage.outbox import Outbox
from storage.pacts import Pacts
from storage.pauses import Pauses
from storage.posts import Posts
from storage.pulse import Pulse
from storage.requests import Requests
from storage.sanctions import Sanctions
from storage.slots import Slots
from storage.speech import Speech
from storage.tags import Tags
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
        return Slots(self._transaction, self.groups, self.histories)

    @cached_property
    def histories(self) -> Histories:
        """Which topics were posted where, and how they went."""
        return Histories(self._transaction, self.groups)

    @cached_property
    def arrangements(self) -> Arrangements:
        """What operators want of single due times."""
        return Arrangements(self._transaction, self.groups, self.members)

    @cached_property
    def pauses(self) -> Pauses:
        """When groups want no topics."""
        return Pauses(self._transaction, self.groups, self.members)

    @cached_property
    def pulse(self) -> Pulse:
        """How much is said in groups."""
        return Pulse(self._transaction, self.groups)

    @cached_property
    def topics(self) -> Topics:
        """The topic bank."""
        return Topics(self._transaction, self.members, self.histories)

    @cached_property
    def posts(self) -> Posts:
        """Topics in groups, and their answers."""
        return Posts(self._transaction, self.groups, self.members, self.slots)

    @cached_property
    def effects(self) -> Effects:
        """What posts brought about."""
        return Effects(self._transaction, self.groups)

    @cached_property
    def consents(self) -> Consents:
        """What members said yes or no to."""
        return Consents(self._transaction, self.groups, self.members)

    @cached_property
    def goals(self) -> Goals:
        """How far groups are with their common goals, and what members want after them."""
        return Goals(self._transaction, self.groups, self.members)

    @cached_property
    def tags(self) -> Tags:
        """What members are known for."""
        return Tags(self._transaction, self.groups, self.members)

    @cached_property
    def casts(self) -> Casts:
        """Who was mentioned in posts."""
        return Casts(self._transaction, self.groups, self.members)

    @cached_property
    def crowds(self) -> Crowds:
        """Who might be mentioned."""
        return Crowds(self._transaction, self.groups, self.consents, self.casts)

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

    def prepare(self, events: Sequence[object]) -> None:
        """Look up together what these events will ask for one by one: quicker, nothing else.

        What is no event is passed over.
        """
        if len(events) == 1 and isinstance(events[0], Message):
            return
        # Keyed by plain tuples: hashing groups and people as values takes longer than looking up.
        groups: dict[tuple[str, str], Group] = {}
        people: dict[tuple[str, str], Identity] = {}
        pairs: list[tuple[Group, Identity]] = []
        said: list[Message] = []
        for event in events:
            group: Group | None = getattr(event, "group", None)
            row = None
            if group is not None:
                where = (group.account, group.id)
                groups[where] = group
                row = self._transaction.groups.get(where)
            for who in _people(event):
                key = (who.account, who.id)
                people[key] = who
                if group is not None and not self._stays(row, self._transaction.people.get(key)):
                    pairs.append((group, who))
            if isinstance(event, Message):
                said.append(event)
        self.groups.prepare(groups.values())
        self.members.prepare(people.values())
        self.sanctions.prepare(people.values())
        self.exemptions.prepare(groups.values())
        self.pacts.prepare(groups.values())
        self.memberships.prepare(pairs)
        self.messages.prepare(said)
        self.outbox.hear_early([each for each in said if each.ours])
        if due := [event for event in events if isinstance(event, SlotDue)]:
            self.slots.prepare(due)
            self.arrangements.prepare(due)
            self.pauses.prepare({event.group for event in due})
            self.pulse.prepare(event.group for event in due)

    def _stays(self, row: GroupRow | None, person: Person | None) -> bool:
        """Whether it is known that they are in the group."""
        if row is None or person is None or person.id is None:
            return False
        return self._transaction.stays.get((row.id, person.id)) is not None


def _people(event: object) -> Sequence[Identity]:
    """Everybody an event names, a roster left out: that is a look-up of its own."""
    if isinstance(event, Message):
        return (event.author, *event.mentions)
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
