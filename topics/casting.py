"""Whom a post mentions, and why: pure, and the same for the same seed.

Two or three members whom the topic fits and who know each other, or one whom it fits and one who
is new. It fits by what operators know them for, by their answers to related topics, and by what
they talked about lately; they know each other if each has turned to the other. Every mention, in
whatever group, makes it the turn of somebody else for a while, and nobody is mentioned twice with
the very same others.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import combinations
from math import log2
from random import Random
from typing import NamedTuple

from bot.frozen import frozen
from bot.texts import Language, Text
from storage.values import Topic
from storage.values_of_programmes import Candidate, Crowd
from topics.cast import Cast
from topics.drift import words
from topics.reasons import Reason, told

TAGGED = Text(zh="运营者给的标签「{word}」", en="tagged “{word}” by an operator")
ANSWERED = Text(zh="接过相近的话题 {times} 次", en="answered related topics, {times} of them")
SAID = Text(zh="最近聊到过「{word}」", en="spoke of “{word}” lately")
TIED = Text(
    zh="和一起被点的人互相聊过至少 {times} 次",
    en="talked at least {times}× both ways with whoever is mentioned as well",
)
NEW = Text(zh="新来的，请老成员带一带", en="new here, beside somebody who knows")

_WEEK = timedelta(weeks=1)
_RESTED = timedelta(weeks=4)
"""After so long a mention counts half against the next one."""
_LOOKED_AT = 16
"""So many of those whom the topic fits best, and so many of the new, are tried together."""
_TELLING = 0.2
"""A word that more than five people used tells nothing of one of them."""
_PAIR = 2
_ONE_MORE = 0.3
_TIE = 0.25


@frozen
class Called:
    """Somebody who is mentioned, and what speaks for it; no reason names anybody else."""

    candidate: Candidate
    reasons: tuple[Reason, ...]

    def why(self, language: Language) -> str:
        """The reasons in one line."""
        return told(self.reasons, language)


@frozen
class _Fit:
    """Somebody whom the topic fits; the points are fewer the more they were mentioned."""

    candidate: Candidate
    reasons: tuple[Reason, ...]
    points: float


class _Company(NamedTuple):
    """People who may be mentioned together, and what speaks for the company they are in."""

    score: float
    people: tuple[_Fit, ...]
    together: Reason | None


def is_cast(wish: Cast, seed: int) -> bool:
    """Whether members are mentioned in this post at all: in a share of them, by lot."""
    return Random(seed).random() * 100 < wish.share  # noqa: S311 a fair choice, no secret


def cast(  # noqa: PLR0917 in the order of a question
    crowd: Crowd,
    topic: Topic,
    wish: Cast,
    now: datetime,
    seed: int,
    reserved: Collection[object] = (),
) -> tuple[Called, ...]:
    """Whom a post of the topic mentions, the one whom it fits best first; empty if nobody fits.

    Identities in `reserved` are mentioned only if they said themselves that they may be.
    """
    free = [each for each in crowd.candidates if _may(each, wish, now, reserved)]
    draw = Random(seed)  # noqa: S311 a fair choice, no secret
    lots = {each.person: draw.random() for each in free}
    fitting = [*_fitting(free, topic, now)]
    fitting.sort(key=lambda each: (each.points, lots[each.candidate.person]), reverse=True)
    best = fitting[:_LOOKED_AT]
    new = sorted(
        (each for each in free if _is_new(each, wish, now)),
        key=lambda each: (len(each.cast_at), lots[each.person]),
    )[:_LOOKED_AT]
    companies = [*_acquainted(best, crowd.ties, wish.people), *_with_new(best, new, wish, now)]
    fresh = (
        each
        for each in companies
        if frozenset([one.candidate.person for one in each.people]) not in crowd.before
    )
    chosen = max(
        fresh,
        key=lambda each: (each.score, sum(lots[one.candidate.person] for one in each.people)),
        default=None,
    )
    return () if chosen is None else tuple(_called(chosen))


def _may(each: Candidate, wish: Cast, now: datetime, reserved: Collection[object]) -> bool:
    if each.allows is False or (each.identity in reserved and not each.allows):
        return False
    seen = [at for at in (each.joined_at, each.spoke_at) if at is not None]
    lately = [at for at in each.cast_at if at > now - _WEEK]
    return bool(seen) and now - max(seen) <= wish.absent and len(lately) < wish.per_week


def _is_new(each: Candidate, wish: Cast, now: datetime) -> bool:
    return each.joined_at is not None and now - each.joined_at <= wish.newcomers


def _rested(each: Candidate, now: datetime) -> float:
    """1 for who was never mentioned, and less the more lately and often they were."""
    load: float = sum(0.5 ** ((now - at) / _RESTED) for at in each.cast_at)
    return 1 / (1 + 2 * load)


def _fitting(free: Collection[Candidate], topic: Topic, now: datetime) -> Iterator[_Fit]:
    names, said = _asked(topic)
    speaking = [each for each in free if each.said]
    spoken = {each.person: [word for word in said if word in each.said] for each in speaking}
    common = Counter(word for found in spoken.values() for word in found)
    for each in free:
        reasons = tuple(_reasons(each, names, spoken.get(each.person, ()), common))
        if reasons:
            points = sum(reason.points for reason in reasons) * _rested(each, now)
            yield _Fit(each, reasons, points)


def _reasons(
    each: Candidate, names: Collection[str], spoken: Collection[str], common: Mapping[str, int]
) -> Iterator[Reason]:
    tagged = next((tag for tag in each.tags if tag.lower() in names), None)
    if tagged is not None:
        yield Reason(2.0, TAGGED, {"word": tagged})
    if each.answered:
        yield Reason(min(each.answered, 4) / 2, ANSWERED, {"times": each.answered})
    rarest = min(spoken, key=lambda word: (common[word], -len(word), word), default="")
    if rarest and (points := 1 / common[rarest]) >= _TELLING:
        yield Reason(points, SAID, {"word": rarest})


@lru_cache(maxsize=256)  # many groups get the same topic
def _asked(topic: Topic) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words a member may be tagged with, and those they may have said; in small letters."""
    names = frozenset(each.lower() for each in (*topic.tags, topic.category) if each)
    said = {each for each in names if len(each) > 1} | words(topic.title)
    return names, tuple(sorted(said))


def _acquainted(
    fitting: Sequence[_Fit], ties: Mapping[tuple[int, int], int], people: int
) -> list[_Company]:
    """Those whom the topic fits and each of whom has turned to each."""
    both: dict[tuple[int, int], int] = {}
    for one, other in combinations(range(len(fitting)), 2):
        first, second = fitting[one].candidate.person, fitting[other].candidate.person
        if times := min(ties.get((first, second), 0), ties.get((second, first), 0)):
            both[one, other] = times
    found = [_tied((fitting[one], fitting[other]), times) for (one, other), times in both.items()]
    if people > _PAIR:
        for (one, other), times in both.items():
            for third in range(other + 1, len(fitting)):
                more = min(both.get((one, third), 0), both.get((other, third), 0))
                if more:
                    three = (fitting[one], fitting[other], fitting[third])
                    found.append(_tied(three, min(times, more)))
    return found


def _tied(some: tuple[_Fit, ...], times: int) -> _Company:
    tied = Reason(_TIE * min(log2(1 + times), 4), TIED, {"times": times})
    mean = sum([each.points for each in some]) / len(some)
    return _Company(mean + tied.points + _ONE_MORE * (len(some) - _PAIR), some, tied)


def _with_new(
    fitting: Sequence[_Fit], new: Sequence[Candidate], wish: Cast, now: datetime
) -> Iterator[_Company]:
    """One whom the topic fits and who is not new, and one who is."""
    knowing = [each for each in fitting if not _is_new(each.candidate, wish, now)]
    for newcomer in new:
        welcome = Reason(_rested(newcomer, now), NEW)
        beside = _Fit(newcomer, (welcome,), welcome.points)
        for each in knowing:
            yield _Company((each.points + beside.points) / 2 + _TIE, (each, beside), None)


def _called(company: _Company) -> Iterator[Called]:
    for each in company.people:
        together = () if company.together is None else (company.together,)
        yield Called(each.candidate, (*each.reasons, *together))
