import re

import pytest
from builders import said
from hypothesis import given
from hypothesis import strategies as st

from rules.base import Past
from rules.length import Length


def beyond(text: str, characters: int = 10, lines: int = 3) -> str | None:
    """What stands beyond the limit."""
    rule = Length(reason="短一些大家都看得完", characters=characters, lines=lines)
    finding = rule.judge(said(text), Past())
    return text[slice(*finding.span)] if finding else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一二三四五六七八九十", None),
        ("一二三四五六七八九十多", "多"),
        ("  一二三四五六七八九十  \n\n\n\n", None),
        (" 一二三四五六七八九十多 ", "多"),
        ("1\n2\n3", None),
        ("1\n2\n3\n4", "4"),
        ("1\r\n2\r\n3\r\n4", "4"),
        ("1\u20282\u20283\u20284", "4"),
        ("1\n\n\n4", "4"),
        ("1\n\n\n4\n5", "4\n5"),
        ("", None),
    ],
)
def test_limits(text: str, found: str | None):
    """The limit is fine, one more is not; empty lines count, blank edges do not."""
    assert found == beyond(text)


def test_the_detail():
    """The operator reads how long it was and what the limit is."""
    rule = Length(reason="短一些", characters=10, lines=2)
    long, tall = (rule.judge(said(text), Past()) for text in ("好" * 12, "1\n2\n3\n4"))

    assert long is not None
    assert "12 字，上限 10 12 characters, the limit is 10" == long.detail
    assert tall is not None
    assert "4 行，上限 2 4 lines, the limit is 2" == tall.detail


@pytest.mark.parametrize("wrong", [{"characters": 1}, {"lines": 0}, {"characters": 10**9}])
def test_limits_are_sensible(wrong: dict[str, int]):
    """Limits that would find nearly everything, or nothing ever, are refused."""
    with pytest.raises(ValueError):
        Length.model_validate({"reason": "短一些"} | wrong)


@given(st.text(st.sampled_from("字 \n\r\v\u2028\u0301\ud800") | st.characters(), max_size=60))
def test_like_counting_by_hand(text: str):
    """It is found exactly when counting says so, and the span lies in the text."""
    bare = text.strip()
    lines = re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", bare)
    rule = Length(reason="短一些", characters=20, lines=3)

    finding = rule.judge(said(text), Past())

    assert (len(bare) > 20 or len(lines) > 3) == (finding is not None)
    assert finding is None or 0 <= finding.span[0] <= finding.span[1] <= len(text)
