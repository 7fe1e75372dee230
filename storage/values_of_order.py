"""What the stores of order take and give: sanctions, tasks, appeals, complaints, pacts."""

from datetime import date, datetime, tzinfo
from enum import StrEnum

from bot.events import Group, Identity, Kind
from bot.frozen import frozen
from rules.consequences import Consequence

Doer = Identity | str
"""Who acted: somebody in the chat, or a word where it was not in the chat (`weilu cli`)."""


class CaseState(StrEnum):
    """What was decided on a case."""

    OPEN = "open"
    """What followed stands; nobody has looked at it."""
    CONFIRMING = "confirming"
    """Nothing has followed yet: a human has to confirm first."""
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    """It was no offence, or too harsh: no strike remains of it."""


UNDECIDED = (CaseState.OPEN, CaseState.CONFIRMING)
"""The states in which nobody has decided."""


class RaisedBy(StrEnum):
    """What a case came from."""

    RULE = "rule"
    OPERATOR = "operator"
    REPORT = "report"


class TaskKind(StrEnum):
    """What a human is asked to do."""

    REMOVE = "remove"
    INVITE = "invite"
    MUTE = "mute"
    CONFIRM = "confirm"
    APPEAL = "appeal"
    REPORT = "report"
    NOTICE = "notice"
    """To say whether an announcement was seen in the group."""
    TOPIC = "topic"
    """To say whether a topic that a member proposed may be posted."""


class TaskState(StrEnum):
    """Whether a task is done."""

    OPEN = "open"
    OVERDUE = "overdue"
    """Its deadline is over and the operators were told; it can still be done."""
    DONE = "done"
    CANCELLED = "cancelled"


class AppealState(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    WITHDRAWN = "withdrawn"


class ComplaintState(StrEnum):
    """What became of a member's report."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class OperatorRole(StrEnum):
    """What somebody may do for the house."""

    OPERATOR = "operator"
    ADMIN = "admin"


@frozen
class Sanction:
    """What was imposed because of a case, from `since` until just before `until` (None: for good).

    `breaches` is how many messages broke it. `lifted_at` is when a person took it back.
    """

    id: int
    case: int
    group: Group
    member: Identity | None
    kind: Consequence
    since: datetime
    until: datetime | None
    lifted_at: datetime | None
    lifted_why: str
    breaches: int


@frozen
class Exemption:
    """A rule of a group spares a member because an operator said so.

    `rule` is its name, empty for every rule. `until` is the last day in the zone of the group,
    None for good. `by` is for showing. It was said `at`, and taken back `lifted_at`.
    """

    id: int
    group: Group
    member: Identity
    rule: str
    reason: str
    until: date | None
    by: str
    at: datetime
    lifted_at: datetime | None = None

    def holds(self, at: datetime, zone: tzinfo) -> bool:
        """Whether its last day is not over then."""
        return self.until is None or at.astimezone(zone).date() <= self.until

    def held(self, at: datetime, zone: tzinfo) -> bool:
        """Whether it was in force at that moment: it was said by then, and not taken back yet."""
        ends = self.lifted_at
        return self.at <= at and (ends is None or at < ends) and self.holds(at, zone)


@frozen
class Task:
    """A task card: what a human has to do until the deadline."""

    number: int
    account: str
    kind: TaskKind
    case: int | None
    group: Group | None
    member: Identity | None
    text: str
    opened_at: datetime
    deadline: datetime
    state: TaskState
    settled_at: datetime | None
    settled_why: str


@frozen
class Appeal:
    """An objection to a case. `decided_by` is for showing, `decider` for comparing."""

    id: int
    case: int
    member: Identity | None
    text: str
    at: datetime
    state: AppealState
    decided_by: str
    decider: Identity | None
    decided_at: datetime | None
    why: str


@frozen
class Complaint:
    """A member's report about another; an empty message id means that no message was named."""

    id: int
    group: Group
    platform_message_id: str
    about: Identity | None
    by: Identity | None
    at: datetime
    words: str
    case: int | None
    state: ComplaintState


@frozen
class Operator:
    """Somebody who may act for the house."""

    identity: Identity
    name: str
    role: OperatorRole
    since: datetime


@frozen
class Deed:
    """An entry of the audit trail; an empty word stands where somebody was forgotten."""

    at: datetime
    by: Doer
    what: str
    about: Doer
    why: str


@frozen
class PactRule:
    """A rule as members are told it. The digest changes with everything that it means for them."""

    name: str
    title: str
    reason: str
    digest: str


@frozen
class Pact:
    """One version of a group's rules, from 1; `posted_at` is when the group was told."""

    group: Group
    version: int
    rules: tuple[PactRule, ...]
    made_at: datetime
    posted_at: datetime | None


@frozen
class RuleRecord:
    """How one rule did; `members` are people.

    `shadow` counts what it found in the shadow, which is not among `hits`, `overturned`,
    `consequences` and `members`. `wrong` is what was overturned or marked as false, in the shadow
    as well; `told` are the hits that the member was told of.
    """

    name: str
    kind: str
    hits: int
    shadow: int
    overturned: int
    false_hits: int
    wrong: int
    told: int
    consequences: tuple[tuple[str, int], ...]
    members: int


@frozen
class Around:
    """How many messages others wrote in the 48 hours before and after a rule acted."""

    case: int
    at: datetime
    before: int
    after: int


@frozen
class Said:
    """A recorded message, to be judged again; `text` is None where it was not kept.

    Of those who were mentioned, whoever was forgotten is left out, and the author.
    """

    id: int
    platform_id: str
    author: Identity | None
    at: datetime
    kind: Kind
    text: str | None
    length: int
    mentions: tuple[Identity, ...] = ()
