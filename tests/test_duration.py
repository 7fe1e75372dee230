from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.duration import parse, show


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("10 分钟", timedelta(minutes=10)),
        ("1h30m", timedelta(minutes=90)),
        ("2 小时", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        (" 7天 ", timedelta(days=7)),
    ],
)
def test_as_people_write_it(text: str, expected: timedelta):
    """Lengths of time are read as people write them, in both languages."""
    assert expected == parse(text)


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "1.5h", "十分钟", "9999999s", None, []])
def test_refused(text: object):
    """Anything else is refused, with the way to write it."""
    with pytest.raises(ValueError, match="30s、10m"):
        parse(text)


@given(seconds=st.integers(0, 999_999 * 60))
def test_round_trip(seconds: int):
    """What is shown is read back as the same length."""
    value = timedelta(seconds=seconds)

    assert value == parse(show(value))
