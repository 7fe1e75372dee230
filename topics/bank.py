"""What to say next."""

from collections.abc import Sequence
from operator import attrgetter

from storage.values import Topic, TopicStatus
from topics.programme import Programme


def choose(topics: Sequence[Topic], programme: Programme) -> Topic | None:
    """The next topic of a programme out of those unused in its group, None if none fits.

    The heaviest goes first and among equals the first given: the same bank, the same choice.
    """
    kind, tags = programme.kind, set(programme.tags)
    fitting = [
        topic
        for topic in topics
        if topic.status is TopicStatus.APPROVED
        and (kind is None or topic.kind is kind)
        and (not tags or not tags.isdisjoint(topic.tags))
    ]
    return max(fitting, key=attrgetter("weight"), default=None)
