from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from builders import NOON, group, later
from hypothesis import given
from hypothesis import strategies as st

from storage.values import TopicKind
from storage.values_of_programmes import Effect, Outcome
from topics.worked import differ, tally, worked

SHANGHAI = ZoneInfo("Asia/Shanghai")


def outcome(
    people: int,
    title: str = "涨价",
    at: datetime = NOON,
    kind: TopicKind | None = TopicKind.UNIVERSAL,
    tags: tuple[str, ...] = (),
    *,
    cast: bool = False,
) -> Outcome:
    """A post that so many people answered, with two messages each."""
    after = timedelta(minutes=people) if people else None
    drift = 20 if people else None
    effect = Effect(1, title, group(), at, people, 2 * people, 0, people // 2, after, drift)
    return Outcome(effect, "每日", title, kind, tags, cast)


def test_nothing_was_posted():
    """Then there is nothing to tell."""
    assert None is worked([], SHANGHAI)


def test_side_by_side():
    """Averages of all; topics, tags and hours in order; the two sides of each comparison."""
    found = worked(
        [
            outcome(0, "冷", later(days=-2), TopicKind.PROFESSIONAL, ("技术",)),
            outcome(6, "热", later(days=-1, hours=8), tags=("破冰", "生活"), cast=True),
            outcome(3, "温", NOON, tags=("生活",)),
        ],
        SHANGHAI,
    )

    assert found is not None
    assert (3, 3.0, 6.0, 2, 4) == (
        found.all.posts,
        found.all.people,
        found.all.answers,
        found.answered,
        found.first_timers,
    )
    assert (timedelta(minutes=4.5), 20) == (found.first_after, found.drift)
    assert ["热", "温", "冷"] == [each.name for each in found.topics]
    assert [("破冰", 1), ("生活", 2), ("技术", 1)] == [
        (each.name, each.posts) for each in found.tags
    ]
    assert [("20", 1), ("12", 2)] == [(each.name, each.posts) for each in found.hours]
    assert (2, 1, 1, 1) == (
        found.universal.posts,
        found.professional.posts,
        found.cast.posts,
        found.uncast.posts,
    )


def test_what_mentions_are_compared_with():
    """Posts of the same programme since the first that mentioned somebody, and no others."""
    other = replace(outcome(9, at=later(days=5)), programme="夜谈")
    found = worked(
        [
            outcome(9, at=later(days=1)),
            outcome(4, at=later(days=2), cast=True),
            outcome(2, at=later(days=3)),
            outcome(6, at=later(days=4), cast=True),
            other,
        ],
        SHANGHAI,
    )

    assert found is not None
    assert (2, 5.0) == (found.cast.posts, found.cast.people)
    assert (1, 2.0) == (found.uncast.posts, found.uncast.people)


def test_a_difference():
    """Told where both sides were tried often enough and it is more than chance."""
    high = tally("", [outcome(each) for each in (8, 9, 8, 9, 8)])
    low = tally("", [outcome(each) for each in (2, 3, 2, 3, 2)])
    wild = tally("", [outcome(each) for each in (0, 14, 1, 15, 4)])

    assert True is differ(high, low)
    assert False is differ(high, wild)
    assert None is differ(high, tally("", [outcome(1)] * 3))


@given(st.lists(st.integers(0, 50), max_size=30))
def test_a_tally(people: list[int]):
    """The average lies between the least and the most; nothing brings nothing."""
    found = tally("x", [outcome(each) for each in people])

    assert len(people) == found.posts
    assert min(people, default=0) <= found.people + 1e-9
    assert found.people <= max(people, default=0) + 1e-9
    assert (len(people) < 4) is found.few
