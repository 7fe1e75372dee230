import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Language, Text
from handlers.wording import NAME_LENGTH, harmless, plain_lines, say

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
