"""Tests of bot/pacing.py: nothing is ever faster than it may be."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, group, later, person
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Priority, Remove, Say
from bot.pace import PaceSettings, QuietHours
from bot.pacing import MINUTE, Bucket, back_off, quiet_until, typing

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(start=time(23), end=time(7), time_zone=SHANGHAI)


def say(text: str) -> Say:
    """Something to say."""
    return Say(key="k", why="w", priority=Priority.ANSWER, to=group(), text=text)


def at(hour: int, minute: int = 0, day: int = 20, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A wall time in November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=zone).astimezone(UTC)


@given(
    limit=st.integers(1, 8),
    waits=st.lists(st.floats(0, 90, allow_nan=False), max_size=60),
)
def test_no_window_holds_more_than_the_limit(limit: int, waits: list[float]) -> None:
    """However requests come, no minute sees more of them let through than the limit."""
    bucket, now, taken = Bucket(MINUTE), NOON, []
    for wait in waits:
        now += timedelta(seconds=wait)
        if bucket.free_at(now, limit) == now:
            bucket.take(now)
            taken.append(now)
    crowds = [sum(start <= one < start + MINUTE for one in taken) for start in taken]
    assert max(crowds, default=0) <= limit


@given(limit=st.integers(1, 8), count=st.integers(1, 30))
def test_the_bucket_says_when_the_next_token_is_there(limit: int, count: int) -> None:
    """Whoever comes at the time it names is let through, and nobody can come earlier."""
    bucket, now = Bucket(MINUTE), NOON
    for number in range(count):
        free = bucket.free_at(now, limit)
        assert free is not None
        assert NOON + MINUTE * (number // limit) == free
        now = free
        bucket.take(now)


@given(st.lists(st.tuples(st.integers(-300, 300), st.booleans()), max_size=40))
def test_a_clock_put_back_gives_no_tokens_away(moves: list[tuple[int, bool]]) -> None:
    """Whatever the clock does, a bucket never waits longer than its window."""
    bucket, now = Bucket(MINUTE), NOON
    for seconds, takes in moves:
        now += timedelta(seconds=seconds)
        free = bucket.free_at(now, 2)
        assert free is not None
        assert now <= free <= now + MINUTE
        if takes and free == now:
            bucket.take(now)


def test_a_smaller_limit_takes_effect_at_once() -> None:
    """What was taken under the old limit counts under the new one."""
    bucket = Bucket(MINUTE)
    for second in range(4):
        bucket.take(later(seconds=second))
    assert later(seconds=63) == bucket.free_at(later(seconds=5), 1)
    assert bucket.free_at(later(seconds=5), 0) is None


@given(text=st.text(max_size=2000), seed=st.integers())
def test_typing_takes_as_long_as_the_text_and_never_longer_than_the_cap(
    text: str, seed: int
) -> None:
    """The delay lies within the jitter around the text's length."""
    pace = PaceSettings()
    delay = typing(say(text), pace, Random(seed)).total_seconds()
    full = min(len(text) * 0.12, 8)
    assert full * 0.7 - 1e-6 <= delay <= min(full * 1.3, 8) + 1e-6


def test_what_is_not_said_is_not_typed() -> None:
    """A removal needs no typing."""
    remove = Remove(
        key="k", why="w", priority=Priority.MODERATION, group=group(), member=person("小林")
    )
    assert timedelta(0) == typing(remove, PaceSettings(), Random(1))


@given(attempts=st.integers(0, 10_000), seed=st.integers())
def test_back_off_doubles_up_to_the_cap(attempts: int, seed: int) -> None:
    """Between half and all of the doubled wait, and never above the cap."""
    wait = back_off(attempts, PaceSettings(), Random(seed)).total_seconds()
    full = min(5 * 2 ** min(max(attempts - 1, 0), 30), 300)
    assert full / 2 <= wait <= full


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (at(22, 59), None),
        (at(23), at(7, day=21)),
        (at(3), at(7)),
        (at(7), None),
        (at(12), None),
    ],
)
def test_a_night_goes_over_midnight(now: datetime, end: datetime | None) -> None:
    """Silence from 23:00 to 07:00 ends in the morning, and not before."""
    assert end == quiet_until(now, NIGHT)


def test_a_siesta_lies_within_a_day() -> None:
    """Silence from 12:00 to 14:00 is not taken for the rest of the day."""
    siesta = QuietHours(start=time(12), end=time(14), time_zone=SHANGHAI)
    assert at(14) == quiet_until(at(13), siesta)
    assert quiet_until(at(15), siesta) is None
    assert quiet_until(at(13), None) is None


@given(minutes=st.integers(0, 60 * 24 * 370), start=st.integers(0, 47), length=st.integers(1, 47))
def test_silence_ends_ahead_and_where_it_says(minutes: int, start: int, length: int) -> None:
    """The end is ahead, within a day and a bit, on the wall's end, also as the clock is changed."""
    end = (start + length) % 48
    quiet = QuietHours(
        start=time(start // 2, start % 2 * 30), end=time(end // 2, end % 2 * 30), time_zone=BERLIN
    )
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    until = quiet_until(now, quiet)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        wall = until.astimezone(BERLIN).time()
        assert quiet.end == wall or wall == time(3)  # an end in the gap of spring is its far side
