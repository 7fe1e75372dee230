"""What works in a group: effects laid side by side, and whether a difference means anything."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from math import hypot, sqrt
from statistics import fmean, median, variance

from bot.frozen import frozen
from storage.values import TopicKind
from storage.values_of_programmes import Outcome

FEW = 4
"""Fewer posts than this tell nothing."""

_ALIKE = 2.0
"""Means so many standard errors apart, or less, may be so by chance."""
_LEAST_VARIANCE = 0.5
"""A handful of equal numbers does not mean that the next is the same."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@frozen
class Tally:
    """Posts that have something in common: how many, and what one of them brings on average.

    `error` is the standard error of `people`; 0 where there is one post.
    """

    name: str
    posts: int
    people: float
    answers: float
    error: float

    @property
    def few(self) -> bool:
        """Whether they are too few to tell anything."""
        return self.posts < FEW


@frozen
class Worked:
    """What came of the posts of a group from the `first` to the `last`.

    `answered` is how many got an answer, `first_after` how long half of those waited at most,
    `drift` the average in percent. Topics, tags and hours are ordered by people, the most first;
    hours are by the group's clock. `uncast` are the posts that those in `cast` can be held against.
    """

    all: Tally
    first: datetime
    last: datetime
    answered: int
    first_timers: int
    first_after: timedelta | None
    drift: int | None
    topics: tuple[Tally, ...]
    tags: tuple[Tally, ...]
    hours: tuple[Tally, ...]
    universal: Tally
    professional: Tally
    cast: Tally
    uncast: Tally


def worked(outcomes: Sequence[Outcome], zone: tzinfo) -> Worked | None:
    """What these tell, oldest first; None where there are none."""
    if not outcomes:
        return None
    effects = [each.effect for each in outcomes]
    waits = [each.first_after.total_seconds() for each in effects if each.first_after is not None]
    drifts = [each.drift for each in effects if each.drift is not None]
    return Worked(
        all=tally("", outcomes),
        first=effects[0].posted_at,
        last=effects[-1].posted_at,
        answered=len(waits),
        first_timers=sum(each.first_timers for each in effects),
        first_after=timedelta(seconds=median(waits)) if waits else None,
        drift=round(fmean(drifts)) if drifts else None,
        topics=_by(outcomes, lambda each: [each.title]),
        tags=_by(outcomes, lambda each: each.tags),
        hours=_by(outcomes, lambda each: [f"{each.effect.posted_at.astimezone(zone):%H}"]),
        universal=tally("", [each for each in outcomes if each.kind is TopicKind.UNIVERSAL]),
        professional=tally("", [each for each in outcomes if each.kind is TopicKind.PROFESSIONAL]),
        cast=tally("", [each for each in outcomes if each.cast]),
        uncast=tally("", _beside_cast(outcomes)),
    )


def _beside_cast(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Posts that mention nobody, of programmes that mention members, since the first that did."""
    first: dict[str, datetime] = {}
    for each in outcomes:
        if each.cast:
            first.setdefault(each.programme, each.effect.posted_at)
    return [
        each
        for each in outcomes
        if not each.cast and first.get(each.programme, _NEVER) <= each.effect.posted_at
    ]


def tally(name: str, outcomes: Sequence[Outcome]) -> Tally:
    """What one of these brings on average; all zero where there are none."""
    people = [each.effect.people for each in outcomes]
    if not people:
        return Tally(name, 0, 0.0, 0.0, 0.0)
    error = 0.0
    if len(people) > 1:
        error = sqrt(max(variance(people), _LEAST_VARIANCE) / len(people))
    answers = fmean(each.effect.answers for each in outcomes)
    return Tally(name, len(people), fmean(people), answers, error)


def differ(one: Tally, other: Tally) -> bool | None:
    """Whether one really brings more people than the other; None where too few tell it."""
    if one.few or other.few:
        return None
    return abs(one.people - other.people) > _ALIKE * hypot(one.error, other.error)


def _by(
    outcomes: Sequence[Outcome], names: Callable[[Outcome], Iterable[str]]
) -> tuple[Tally, ...]:
    found: dict[str, list[Outcome]] = {}
    for each in outcomes:
        for name in names(each):
            found.setdefault(name, []).append(each)
    tallies = (tally(name, some) for name, some in found.items())
    return tuple(sorted(tallies, key=lambda each: (-each.people, -each.answers, each.name)))
