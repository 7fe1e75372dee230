"""Plans, and a year of posts: what the rules of choosing come to in the end."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import group
from hypothesis import given, settings
from hypothesis import strategies as st
from starter_bank import STARTER

from storage.values import Slot, SlotState, Topic, TopicKind
from storage.values_of_programmes import Arranged, Arrangement
from storage.values_of_topics import Bank, Used
from topics.calendar import day_kind
from topics.choosing import rank
from topics.liveliness import Ratio
from topics.planning import (
    MOVED,
    NOTHING,
    PAUSED,
    SKIPPED,
    WAITS,
    Course,
    Planned,
    ahead,
    plan,
)
from topics.programme import Programme
from topics.season import in_season
from topics.situation import situation

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
DAILY = Programme(cron="0 9 * * *")
TWO_TO_ONE = DAILY.model_copy(update={"ratio": Ratio(universal=2, professional=1)})


def topic(key: str, **over: Any) -> Topic:
    """A topic."""
    return Topic(key=key, title=key, text="？", **over)


def course(*, where: str = "读书会", programmes: dict[str, Programme] | None = None, **over: Any):
    """A group with a daily programme, unless told otherwise."""
    every = programmes or {"每日": DAILY}
    return Course(group(where), {name: (each, ZONE) for name, each in every.items()}, **over)


@cache
def year(programme: Programme = DAILY) -> list[Planned]:
    """What a programme posts from the starter bank in 2026."""
    return plan(Bank(STARTER), course(programmes={"每日": programme}), BEGIN, BEGIN + YEAR)


def posted(planned: Sequence[Planned]) -> list[Topic]:
    """The topics."""
    return [each.topic for each in planned if each.topic is not None]


def lived(bank: Callable[[int], Bank], people: Callable[[Topic], int], days: int = 365):
    """The topics of so many days, when so many people answer and the bank is what it is by then."""
    history: list[Used] = []
    found = []
    for day in range(days):
        at = BEGIN + timedelta(days=day, hours=1)
        wall = f"{at + timedelta(hours=8):%Y-%m-%dT%H:%M}"
        now = situation(bank(day), "g", "每日", DAILY, wall, at, history)
        (best,) = rank(bank(day), DAILY, now, most=1)
        found.append(best.topic)
        history.append(Used(best.topic.key, "每日", at, people(best.topic)))
    return found


def test_no_topic_twice_before_all_have_come():
    """Whatever fits is posted once before anything comes again, and then it is said."""
    every = posted(year())
    keys = [each.key for each in every]
    again = next(place for place, key in enumerate(keys) if key in keys[:place])
    fitting = {
        each.key
        for each in STARTER
        if not each.stages
        and not each.goal
        and in_season(each.season, year()[again].at.date(), day_kind(year()[again].at.date())[2])
    }

    assert 365 == len(every)
    assert fitting <= {*keys[:again]}
    assert "合适的都发过了" in year()[again].reasons[0].say()
    assert all("在这个群没发过" == each.reasons[0].say() for each in year()[:again])


def test_all_of_the_bank_is_used():
    """In a year every topic has come that has no stage, goal, or season without a post."""
    free = {each.key for each in STARTER if not (each.stages or each.goal or each.season)}

    assert free <= {each.key for each in posted(year())}


def test_again_after_a_long_time_only():
    """Once the bank is used up, each topic still comes after a hundred others."""
    last: dict[str, int] = {}
    for place, each in enumerate(posted(year())):
        assert place - last.get(each.key, -999) > 100
        last[each.key] = place


def test_the_ratio_is_held():
    """Over any thirty posts, as long as there are topics of both kinds that were not used."""
    kinds = [each.kind for each in posted(year(TWO_TO_ONE))]
    shares = [kinds[begin : begin + 30].count(TopicKind.PROFESSIONAL) / 30 for begin in range(60)]

    assert 0.3 <= min(shares)
    assert max(shares) <= 0.37


def test_related_topics_are_apart():
    """Two of one category follow one another only where nothing else is left."""
    every = posted(year())
    close = [one for one, other in pairwise(every) if one.category == other.category]
    near = sum(
        every[place].category in {each.category for each in every[max(0, place - 4) : place]}
        for place in range(365)
    )

    assert len(close) <= 3
    assert near <= 15


def test_seasons_and_holidays():
    """What belongs to a part of the year is posted in it, and then soon."""
    seasonal = [(each, each.topic) for each in year() if each.topic and each.topic.season]
    days = [each.at.astimezone(ZONE).date() for each, _ in seasonal]

    assert len({topic.key for _, topic in seasonal}) >= 10
    assert all(
        in_season(topic.season, day, day_kind(day).holidays)
        for (_, topic), day in zip(seasonal, days, strict=True)
    )
    feast = [topic("a"), topic("b"), topic("中秋", season=("中秋",))]
    moon = plan(Bank(tuple(feast)), course(), BEGIN, BEGIN + YEAR)
    first = next(each for each in moon if each.topic and each.topic.key == "中秋")
    assert "2026-09-24T09:00" == first.wall  # the eve


def test_new_topics_get_their_chance():
    """What is added when the bank is used up comes within a week, though others are known."""
    old = tuple(topic(f"o{number}") for number in range(40))
    new = tuple(topic(f"n{number}") for number in range(5))
    every = lived(lambda day: Bank(old if day < 100 else old + new), lambda _: 4, 120)

    assert {each.key for each in new} == {each.key for each in every[100:105]}


def test_what_works_comes_more_often_and_what_falls_flat_rests():
    """In a year of a small bank, by how many people answered; none is given up."""
    bank = Bank(tuple(topic(f"{n}", category=name) for n, name in enumerate(["好", "平"] * 15)))
    every = lived(lambda _: bank, lambda each: 8 if each.category == "好" else 0)
    count = Counter(each.category for each in every[30:])

    assert count["好"] > count["平"] * 1.3
    assert {each.key for each in bank.topics} == {each.key for each in every[180:]}


def test_the_plan_is_the_same_each_time():
    """And another one for another group, so that groups do not echo one another."""
    bank = Bank(STARTER)
    one, same, other = (
        [each.key for each in posted(plan(bank, course(where=name), BEGIN, BEGIN + YEAR))]
        for name in ("读书会", "读书会", "跑步")
    )

    assert one == same
    assert sum(a == b for a, b in zip(one, other, strict=True)) < 30


def test_two_programmes_share_a_history():
    """What one of them posts the other does not post again."""
    bank = Bank(tuple(topic(f"{number}", tags=("读书",)) for number in range(28)))
    both = {"早": DAILY, "晚": Programme(cron="0 20 * * *", tags=("读书",))}
    planned = plan(bank, course(programmes=both), BEGIN, BEGIN + timedelta(days=14))

    assert 28 == len({each.key for each in posted(planned)})
    assert ["早", "晚"] * 14 == [each.programme for each in planned]


def wanted(wall: str, what: Arranged, key: str = "") -> Arrangement:
    """What an operator wants."""
    return Arrangement(1, group(), "每日", wall, what, key, None, "cli", BEGIN)


def test_what_operators_want():
    """Pins are planned, skips and what was dealt with left out; what was moved comes when it is."""
    bank = Bank(tuple(map(topic, "abcdefgh")))
    slots = [
        Slot(1, group(), "每日", "2026-01-03T09:00", BEGIN, SlotState.POSTED, "", "x"),
        Slot(2, group(), "每日", "2026-01-04T09:00", BEGIN, SlotState.HELD, "移到", ""),
    ]
    to = BEGIN + timedelta(hours=20)
    moved = replace(slots[1], due_at=to, not_before=to)
    arranged = [
        wanted("2026-01-01T09:00", Arranged.PIN, "h"),
        wanted("2026-01-02T09:00", Arranged.SKIP),
    ]
    planned = plan(
        bank,
        course(arranged=arranged, slots=[slots[0], moved]),
        BEGIN,
        BEGIN + timedelta(days=5),
    )

    assert [
        ("2026-01-01T09:00", None),
        ("2026-01-04T09:00", MOVED),
        ("2026-01-02T09:00", SKIPPED),
        ("2026-01-05T09:00", None),
    ] == [(each.wall, each.note) for each in planned]
    assert "h" == posted(planned)[0].key
    assert ["运营者指定的"] == [reason.say() for reason in planned[0].reasons]


def test_what_waits_for_a_conversation_to_end():
    """It is due and still to come, however late Weilu looks."""
    waits = Slot(1, group(), "每日", "2026-01-01T09:00", BEGIN, SlotState.HELD, "热闹", "")
    late = BEGIN + timedelta(hours=1)
    soon = replace(waits, not_before=BEGIN + timedelta(minutes=2))
    planned = plan(Bank((topic("a"),)), course(slots=[soon]), late, late + timedelta(hours=2))

    assert [(late, WAITS)] == [(each.at, each.note) for each in planned]


def test_only_the_first_is_chosen():
    """A year lies ahead, the first of it is there at once."""
    first = next(ahead(Bank(STARTER), course(), BEGIN, BEGIN + YEAR))

    assert "2026-01-01T09:00" == first.wall


@pytest.mark.parametrize("paused", ["", "每日"])
def test_a_pause(paused: str):
    """Nothing is planned while a programme rests, or its group."""
    (rest,) = plan(Bank((topic("a"),)), course(paused={paused}), BEGIN, BEGIN + timedelta(days=1))

    assert (None, PAUSED) == (rest.topic, rest.note)


def test_nothing_fits():
    """It is said, due time by due time."""
    planned = plan(Bank(()), course(), BEGIN, BEGIN + timedelta(days=2))

    assert [(None, NOTHING)] * 2 == [(each.topic, each.note) for each in planned]


def test_holidays_that_nobody_knows_yet():
    """Where those of a year have not been published, that is told."""
    far = datetime(2040, 1, 1, tzinfo=UTC)

    assert [True] == [e.known for e in plan(Bank(()), course(), BEGIN, BEGIN + timedelta(days=1))]
    assert [False] == [e.known for e in plan(Bank(()), course(), far, far + timedelta(days=1))]


SHAPES = st.lists(
    st.tuples(
        st.sampled_from(TopicKind), st.sampled_from("甲乙丙丁"), st.sampled_from([(), ("冬",)])
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40)
@given(SHAPES, st.integers(1, 60), st.sampled_from([DAILY, TWO_TO_ONE]))
def test_any_bank(shapes: list[tuple[TopicKind, str, tuple[str, ...]]], days: int, each: Programme):
    """Of any bank: no topic again while one that fits was never posted; a part is the same plan."""
    bank = Bank(
        tuple(
            topic(f"{number}", kind=kind, category=category, season=season)
            for number, (kind, category, season) in enumerate(shapes)
        )
    )
    here = course(programmes={"每日": each})
    planned = plan(bank, here, BEGIN, BEGIN + timedelta(days=days))
    had: set[str] = set()
    for one in planned:
        fits = {
            each.key
            for each in bank.topics
            if in_season(each.season, one.at.astimezone(ZONE).date())
        }
        if one.topic is None:
            assert not fits
            continue
        assert one.topic.key in fits
        assert one.topic.key not in had or fits <= had
        had.add(one.topic.key)

    part = plan(bank, here, BEGIN, BEGIN + timedelta(days=days // 2))
    assert part == planned[: len(part)]
