"""What may be done in groups: imperative, frozen, and each with the reason it exists.

An action is decided by a handler, committed together with its cause, and performed by the outbox.
"""

from datetime import datetime
from enum import IntEnum

from bot.events import Group, Identity
from bot.frozen import frozen


class Priority(IntEnum):
    """Which action goes first when several wait: moderation before topics."""

    MODERATION = 0
    ANSWER = 1
    WELCOME = 2
    NOTICE = 3
    TOPIC = 4


@frozen(kw_only=True)
class _Action:
    """What every action carries.

    `key` names the cause so that one cause acts once: a second action with the same key is
    refused by the database. `why` is the sentence an operator reads beside the row. After
    `expires_at` (None: never) the action is dropped, with the reason kept. `about` are the people
    whose data the action holds, so that erasing a person finds it.
    """

    key: str
    why: str
    priority: Priority
    expires_at: datetime | None = None
    about: tuple[Identity, ...] = ()


@frozen(kw_only=True)
class Say(_Action):
    """Say a text in a group, or to one person in private.

    The gateway puts the `mentions` (by their names as the group shows them) before the text.
    `quotes` is the platform id of the message this answers, used where the platform can quote.
    `picture` goes after the text, as a message of its own: an address, or a path beside
    config.yaml. The text stands, and is done, whatever becomes of it.
    """

    to: Group | Identity
    text: str
    mentions: tuple[Identity, ...] = ()
    quotes: str = ""
    picture: str = ""


@frozen(kw_only=True)
class Remove(_Action):
    """Remove a member from a group."""

    group: Group
    member: Identity


@frozen(kw_only=True)
class Announce(_Action):
    """Set the announcement of a group."""

    group: Group
    text: str


@frozen(kw_only=True)
class Recall(_Action):
    """Take back a message of our own."""

    group: Group
    message_id: str


@frozen(kw_only=True)
class Invite(_Action):
    """Invite a person into a group."""

    group: Group
    member: Identity


@frozen(kw_only=True)
class Mute(_Action):
    """Keep a member from speaking in a group until then; None: they may speak again."""

    group: Group
    member: Identity
    until: datetime | None


Action = Say | Remove | Announce | Recall | Invite | Mute


def place(action: Action) -> Group | Identity:
    """Where an action happens: the group, or the person of a private word."""
    return action.to if isinstance(action, Say) else action.group
