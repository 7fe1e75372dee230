"""What the stores take and give: frozen values, no rows, no sessions."""

from datetime import datetime
from enum import StrEnum

from bot.actions import Action
from bot.events import Group, Identity
from bot.frozen import frozen
from bot.texts import Language
from storage.values_of_order import CaseState, RaisedBy


class InteractionKind(StrEnum):
    """How one member turned to another."""

    MENTION = "mention"
    REPLY = "reply"
    WELCOME_ANSWERED = "welcome answered"
    """A member spoke to a newcomer, or the newcomer answered, on the day of the welcome."""


class SlotState(StrEnum):
    """What became of one due time of a programme."""

    PLANNED = "planned"
    """A post was decided and waits in the outbox."""
    HELD = "held"
    """It waits for its moment: held back, or moved by an operator; nothing is in the outbox."""
    POSTED = "posted"
    """The platform took the post (or, in a dry run, would have been given it)."""
    CONFIRMED = "confirmed"
    """It is in the group: its echo was heard, or it was read back."""
    UNCONFIRMED = "unconfirmed"
    """A crash came in between: it may or may not have been posted; never repeated by itself."""
    SKIPPED = "skipped"
    """Not posted; the reason is beside it."""


class OutboxState(StrEnum):
    """Where an action is on its way out."""

    PENDING = "pending"
    CLAIMED = "claimed"
    """Being performed by a running process."""
    SENT = "sent"
    """Accepted by the platform; the echo has not come yet."""
    DONE = "done"
    """Proven: id, read-back or echo."""
    UNCONFIRMED = "unconfirmed"
    """A crash or a broken line came in between; shown to an operator, never repeated by itself."""
    EXPIRED = "expired"
    REFUSED = "refused"
    """The platform said no, or silently did nothing, or it was tried too often."""
    CANCELLED = "cancelled"
    DRY = "dry"
    """Decided and recorded under --dry-run; nothing was said."""


class TopicStatus(StrEnum):
    """Whether a topic may be posted."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RESTING = "resting"
    RETIRED = "retired"


class TopicKind(StrEnum):
    """万能 or 专业: what everybody can answer, or what this field can."""

    UNIVERSAL = "universal"
    PROFESSIONAL = "professional"


class AnswerHow(StrEnum):
    """By which rule a message was attributed to a post."""

    QUOTE = "quote"
    """It quotes the post."""
    REPLY = "reply"
    """It quotes what somebody else answered."""
    MENTION = "mention"
    """It mentions us."""
    WINDOW = "window"
    """It was said while the topic was warm."""


@frozen
class KnownGroup:
    """A group that was seen; `managed` if the config named it; `messages` is what we heard."""

    group: Group
    managed: bool
    messages: int
    first_seen: datetime


@frozen
class Difference:
    """How a roster differs from what was remembered; on the `first` reading nobody has joined."""

    first: bool
    joined: tuple[Identity, ...]
    left: tuple[Identity, ...]


@frozen
class Heard:
    """A recorded message, found again: who said it, when, whether it was ours."""

    message_id: int
    platform_id: str
    author: Identity | None
    at: datetime
    ours: bool


@frozen
class Case:
    """A numbered case: what was found, what followed, and what was decided.

    `rule` is the name of the rule, `kind` its kind, `version` that of the pact (0: none).
    `reminded` says whether the member was told (else the cool-down held). `decided_by` is for
    showing, `decider` for comparing. `until` is when what followed was to end at first.
    """

    number: int
    group: Group
    member: Identity | None
    rule: str
    reason: str
    detail: str
    span: tuple[int, int]
    excerpt: str
    consequence: str
    at: datetime
    platform_message_id: str
    reminded: bool
    kind: str = ""
    version: int = 0
    raised_by: RaisedBy = RaisedBy.RULE
    raiser: Identity | None = None
    shadow: bool = False
    until: datetime | None = None
    aggravation: int = 0
    state: CaseState = CaseState.OPEN
    decided_by: str = ""
    decider: Identity | None = None
    decided_at: datetime | None = None
    decided_why: str = ""
    false_hit: bool = False

    @property
    def name(self) -> str:
        """The name of the rule."""
        return self.rule


@frozen(kw_only=True)
class Topic:
    """One topic of the bank. `key` is its own short name, stable over re-imports, nobody's words.

    It is for the parts of the year in `season` (topics/season.py), for groups in one of `stages`
    and with the `goal`; empty: any. `author` is credited, the `proposer` if a member proposed it.
    """

    key: str
    title: str
    text: str
    link: str = ""
    picture: str = ""
    kind: TopicKind = TopicKind.UNIVERSAL
    category: str = ""
    tags: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    goal: str = ""
    season: tuple[str, ...] = ()
    language: Language = Language.ZH
    author: str = ""
    proposer: Identity | None = None
    source: str = ""
    weight: int = 1
    status: TopicStatus = TopicStatus.APPROVED


@frozen
class Slot:
    """One due time of a programme in a group and what became of it.

    `why` says why this topic was chosen. A held one waits until `not_before`.
    """

    id: int
    group: Group
    programme: str
    wall: str
    due_at: datetime
    state: SlotState
    reason: str
    topic_key: str
    why: str = ""
    not_before: datetime | None = None


@frozen
class Post:
    """A topic that was posted: answers are attributed to it until `until`."""

    id: int
    group: Group
    topic_key: str
    text: str
    posted_at: datetime
    until: datetime
    platform_message_id: str


@frozen
class OutboxRow:
    """An action on its way out, with everything an operator may ask about it."""

    id: int
    account: str
    action: Action
    state: OutboxState
    attempts: int
    created_at: datetime
    not_before: datetime
    settled_at: datetime | None = None
    detail: str = ""
    platform_message_id: str = ""


@frozen
class Settlement:
    """What is written down of a row. `not_before` goes with PENDING: it is tried again then.

    `incomplete`: a part of it was left out for good; the detail says which.
    """

    state: OutboxState
    detail: str = ""
    message_id: str = ""
    not_before: datetime | None = None
    incomplete: bool = False


@frozen
class AccountState:
    """What is known of an account: its connection, and whether all sending is stopped and why."""

    account: str
    state: str
    detail: str
    since: datetime
    me: Identity | None
    stopped_at: datetime | None
    stopped_why: str


@frozen
class MemberCard:
    """A person as an operator sees them."""

    member_id: int
    name: str
    identities: tuple[Identity, ...]
    groups: tuple[Group, ...]
    messages: int
    cases: int
    first_seen: datetime
    last_spoke: datetime | None
