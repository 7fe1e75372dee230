"""When a programme is due: its cron or its days and hours, without the days that do not fit."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot import cron
from topics import when
from topics.calendar import day_kind
from topics.season import in_season

Slot = tuple[datetime, datetime]
"""A time on the wall, and the instant (UTC) that it is."""


class Days(StrEnum):
    """The kinds of days a programme may be restricted to."""

    EVERY = "every"
    WORKDAYS = "workdays"
    RESTDAYS = "restdays"
    HOLIDAYS = "holidays"


class Timing(NamedTuple):
    """What decides when a programme is due; `cron` and `at` have been checked."""

    cron: str | None
    at: str | None
    days: Days
    quiet_days: tuple[str, ...]
    country: str


_OFF = {when.Day.RESTDAY, when.Day.HOLIDAY, when.Day.WEEKEND}
_NEVER = {
    Days.WORKDAYS: _OFF,
    Days.RESTDAYS: {when.Day.WORKDAY},
    Days.HOLIDAYS: {when.Day.WORKDAY},
}
"""The days that no day of a kind can be."""
_LEAP_YEAR = date(2028, 1, 1)


def check(timing: Timing) -> None:
    """Refuse what never comes due because of its days (ValueError, Chinese and English)."""
    if timing.at is not None and when.days_of(timing.at) <= _NEVER.get(timing.days, frozenset()):
        raise ValueError(
            f"at 写的日子都不是 days 要的 {timing.days}，永远不会到点"
            " this never comes due: no day of “at” is one of “days”"
        )
    year = (_LEAP_YEAR + timedelta(days=number) for number in range(366))
    if timing.quiet_days and all(in_season(timing.quiet_days, day) for day in year):
        raise ValueError(
            "quiet_days 占了整年，永远不会到点 this never comes due: every day is a quiet one"
        )


@lru_cache(maxsize=256)  # many groups share one programme, and are asked about together
def due(
    timing: Timing, zone: ZoneInfo, after: datetime, until: datetime, most: int
) -> tuple[Slot, ...]:
    """The slots later than `after`, not later than `until`; oldest first, the latest `most`."""
    return cron.due(_Walls(timing), zone, after, until, most)


def jumped(timing: Timing, at: datetime, old: ZoneInfo, new: ZoneInfo) -> tuple[datetime, ...]:
    """The latest wall time of a slot that is jumped over when, at that moment, the zone changes."""
    return cron.jumped(_Walls(timing), at, old, new)


def fits(timing: Timing, day: date) -> bool:
    """Whether a programme may be due on a day at all."""
    if timing.days is Days.EVERY and not timing.quiet_days:
        return True
    kind = day_kind(day, timing.country)
    if timing.quiet_days and in_season(timing.quiet_days, day, kind.holidays):
        return False
    match timing.days:
        case Days.WORKDAYS:
            return kind.workday
        case Days.RESTDAYS:
            return not kind.workday
        case Days.HOLIDAYS:
            return kind.holiday
        case _:
            return True


class _Walls:
    """The times on the wall at which a programme would be due."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing

    def __call__(self, oldest: datetime, before: datetime) -> Iterator[datetime]:
        """From `before`, itself left out, back to `oldest`."""
        timing = self._timing
        if timing.cron is not None:
            walls = cron.walls(timing.cron, oldest, before)
        elif timing.at is not None:
            walls = when.walls(timing.at, timing.country, oldest, before)
        else:
            return
        yield from (wall for wall in walls if fits(timing, wall.date()))
