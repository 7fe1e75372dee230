"""Which days are workdays and which are holidays, by the public calendar of a country.

The library `holidays` knows them (docs/adr/0012-holidays.md). It is imported when the first day is
asked for, because that takes longer than all else of Weilu's start.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from holidays import HolidayBase

CHINA = "CN"

_WORDS = {
    "元旦": "元旦",
    "除夕": "春节",
    "春节": "春节",
    "清明": "清明",
    "劳动节": "劳动节",
    "端午": "端午",
    "中秋": "中秋",
    "国庆": "国庆",
}
"""What stands in the library's names, and the words of `topics.season.HOLIDAYS`."""

_DAY = timedelta(days=1)
_LONGEST_BREAK = 20
"""A break that seems to last longer is looked at so many days in each direction."""


class DayKind(NamedTuple):
    """What the calendar says of a day."""

    workday: bool
    """Whether people work: weekends that were made workdays (调休) are, holidays are not."""
    holiday: bool
    """Whether it is a public holiday, or a day off that joins one."""
    holidays: frozenset[str]
    """The Chinese festivals it belongs to, in the words of `topics.season.HOLIDAYS`, whatever the
    country: the day before, the days themselves, and the days off that go with them."""
    known: bool
    """Whether it has been decreed which days of the year are off. Until then these are the days
    of the law, and all other weekdays are workdays."""


@lru_cache(maxsize=4096)
def day_kind(day: date, country: str = CHINA) -> DayKind:
    """What kind of day this is in a country that `check` lets pass."""
    calendar = _calendar(country, day.year)
    return DayKind(
        workday=_works(day, country),
        holiday=any(each in calendar for each in _break(day, country)),
        holidays=_festivals(day),
        known=is_known(day.year, country),
    )


@lru_cache(maxsize=256)
def is_known(year: int, country: str = CHINA) -> bool:
    """Whether the library knows all days off of a year.

    Where the government moves days, it publishes each year's late in the year before.
    """
    calendar = _calendar(country, year)
    if not calendar.has_substituted_holidays:
        return bool(calendar.start_year <= year <= calendar.end_year)
    published: dict[int, object] = getattr(calendar, "special_public_holidays", {})
    return year <= max(published, default=year)


def check(country: str) -> None:
    """Refuse a country whose holidays nobody knows (ValueError, Chinese and English)."""
    if country == CHINA:
        return
    from holidays import list_supported_countries

    if country not in list_supported_countries():
        raise ValueError(
            "不认识这个国家的公共假日；请写 ISO 3166 的两个大写字母，如 CN、SG、DE"
            " the public holidays of this country are not known; write two capitals of ISO 3166"
        )


def _festivals(day: date) -> frozenset[str]:
    own = _names(day)
    if not own and not _works(day, CHINA):
        own = next(filter(None, map(_names, _break(day, CHINA))), own)
    return own | _names(day + _DAY)


def _break(day: date, country: str) -> Iterator[date]:
    """The days off without a workday in between: those before it, the latest first, then later."""
    for step in (-_DAY, _DAY):
        each = day
        for _ in range(_LONGEST_BREAK):
            if _works(each, country):
                break
            yield each
            each += step


def _names(day: date) -> frozenset[str]:
    """The festivals that a day off is named after."""
    name = _calendar(CHINA, day.year).get(day) or ""
    return frozenset(word for part, word in _WORDS.items() if part in name)


def _works(day: date, country: str) -> bool:
    return _calendar(country, day.year).is_working_day(day)


@lru_cache(maxsize=64)
def _calendar(country: str, year: int) -> "HolidayBase":
    from holidays import country_holidays

    # The year after as well: it may move a day off out of this one.
    return country_holidays(
        country,
        years=(year, year + 1),
        expand=False,
        language="zh_CN" if country == CHINA else None,
    )
