from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from topics.moments import moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12:30", "2026-11-20 12:30"),
        ("9:00", "2026-11-21 09:00"),
        ("１２：３０", "2026-11-20 12:30"),
        ("今天 20:00", "2026-11-20 20:00"),
        ("今晚8点", "2026-11-20 20:00"),
        ("明天 9:00", "2026-11-21 09:00"),
        ("明天下午3点半", "2026-11-21 15:30"),
        ("后天上午9点一刻", "2026-11-22 09:15"),
        ("tomorrow 9:30 pm", "2026-11-21 21:30"),
        ("tomorrow 12 am", "2026-11-21 00:00"),
        ("周五 20:00", "2026-11-20 20:00"),
        ("周四 20:00", "2026-11-26 20:00"),
        ("下周一 9点", "2026-11-23 09:00"),
        ("星期天 9:00", "2026-11-22 09:00"),
        ("monday 9:00", "2026-11-23 09:00"),
        ("12月1日 9:00", "2026-12-01 09:00"),
        ("1月2号 9:00", "2027-01-02 09:00"),
        ("2026-12-31 23:59", "2026-12-31 23:59"),
        ("30分钟后", "2026-11-20 12:30"),
        ("2小时后", "2026-11-20 14:00"),
        ("in 2h", "2026-11-20 14:00"),
        ("3天后", "2026-11-23 12:00"),
    ],
)
def test_a_moment(words: str, expected: str):
    """Read by the wall in Shanghai, at noon on a Friday."""
    assert expected == f"{moment(words, NOON, SHANGHAI).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    "words", ["", "明天", "25:00", "9:75", "2月30日 9:00", "有空的时候", "9:00 吧"]
)
def test_what_is_no_moment(words: str):
    """It is said what one looks like."""
    with pytest.raises(ValueError, match="看不懂这个时间，比如 10:30"):
        moment(words, NOON, SHANGHAI)


def test_clock_changes():
    """Where the clock is put forward it is the first moment after the gap; back: the first one."""
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert datetime(2026, 3, 29, 1, 0, tzinfo=UTC) == moment("明天 2:30", before, berlin)
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == moment("明天 2:30", before, berlin)


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
    st.times(),
)
def test_without_a_day_it_is_ahead(now: datetime, at: object):
    """Within a day, on the minute the clock shows."""
    now = now.replace(tzinfo=UTC)
    found = moment(f"{at:%H:%M}", now, SHANGHAI)

    assert now < found <= now + timedelta(days=1)
    assert f"{at:%H:%M}" == f"{found.astimezone(SHANGHAI):%H:%M}"


@given(st.text(max_size=40))
def test_whatever_is_written(words: str):
    """A moment or a sentence, nothing else."""
    with suppress(ValueError):
        assert moment(words, NOON, SHANGHAI).tzinfo is not None
