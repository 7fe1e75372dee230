import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typed import COMMANDS, HELP, Typed, parse

LONGER = {"群", "?", "离开", "引用", "图片", "私聊"}
"""What people try as well; the list is long enough without."""


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        (Typed("", "大家好 /帮助"), "  大家好 /帮助 \n"),
        (Typed("join", "小明"), "/来 小明"),
        (Typed("join", "小明"), "、来\u3000小明"),
        (Typed("clock", "+1h"), "/CLOCK   +1h"),
        (Typed("speak_as", ""), "/我是"),
        (Typed("help", ""), "/?"),
        (Typed("whisper", "我的记录"), "/私聊 我的记录"),
        (Typed("unknown", "x"), "/没有 x"),
        (Typed("unknown", ""), "/"),
        (Typed("", "/帮助"), "//帮助"),
        (None, " \u3000 "),
        (None, ""),
    ],
)
def test_lines(expected: Typed | None, line: str) -> None:
    """Words are said, a slash begins a command, two slashes are one that is said."""
    assert expected == parse(line)


@given(st.text(st.characters(codec=None)))
def test_any_line_is_understood(line: str) -> None:
    """Whatever is typed is nothing, words, or one of the commands."""
    typed = parse(line)
    assert typed is None or typed.command in {"", "unknown", *COMMANDS.values()}
    assert typed is None or typed.command or typed.rest


def test_help_names_every_command() -> None:
    """The list shows both names of each, as they are typed."""
    assert [] == [name for name in COMMANDS if name not in LONGER and f"/{name}" not in HELP]
