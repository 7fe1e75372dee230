"""How far a topic is from related ones: those of its category, or with one of its tags."""

from storage.values import Topic
from storage.values_of_topics import Bank
from topics.reasons import NEAR, Reason
from topics.shelf import Shelf
from topics.situation import Situation

_FAR = 6
"""So many posts later a related topic is no repetition any more."""
_POINTS = -2.0
"""Of what is related to the last post; less and less with every post since."""


class Distance:
    """The points lost for being near.

    Tags that too many topics have make none related, nor does the only category there is.
    """

    def __init__(self, bank: Bank, shelf: Shelf, now: Situation) -> None:
        topics, one = bank.by_key, len(shelf.categories) <= 1
        self._categories: dict[str, float] = {}
        self._tags: dict[str, float] = {}
        for ago, used in enumerate(now.history[: -_FAR - 1 : -1]):
            topic = topics.get(used.topic_key)
            if topic is None:
                continue
            how = 1 - ago / _FAR
            if topic.category and not one:
                self._categories.setdefault(topic.category, how)
            for tag in topic.tags:
                if tag not in shelf.common:
                    self._tags.setdefault(tag, how)

    def of_category(self, category: str) -> float:
        """The points of all topics of a category: 0 or less."""
        return _POINTS * self._categories.get(category, 0.0)

    def of_tags(self, topic: Topic) -> float:
        """What the tags of a topic add to the points of its category: 0 or less."""
        if not self._tags:
            return 0.0
        nearest = max([self._tags.get(tag, 0.0) for tag in topic.tags], default=0.0)
        return _POINTS * max(0.0, nearest - self._categories.get(topic.category, 0.0))

    def reason(self, topic: Topic) -> Reason | None:
        """What is said of it; None if it is not near at all."""
        points = self.of_category(topic.category) + self.of_tags(topic)
        if not points:
            return None
        ago = round((1 - points / _POINTS) * _FAR) + 1
        return Reason(points, NEAR, {"number": ago})
