"""What happens in groups: the vocabulary every room speaks.

Events are frozen and in the past tense. All times are aware and in UTC. Every string that comes
from the chat (names, texts, ids) is hostile: it is shown, matched and stored, never executed.
"""

# long because it is the vocabulary of the whole house, read on one page

from dataclasses import field
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.frozen import frozen


class Kind(IntEnum):
    """What a message is made of; the numbers are those of the Wechaty protocol."""

    UNKNOWN = 0
    ATTACHMENT = 1
    AUDIO = 2
    CONTACT = 3
    CHAT_HISTORY = 4
    EMOTICON = 5
    IMAGE = 6
    TEXT = 7
    LOCATION = 8
    MINI_PROGRAM = 9
    GROUP_NOTE = 10
    TRANSFER = 11
    RED_ENVELOPE = 12
    RECALLED = 13
    URL = 14
    VIDEO = 15
    POST = 16

    @classmethod
    def _missing_(cls, value: object) -> "Kind":  # noqa: ARG003 - whatever the number
        """A number we do not know is an unknown kind, not an error."""
        return cls.UNKNOWN


class Noticed(StrEnum):
    """How we came to know that somebody joined or left."""

    EVENT = "event"
    """The gateway said so when it happened."""
    ROSTER = "roster"
    """The roster differed from what we remembered: it happened while we were away."""


class GatewayState(StrEnum):
    """What the connection to the account is doing."""

    CONNECTING = "connecting"
    WAITING_FOR_SCAN = "waiting for scan"
    LOGGED_IN = "logged in"
    LOGGED_OUT = "logged out"
    DEAF = "deaf"
    """The stream is open and the end-to-end probe stays unanswered."""
    OFFLINE = "offline"
    FAILED = "failed"
    """Trying again cannot help (wrong token, TLS mismatch): a person has to change something."""


@frozen
class Identity:
    """What one account calls a person: equal when account and id are equal.

    Names change and are not unique, so they take no part in equality. `name` is what the group
    shows (the alias there, else the nickname); it may be empty when it is not known yet.
    """

    account: str
    id: str
    name: str = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Identity):
            return NotImplemented
        return self.id == other.id and self.account == other.account

    def __hash__(self) -> int:
        return hash(self.id)  # hardly anybody has two accounts, and a tuple takes twice as long


@frozen
class Group:
    """A group as one account sees it: equal when account and id are equal."""

    account: str
    id: str
    name: str = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Group):
            return NotImplemented
        return self.id == other.id and self.account == other.account

    def __hash__(self) -> int:
        return hash(self.id)  # hardly anybody has two accounts, and a tuple takes twice as long


@frozen
class Quote:
    """The earlier message that a message replies to, as far as the platform tells.

    WeChat tells the name and the text only; then `message_id` is empty and the earlier message is
    found by name and text in what was recorded.
    """

    name: str
    text: str
    message_id: str = ""


@frozen(kw_only=True)
class Message:
    """Somebody said something, in a group or (`group is None`) to us in private.

    `text` is what the member wrote: for a reply it is the answer without the quoted part.
    `mentions` are the members that are @-mentioned, in order, without repeats.
    `ours` marks the echo of what this account said itself. `link` is the address that a share
    card or a mini-program leads to and `title` what a card or file is called, a description on the
    lines below; empty for all else. `picture` are the bytes of a picture, loaded only where a rule
    of the group asks for them.
    """

    id: str
    group: Group | None
    author: Identity
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    mentions: tuple[Identity, ...] = ()
    quote: Quote | None = None
    ours: bool = False
    link: str = ""
    title: str = ""
    picture: bytes = field(default=b"", repr=False)


@frozen(kw_only=True)
class MessageRecalled:
    """A message was taken back by its author or an admin."""

    id: str
    group: Group
    at: datetime


@frozen(kw_only=True)
class MemberJoined:
    """One person came into a group; a gateway splits a joint arrival into one event each."""

    group: Group
    member: Identity
    at: datetime
    inviter: Identity | None = None
    noticed: Noticed = Noticed.EVENT


@frozen(kw_only=True)
class MemberLeft:
    """One person left a group, or was removed by `remover`."""

    group: Group
    member: Identity
    at: datetime
    remover: Identity | None = None
    noticed: Noticed = Noticed.EVENT


@frozen(kw_only=True)
class RosterRead:
    """Who is in a group now, read at the start and after every reconnect.

    The difference to what is remembered yields the joins and leaves that were missed. Names may
    be empty: a roster holds ids, and details are loaded when they are first needed.
    """

    group: Group
    members: tuple[Identity, ...]
    at: datetime


@frozen(kw_only=True)
class GroupRenamed:
    """The group has a new name, which `group` already carries."""

    group: Group
    old_name: str
    at: datetime
    by: Identity | None = None


@frozen(kw_only=True)
class InvitationReceived:
    """Somebody invited this account into a group; kept, not acted on yet."""

    account: str
    id: str
    group_name: str
    inviter: Identity | None
    at: datetime


@frozen(kw_only=True)
class FriendshipRequested:
    """Somebody wants to be this account's contact; kept, not acted on yet."""

    account: str
    id: str
    person: Identity
    hello: str
    at: datetime


@frozen(kw_only=True)
class GatewayChanged:
    """The connection to the account changed its state.

    `me` is set once the account is logged in. `detail` is a sentence for the operator, Chinese
    first; for WAITING_FOR_SCAN `qrcode` holds what the QR code must say.
    """

    account: str
    state: GatewayState
    at: datetime
    me: Identity | None = None
    detail: str = ""
    qrcode: str = ""


@frozen(kw_only=True)
class SlotDue:
    """A programme's time has come in a group.

    `wall` is the local wall-clock time of the slot, `YYYY-MM-DDTHH:MM` in the programme's time
    zone. It is the slot's name: an hour that a clock change repeats is one slot, posted once.
    `due_at` is the instant; `at` is when it was noticed, later than `due_at` after a stop.
    """

    group: Group
    programme: str
    wall: str
    due_at: datetime
    at: datetime


@frozen(kw_only=True)
class ProgrammeStarted:
    """A programme is in force in a group for the first time: nothing before `at` is owed."""

    group: Group
    programme: str
    at: datetime


@frozen(kw_only=True)
class HourPassed:
    """The clock's housekeeping tick: texts past their days are erased, stale rows expire."""

    at: datetime


@frozen(kw_only=True)
class MinutePassed:
    """Another minute on the clock: what ends by a date, or has a deadline, is looked at.

    `awake_since` is since when minutes have been told without a gap, so that nobody slept over what
    was said; None where somebody moves the clock by hand, which nobody sleeps through.
    """

    at: datetime
    awake_since: datetime | None = None


@frozen(kw_only=True)
class RulesChanged:
    """An edit of the config took effect that may have changed the rules of a group."""

    group: Group
    at: datetime


@frozen(kw_only=True)
class ConfigRefused:
    """An edited config file is faulty; the old one stays in force. `detail` says what and where."""

    account: str
    detail: str
    at: datetime


Event = (
    Message
    | MessageRecalled
    | MemberJoined
    | MemberLeft
    | RosterRead
    | GroupRenamed
    | InvitationReceived
    | FriendshipRequested
    | GatewayChanged
    | SlotDue
    | ProgrammeStarted
    | HourPassed
    | MinutePassed
    | RulesChanged
    | ConfigRefused
)
