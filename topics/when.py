"""`工作日 9:00`: the days and hours of a programme as people write them; one exact parser."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from bot.faults import did_you_mean
from topics.calendar import DayKind, day_kind


class Day(StrEnum):
    """The words for days, in the order in which they are written."""

    EVERY = "每天"
    WORKDAY = "工作日"
    RESTDAY = "休息日"
    HOLIDAY = "节假日"
    WEEKEND = "周末"
    MONDAY = "周一"
    TUESDAY = "周二"
    WEDNESDAY = "周三"
    THURSDAY = "周四"
    FRIDAY = "周五"
    SATURDAY = "周六"
    SUNDAY = "周日"


_ORDER = tuple(Day)
_WEEK = _ORDER[_ORDER.index(Day.MONDAY) :]
_SATURDAY = 5

_NAMES = {
    **{str(day): day for day in Day},
    **{f"{prefix}{day[1]}": day for day in _WEEK for prefix in ("星期", "礼拜", "每周")},
    **dict.fromkeys(("周天", "星期天", "礼拜天", "每周天"), Day.SUNDAY),
    **dict.fromkeys(("每日", "天天", "daily", "everyday"), Day.EVERY),
    **dict.fromkeys(("每个工作日", "workday", "workdays", "weekday", "weekdays"), Day.WORKDAY),
    **dict.fromkeys(("restday", "restdays"), Day.RESTDAY),
    **dict.fromkeys(("法定节假日", "假日", "holiday", "holidays"), Day.HOLIDAY),
    **dict.fromkeys(("每周末", "双休日", "weekend", "weekends"), Day.WEEKEND),
    **{
        name[:length]: day
        for day, name in zip(
            _WEEK,
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            strict=True,
        )
        for length in (3, len(name))
    },
}

_SPAN = re.compile(r"\s*(?:到|至|~|-|–|—)\s*")
_BETWEEN = re.compile(r"[\s,、和]+(?:and\s+)?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DIGITS = "0123456789"
_MOST = 20
"""So many groups of days, and so many times a day, may be written."""


class Entry(NamedTuple):
    """Some days, and the times at which something is due on each of them."""

    days: tuple[Day, ...]
    times: tuple[time, ...]

    def __str__(self) -> str:
        """As people write it."""
        times = "、".join(f"{at.hour}:{at.minute:02}" for at in self.times)
        return f"{'、'.join(self.days)} {times}"


@lru_cache(maxsize=256)
def parse(text: str) -> tuple[Entry, ...]:
    """The entries of `工作日 9:00、20:00；周末 10:30`. Raises ValueError, Chinese and English.

    Days and times are sorted, and each is there once; the days of a span are there one by one.
    """
    written = unicodedata.normalize("NFKC", text).casefold().replace("every day", "everyday")
    entries = tuple(_entry(part) for part in written.split(";") if part.strip())
    if not entries:
        raise ValueError(f"要写哪天几点，{_LIKE} days and times are missing")
    if len(entries) > _MOST:
        raise ValueError(f"至多 {_MOST} 组 at most {_MOST} groups of days")
    return entries


def written(entries: tuple[Entry, ...]) -> str:
    """The text that `parse` reads back as these entries."""
    return "；".join(map(str, entries))


def walls(text: str, country: str, oldest: datetime, before: datetime) -> Iterator[datetime]:
    """The times on the wall from `before`, itself left out, back to `oldest`; latest first."""
    entries = parse(text)
    day = before.date()
    while day >= oldest.date():
        times = {at for entry in entries if _fits(entry, day, country) for at in entry.times}
        for at in sorted(times, reverse=True):
            wall = datetime.combine(day, at)
            if oldest <= wall < before:
                yield wall
        if day == date.min:
            return
        day -= timedelta(days=1)


def days_of(text: str) -> frozenset[Day]:
    """All the days that are named."""
    return frozenset(day for entry in parse(text) for day in entry.days)


def _fits(entry: Entry, day: date, country: str) -> bool:
    named = (Day.EVERY, _WEEK[day.weekday()])
    return any(
        each in named or (each not in _WEEK and _is_kind(each, day, country)) for each in entry.days
    )


def _is_kind(word: Day, day: date, country: str) -> bool:
    kind: DayKind = day_kind(day, country)
    match word:
        case Day.WORKDAY:
            return kind.workday
        case Day.RESTDAY:
            return not kind.workday
        case Day.HOLIDAY:
            return kind.holiday
        case Day.WEEKEND:
            return day.weekday() >= _SATURDAY and not kind.workday
    return False


_LIKE = "比如 工作日 9:00、20:00；周末 10:30"


def _entry(text: str) -> Entry:
    """One group of days with its times."""
    words = [word for word in _BETWEEN.split(_SPAN.sub("~", text.strip())) if word]
    first = next((place for place, word in enumerate(words) if word[0] in _DIGITS), len(words))
    days = [day for word in words[:first] for day in _days(word)]
    times = [_time(word) for word in words[first:]]
    if not days:
        raise ValueError(
            f"「{_brief(text)}」前面要写哪天，{_LIKE} the days are missing before the time"
        )
    if not times:
        raise ValueError(
            f"「{_brief(text)}」后面要写几点，{_LIKE} the time is missing after the days"
        )
    if len(set(times)) > _MOST:
        raise ValueError(f"一天至多 {_MOST} 个钟点 at most {_MOST} times a day")
    return Entry(tuple(sorted(set(days), key=_ORDER.index)), tuple(sorted(set(times))))


def _days(word: str) -> list[Day]:
    """The days that a word stands for; of a span in the week, all of them."""
    ends = [_day(end) for end in word.split("~")]
    if len(ends) == 1:
        return ends
    if len(ends) > len(("first", "last")) or not set(ends) <= set(_WEEK):
        raise ValueError(
            f"「{_brief(word)}」只能从周几到周几，如 周一到周五"
            " a span leads from one day of the week to another, like mon-fri"
        )
    first, last = (_WEEK.index(end) for end in ends)
    length = (last - first) % len(_WEEK) + 1
    return [_WEEK[(first + step) % len(_WEEK)] for step in range(length)]


def _day(word: str) -> Day:
    if word in _NAMES:
        return _NAMES[word]
    hint = did_you_mean(word, _NAMES) or f"可以写 {'、'.join(_ORDER)}"
    raise ValueError(f"不认识这种日子「{_brief(word)}」。{hint} these days are not known")


def _time(word: str) -> time:
    found = _TIME.fullmatch(word)
    if found is None and word[0] not in _DIGITS:
        raise ValueError(
            f"钟点后面不能再写「{_brief(word)}」，另一组日子用分号隔开，{_LIKE}"
            " other days with other times come after a semicolon"
        )
    hour, minute = map(int, found.groups()) if found else (24, 0)
    if hour > time.max.hour or minute > time.max.minute:
        raise ValueError(
            f"没有这个钟点「{_brief(word)}」，请写 0:00 到 23:59，如 9:00"
            " no such time: write 0:00 to 23:59"
        )
    return time(hour, minute)


def _brief(text: str) -> str:
    return text.strip()[:30]
