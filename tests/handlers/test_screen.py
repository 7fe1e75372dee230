from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Language, Text
from handlers.screen import CHARACTERS, LINES, one_screen

AD = (Text(zh="广告", en="ads"), "把聊天冲散")


def test_head_entries_tail() -> None:
    """One below the other, numbered; an entry without words is its title."""
    quiet = (Text(zh="不再有「夜里」", en="Gone: “night”"), "")

    assert "群规\n1. 广告：把聊天冲散\n2. 不再有「夜里」\n完" == one_screen(
        "群规", [AD, quiet], "完", Language.ZH
    )


def test_too_many() -> None:
    """What there is no room for is counted."""
    lines = one_screen("群规", [AD] * 20, "完", Language.EN).splitlines()

    assert ["群规", "1. ads: 把聊天冲散"] == lines[:2]
    assert ["… and 11 more", "完"] == lines[-2:]
    assert LINES == len(lines)


def test_both_languages_share_the_words() -> None:
    """The words are those of the config: they are not said twice."""
    assert "群规\n1. 广告 ads：把聊天冲散" == one_screen("群规", [AD], "", Language.BOTH)


@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=12))
def test_long_words_are_cut(words: list[str]) -> None:
    """However long the words are, they stay on the screen and on one line each."""
    entries = [(Text(zh=f"规则{n}", en=f"rule {n}"), each) for n, each in enumerate(words)]
    screen = one_screen("群规", entries, "完", Language.ZH)

    assert len(screen) <= CHARACTERS + LINES
    assert len(screen.splitlines()) <= LINES
