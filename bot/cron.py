"""When times on the wall are due, a cron's or others': pure, exact on days of a clock change.

cronsim reads the fields (crontab(5): weekdays count from Sunday = 0, 7 is Sunday too; where both
day and weekday are restricted either suffices) and walks the times on the wall. Two rules for
clock changes are ours:

* a wall time that does not exist (the clock is put forward) is due at the first instant after the
  gap; of several wall times that come due at the same instant only the latest is a slot;
* a wall time that exists twice (the clock is put back) is one slot, at its first occurrence.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

_FIELDS = {
    "Bad minute": "「分」minute：0–59",
    "Bad hour": "「时」hour：0–23",
    "Bad day-of-month": "「日」day：1–31，且那个月有这一天 that the month has",
    "Bad month": "「月」month：1–12, jan–dec",
    "Bad day-of-week": "「周」weekday：0–7, sun–sat",
}
_A_LEAP_DAY = datetime(2028, 12, 31)  # noqa: DTZ001 - a time on the wall, as all here


def check(text: str) -> None:
    """Refuse a cron that cannot be read or never comes due (ValueError, Chinese and English)."""
    fields = dict(zip(_FIELDS, text.split(), strict=False))
    if len(text.split()) != len(_FIELDS):
        raise ValueError(
            f"cron 要写五段：分 时 日 月 周，这里有 {len(text.split())} 段 "
            "a cron has five fields: minute hour day month weekday"
        )
    try:
        next(CronSim(text, _A_LEAP_DAY, reverse=True))
    except CronSimError as error:
        wrong = str(error)
        raise ValueError(
            f"cron 的这一段看不懂「{fields.get(wrong, text)[:40]}」 "
            f"this field of the cron cannot be read: {_FIELDS.get(wrong, wrong)}"
        ) from None
    except StopIteration:
        raise ValueError("这个 cron 永远不会到点 this cron never comes due") from None


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a wall time is: its first occurrence, or the end of the gap it falls in; in UTC."""
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


Walls = Callable[[datetime, datetime], Iterator[datetime]]
"""Times on the wall from the second moment, itself left out, back to the first; latest first."""


def walls(text: str, oldest: datetime, before: datetime) -> Iterator[datetime]:
    """The times on the wall of a cron that has passed `check`, as `Walls` gives them."""
    return takewhile(lambda wall: wall >= oldest, CronSim(text, before, reverse=True))


def due(
    walls: Walls, zone: ZoneInfo, after: datetime, until: datetime, most: int
) -> tuple[tuple[datetime, datetime], ...]:
    """Wall time and instant of the slots later than `after`, not later than `until`.

    Oldest first; the latest `most` of them where there are more.
    """
    found = tuple(islice(_newest_first(walls, zone, after, until), most))
    return found[::-1]


def jumped(walls: Walls, at: datetime, old: ZoneInfo, new: ZoneInfo) -> tuple[datetime, ...]:
    """The latest wall time of a slot that is jumped over when, at that moment, the zone changes.

    Later than the time on the old wall, not later than that on the new one; none if it goes back.
    """
    before, after = (at.astimezone(zone).replace(tzinfo=None) for zone in (old, new))
    passed = walls(before, after.replace(microsecond=0) + timedelta(seconds=1))
    return tuple(wall for wall in islice(passed, 1) if before < wall <= after)


def _newest_first(
    walls: Walls, zone: ZoneInfo, after: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    # While an hour is repeated, wall times ahead of the present one have been due already.
    oldest, newest = (moment.astimezone(zone).replace(tzinfo=None) for moment in (after, until))
    before = (until - timedelta(days=1)).astimezone(zone).utcoffset() or timedelta(0)
    newest = max(newest, (until + before).replace(tzinfo=None))
    # A tick beyond: what is asked for lies strictly before.
    beyond = newest.replace(microsecond=0) + timedelta(seconds=1)
    previous = None
    for wall in walls(oldest, beyond):
        moment = instant(wall, zone)
        if moment <= after:
            return
        if moment <= until and moment != previous:
            yield wall, moment
            previous = moment
