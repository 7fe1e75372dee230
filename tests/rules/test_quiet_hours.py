from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import said
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.events import Kind
from rules.base import Finding, Past
from rules.quiet_hours import QuietHours
from rules.sheaf import Sheaf

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAST = Past(zone=SHANGHAI)


def quiet(start: str, end: str, **over: Any) -> QuietHours:
    """The rule from one wall time to another."""
    written = {"reason": "夜里让大家睡个好觉", "from": start, "to": end}
    return QuietHours.model_validate(written | over)


def found(rule: QuietHours, wall: str, past: Past = PAST) -> bool:
    """Whether speaking at this wall time of Shanghai is found; the 20th is a Friday."""
    at = datetime.fromisoformat(f"2026-11-{wall}").replace(tzinfo=SHANGHAI)
    return rule.judge(said("有人吗", at=at.astimezone(UTC)), past) is not None


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        *(("20T22:59", False), ("20T23:00", True), ("20T23:59", True)),
        *(("21T00:00", True), ("21T06:59", True), ("21T07:00", False), ("21T12:00", False)),
    ],
)
def test_over_midnight(wall: str, expected: bool):  # noqa: FBT001
    """From the first minute to before the last, by the clock of the group."""
    assert expected == found(quiet("23:00", "07:00"), wall)


@pytest.mark.parametrize(
    ("wall", "expected"), [("20T11:59", False), ("20T12:00", True), ("20T14:00", False)]
)
def test_within_a_day(wall: str, expected: bool):  # noqa: FBT001
    """A rest at noon is possible as well."""
    assert expected == found(quiet("12:00", "14:00"), wall)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        *(("19T23:30", True), ("20T06:00", True), ("20T23:30", False), ("21T06:00", False)),
        *(("22T23:30", True), ("23T06:00", True)),
    ],
)
def test_weekdays(wall: str, expected: bool):  # noqa: FBT001
    """Sunday to Thursday: a night belongs to the day on which it begins."""
    assert expected == found(quiet("23:00", "07:00", weekdays=[7, 1, 2, 3, 4]), wall)


def test_the_zone_of_the_group():
    """Midnight in Shanghai is the afternoon in London."""
    assert not found(quiet("23:00", "07:00"), "20T23:30", Past(zone=ZoneInfo("Europe/London")))


def test_the_finding():
    """It says when, in the group's own time; the whole message is it."""
    at = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    finding = quiet("23:00", "07:00").judge(said("有人吗", at=at), PAST)

    detail = "23:30 发言，23:00–07:00 安静 spoke at 23:30, quiet 23:00–07:00"
    assert Finding("quiet_hours", (0, 0), detail) == finding


@pytest.mark.parametrize("kind", [Kind.RECALLED, Kind.GROUP_NOTE, Kind.UNKNOWN])
def test_what_nobody_wrote(kind: Kind):
    """Notices of the platform and recalls are no offence."""
    at = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)

    assert quiet("23:00", "07:00").judge(said("", at=at, kind=kind), PAST) is None


@pytest.mark.parametrize(("start", "end", "hours"), [("23:00", "07:00", 8), ("12:00", "14:00", 2)])
def test_one_reminder_a_night(start: str, end: str, hours: int):
    """The cool-down is as long as the quiet."""
    assert timedelta(hours=hours) == quiet(start, end).cooldown


@pytest.mark.parametrize(
    "wrong",
    [{"from": "23:00", "to": "23:00"}, {"from": "24:00"}, {"weekdays": [0]}, {"weekdays": []}],
)
def test_settings_are_held_to_sense(wrong: dict[str, Any]):
    """No time at all, no such time and no such day are refused."""
    with pytest.raises(ValueError):
        QuietHours.model_validate(
            {"reason": "夜里让大家睡个好觉", "from": "23:00", "to": "07:00"} | wrong
        )


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 24 * 60 - 1))
def test_quiet_and_awake_make_a_day(start: int, end: int, minute: int):
    """At every minute exactly one of “from a to b” and “from b to a” is quiet."""
    if start == end:
        return
    at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=minute)
    rules = [quiet(f"{a:02}:00", f"{b:02}:00") for a, b in ((start, end), (end, start))]

    assert 1 == sum(rule.judge(said("有人吗", at=at), PAST) is not None for rule in rules)


_ZONES = ("Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu", "Africa/Casablanca")
_BEFORE = datetime(2026, 10, 24, tzinfo=UTC)
"""A day before clocks are changed in Europe."""
_MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60)))


@given(
    st.sampled_from(_ZONES).map(ZoneInfo),
    st.integers(0, 48 * 3600).map(lambda seconds: _BEFORE + timedelta(seconds=seconds)),
    st.lists(st.integers(0, 2000), min_size=1, max_size=5),
    st.tuples(_MINUTES, _MINUTES),
    st.lists(st.integers(1, 7), min_size=1, max_size=7),
)
def test_many_at_once(
    zone: ZoneInfo, first: datetime, after: list[int], ends: tuple[time, time], days: list[int]
):
    """Who spoke while the group slept may be found, also in a night in which clocks are changed."""
    assume(ends[0] != ends[1])
    rule = QuietHours(reason="夜里休息", start=ends[0], end=ends[1], weekdays=tuple(days))
    messages = [said("早", at=first + timedelta(seconds=each)) for each in after]
    asleep = {n for n, each in enumerate(messages) if rule.judge(each, Past(zone=zone))}

    assert asleep <= set(rule.may_find(Sheaf(messages, zone)))
