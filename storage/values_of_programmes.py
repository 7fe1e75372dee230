"""What the stores of programmes take and give: what operators arranged, and when a group rests."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from bot.events import Group, Identity
from bot.frozen import frozen
from storage.values import AnswerHow, Post, TopicKind


class Arranged(StrEnum):
    """What an operator wants of one due time."""

    PIN = "pin"
    """This topic and no other."""
    SKIP = "skip"
    """Nothing this time."""
    MOVE = "move"
    """Another moment."""


@frozen
class Arrangement:
    """What an operator wants of the due time `wall` of a programme.

    `topic_key` goes with PIN, `to` with MOVE. `by` is the name of who wanted it, empty if they
    were forgotten.
    """

    id: int
    group: Group
    programme: str
    wall: str
    what: Arranged
    topic_key: str
    to: datetime | None
    by: str
    at: datetime


@frozen
class Pause:
    """A group wants no topics since then; `programme` is empty for all of its programmes."""

    id: int
    group: Group
    programme: str
    since: datetime
    by: str


@frozen
class Effect:
    """What a post brought about in its window; numbers only, nothing of anybody.

    `people` answered with `answers` messages, `replies` of which turned to somebody else who had
    answered, by a quote or a mention; `first_timers` of them had never answered a topic in this
    group. `first_after` is how long the first answer took, None where there is none; `drift` is
    how much of what was said had nothing to do with the topic any more, in percent, None where
    that cannot be told (topics/drift.py).
    """

    post_id: int
    topic_key: str
    group: Group
    posted_at: datetime
    people: int
    answers: int
    replies: int
    first_timers: int
    first_after: timedelta | None
    drift: int | None


@frozen
class Ended:
    """A post whose window is over and that was not measured yet; the title of its topic."""

    post: Post
    programme: str
    title: str


@frozen
class Answer:
    """A message that answered a post, neither recalled nor an offence.

    `person` is the same for all members who are one person, None for whoever was forgotten.
    `text` is None where it is no text or was not kept; `clean` whether no rule, not even one on
    trial, ever found anything in it. `mentions` are members, the author and the bot left out.
    """

    message_id: int
    member: int | None
    person: int | None
    how: AnswerHow
    at: datetime
    text: str | None
    clean: bool
    mentions: tuple[int, ...] = ()


@frozen
class Outcome:
    """An effect with what a report asks about its post.

    The kind is None and the tags are empty where the topic is in the bank no more. `cast` tells
    whether members were mentioned in it.
    """

    effect: Effect
    programme: str
    title: str
    kind: TopicKind | None
    tags: tuple[str, ...]
    cast: bool


class ConsentKind(StrEnum):
    """What members say yes or no to."""

    MENTION = "mention"
    """To be mentioned in a topic that is posted."""
    QUOTE = "quote"
    """To be quoted, by name, in a summary."""


@frozen
class Chatter:
    """How much was said in a group in some time, and by how many; our own words left out."""

    messages: int
    speakers: int


@frozen
class Candidate:
    """A member who is in a group and was seen there lately, and what may speak for mentioning them.

    `person` is the same for all members who are one person. `allows` is what they said of being
    mentioned, None if they never did. `joined_at` and `spoke_at` are None where that is not known,
    or not lately. `answered` is how many posts of related topics they answered here, `said` what
    they wrote lately, in small letters. `cast_at` is when they were mentioned in topics lately, in
    any group.
    """

    member: int
    person: int
    identity: Identity
    allows: bool | None = None
    joined_at: datetime | None = None
    spoke_at: datetime | None = None
    tags: tuple[str, ...] = ()
    answered: int = 0
    said: str = ""
    cast_at: tuple[datetime, ...] = ()


@frozen
class Crowd:
    """Who might be mentioned in a group, how often they turned to one another, who was together.

    `ties` counts from one person to another, lately; `before` holds everybody, as persons, who was
    ever mentioned together in a post of the group.
    """

    candidates: tuple[Candidate, ...]
    ties: Mapping[tuple[int, int], int]
    before: frozenset[frozenset[int]]


class Choice(StrEnum):
    """What a member wants to do once a common goal is over."""

    MOVE_ON = "move_on"
    """To go on to the next one."""
    STAY = "stay"
    """To stay in the group without it."""
    ALUMNUS = "alumnus"
    """To leave as somebody who has been part of it; nobody is removed by it."""


@frozen
class Waiting:
    """A post that waits for its moment, and why."""

    programme: str
    until: datetime
    why: str
