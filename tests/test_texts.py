import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.texts import Language, Text, named, placeholders

HELLO = Text(zh="你好，{name}", en="Hello, {name}")


def test_one_language():
    """A text is said in the language asked for, Chinese if none is."""
    assert "你好，小林" == HELLO.say(name="小林")
    assert "Hello, 小林" == HELLO.say(Language.EN, name="小林")


def test_both_languages():
    """Both languages stand below one another, Chinese first."""
    assert "你好，小林\nHello, 小林" == HELLO.say(Language.BOTH, name="小林")


def test_different_placeholders():
    """A text whose languages hold different placeholders does not construct."""
    with pytest.raises(ValidationError, match="占位符不同"):
        Text(zh="你好，{name}", en="Hello")


@pytest.mark.parametrize("reach", ["{name.__class__}", "{name[0]}", "{0}", "{}", "{name!r}"])
def test_no_reaching_behind(reach: str):
    """A placeholder is a plain name: it shows a value and reaches nothing behind it."""
    with pytest.raises(ValueError, match="plain names"):
        placeholders(reach)


@given(value=st.text())
def test_values_are_not_interpreted(value: str):
    """Braces in a value that comes from the chat stay as they are."""
    assert f"你好，{value}" == HELLO.say(name=value)


def test_a_name_is_the_same_in_every_language():
    """Braces in it are no placeholders."""
    assert "带货 {x}\n带货 {x}" == named("带货 {x}").say(Language.BOTH)
