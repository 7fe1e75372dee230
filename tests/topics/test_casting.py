from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from builders import NOON, later, person
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Language
from storage.values import Topic
from storage.values_of_programmes import Candidate, Crowd
from topics.cast import Cast
from topics.casting import Called, cast, is_cast

PRICE = Topic(key="price", title="第一次涨价", text="？", category="经营", tags=("产品",))
EVERY = Cast(share=100)
WEEK = timedelta(weeks=1)


def member(number: int, **over: object) -> Candidate:
    """Somebody who spoke an hour ago; name what differs."""
    fields: dict[str, object] = {"spoke_at": later(hours=-1)} | over
    return Candidate(number, number, person(f"阿{number}"), **fields)  # type: ignore[arg-type]


def crowd(*candidates: Candidate, times: int = 1, **over: object) -> Crowd:
    """They all have turned to each other so often."""
    pairs = permutations([each.person for each in candidates], 2)
    fields: dict[str, object] = {"ties": dict.fromkeys(pairs, times), "before": frozenset()}
    return Crowd(candidates, **(fields | over))  # type: ignore[arg-type]


def persons(called: tuple[Called, ...]) -> set[int]:
    """Who is mentioned."""
    return {each.candidate.person for each in called}


_MOMENTS = st.integers(-100 * 24, 0).map(lambda hours: later(hours=hours))
_PEOPLE = st.integers(1, 8)


@st.composite
def _crowds(draw: st.DrawFn) -> Crowd:
    some = [
        Candidate(
            number,
            number,
            person(f"阿{number}"),
            allows=draw(st.sampled_from([None, None, True, False])),
            joined_at=draw(st.none() | _MOMENTS),
            spoke_at=draw(st.none() | _MOMENTS),
            tags=draw(st.sampled_from([(), ("产品",), ("别的", "经营")])),
            answered=draw(st.integers(0, 9)),
            said=draw(st.sampled_from(["", "昨天涨价了", "今天下雨"])),
            cast_at=tuple(draw(st.lists(_MOMENTS, max_size=3))),
        )
        for number in range(draw(st.integers(0, 8)))
    ]
    pair = st.tuples(_PEOPLE, _PEOPLE)
    ties = draw(st.dictionaries(pair, st.integers(1, 20), max_size=40))
    before = draw(st.frozensets(st.frozensets(_PEOPLE, min_size=2, max_size=3), max_size=5))
    return Crowd(tuple(some), ties, before)


_WISHES = st.builds(
    Cast,
    people=st.integers(2, 3),
    per_week=st.integers(1, 3),
    absent=st.integers(1, 90).map(lambda days: timedelta(days=days)),
    newcomers=st.integers(1, 90).map(lambda days: timedelta(days=days)),
)


@given(_crowds(), _WISHES, st.integers(0, 2**32), st.booleans())
def test_what_always_holds(some: Crowd, wish: Cast, seed: int, reserve: bool):  # noqa: FBT001
    """Never who said no, never above the limit, never the absent, never the same company."""
    reserved = {each.identity for each in some.candidates} if reserve else set()
    called = cast(some, PRICE, wish, NOON, seed, reserved)

    assert called == cast(some, PRICE, wish, NOON, seed, reserved)
    assert len(called) in {0, *range(2, wish.people + 1)}
    assert len(called) == len(persons(called))
    assert frozenset(persons(called)) not in some.before
    for each in [one.candidate for one in called]:
        assert each.allows is not False
        assert each.allows or not reserve
        assert len([at for at in each.cast_at if at > NOON - WEEK]) < wish.per_week
        assert any(at and NOON - at <= wish.absent for at in (each.spoke_at, each.joined_at))


@given(_crowds(), _WISHES, st.integers(0, 2**32))
def test_who_is_company(some: Crowd, wish: Cast, seed: int):
    """They know each other both ways, or one is new and the topic fits the other, who is not."""
    called = [each.candidate for each in cast(some, PRICE, wish, NOON, seed)]
    pairs = list(permutations([each.person for each in called], 2))
    acquainted = all(some.ties.get(pair) for pair in pairs)
    new = [each for each in called if each.joined_at and NOON - each.joined_at <= wish.newcomers]

    assert acquainted or (2, 1) == (len(called), len(new))
    assert all(each.tags or each.answered or each.said for each in called if each not in new)


@given(_crowds(), st.integers(0, 2**32))
def test_no_reason_names_anybody(some: Crowd, seed: int):
    """Everybody has a reason, and nobody's name is in anybody's."""
    for each in cast(some, PRICE, EVERY, NOON, seed):
        for language in Language:
            assert each.why(language)
            assert "阿" not in each.why(language)


def test_the_same_company_never_twice():
    """Day after day everybody has a turn, and no company comes again."""
    some = crowd(*[member(number, tags=("产品",)) for number in range(12)])
    seen: list[frozenset[int]] = []
    times: Counter[int] = Counter()
    for day in range(60):
        now = NOON + timedelta(days=day)
        there = [replace(each, spoke_at=now) for each in some.candidates]
        called = cast(replace(some, candidates=tuple(there)), PRICE, EVERY, now, day)
        together = frozenset(persons(called))
        if not called:
            continue
        assert together not in seen
        seen.append(together)
        times.update(together)
        some = replace(
            some,
            candidates=tuple(
                replace(each, cast_at=(*each.cast_at, now)) if each.person in together else each
                for each in some.candidates
            ),
            before=frozenset(seen),
        )

    assert 30 < len(seen)
    assert max(times.values()) <= 2 * min(times.values())


def test_experts_rotate():
    """Whom the topic fits best is not asked each time: whoever was asked lately comes later."""
    best = [member(number, tags=("产品",), answered=4) for number in (1, 2)]
    others = [member(number, answered=2) for number in (3, 4)]
    tired = [replace(each, cast_at=tuple(later(days=-day) for day in (8, 16, 24))) for each in best]

    assert {1, 2} == persons(cast(crowd(*best, *others), PRICE, EVERY, NOON, 7))
    assert {3, 4} == persons(cast(crowd(*tired, *others), PRICE, EVERY, NOON, 7))


def test_one_way_is_no_acquaintance():
    """Who was turned to, and never turned back, may not know the other at all."""
    both = [member(number, tags=("产品",)) for number in (1, 2)]

    assert () == cast(crowd(*both, ties={(1, 2): 30}), PRICE, EVERY, NOON, 7)


def test_words_that_everybody_uses():
    """A word is a reason only where few use it."""
    few = [member(number, said="该涨价了") for number in range(2)]
    many = [member(number, said="该涨价了") for number in range(6)]

    assert {0, 1} == persons(cast(crowd(*few), PRICE, EVERY, NOON, 7))
    assert () == cast(crowd(*many), PRICE, EVERY, NOON, 7)


def test_tags_in_any_case():
    """A tag is the same in capitals."""
    topic = replace(PRICE, tags=("AI",))
    some = crowd(*[member(number, tags=("ai",)) for number in range(2)])

    assert {0, 1} == persons(cast(some, topic, EVERY, NOON, 7))


@given(st.integers(0, 2**32))
def test_all_or_a_share(seed: int):
    """All posts at 100 percent; the same lot whenever it is drawn."""
    half = Cast(share=50)

    assert is_cast(EVERY, seed)
    assert is_cast(half, seed) == is_cast(half, seed)
