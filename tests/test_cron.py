"""Tests of bot/cron.py: when a cron is due, against a model that walks minute by minute."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from bot import cron
from bot.cron import check, instant

ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe")
]
BERLIN = ZONES[0]
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Berlin, forwards
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Berlin, backwards
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York, forwards
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York, backwards
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe, backwards by half an hour
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # Lord Howe, forwards by half an hour
]


def due(
    text: str, zone: ZoneInfo, after: datetime, until: datetime, most: int
) -> tuple[tuple[datetime, datetime], ...]:
    """When a cron is due."""
    return cron.due(partial(cron.walls, text), zone, after, until, most)


def utc(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """A wall time."""
    return datetime.fromisoformat(text)


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def allows(field: str, number: int, low: int, high: int) -> bool:
    """Whether a field of a cron allows a number, read as plainly as can be."""
    for item in field.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        start, end = (low, high) if span == "*" else (int(first), int(last or first))
        if number in range(start, end + 1, int(step or 1)):
            return True
    return False


def matches(text: str, at: datetime) -> bool:
    """Whether a wall time is named by a cron whose day and month are stars."""
    minute, hour, _, _, weekday = text.split()
    for name in WEEKDAYS:
        weekday = weekday.replace(name, str((WEEKDAYS.index(name) + 1) % 7))
    days = {at.isoweekday(), at.isoweekday() % 7}
    return (
        allows(minute, at.minute, 0, 59)
        and allows(hour, at.hour, 0, 23)
        and any(allows(weekday, day, 0, 7) for day in days)
    )


def naive(text: str, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """The instants that are due, found by looking at the clock on the wall every minute."""
    seen: set[datetime] = set()
    found = []
    now = after - timedelta(hours=3)
    before = now.astimezone(zone).replace(tzinfo=None)
    while now <= until:
        shown = now.astimezone(zone).replace(tzinfo=None)
        passed = range(1, int((shown - before) / timedelta(minutes=1)) + 1)
        new = {before + timedelta(minutes=minute) for minute in passed} - seen
        seen |= new
        if after < now and any(matches(text, one) for one in new):
            found.append(now)
        before, now = shown, now + timedelta(minutes=1)
    return found


crons = st.builds(
    "{} {} * * {}".format,
    st.sampled_from(["0", "30", "*/15", "5,55", "*", "7-40/11"]),
    st.sampled_from(["*", "2", "1-3", "0,2", "*/2", "23"]),
    st.sampled_from(["*", "mon-fri", "sun", "sat,sun", "0", "7"]),
)


@given(
    text=crons,
    zone=st.sampled_from(ZONES),
    change=st.sampled_from(CHANGES),
    minutes=st.integers(-300, 300),
    length=st.integers(0, 400),
)
def test_it_agrees_with_somebody_who_looks_every_minute(
    text: str, zone: ZoneInfo, change: datetime, minutes: int, length: int
) -> None:
    """Around every change of the clock, in every zone, the same instants are due."""
    after = change + timedelta(minutes=minutes)
    until = after + timedelta(minutes=length)
    found = due(text, zone, after, until, 10_000)
    assert naive(text, zone, after, until) == [at for _, at in found]
    assert len(found) == len({name for name, _ in found})


@given(
    text=crons,
    zone=st.sampled_from(ZONES),
    cuts=st.lists(st.integers(0, 3000), min_size=1, max_size=8),
)
def test_however_time_is_cut_each_slot_is_due_once(
    text: str, zone: ZoneInfo, cuts: list[int]
) -> None:
    """Looking often or once gives the same slots."""
    start = CHANGES[1] - timedelta(days=1)
    moments = [start, *(start + timedelta(minutes=cut) for cut in sorted(cuts))]
    pieces = [
        slot for after, until in pairwise(moments) for slot in due(text, zone, after, until, 10_000)
    ]
    assert tuple(pieces) == due(text, zone, moments[0], moments[-1], 10_000)


@given(crons.filter(lambda text: text.split()[4][0] not in "07f"), st.integers(0, 500_000))
def test_without_clock_changes_it_agrees_with_apscheduler(text: str, minutes: int) -> None:
    """Where both mean the same (no weekday numbers, no rounds) the next slot is the same."""
    after = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    trigger = CronTrigger.from_crontab(text, timezone=UTC)
    expected = trigger.get_next_fire_time(None, after + timedelta(seconds=1))
    found = due(text, ZoneInfo("UTC"), after, expected, 9)
    assert [expected] == [at for _, at in found]


def test_a_time_that_does_not_exist_is_due_after_the_gap() -> None:
    """Half past two on the last Sunday of March is at three in Berlin."""
    slots = due("30 2 * * *", BERLIN, utc("2026-03-28T12:00"), utc("2026-03-29T12:00"), 9)
    assert ((wall("2026-03-29T02:30"), utc("2026-03-29T01:00")),) == slots


def test_of_slots_in_the_gap_only_the_latest_is_kept() -> None:
    """Four quarters of an hour that do not exist are not four posts at three o'clock."""
    slots = due("*/15 2,3 * * *", BERLIN, utc("2026-03-29T00:00"), utc("2026-03-29T01:20"), 9)
    assert ["03:00", "03:15"] == [name.strftime("%H:%M") for name, _ in slots]


def test_an_hour_that_is_repeated_is_one_slot() -> None:
    """Half past two on the last Sunday of October comes once, the first time."""
    slots = due("30 2 * * *", BERLIN, utc("2026-10-24T12:00"), utc("2026-10-25T12:00"), 9)
    assert ((wall("2026-10-25T02:30"), utc("2026-10-25T00:30")),) == slots


def test_a_day_that_a_country_skipped_is_due_when_the_next_began() -> None:
    """Samoa had no 30 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    assert utc("2011-12-30T10:00") == instant(wall("2011-12-30T09:00"), apia)


def test_the_latest_of_many_are_told_without_walking_through_all() -> None:
    """A year of minutes costs no more than its last fifty."""
    slots = due("* * * * *", BERLIN, utc("2025-01-01"), utc("2026-01-01"), 50)
    assert 50 == len(slots)
    assert utc("2026-01-01") == slots[-1][1]
    assert utc("2025-12-31T23:11") == slots[0][1]


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("0 9 * * 1-5", {1, 2, 3, 4, 5}),
        ("0 9 * * 0", {7}),
        ("0 9 * * 7", {7}),
        ("0 9 * * sun", {7}),
        ("0 9 * * FRI-sat", {5, 6}),
        ("0 9 * * 5-7", {5, 6, 7}),
        ("0 9 * * 0,6", {6, 7}),
    ],
)
def test_weekdays_count_from_sunday(text: str, weekdays: set[int]) -> None:
    """As crontab(5) has it, and not from Monday."""
    slots = due(text, ZONES[2], utc("2026-07-01"), utc("2026-07-15"), 99)
    assert weekdays == {name.isoweekday() for name, _ in slots}


def test_day_and_weekday_together_mean_either() -> None:
    """As crontab(5) has it: the thirteenth, and every Friday."""
    slots = due("0 9 13 * fri", ZONES[2], utc("2026-07-01"), utc("2026-07-18"), 9)
    assert [3, 10, 13, 17] == [name.day for name, _ in slots]


@pytest.mark.parametrize(
    "text",
    [
        *("", "0 9 * *", "0 9 * * * *", "60 9 * * *", "0 24 * * *", "0 9 0 * *", "0 9 32 * *"),
        *("0 9 * 13 *", "0 9 * * 8", "0 9 * * monday", "0 9 * jan-dec/3x *", "*/0 9 * * *"),
        *("0 9-5 * * *", "0 9 , * *"),
        *("0 9 30 2 *", "0 9 31 4,6 *", "@daily", "0 9 * * mon-", "-1 9 * * *", "0 ９ * * *"),
    ],
)
def test_what_is_no_cron_is_refused_in_both_languages(text: str) -> None:
    """The sentence names the fault in Chinese and in English."""
    with pytest.raises(ValueError, match=r"cron.*[一-鿿].*cron"):
        check(text)


def test_a_leap_day_is_found() -> None:
    """29 February comes, if seldom."""
    slots = due("0 9 29 2 *", ZONES[2], utc("2025-01-01"), utc("2029-01-01"), 9)
    assert [wall("2028-02-29T09:00")] == [name for name, _ in slots]


@given(st.text(max_size=40) | st.text("0123456789*/,-#lw ", max_size=20))
def test_whatever_is_written_it_is_read_or_refused(text: str) -> None:
    """No text breaks the reader: what passes the check can be asked when it is due."""
    try:
        check(text)
    except ValueError as error:
        assert "cron" in str(error)  # noqa: PT017 - either is right
    else:
        assert len(due(text, BERLIN, utc("2026-01-01"), utc("2026-02-01"), 3)) <= 3
