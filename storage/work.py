"""The unit of work: one transaction, with a store a noun."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bot.events import Message
from storage.accounts import Accounts
from storage.cases import Cases
from storage.effects import Effects
from storage.exemptions import Exemptions
from storage.expected import Expected
from storage.groups import Groups
from storage.hearing import Hearing
from storage.histories import Histories
from storage.interactions import Interactions
from storage.members import Members
from storage.memberships import Memberships
from storage.messages import Messages
from storage.open_posts import OpenPosts
from storage.outbox import Outbox
from storage.pacts import Pacts
from storage.posts import Posts
from storage.sanctions import Sanctions
from storage.savepoints import Savepoint
from storage.slots import Slots
from storage.speech import Speech
from storage.transaction import Transaction

if TYPE_CHECKING:  # what few batches need is imported with the first of them, not by every start
    from storage.appeals import Appeals
    from storage.arrangements import Arrangements
    from storage.audit import Audit
    from storage.casts import Casts
    from storage.complaints import Complaints
    from storage.consents import Consents
    from storage.crowds import Crowds
    from storage.goals import Goals
    from storage.operators import Operators
    from storage.pauses import Pauses
    from storage.pulse import Pulse
    from storage.requests import Requests
    from storage.tags import Tags
    from storage.tasks import Tasks
    from storage.topics import Topics


class Work:
    """One transaction. What it changed lasts only if `commit` was called and did not raise.

    Not thread-safe. `Database.work()` makes it and rolls back what was not committed.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.groups = Groups(transaction)
        self.members = Members(transaction)
        self.once_committed: list[Callable[[], None]] = []
        """Called where the Writer's caller waits, before that goes on; not if it is rolled back."""

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
    def hearing(self) -> Hearing:
        """What is recorded of every message."""
        return Hearing(self.groups, self.members, self.memberships, self.messages)

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
    def tasks(self) -> "Tasks":
        """What humans have to do."""
        from storage.tasks import Tasks

        return Tasks(self._transaction, self.groups, self.members)

    @cached_property
    def appeals(self) -> "Appeals":
        """Objections to cases."""
        from storage.appeals import Appeals

        return Appeals(self._transaction, self.groups, self.members)

    @cached_property
    def complaints(self) -> "Complaints":
        """What members report about others."""
        from storage.complaints import Complaints

        return Complaints(self._transaction, self.groups, self.members)

    @cached_property
    def operators(self) -> "Operators":
        """Who may act for the house."""
        from storage.operators import Operators

        return Operators(self._transaction, self.members)

    @cached_property
    def audit(self) -> "Audit":
        """Who did what for the house."""
        from storage.audit import Audit

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
    def arrangements(self) -> "Arrangements":
        """What operators want of single due times."""
        from storage.arrangements import Arrangements

        return Arrangements(self._transaction, self.groups, self.members)

    @cached_property
    def pauses(self) -> "Pauses":
        """When groups want no topics."""
        from storage.pauses import Pauses

        return Pauses(self._transaction, self.groups, self.members)

    @cached_property
    def pulse(self) -> "Pulse":
        """How much is said in groups."""
        from storage.pulse import Pulse

        return Pulse(self._transaction, self.groups)

    @cached_property
    def topics(self) -> "Topics":
        """The topic bank."""
        from storage.topics import Topics

        return Topics(self._transaction, self.members, self.histories)

    @cached_property
    def open_posts(self) -> OpenPosts:
        """Topics whose window is open."""
        return OpenPosts(self._transaction, self.groups)

    @cached_property
    def posts(self) -> Posts:
        """Topics in groups, and their answers."""
        return Posts(self._transaction, self.groups, self.members, self.slots, self.open_posts)

    @cached_property
    def effects(self) -> Effects:
        """What posts brought about."""
        return Effects(self._transaction, self.groups)

    @cached_property
    def consents(self) -> "Consents":
        """What members said yes or no to."""
        from storage.consents import Consents

        return Consents(self._transaction, self.groups, self.members)

    @cached_property
    def goals(self) -> "Goals":
        """How far groups are with their common goals, and what members want after them."""
        from storage.goals import Goals

        return Goals(self._transaction, self.groups, self.members)

    @cached_property
    def tags(self) -> "Tags":
        """What members are known for."""
        from storage.tags import Tags

        return Tags(self._transaction, self.groups, self.members)

    @cached_property
    def casts(self) -> "Casts":
        """Who was mentioned in posts."""
        from storage.casts import Casts

        return Casts(self._transaction, self.groups, self.members)

    @cached_property
    def crowds(self) -> "Crowds":
        """Who might be mentioned."""
        from storage.crowds import Crowds

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
    def requests(self) -> "Requests":
        """Invitations and friendship requests."""
        from storage.requests import Requests

        return Requests(self._transaction, self.members)

    def savepoint(self) -> Savepoint:
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
        expected = Expected(events, self._transaction)
        groups, people = expected.groups.values(), expected.people.values()
        self.groups.prepare(groups)
        self.members.prepare(expected.strangers)
        self.sanctions.prepare(people)
        self.exemptions.prepare(groups)
        self.pacts.prepare(groups)
        self.memberships.prepare(expected.pairs)
        self.messages.prepare(expected.said)
        self.cases.prepare(expected.said)
        self.outbox.hear_early([each for each in expected.said if each.ours])
        if due := expected.due:
            self.slots.prepare(due)
            self.arrangements.prepare(due)
            self.pauses.prepare({event.group for event in due})
            self.pulse.prepare(event.group for event in due)
