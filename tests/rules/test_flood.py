from datetime import datetime, timedelta

import pytest
from builders import NOON, later, said
from hypothesis import given
from hypothesis import strategies as st

from rules.base import Finding, Past
from rules.flood import Flood

FLOOD = Flood(reason="让每个人的话都有人看见", limit=3, window=timedelta(minutes=1))


def judge(*seconds: int, rule: Flood = FLOOD) -> Finding | None:
    """Judge a message at noon after others that many seconds before."""
    times = sorted(later(seconds=-before) for before in seconds)
    return rule.judge(said("在吗"), Past(times))


def test_up_to_the_limit():
    """The limit itself is fine."""
    assert judge(10, 20) is None


def test_one_too_many():
    """The message beyond the limit is found; the behaviour is the offence, not a place in it."""
    finding = judge(10, 20, 30)

    assert (
        Finding("flood", (0, 0), "1m 内 4 条，上限 3 4 messages within 1m, the limit is 3")
        == finding
    )


def test_the_edge_of_the_window():
    """A message exactly one window ago no longer counts, a second later it does."""
    assert judge(1, 2, 60) is None
    assert judge(1, 2, 59) is not None


def test_the_rule_says_how_far_it_looks():
    """What it needs of the past is its window."""
    assert timedelta(minutes=1) == FLOOD.looks_back


@pytest.mark.parametrize("wrong", [{"limit": 1}, {"window": "0s"}, {"window": "2d"}, {"limt": 3}])
def test_settings_are_held_to_sense(wrong: dict[str, object]):
    """A limit below two, no window, a window beyond a day and unknown keys are refused."""
    with pytest.raises(ValueError):
        Flood.model_validate({"reason": "让大家都能说话"} | wrong)


def naive(times: list[datetime], limit: int, window: timedelta) -> bool:
    """Count by hand those nearer than the window."""
    return len([at for at in times if abs(NOON - at) < window]) + 1 > limit


@given(
    before=st.lists(st.integers(-50, 400), max_size=30),
    limit=st.integers(2, 12),
    window=st.integers(1, 300),
)
def test_like_the_naive_count(before: list[int], limit: int, window: int):
    """Whatever the past, the finding is there exactly when counting by hand says so."""
    rule = Flood(reason="让大家都能说话", limit=limit, window=timedelta(seconds=window))
    times = sorted(later(seconds=-each) for each in before)

    found = rule.judge(said("在吗"), Past(times)) is not None

    assert naive(times, limit, rule.window) == found
