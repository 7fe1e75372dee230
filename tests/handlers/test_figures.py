from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from handlers.figures import (
    HOUR,
    Cohort,
    circle,
    cohorts,
    figures,
    newcomers,
    span,
)
from storage.values_of_reports import Came, Heard, Spoke, Turned

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONG_AGO = NOON - 400 * DAY


def piece(at: datetime, seconds: int = HOUR) -> int:
    """The piece of time a moment is in."""
    return int(at.timestamp()) // seconds


@pytest.mark.parametrize(
    ("zone", "seconds"), [("Asia/Shanghai", 3600), ("Asia/Kathmandu", 900), ("Asia/Kolkata", 900)]
)
def test_a_span_begins_at_midnight(zone: str, seconds: int):
    """By the group's clock, in pieces that fit it."""
    where = span(NOON, 7, ZoneInfo(zone))
    local = where.since.astimezone(ZoneInfo(zone))
    today = NOON.astimezone(ZoneInfo(zone)).date()

    assert (0, 0, today - 6 * DAY) == (local.hour, local.minute, local.date())
    assert seconds == where.seconds


def test_days_against_the_same_weekday():
    """Six Fridays with 1 to 6 messages: 3.5 are usual; before anybody listened nothing is."""
    where = span(NOON, 7, SHANGHAI)
    heard = [Heard(piece(NOON - week * WEEK), week) for week in range(1, 7)]
    heard.append(Heard(piece(NOON), 9))
    (*_, today) = figures(heard, {}, LONG_AGO, where).days
    (*_, fresh) = figures(heard, {}, NOON - DAY, where).days

    assert ("11-20", 9, 3.5) == (today.name, today.messages, today.usual)
    assert fresh.usual is None


def test_hours_are_those_of_an_average_day():
    """Fourteen messages at noon in a week are two a day; before it was one every other day."""
    where = span(NOON, 7, SHANGHAI)
    heard = [Heard(piece(NOON), 14)]
    heard += [Heard(piece(NOON - day * DAY), 1) for day in range(8, 49, 2)]
    found = figures(heard, {}, LONG_AGO, where).hours[12]

    assert (2.0, 0.5) == (found.messages, found.usual)


def test_the_three_loudest():
    """Their share is of all messages, those of the forgotten included."""
    where = span(NOON, 7, SHANGHAI)
    speakers = {1: 4, 2: 3, 3: 2, 4: 1}
    found = figures([Heard(piece(NOON), 20)], speakers, LONG_AGO, where)

    assert 0.45 == found.loudest
    assert 0.0 == figures([], {}, None, where).loudest


def test_newcomers_answered_within_a_day():
    """Only those who have been here for so long count; a day and a second is too late."""
    where = span(NOON, 30, SHANGHAI)
    at = NOON - 3 * DAY
    came = [
        Came(1, at, None, at + DAY),
        Came(2, at, None, at + DAY + timedelta(seconds=1)),
        Came(3, at, None, None),
        Came(4, NOON - timedelta(hours=1), None, NOON),
        Came(5, NOON - 40 * DAY, None, None),
    ]
    found = newcomers(came, where)

    assert (4, 3, 1) == (len(found.came), found.due, found.answered)


def test_who_came_back_week_by_week():
    """Of two who came three weeks ago one spoke in the second week after; the third is not over."""
    where = span(NOON, 30, SHANGHAI)
    at = NOON - 3 * WEEK
    came = [Came(1, at, None, None), Came(2, at, None, None)]
    spoke = [Spoke(1, piece(at + timedelta(hours=1))), Spoke(1, piece(at + 15 * DAY))]
    (found,) = cohorts(came, spoke, where)

    monday = datetime(2026, 10, 26, tzinfo=UTC).date()
    assert Cohort(monday, 2, ((2, 0), (2, 1), (0, 0), (0, 0))) == found


@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(1, 9)).filter(
            lambda tie: tie[0] != tie[1]
        ),
        max_size=80,
        unique_by=lambda tie: tie[:2],
    ),
    st.integers(2, 12),
)
def test_a_picture_shows_no_more_than_can_be_seen(found: list[tuple[int, int, int]], most: int):
    """At most so many people, the strongest tie among them, and it is told what is left out."""
    ties = sorted((Turned(*each) for each in found), key=lambda tie: -tie.messages)
    drawn = circle(ties, most)
    people = {who for tie in drawn.ties for who in (tie.from_, tie.to)}
    everybody = {who for tie in ties for who in (tie.from_, tie.to)}

    assert len(people) == drawn.people <= most
    assert len(ties) == len(drawn.ties) + drawn.ties_left_out
    assert len(everybody) == drawn.people + drawn.people_left_out
    assert list(drawn.ties[:1]) == ties[:1]
