from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.season import HOLIDAYS, SEASONS, in_season, lasts_long, part, part_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("冬天", "冬"),
        ("Winter", "冬"),
        ("中秋节", "中秋"),
        ("五一", "劳动节"),
        ("3", "3月"),
        ("03月", "3月"),
        ("11月-2月", "11月~2月"),
        ("11月 至 2月", "11月~2月"),
        ("10-24", "10月24日"),
        ("10月24日", "10月24日"),
        ("10-20～11-02", "10月20日~11月2日"),
        ("2月29日", "2月29日"),
        ("2026/2/10", "2026-02-10"),
        ("2026年2月10日到2026年2月24日", "2026-02-10~2026-02-24"),
        ("2026-10-24 00:00:00", "2026-10-24"),
    ],
)
def test_as_people_write_it(written: str, expected: str):
    """Seasons, months, days, dates and holidays, in the one way that we write them."""
    assert expected == part(written)
    assert expected == part(expected)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "13月",
        "0",
        "2月30日",
        "2026-02-30",
        "3月~10月5日",
        "2026-03-01~2026-02-01",
        "圣诞",
        "1~2~3",
    ],
)
def test_what_it_cannot_be(written: str):
    """Anything else is refused, with the ways it can be written."""
    with pytest.raises(ValueError, match="10月24日"):
        part(written)


@pytest.mark.parametrize(
    ("season", "day", "expected"),
    [
        ((), date(2026, 5, 1), True),
        (("冬",), date(2027, 1, 31), True),
        (("冬",), date(2027, 3, 1), False),
        (("夏",), date(2026, 8, 31), True),
        (("11月~2月",), date(2026, 12, 1), True),
        (("11月~2月",), date(2026, 10, 31), False),
        (("10月24日",), date(2031, 10, 24), True),
        (("10月24日",), date(2031, 10, 25), False),
        (("12月30日~1月2日",), date(2027, 1, 1), True),
        (("12月30日~1月2日",), date(2027, 1, 3), False),
        (("2026-02-10~2026-02-24",), date(2026, 2, 24), True),
        (("2026-02-10~2026-02-24",), date(2027, 2, 12), False),
        (("夏", "1月"), date(2027, 1, 5), True),
        (("中秋",), date(2026, 9, 25), False),
    ],
)
def test_days_that_fit(season: tuple[str, ...], day: date, expected: bool):  # noqa: FBT001
    """One part that holds the day is enough; the end of the year is no end; none is always."""
    assert expected is in_season(season, day)


def test_holidays_are_told():
    """Holidays move, so that whoever asks says which of them the day belongs to."""
    day = date(2026, 9, 25)

    assert in_season(("中秋",), day, {"中秋"})
    assert not in_season(("国庆",), day, {"中秋"})


DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@given(DAYS, st.integers(0, 200))
def test_a_span_holds_what_lies_in_it(first: date, days: int):
    """Written as a date or as a day of each year, a span holds its ends and nothing beside them."""
    last = first + timedelta(days)
    span = part(f"{first}~{last}")
    yearly = part(f"{first:%m-%d}~{last:%m-%d}")

    for day in (first, first + timedelta(days // 2), last):
        assert in_season((span,), day)
        assert in_season((yearly,), day)
    assert not in_season((span,), first - timedelta(1))
    assert not in_season((span, yearly), last + timedelta(1))


@given(DAYS)
def test_every_day_has_its_season(day: date):
    """The four seasons share the year among them."""
    assert 1 == sum(in_season((season,), day) for season in SEASONS)


@given(st.text(max_size=12))
def test_whatever_is_written(words: str):
    """It is understood, and then understood again the same way, or it is refused."""
    try:
        understood = part(words)
    except ValueError:
        return
    assert understood == part(understood)
    assert isinstance(in_season((understood,), date(2026, 1, 1), HOLIDAYS), bool)


def test_which_part_a_day_belongs_to():
    """The first of them, whole seasons and months lasting long; none is none."""
    day = date(2026, 12, 24)

    assert "冬" == part_of(("夏", "冬", "12月24日"), day)
    assert "中秋" == part_of(("中秋",), day, {"中秋"})
    assert part_of(("夏",), day) is None
    assert part_of((), day) is None
    assert [True, True, False, False, False] == [
        lasts_long(each) for each in ("冬", "11月~2月", "12月24日", "2026-02-10~2026-02-24", "中秋")
    ]
