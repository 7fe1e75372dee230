"""What to say next."""

from collections.abc import Sequence

from storage.values import Topic, TopicStatus
from topics.programme import Programme


def choose(topics: Sequence[Topic], programme: Programme) -> Topic | None:
    """The next topic of a programme out of those unused in its group, None if none fits.

    The heaviest goes first and among equals the first given: the same bank, the same choice.
    """
    fitting = [topic for topic in topics if _fits(topic, programme)]
    return max(fitting, key=lambda topic: topic.weight, default=None)


def _fits(topic: Topic, programme: Programme) -> bool:
    if topic.status is not TopicStatus.APPROVED:
        return False
    if programme.kind is not None and topic.kind is not programme.kind:
        return False
    return not programme.tags or not set(programme.tags).isdisjoint(topic.tags)
