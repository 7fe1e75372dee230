"""When in the year a topic belongs: seasons, months, days, dates and holidays."""

import re
from collections.abc import Collection, Iterable
from datetime import date

SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 2)}
"""The first and the last month of each."""

HOLIDAYS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
"""What moves with the moon or is moved by decree: whoever asks `in_season` says when they are."""

_ENGLISH = {"spring": "春", "summer": "夏", "autumn": "秋", "winter": "冬"}
_LONG = {"春天": "春", "夏天": "夏", "秋天": "秋", "冬天": "冬"} | {
    "春季": "春",
    "夏季": "夏",
    "秋季": "秋",
    "冬季": "冬",
}
_SHORT = {"清明节": "清明", "端午节": "端午", "中秋节": "中秋", "国庆节": "国庆", "五一": "劳动节"}
_NAMES = _ENGLISH | _LONG | _SHORT | {name: name for name in (*SEASONS, *HOLIDAYS)}

_BETWEEN = re.compile(r"\s*(?:[~～〜至到]|(?<=[月日])[-–—]+)\s*")
_MONTH = re.compile(r"(\d{1,2})月?")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日|(\d{2})-(\d{2})")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_LEAP = 2024
"""Days of the year are checked in a leap year, so that 29 February is one."""

_Point = tuple[int, ...]
"""A month, a month and a day, or a year, a month and a day."""


def part(words: str) -> str:
    """A part of the year as we write it, from any way to write it. Raises ValueError.

    `冬`, `12月`, `11月~2月`, `10月24日`, `10月20日~11月2日`, `2026-02-10~2026-02-24`, `中秋`.
    """
    words = words.strip()
    if name := _NAMES.get(words.casefold()):
        return name
    ends = [_point(end) for end in _BETWEEN.split(words, maxsplit=1)]
    dates = len(ends[0]) == len(("year", "month", "day"))
    if len({len(end) for end in ends}) > 1 or (dates and ends[-1] < ends[0]):
        raise _misunderstood(words)
    return "~".join(_written(end) for end in ends)


def in_season(season: Iterable[str], day: date, holidays: Collection[str] = ()) -> bool:
    """Whether a topic with these parts of the year (as `part` gives them) fits a day.

    Without any it always does. `holidays` are those of HOLIDAYS that the day belongs to.
    """
    parts = tuple(season)
    return not parts or part_of(parts, day, holidays) is not None


def part_of(season: Iterable[str], day: date, holidays: Collection[str] = ()) -> str | None:
    """The first of these parts of the year that a day belongs to, None if it belongs to none."""
    return next((each for each in season if each in holidays or _holds(each, day)), None)


def lasts_long(each: str) -> bool:
    """Whether a part of the year lasts for months: a season or whole months, no days."""
    return each not in HOLIDAYS and len(_span(each)[0]) == 1


def _holds(each: str, day: date) -> bool:
    if each in HOLIDAYS:
        return False
    begin, end = _span(each)
    if len(begin) == len(("year", "month", "day")):
        return begin <= (day.year, day.month, day.day) <= end
    now = (day.month, day.day)[: len(begin)]
    return begin <= now <= end if begin <= end else now >= begin or now <= end


def _span(each: str) -> tuple[_Point, _Point]:
    if each in SEASONS:
        first, last = SEASONS[each]
        return (first,), (last,)
    ends = [_point(end) for end in each.split("~")]
    return ends[0], ends[-1]


def _point(words: str) -> _Point:
    for pattern in (_DATE, _DAY, _MONTH):
        if found := pattern.fullmatch(words):
            point = tuple(int(number) for number in found.groups() if number)
            if _exists(point):
                return point
    raise _misunderstood(words)


def _exists(point: _Point) -> bool:
    try:
        date(*((_LEAP, *point, 1)[:3] if len(point) < len(("y", "m", "d")) else point))
    except ValueError:
        return False
    return True


def _written(point: _Point) -> str:
    match point:
        case (month,):
            return f"{month}月"
        case (month, day):
            return f"{month}月{day}日"
        case (year, month, day):
            return f"{year:04}-{month:02}-{day:02}"
    raise AssertionError(point)


def _misunderstood(words: str) -> ValueError:
    return ValueError(
        f"看不懂这个时令：{words[:30]}。可以写 冬、12月、11月~2月、10月24日、10月20日~11月2日、"
        f"2026-02-10~2026-02-24、{'、'.join(HOLIDAYS)}"
        " this is no season we know; write it like one of these"
    )
