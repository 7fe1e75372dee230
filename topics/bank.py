"""What to say next."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from storage.values import Topic, TopicStatus
from topics.programme import Programme
from topics.season import in_season


def choose(topics: Sequence[Topic], programme: Programme, day: date) -> Topic | None:
    """The next topic of a programme out of those unused in its group, None if none fits.

    `day` is the local day of the slot: what belongs to another part of the year waits for it.
    Which days a holiday falls on is not known here, so that topics for holidays wait.

    The heaviest goes first and among equals the first given: the same bank, the same choice.
    """
    kind, tags = programme.kind, set(programme.tags)
    fitting = [
        topic
        for topic in topics
        if topic.status is TopicStatus.APPROVED
        and (kind is None or topic.kind is kind)
        and (not tags or not tags.isdisjoint(topic.tags))
        and in_season(topic.season, day)
    ]
    return max(fitting, key=attrgetter("weight"), default=None)
