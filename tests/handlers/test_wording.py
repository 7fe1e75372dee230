import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, later
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Language, Text
from handlers.wording import NAME_LENGTH, filled, harmless, length, moment, plain_lines, say

TITLE = Text(zh="刷屏", en="flooding")
SENTENCE = Text(zh="约定：{rule}", en="rule: {rule}")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.ZH, "约定：刷屏"),
        (Language.EN, "rule: flooding"),
        (Language.BOTH, "约定：刷屏\nrule: flooding"),
    ],
)
def test_texts_within_texts(language: Language, expected: str):
    """A value that is a text itself is said in the language of its sentence."""
    assert expected == say(SENTENCE, language, rule=TITLE)


@given(st.text(max_size=200))
def test_a_name_is_harmless(name: str):
    """Whatever somebody is called: one short line, nothing unseen, none of our quotation marks."""
    shown = harmless(name)

    assert len(shown) <= NAME_LENGTH
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not set(shown) & set("「」『』“”")


@given(st.text(max_size=50))
def test_braces_are_letters(name: str):
    """A value is put in as it is, never read as a template."""
    assert f"约定：{{{name}}}" == say(SENTENCE, Language.ZH, rule="{" + name + "}")


def test_lines_are_kept():
    """The body of a topic keeps its lines, whatever ended them."""
    assert "一\n二\n三\n四" == plain_lines("一\r\n二\u2028三\n四\u202d")


@given(st.text())
def test_a_filled_text_within_a_text(words: str):
    """Whatever was put in, braces and all, is said as it is."""
    assert f"约定：约定：{words}" == say(SENTENCE, Language.ZH, rule=filled(SENTENCE, rule=words))


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (later(days=3), "11月23日 12:00", "23 Nov, 12:00"),
        (later(days=60), "2027年1月19日 12:00", "19 Jan 2027, 12:00"),
        (later(hours=12.5), "11月21日 00:30", "21 Nov, 00:30"),
    ],
)
def test_a_moment(at: datetime, zh: str, en: str):
    """By the group's clock, with the year where it is another one."""
    said = moment(at, ZoneInfo("Asia/Shanghai"), NOON)

    assert (zh, en) == (said.zh, said.en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (timedelta(days=90), "90 天", "90 days"),
        (timedelta(days=1), "1 天", "1 day"),
        (timedelta(hours=36), "1d12h", "1d12h"),
        (timedelta(0), "0s", "0s"),
    ],
)
def test_a_length(value: timedelta, zh: str, en: str):
    """In days where they are whole."""
    assert (zh, en) == (length(value).zh, length(value).en)
