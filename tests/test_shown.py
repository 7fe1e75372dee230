import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.shown import shown


@given(st.text(st.characters(codec=None)))
@example("\x1b[2J\x1b]8;;http://x\x07\x9b31m")
@example("a\u202eb\u2066c\ud800")
def test_nothing_a_terminal_obeys_is_left(text: str) -> None:
    """Of any text, only what has a shape (and the emoji joiners) is left, and it can be encoded."""
    for letter in shown(text):
        category = unicodedata.category(letter)
        assert category not in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert category != "Cf" or letter in "\u200c\u200d"
    shown(text).encode("utf-8")


@given(st.text(st.characters(codec=None)))
def test_shown_twice_is_shown_once(text: str) -> None:
    """What has been made safe stays as it is."""
    assert shown(text) == shown(shown(text))


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M", "Zs"])))
def test_ordinary_text_is_untouched(text: str) -> None:
    """Letters of every script, numbers, punctuation, symbols and spaces stay."""
    assert text == shown(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("你好，👩‍👩‍👧 Zoë\u2005!", "你好，👩‍👩‍👧 Zoë\u2005!"),
        ("一⏎二⏎三⏎四", "一\n二\r\n三\u2028四"),
        ("列 表", "列\t表"),
        ("\ufffd[2J小林", "\x1b[2J小林"),
    ],
)
def test_examples(expected: str, text: str) -> None:
    """Line breaks are drawn, a tab is a space, an escape is replaced."""
    assert expected == shown(text)
