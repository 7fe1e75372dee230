"""What the topic bank gives besides topics: their history, and how they went."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from bot.frozen import frozen
from storage.values import Topic
from storage.values_of_order import Doer


@frozen
class TopicChange:
    """Who changed a topic and when: each field before and after as stored; none if it was new."""

    at: datetime
    by: Doer
    changed: Mapping[str, tuple[object, object]]


class Used(NamedTuple):
    """A topic that was posted in a group, or is about to be; a light value, read by the thousand.

    `people` is how many answered, None while that is not known.
    """

    topic_key: str
    programme: str
    at: datetime
    people: int | None = None


class Worth(NamedTuple):
    """How a topic went in all groups: posts that were measured, and how many people answered each.

    `result` is the mean of `topics.worth.result` of each post: 0 is what is usual in its group.
    """

    posts: int
    people: float
    result: float


@dataclass(frozen=True, eq=False)
class Bank:
    """All topics in the order they came, whatever their status, and how they went.

    The same object as long as nothing changed, so that what is computed from it can be kept.
    """

    topics: tuple[Topic, ...]
    worths: Mapping[str, Worth] = field(default_factory=dict)
    kept: defaultdict[str, dict[Any, Any]] = field(
        default_factory=lambda: defaultdict(dict), repr=False
    )
    """What others have computed from it, by their own names: gone together with it."""

    @cached_property
    def by_key(self) -> Mapping[str, Topic]:
        """The topics by their keys."""
        return {topic.key: topic for topic in self.topics}
