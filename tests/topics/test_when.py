"""Tests of topics/when.py: days and hours as people write them."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.calendar import day_kind
from topics.when import Day, Entry, parse, walls, written

_WEEK = [*Day][-7:]

entries = st.lists(
    st.builds(
        Entry,
        st.sets(st.sampled_from(Day), min_size=1).map(
            lambda days: tuple(sorted(days, key=[*Day].index))
        ),
        st.sets(
            st.builds(time, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=20
        ).map(lambda times: tuple(sorted(times))),
    ),
    min_size=1,
    max_size=4,
).map(tuple)


@given(entries)
def test_what_is_written_is_read_back(some: tuple[Entry, ...]) -> None:
    """Whatever days and times: written out and read again they are the same."""
    assert some == parse(written(some))


@given(
    st.text(
        st.sampled_from("每天工作日周一二末节假 到至~-0123456789:：、，,;；和and \n"), max_size=30
    )
)
def test_nothing_but_a_value_error(text: str) -> None:
    """What cannot be read is refused in words; what can is stable."""
    with suppress(ValueError):
        some = parse(text)
        assert some == parse(written(some))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工作日 9:00", "工作日 9:00"),
        ("每天9:00", None),
        ("每天 09：05", "每天 9:05"),
        ("周一、周三、周五 20:30", "周一、周三、周五 20:30"),
        ("weekdays 9:00", "工作日 9:00"),
        ("Mon, Wed 20:30", "周一、周三 20:30"),
        ("mon and wed 20:30", "周一、周三 20:30"),
        ("every day 8:00", "每天 8:00"),
        ("节假日 10:00", "节假日 10:00"),
        ("周末 10:00", "周末 10:00"),
        ("工作日 20:00，9:00、9:00", "工作日 9:00、20:00"),
        ("星期二和礼拜天 7:00", "周二、周日 7:00"),
        ("周五到周一 7:00", "周一、周五、周六、周日 7:00"),
        ("mon-wed 7:00", "周一、周二、周三 7:00"),
        ("工作日 9:00；周末 10:30", "工作日 9:00；周末 10:30"),
        ("工作日 9:00; 周末 10:30;", "工作日 9:00；周末 10:30"),
    ],
)
def test_ways_to_write(text: str, expected: str | None) -> None:
    """Chinese and English, wide and narrow signs; a gap between days and hours is needed."""
    if expected is None:
        with pytest.raises(ValueError, match="不认识"):
            parse(text)
    else:
        assert expected == written(parse(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "要写哪天几点"),
        ("9:00", "前面要写哪天"),
        ("工作日", "后面要写几点"),
        ("周一 9:00 周三 10:00", "另一组日子用分号隔开"),
        ("工作曰 9:00", "你是想写 工作日 吗"),
        ("春天 9:00", "不认识这种日子「春天」"),
        ("每天 25:00", "没有这个钟点「25:00」"),
        ("每天 9点", "没有这个钟点「9点」，请写 0:00 到 23:59"),
        ("每天 9:60", "没有这个钟点"),
        ("工作日到周五 9:00", "只能从周几到周几"),
        ("周一~周二~周三 9:00", "只能从周几到周几"),
        (";".join(["每天 9:00"] * 21), "至多 20 组"),
        ("每天 " + "、".join(f"9:{minute:02}" for minute in range(21)), "至多 20 个钟点"),
    ],
)
def test_what_is_wrong(text: str, said: str) -> None:
    """The error says what is wrong and what can be written, in Chinese and in English."""
    with pytest.raises(ValueError, match=r"[a-z]") as refused:
        parse(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("工作日 9:00", ["02-14", "02-24", "02-25", "02-26", "02-27", "02-28"]),
        ("周末 9:00", ["02-15", "02-21", "02-22"]),  # the worked Saturdays are none
        ("休息日 9:00", [f"02-{day}" for day in range(15, 24)]),
        ("节假日 9:00", [f"02-{day}" for day in range(15, 24)]),
        ("周六 9:00", ["02-14", "02-21", "02-28"]),
        ("周六、工作日 9:00", ["02-14", "02-21", "02-24", "02-25", "02-26", "02-27", "02-28"]),
    ],
)
def test_days(text: str, days: list[str]) -> None:
    """Around the Spring Festival of 2026, by the public calendar."""
    found = walls(text, "CN", datetime(2026, 2, 14), datetime(2026, 3, 1))  # noqa: DTZ001
    assert days == [f"{wall:%m-%d}" for wall in found][::-1]


@given(
    some=entries,
    start=st.dates(date(2024, 1, 1), date(2027, 12, 1)),
    minutes=st.integers(0, 10 * 24 * 60),
)
def test_walls_agree_with_somebody_who_asks_for_each_day(
    some: tuple[Entry, ...], start: date, minutes: int
) -> None:
    """Each time of each day that fits, once, the latest first, within the bounds."""
    oldest = datetime.combine(start, time(7, 30))
    before = oldest + timedelta(minutes=minutes)
    expected = set()
    for number in range(12):
        day = start + timedelta(days=number)
        kind = day_kind(day)
        is_of = {
            Day.EVERY: True,
            Day.WORKDAY: kind.workday,
            Day.RESTDAY: not kind.workday,
            Day.HOLIDAY: kind.holiday,
            Day.WEEKEND: day.isoweekday() > 5 and not kind.workday,
            _WEEK[day.weekday()]: True,
        }
        for entry in some:
            if any(is_of.get(each, False) for each in entry.days):
                expected |= {datetime.combine(day, at) for at in entry.times}
    found = list(walls(written(some), "CN", oldest, before))
    assert sorted((one for one in expected if oldest <= one < before), reverse=True) == found
