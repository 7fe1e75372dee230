"""How talkative a group usually is at this time of the week, and how the present compares."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cron import instant
from topics.liveliness import HoldBack, OnSilence

WEEKS = 6
"""So many weeks are looked back at."""
LEAST_WEEKS = 2
"""Below that nothing is usual yet."""
LEAST_MESSAGES = 4
"""A group that usually says less than this in the time looked at is not silent: it rests."""

_STEP = timedelta(minutes=30)
_WEEK = timedelta(days=7)
_PERCENT = 100
_EACH = 2
"""Before it is a conversation, people have said so much each."""

Span = tuple[datetime, datetime]


def spans(now: datetime, length: timedelta, zone: ZoneInfo) -> tuple[Span, ...]:
    """The same time of the week in the weeks before, the latest first; in UTC.

    By the clock on the wall, whatever was done to it since. `now` is taken to the last half hour,
    so that what was counted serves for as long.
    """
    wall = now.astimezone(zone).replace(tzinfo=None)
    wall -= (wall - datetime.min) % _STEP  # noqa: DTZ901 - a time on the wall
    ends = [instant(wall - _WEEK * week, zone) for week in range(1, WEEKS + 1)]
    return tuple((end - length, end) for end in ends)


def usual(counts: Sequence[int]) -> float | None:
    """The median of the counts of the weeks in which somebody listened; None if too few."""
    if len(counts) < LEAST_WEEKS:
        return None
    ordered = sorted(counts)
    half = len(ordered) // 2
    return (ordered[half] + ordered[-half - 1]) / 2


def is_quiet(messages: int, usually: float | None, settings: OnSilence) -> bool:
    """Whether so few messages are a silence here; never while nothing is usual yet."""
    if usually is None or usually < LEAST_MESSAGES:
        return False
    return messages * _PERCENT < usually * settings.below


def is_lively(messages: int, speakers: int, usually: float | None, settings: HoldBack) -> bool:
    """Whether this is a conversation that is better not interrupted.

    `usually` is for a time as long as `within`; while it is not known, the speakers decide.
    """
    if speakers < settings.speakers or messages < settings.speakers * _EACH:
        return False
    return messages * _PERCENT >= (usually or 0) * settings.above
