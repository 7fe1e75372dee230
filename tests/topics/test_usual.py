"""Tests of topics/usual.py: what is usual here, what is quiet, what is lively."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from topics.liveliness import HoldBack, OnSilence
from topics.usual import WEEKS, is_lively, is_quiet, spans, usual

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_same_hours_by_the_clock_on_the_wall() -> None:
    """Over a change of the clock, 14:00 to 16:00 stays 14:00 to 16:00; the half hour is kept."""
    now = datetime(2026, 10, 26, 15, 17, tzinfo=UTC)  # 16:17 in Berlin, winter time
    (since, until), *_ = spans(now, timedelta(hours=2), BERLIN)
    assert ("2026-10-19 14:00", "2026-10-19 16:00") == tuple(
        f"{each.astimezone(BERLIN):%Y-%m-%d %H:%M}" for each in (since, until)
    )


@given(st.integers(0, 400_000), st.sampled_from([BERLIN, ZoneInfo("Asia/Shanghai")]))
def test_spans_lie_weeks_apart(minutes: int, zone: ZoneInfo) -> None:
    """Six of them, all past, on the same weekday, and as long as was asked for."""
    now = NOON + timedelta(minutes=minutes)
    found = spans(now, timedelta(hours=1), zone)
    assert WEEKS == len(found)
    assert {timedelta(hours=1)} == {until - since for since, until in found}
    assert all(until < now for _, until in found)
    ends = [until.astimezone(zone) for _, until in found]
    assert 1 == len({end.weekday() for end in ends})


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((), None), ((9,), None), ((8, 10), 9), ((0, 30, 9), 9), ((1, 2, 3, 100), 2.5)],
)
def test_usual(counts: tuple[int, ...], expected: float | None) -> None:
    """The median, so that one wild evening or one week away says little; two weeks at least."""
    assert expected == usual(counts)


@pytest.mark.parametrize(
    ("messages", "usually", "quiet"),
    [(0, None, False), (0, 3, False), (0, 4, True), (4, 10, True), (5, 10, False), (9, 10, False)],
)
def test_quiet(messages: int, usually: float | None, *, quiet: bool) -> None:
    """Below half of what is usual; never unknown, and never where little is said anyway."""
    assert quiet == is_quiet(messages, usually, OnSilence())


@pytest.mark.parametrize(
    ("messages", "speakers", "usually", "lively"),
    [
        (6, 3, None, True),
        (5, 3, None, False),
        (50, 2, None, False),  # two who chat
        (50, 5, 60, False),  # a group that is always like that
        (60, 5, 60, True),
    ],
)
def test_lively(messages: int, speakers: int, usually: float | None, *, lively: bool) -> None:
    """Several speakers, and no less than is usual in this group."""
    assert lively == is_lively(messages, speakers, usually, HoldBack())
