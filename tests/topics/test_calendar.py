"""Tests of topics/calendar.py: workdays, days off and festivals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.calendar import check, day_kind, is_known
from topics.season import HOLIDAYS


def day(text: str) -> date:
    """A date of 2026 as 10-01, or a whole one."""
    return date.fromisoformat(text if len(text) > len("10-01") else f"2026-{text}")


@pytest.mark.parametrize(
    ("text", "workday", "holiday"),
    [
        ("11-20", True, False),  # an ordinary Friday
        ("11-21", False, False),  # an ordinary Saturday
        ("02-14", True, False),  # a Saturday that is worked for the Spring Festival
        ("10-10", True, False),  # … and one for the National Day
        ("02-20", False, True),  # a Friday off instead
        ("02-21", False, True),  # the Saturday in the middle of the break
        ("10-01", False, True),
        ("10-08", True, False),  # the first day after the break
        ("04-04", False, True),  # the Saturday before Tomb-Sweeping Day on Sunday
    ],
)
def test_days_of_china(text: str, *, workday: bool, holiday: bool) -> None:
    """The decree of the year counts: weekends that are worked, and days off instead."""
    kind = day_kind(day(text))
    assert (workday, holiday, True) == (kind.workday, kind.holiday, kind.known)


@pytest.mark.parametrize(
    ("text", "festivals"),
    [
        ("11-20", set()),
        ("09-24", {"中秋"}),  # the eve is a workday
        ("09-25", {"中秋"}),
        ("09-27", {"中秋"}),  # the weekend that the festival joins
        ("09-28", set()),
        ("02-16", {"春节"}),  # 除夕
        ("02-23", {"春节"}),
        ("2025-10-05", {"国庆", "中秋"}),  # within the one, on the eve of the other
        ("2025-12-31", {"元旦"}),
        ("05-05", {"劳动节"}),
        ("04-06", {"清明"}),
        ("06-18", {"端午"}),
        ("2028-01-26", {"春节"}),
    ],
)
def test_festivals(text: str, festivals: set[str]) -> None:
    """A festival is its eve, its days, and the days off that go with them."""
    assert festivals == day_kind(day(text)).holidays


def test_festivals_are_chinese_everywhere() -> None:
    """Topics for the Mid-Autumn Festival fit a group in Germany too; it is no holiday there."""
    kind = day_kind(day("09-25"), "DE")
    assert (frozenset({"中秋"}), True, False) == (kind.holidays, kind.workday, kind.holiday)


def test_holidays_of_other_countries() -> None:
    """The day of German unity is one in Germany; its Saturday is no workday anyway."""
    assert (False, True) == (day_kind(day("12-25"), "DE").workday, day_kind(day("10-03")).holiday)
    assert day_kind(day("12-25")).workday


def test_a_year_that_was_not_decreed_yet() -> None:
    """The days of the law are off, all other weekdays are workdays, and it is said."""
    new_year, ordinary, weekend = (
        day_kind(day(f"2040-{text}")) for text in ("01-01", "11-20", "11-24")
    )
    assert (False, False) == (new_year.workday, new_year.known)
    assert (True, False) == (ordinary.workday, weekend.workday)


@pytest.mark.parametrize(
    ("year", "country", "known"),
    [(2026, "CN", True), (2090, "CN", False), (2090, "DE", True), (2101, "DE", False)],
)
def test_known_years(year: int, country: str, *, known: bool) -> None:
    """Where no days are moved by decree, the law is enough."""
    assert known == is_known(year, country)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_every_day_is_of_a_kind(any_day: date) -> None:
    """Nobody works on a holiday, and only our own words for festivals are used."""
    kind = day_kind(any_day)
    assert not (kind.workday and kind.holiday)
    assert kind.holidays <= {*HOLIDAYS}


@given(st.dates(date(2015, 1, 1), date(2026, 12, 1)))
def test_nobody_works_three_weeks_without_a_day_off(any_day: date) -> None:
    """Nor is anybody off for three: the calendar is one that people could live by."""
    kinds = {day_kind(any_day + timedelta(days=number)).workday for number in range(21)}
    assert {True, False} == kinds


def test_unknown_countries() -> None:
    """A country whose holidays nobody knows is refused."""
    check("CN")
    check("SG")
    with pytest.raises(ValueError, match="不认识这个国家"):
        check("XX")
