"""What the read side gives: what happened in a group over a time."""

from dataclasses import field
from datetime import datetime
from typing import NamedTuple

from bot.events import Group, Identity, Kind
from bot.frozen import frozen
from storage.values import Case, OutboxState, SlotState


@frozen
class Count:
    """A name and a number, for a report."""

    name: str
    count: int


@frozen
class Edge:
    """How often one member turned to another, for a report."""

    from_name: str
    to_name: str
    count: int


@frozen
class PostEffect:
    """What a post brought about."""

    topic_title: str
    group_name: str
    posted_at: datetime
    state: SlotState
    answers: int
    people: int


@frozen
class GroupSummary:
    """What happened in one group over a time, read back from the database."""

    group: Group
    since: datetime
    until: datetime
    messages: int
    speakers: tuple[Count, ...]
    kinds: tuple[tuple[Kind, int], ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]
    edges: tuple[Edge, ...]
    cases: tuple[Case, ...]
    posts: tuple[PostEffect, ...]
    outbox: tuple[tuple[OutboxState, int], ...] = field(default=())


class Heard(NamedTuple):
    """How many messages were written in a piece of time: the how-manieth since 1970."""

    piece: int
    messages: int


class Spoke(NamedTuple):
    """That somebody wrote in a piece of time: the how-manieth since 1970."""

    author: int
    piece: int


class Came(NamedTuple):
    """Somebody came into a group; when they left, and when a member first turned to them."""

    member: int
    at: datetime
    left_at: datetime | None
    answered_at: datetime | None


class Turned(NamedTuple):
    """With how many messages one member turned to another."""

    from_: int
    to: int
    messages: int


@frozen
class Listed:
    """Somebody in a list of people."""

    member_id: int
    name: str
    identities: tuple[Identity, ...]
    groups: tuple[Group, ...]
    first_seen: datetime
