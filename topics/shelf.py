"""The topics that fit a programme, in piles, best first: what does not depend on the group.

Choosing for hundreds of groups at once looks through the bank once: what all of them share is put
on a shelf and kept as long as the bank does not change. Each group then looks at the tops only.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, groupby
from math import log
from operator import itemgetter
from typing import NamedTuple, TypeVar
from zlib import crc32

from bot.frozen import frozen
from bot.texts import Language
from storage.values import Topic, TopicKind, TopicStatus
from storage.values_of_topics import Bank
from topics import worth
from topics.programme import Programme
from topics.reasons import IN_SEASON, OF_GOAL, OF_STAGE, WEIGHTY, Reason
from topics.season import HOLIDAYS, lasts_long, part_of

K = TypeVar("K")
V = TypeVar("V")

_HEAVIEST = 3.0
"""The points of weight 100: more than any other term, so that it goes before nearly everything."""
_SERVES = 0.5
_NOW_OR_NEVER = 1.0
_ALL_SEASON = 0.3
_COMMON = 0.25
"""Tags on more than this share of what fits say nothing of who is related to whom."""
_DAYS = 64
_KEPT = 256
"""Programmes with their stages and days: config.yaml seldom has so many."""

_SPREAD = 0x9E3779B97F4A7C15
"""An odd number without a pattern: multiplied with it, near seeds lead far apart."""
_CHANCES = tuple(-log((chance + 1) / 257) for chance in range(256))
"""Divided by sizes, the lowest of some is that of a larger one in proportion to its size."""

Standing = tuple[float, Topic]
"""The points that a topic has by itself."""
Name = tuple[TopicKind, str, tuple[str, ...]]
"""What is the same for all topics of a pile: their kind, category and season."""


class Wanted(NamedTuple):
    """What a programme asks of topics; equal for programmes that share a shelf."""

    kind: TopicKind | None
    tags: frozenset[str]
    stage: str
    goal: str
    language: Language = Language.BOTH
    """That of the group; whatever is written in another waits while there is any in this one."""

    def fits(self, topic: Topic) -> bool:
        """Whether a topic may be posted at all, its season apart.

        What is for certain stages or a goal waits for a group that is in one of them or has it.
        """
        return (
            topic.status is TopicStatus.APPROVED
            and (self.kind is None or topic.kind is self.kind)
            and (not self.tags or not self.tags.isdisjoint(topic.tags))
            and (not topic.stages or self.stage in topic.stages)
            and (not topic.goal or topic.goal == self.goal)
        )


class Pile:
    """Topics of one kind, category and season, in tiers of equal points, the best tier first.

    `part` is kind and category, `best` the points of the first tier.
    """

    def __init__(self, name: Name, topics: Iterable[Standing]) -> None:
        self.name = name
        self.part = name[:2]
        best_first = sorted(topics, key=itemgetter(0), reverse=True)
        self._tiers = [[*tier] for _, tier in groupby(best_first, itemgetter(0))]
        self.best = best_first[0][0]
        self._size = len(best_first)
        self._salt = crc32(repr(name).encode())

    def unused(self, used: Collection[str], seed: int) -> Iterator[Standing]:
        """Those not among these keys, best first; each seed begins elsewhere among equals."""
        for tier in self._tiers:
            begin = ((seed ^ self._salt) * _SPREAD >> 32) % len(tier)
            for place in chain(range(begin, len(tier)), range(begin)):
                if tier[place][1].key not in used:
                    yield tier[place]

    def turn(self, seed: int) -> float:
        """Among piles of equal points the lowest goes first; larger piles do so more often."""
        return _CHANCES[(seed ^ self._salt) * _SPREAD >> 32 & 0xFF] / self._size


class Open(NamedTuple):
    """A pile whose season has come, and the points for that."""

    pile: Pile
    points: float


@frozen
class Shelf:
    """All that fits what a programme asks for, on any day.

    `found` gives the points of a topic by its key, `common` the tags that too many have.
    """

    wanted: Wanted
    seasons: Mapping[tuple[str, ...], tuple[Pile, ...]]
    """The piles by their season; that of what fits the whole year is empty."""
    found: Mapping[str, Standing]
    common: frozenset[str]
    parts: tuple[tuple[TopicKind, str], ...]
    """The kinds and categories of the piles."""
    categories: tuple[str, ...]
    by_moon: bool
    """Whether any of it is for holidays, so that the calendar has to be asked."""
    _days: dict[tuple[date, frozenset[str]], tuple[Open, ...]]
    _open: dict[tuple[float | None, ...], tuple[Open, ...]]

    def open(self, day: date, holidays: frozenset[str]) -> tuple[Open, ...]:
        """The piles whose season has come on a day that belongs to these holidays."""
        piles = self._days.get((day, holidays))
        if piles is None:
            if len(self._days) >= _DAYS:
                self._days.clear()
            points = tuple(_in_season(season, day, holidays) for season in self.seasons)
            if points not in self._open:
                self._open[points] = tuple(self._opened(points))
            piles = self._days[day, holidays] = self._open[points]
        return piles

    def _opened(self, points: Iterable[float | None]) -> Iterator[Open]:
        for piles, each in zip(self.seasons.values(), points, strict=True):
            if each is not None:
                yield from (Open(pile, each) for pile in piles)

    def reasons(self, topic: Topic) -> Iterator[Reason]:
        """Why it stands where it stands, how it went apart."""
        if self.wanted.stage in topic.stages:
            yield Reason(_SERVES, OF_STAGE, {"stage": self.wanted.stage})
        if topic.goal:
            yield Reason(_SERVES, OF_GOAL, {"goal": topic.goal})
        if topic.weight > 1:
            yield Reason(_weighs(topic.weight), WEIGHTY, {"weight": topic.weight})


def shelf(
    bank: Bank,
    programme: Programme,
    stage: str = "",
    goal: str = "",
    language: Language = Language.BOTH,
) -> Shelf:
    """What fits the programme in a group with this stage and goal; made once for a bank."""
    asked = id(programme), stage, goal, language
    known = bank.kept["programmes"].get(asked)
    if known is None:  # putting together what it wants, and hashing that, takes three times as long
        wanted = Wanted(programme.kind, frozenset(programme.tags), stage, goal, language)
        shelves = bank.kept["shelves"]
        if wanted not in shelves:
            shelves[wanted] = _filled(bank, wanted)
        known = keep(bank.kept["programmes"], asked, (shelves[wanted], programme))
    found: Shelf = known[0]
    return found


def keep(kept: dict[K, V], asked: K, value: V) -> V:
    """Keep the answer, and no more than a few of them.

    What is asked by the `id` of an object has that object in its value, lest another gets the id.
    """
    if len(kept) >= _KEPT:
        kept.clear()
    kept[asked] = value
    return value


def season_reason(season: Iterable[str], day: date, holidays: Collection[str]) -> Reason | None:
    """Why now, of a topic that is for parts of the year; None if it is for the whole year."""
    part = part_of(season, day, holidays)
    return None if part is None else Reason(_in_time(part), IN_SEASON, {"season": part})


def _filled(bank: Bank, wanted: Wanted) -> Shelf:
    fitting = [topic for topic in bank.topics if wanted.fits(topic)]
    if wanted.language is not Language.BOTH:
        understood = (wanted.language, Language.BOTH)
        fitting = [topic for topic in fitting if topic.language in understood] or fitting
    piles: dict[Name, list[Standing]] = {}
    found: dict[str, Standing] = {}
    for topic in fitting:
        points = worth.points(bank.worths.get(topic.key)) + _by_itself(topic)
        found[topic.key] = placed = points, topic
        piles.setdefault((topic.kind, topic.category, topic.season), []).append(placed)
    tags = Counter(tag for topic in fitting for tag in topic.tags)
    return Shelf(
        wanted,
        _by_season(Pile(name, topics) for name, topics in piles.items()),
        found,
        common=frozenset(tag for tag, many in tags.items() if many > len(fitting) * _COMMON),
        parts=tuple({(kind, category): None for kind, category, _ in piles}),
        categories=tuple(sorted({category for _, category, _ in piles})),
        by_moon=any(part in HOLIDAYS for _, _, season in piles for part in season),
        _days={},
        _open={},
    )


def _by_season(piles: Iterable[Pile]) -> Mapping[tuple[str, ...], tuple[Pile, ...]]:
    found: dict[tuple[str, ...], list[Pile]] = {}
    for pile in piles:
        _, _, season = pile.name
        found.setdefault(season, []).append(pile)
    return {season: tuple(some) for season, some in found.items()}


def _by_itself(topic: Topic) -> float:
    """What `Shelf.reasons` tells, in points."""
    weight = _weighs(topic.weight) if topic.weight > 1 else 0.0
    return weight + _SERVES * (bool(topic.stages) + bool(topic.goal))


def _weighs(weight: int) -> float:
    return _HEAVIEST * log(weight) / log(100)


def _in_time(part: str) -> float:
    return _ALL_SEASON if lasts_long(part) else _NOW_OR_NEVER


def _in_season(season: tuple[str, ...], day: date, holidays: frozenset[str]) -> float | None:
    """The points for being in season; None: its season has not come."""
    if not season:
        return 0.0
    part = part_of(season, day, holidays)
    return None if part is None else _in_time(part)
