"""What a group makes of topics and of whole categories, by how many people answered there.

A topic comes once for a long time, so that a group tells by its answers which categories it likes.
What is believed of each is drawn anew for each post (Thompson sampling): the less a category was
tried, the wider the draw, so that none is given up for good.
"""

from collections.abc import Iterator
from functools import cached_property
from math import sqrt
from random import Random

from storage.values_of_topics import Bank
from topics.reasons import DRAWN, HERE, LIKED, UNDRAWN, Reason, number
from topics.shelf import Shelf
from topics.situation import Situation
from topics.worth import believed, result

_SPREAD = 0.5
_WORTH_A_WORD = 0.1


class Taste:
    """The points of categories, and of topics that were posted in the group before."""

    def __init__(self, bank: Bank, shelf: Shelf, now: Situation) -> None:
        self._bank = bank
        self._shelf = shelf
        self._seed = now.seed
        self._answered = [
            (used.topic_key, used.people) for used in now.history if used.people is not None
        ]

    def of_category(self, category: str) -> float:
        """From -1 to 1; 0 while nothing is known of the group."""
        return self._drawn[category] if self._answered else 0.0

    def of_topic(self, key: str) -> float:
        """From -1 to 1 for how it went here; 0 while that is not known."""
        return self._believed(self._by_topic.get(key, []))

    def reasons(self, category: str, key: str) -> Iterator[Reason]:
        """What is said of a topic and its category, where there is anything to say."""
        if own := [people for each, people in self._answered if each == key]:
            yield Reason(self._believed(own), HERE, {"people": _mean(own)})
        drawn = self.of_category(category)
        if not category or abs(drawn) < _WORTH_A_WORD:
            return
        people = self._by_category.get(category, [])
        if drawn * self._believed(people) > 0:
            values = {"people": _mean(people), "usual": number(self._usual)}
            yield Reason(drawn, LIKED, {"category": category} | values)
        else:
            yield Reason(drawn, DRAWN if drawn > 0 else UNDRAWN, {"category": category})

    @cached_property
    def _usual(self) -> float:
        """How many people answer a post here on average."""
        return sum(people for _, people in self._answered) / max(1, len(self._answered))

    @cached_property
    def _by_topic(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for key, people in self._answered:
            found.setdefault(key, []).append(people)
        return found

    @cached_property
    def _by_category(self) -> dict[str, list[int]]:
        topics = self._bank.by_key
        found: dict[str, list[int]] = {}
        for key, people in self._answered:
            topic = topics.get(key)
            if topic is not None:
                found.setdefault(topic.category, []).append(people)
        return found

    @cached_property
    def _drawn(self) -> dict[str, float]:
        draw = Random(self._seed)  # noqa: S311 chance for a fair choice, no secret
        found = {}
        for category in self._shelf.categories:
            people = self._by_category.get(category, [])
            drawn = draw.gauss(self._believed(people), _SPREAD / sqrt(len(people) + 1))
            found[category] = max(-1.0, min(1.0, drawn))
        return found

    @cached_property
    def _results(self) -> dict[int, float]:
        """What so many people are beside the usual."""
        return {people: result(people, self._usual) for people in {p for _, p in self._answered}}

    def _believed(self, people: list[int]) -> float:
        total = sum([self._results[each] for each in people])
        return believed(total / len(people), len(people)) if people else 0.0


def _mean(people: list[int]) -> str:
    return number(sum(people) / len(people))
