"""`明天 9:00`, `30分钟后`: one moment as people write it; one exact parser."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cron import instant

LIKE = "比如 10:30、明天 9:00、周五 20:00、12月1日 9:00、30分钟后 like 10:30, tomorrow 9:00, in 2h"

_DAYS = {"今天": 0, "今晚": 0, "明天": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3} | {
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
}
_EVENINGS = ("今晚", "明晚", "tonight")
_CHINESE_WEEK = "一二三四五六日"
_ENGLISH_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AHEAD = re.compile(
    r"(?:(?:过|in)\s*)?([0-9]{1,4})\s*(?:个)?\s*(分钟|分|小时|天|min|m|h|d)(?:钟)?\s*(?:之?后|later)?"
)
_NAMED = re.compile("|".join(sorted(_DAYS, key=len, reverse=True)))
_WEEKDAY = re.compile(
    rf"(下)?(?:周|星期|礼拜)([{_CHINESE_WEEK}天])|({'|'.join(_ENGLISH_WEEK)})[a-z]*"
)
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_DAY = re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]?|([0-9]{1,2})[-/]([0-9]{1,2})")
_TIME = re.compile(
    r"(早上|上午|中午|下午|傍晚|晚上)?\s*"
    r"(?:([0-9]{1,2}):([0-9]{2})|([0-9]{1,2})点(?:([0-9]{1,2})分?|(半)|(一刻))?|([0-9]{1,2})(?=\s*[ap]m))"
    r"\s*(am|pm)?"
)
_UNITS = {"分": "minutes", "m": "minutes", "小": "hours", "h": "hours", "天": "days", "d": "days"}
_AFTERNOONS = ("下午", "傍晚", "晚上", "pm")
_NOON = 12


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) that the whole text names, read by the wall of the zone at `now`.

    Without a day it is the next time the clock shows this; with one it may be over already. A wall
    time that a clock change leaves out is the first one after the gap. Raises ValueError.
    """
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if ahead := _AHEAD.fullmatch(words):
        return now + timedelta(**{_UNITS[ahead[2][0]]: int(ahead[1])})
    today = now.astimezone(zone).date()
    day, rest, evening = _day(words, today)
    at = _time(rest.strip(" ,，的"), evening=evening)
    if day is not None:
        return instant(datetime.combine(day, at), zone)
    found = instant(datetime.combine(today, at), zone)
    if found > now:
        return found
    return instant(datetime.combine(today + timedelta(days=1), at), zone)


def _day(words: str, today: date) -> tuple[date | None, str, bool]:
    """The day, what is left, and whether it is the evening that was named."""
    if named := _NAMED.match(words):
        day = today + timedelta(days=_DAYS[named[0]])
        return day, words[named.end() :], named[0] in _EVENINGS
    if dated := _DATE.match(words):
        year, month, number = map(int, dated.groups())
        return _real(year, month, number), words[dated.end() :], False
    if dated := _DAY.match(words):
        month, number = (int(part) for part in dated.groups() if part)
        day = _real(today.year, month, number)
        return (
            (day if day >= today else _real(today.year + 1, month, number)),
            words[dated.end() :],
            False,
        )
    if week := _WEEKDAY.match(words):
        return _weekday(week, today), words[week.end() :], False
    return None, words, False


def _weekday(week: re.Match[str], today: date) -> date:
    """The next such day, today included; with 下 that of the week that begins next Monday."""
    if week[3]:
        wanted = _ENGLISH_WEEK.index(week[3])
    else:
        wanted = _CHINESE_WEEK.index("日" if week[2] == "天" else week[2])
    if week[1]:
        return today + timedelta(days=7 - today.weekday() + wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


def _time(words: str, *, evening: bool) -> time:
    found = _TIME.fullmatch(words)
    if found is None:
        raise _misunderstood()
    part, hour, minute, clock, minutes, half, quarter, bare, side = found.groups()
    hours = int(hour or clock or bare)
    rest = int(minute or minutes or (30 if half else 15 if quarter else 0))
    later = part in _AFTERNOONS or side == "pm" or (evening and hours != 0)
    if later and hours < _NOON:
        hours += _NOON
    elif side == "am" and hours == _NOON:
        hours = 0
    try:
        return time(hours, rest)
    except ValueError:
        raise _misunderstood() from None


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _misunderstood() from None


def _misunderstood() -> ValueError:
    return ValueError(f"看不懂这个时间，{LIKE}")
