"""Tests of topics/timetable.py and Programme.due: when a programme is due."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.programme import Programme
from topics.timetable import Days, fits

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(programme: Programme, first: str, last: str, zone: ZoneInfo = SHANGHAI) -> list[str]:
    """The days, as 02-14, on which a programme is due between two dates."""
    return [f"{wall:%m-%d}" for wall, _ in programme.due(utc(first), utc(last), zone, 100)]


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({"days": Days.WORKDAYS}, ["02-13", "02-14", "02-24", "02-25"]),
        ({"days": Days.RESTDAYS}, [f"02-{day}" for day in range(15, 24)]),
        ({"days": Days.HOLIDAYS}, [f"02-{day}" for day in range(15, 24)]),
        ({"quiet_days": ("春节",)}, ["02-13", "02-14", "02-24", "02-25"]),
        ({"quiet_days": ("2月15日~2月24日",)}, ["02-13", "02-14", "02-25"]),
        ({"quiet_days": ("2026-02-13",), "days": Days.WORKDAYS}, ["02-14", "02-24", "02-25"]),
        (
            {"days": Days.WORKDAYS, "country": "DE"},
            ["02-13", *(f"02-{day}" for day in (16, 17, 18, 19, 20, 23, 24, 25))],
        ),
    ],
)
@pytest.mark.parametrize("when", [{"cron": "0 9 * * *"}, {"at": "每天 9:00"}])
def test_days_that_fit(when: dict[str, str], over: dict[str, object], expected: list[str]) -> None:
    """Workdays, days off, quiet days and other countries, for a cron as for `at`."""
    programme = Programme.model_validate(when | over)
    assert expected == days(programme, "2026-02-12T12:00", "2026-02-25T12:00")


def test_the_eve_is_quiet_too() -> None:
    """A quiet festival begins on the evening before, on which people are on their way."""
    programme = Programme(at="每天 9:00", quiet_days=("中秋",))
    assert not fits(programme.timing, utc("2026-09-24").date())


def test_a_programme_without_hours() -> None:
    """One that only waits for silence is never due by the clock."""
    assert () == Programme().due(utc("2026-01-01"), utc("2027-01-01"), SHANGHAI, 9)
    assert () == Programme().jumped(utc("2026-01-01"), SHANGHAI, BERLIN)


def test_never_due() -> None:
    """A programme of which every day is quiet is not looked for without end."""
    quiet = Programme(cron="* * * * *", quiet_days=("1月~12月",))
    assert () == quiet.due(utc("2026-11-01"), utc("2026-11-20"), SHANGHAI, 9)
    assert () == quiet.jumped(utc("2026-11-01"), SHANGHAI, ZoneInfo("Asia/Tokyo"))


def test_a_time_that_does_not_exist() -> None:
    """Half past two on the last Sunday of March is at three in Berlin."""
    slots = Programme(at="每天 2:30").due(
        utc("2026-03-28T12:00"), utc("2026-03-29T12:00"), BERLIN, 9
    )
    assert [("2026-03-29T02:30", utc("2026-03-29T01:00"))] == [
        (wall.isoformat(timespec="minutes"), at) for wall, at in slots
    ]


def test_an_hour_that_is_repeated() -> None:
    """Half past two on the last Sunday of October comes once, the first time."""
    slots = Programme(at="周日 2:30").due(
        utc("2026-10-24T12:00"), utc("2026-10-25T12:00"), BERLIN, 9
    )
    assert [utc("2026-10-25T00:30")] == [at for _, at in slots]


@given(
    cuts=st.lists(st.integers(0, 4000), min_size=1, max_size=8),
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("Australia/Lord_Howe")]),
    programme=st.sampled_from(
        [
            Programme(at="工作日 0:00、2:15、2:45、9:00；周末 2:30、23:59"),
            Programme(cron="*/30 * * * *", days=Days.RESTDAYS),
            Programme(at="每天 2:30", quiet_days=("10月25日",)),
        ]
    ),
    start=st.sampled_from(
        [utc("2026-10-24T09:00"), utc("2026-03-28T09:00"), utc("2026-04-03T22:00")]
    ),
)
def test_however_time_is_cut_each_slot_is_due_once(
    cuts: list[int], zone: ZoneInfo, programme: Programme, start: datetime
) -> None:
    """Looking often or once gives the same slots, over every change of the clock."""
    moments = [start, *(start + timedelta(minutes=cut) for cut in sorted(cuts))]
    pieces = [
        slot
        for after, until in pairwise(moments)
        for slot in programme.due(after, until, zone, 10_000)
    ]
    assert tuple(pieces) == programme.due(moments[0], moments[-1], zone, 10_000)
    assert len(pieces) == len({wall for wall, _ in pieces})


def test_programmes_that_are_due_together_are_looked_up_once() -> None:
    """Two groups with equal programmes share one answer, however they were made."""
    one, other = (Programme(at="工作日 9:00", tags=(tag,)) for tag in ("读书", "健身"))
    span = (utc("2026-11-01"), utc("2026-11-20"), SHANGHAI, 50)
    assert one.due(*span) is other.due(*span)
