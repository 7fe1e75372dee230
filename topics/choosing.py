"""Which topic comes next in a group, and why: pure, and the same for the same seed.

The score of a topic is a sum of few terms, each with one reason in words (topics/reasons.py): how
it went in all groups (topics/worth.py), its weight, its season, whether it serves the stage and
the goal (topics/shelf.py); then in this group what the ratio of the kinds lacks
(topics/balance.py), what is made of its category (topics/taste.py), and how far related topics are
away (topics/distance.py). Whatever was posted here before comes after everything that was not; of
that the longest ago comes first, sooner if it worked and later if it fell flat.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import chain, islice
from math import log2
from typing import NamedTuple

from bot.texts import Language
from storage.values import Topic, TopicKind, TopicStatus
from storage.values_of_programmes import Arranged, Arrangement
from storage.values_of_topics import Bank, Used
from topics import reasons, worth
from topics.balance import Balance
from topics.distance import Distance
from topics.programme import Programme
from topics.reasons import Reason
from topics.shelf import Standing, season_reason, shelf
from topics.situation import Situation
from topics.taste import Taste

_MONTH = timedelta(days=30)
_SOONEST = timedelta(hours=1)
_DOUBLED = 2.0
"""As much as a related topic right before loses: rather that than the same one so soon."""
_BEHIND = -100.0
"""What was posted here before comes after whatever was not, and its score shows it."""
_FRESH = Reason(0.0, reasons.FRESH)
_PINNED = Reason(0.0, reasons.PINNED)

_Entry = tuple[float, float, int, float, Iterator[Standing] | None, Topic | None]
"""The most it can have (below zero), its turn, its number, what the situation adds to its pile;
then the rest of the pile if it was looked into, and a topic that was taken off it."""


class Ranked(NamedTuple):
    """A topic, its score in the situation, and the reasons for it."""

    topic: Topic
    score: float
    reasons: tuple[Reason, ...]
    again: bool = False
    """Whether it was posted in the group before."""

    def why(self, language: Language = Language.ZH) -> str:
        """The reasons in one line."""
        return reasons.told(self.reasons, language)


def rank(
    bank: Bank, programme: Programme, situation: Situation, most: int | None = None
) -> list[Ranked]:
    """The topics that fit, best first; only the best so many if told so, which is much quicker."""
    here = _Here(bank, programme, situation)
    best = islice(chain(here.unused(), here.used()), most)
    return [here.ranked(score, topic) for score, topic in best]


def pinned(bank: Bank, arranged: Iterable[Arrangement]) -> Ranked | None:
    """The topic that an operator wants of a due time, while it is approved."""
    for each in arranged:
        topic = bank.by_key.get(each.topic_key) if each.what is Arranged.PIN else None
        if topic is not None and topic.status is TopicStatus.APPROVED:
            return Ranked(topic, 0.0, (_PINNED,))
    return None


class _Here:
    """One situation, and what follows from it for every topic."""

    def __init__(self, bank: Bank, programme: Programme, situation: Situation) -> None:
        self._bank = bank
        self._now = situation
        self._shelf = shelf(bank, programme, situation.stage, situation.goal, situation.language)
        self._balance = Balance(bank, programme, situation)
        self._taste = Taste(bank, self._shelf, situation)
        self._distance = Distance(bank, self._shelf, situation)
        self._last = {used.topic_key: used for used in situation.history}
        self._piles = self._shelf.open(situation.day, situation.holidays)
        self._bases = self._of_parts()

    def unused(self) -> Iterator[Standing]:
        """Topics that were never posted here, with their scores, best first.

        The piles lie in a heap under the most that their next topic can have. Only what gets to
        the top is looked at closely, and put back if that was too much.
        """
        seed = self._now.seed
        piles = self._piles
        heap: list[_Entry] = []
        for number, (pile, in_season) in enumerate(piles):
            base = in_season + self._bases[pile.part]
            heap.append((-pile.best - base, pile.turn(seed), number, base, None, None))
        heapify(heap)
        count = len(heap)
        while heap:
            score, turn, number, base, rest, topic = heappop(heap)
            if topic is not None and rest is None:
                yield -score, topic
                continue
            rest = piles[number].pile.unused(self._last, seed) if rest is None else rest
            following = next(rest, None)
            if following is not None:
                points, another = following
                heappush(heap, (-points - base, turn, number, base, rest, another))
            if topic is None:
                continue
            lost = self._distance.of_tags(topic)
            if lost:
                count += 1
                heappush(heap, (score - lost, turn, count, base, None, topic))
            else:
                yield -score, topic

    def used(self) -> Iterator[Standing]:
        """Topics that were posted here before, best first."""
        seasons = {pile.name: in_season for pile, in_season in self._piles}
        every = []
        for key, used in self._last.items():
            placed = self._shelf.found.get(key)
            if placed is None:
                continue
            points, topic = placed
            in_season = seasons.get((topic.kind, topic.category, topic.season))
            if in_season is not None:
                here = self._bases[topic.kind, topic.category] + self._distance.of_tags(topic)
                again = _again(used, self._now.at) + self._taste.of_topic(key)
                every.append((in_season + points + here + again, topic))
        yield from sorted(every, key=lambda each: each[0], reverse=True)

    def ranked(self, score: float, topic: Topic) -> Ranked:
        """The topic with all that speaks for and against it."""
        return Ranked(topic, score, self._reasons(topic), topic.key in self._last)

    def _reasons(self, topic: Topic) -> tuple[Reason, ...]:
        used, now = self._last.get(topic.key), self._now
        every = (
            _FRESH if used is None else _age(used, now.at),
            self._balance.reason(topic.kind),
            worth.reason(self._bank, topic),
            *self._taste.reasons(topic.category, topic.key),
            season_reason(topic.season, now.day, now.holidays) if topic.season else None,
            *self._shelf.reasons(topic),
            self._distance.reason(topic),
        )
        return tuple([each for each in every if each is not None])

    def _of_parts(self) -> Mapping[tuple[TopicKind, str], float]:
        """What the situation adds to all topics of a kind and category."""
        categories = {
            name: self._taste.of_category(name) + self._distance.of_category(name)
            for name in self._shelf.categories
        }
        return {
            (kind, name): self._balance.points(kind) + categories[name]
            for kind, name in self._shelf.parts
        }


def _age(used: Used, at: datetime) -> Reason:
    return Reason(_again(used, at), reasons.AGAIN, {"days": (at - used.at).days})


def _again(used: Used, at: datetime) -> float:
    """A few points more each time the age doubles."""
    return _BEHIND + _DOUBLED * log2(max(at - used.at, _SOONEST) / _MONTH)
