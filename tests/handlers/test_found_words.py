import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Language
from handlers.found_words import AROUND, LACKING, UNDONE, parted, then
from handlers.judging import Found
from handlers.recorded import Part
from handlers.trying import Outcome
from rules.base import Finding
from rules.consequences import Consequence
from rules.keywords import Keywords
from rules.ladder import Step
from rules.steps import Step as Normalising


def outcome(*, shadow: bool = False, counts: bool = True) -> Outcome:
    """A word was found."""
    rule = Keywords(name="广告", reason="慢慢来", words=("刷单",), shadow=shadow)
    return Outcome(Found(rule, Finding("广告", (0, 2), "")), Step(Consequence.WARN), counts)


def test_there_is_a_word_for_everything():
    """Whatever a rule may undo or lack."""
    assert set(Normalising) == set(UNDONE)
    assert set(Part) == set(LACKING)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (outcome(), "警告"),
        (outcome(counts=False), "不另处理：前面的规则已经算数"),
        (outcome(shadow=True), "影子规则：只计数"),
    ],
)
def test_what_follows(what: Outcome, words: str):
    """Or why nothing does."""
    assert words == then(what, Language.ZH)


@given(st.text(), st.text(min_size=1), st.text())
def test_the_parts_are_those_of_the_text(before: str, found: str, after: str):
    """Shortened where they are long, and nothing else."""
    text = before + found + after
    parts = parted(text, (len(before), len(before) + len(found)))

    assert before.endswith(parts[0].removeprefix("…") if len(before) > AROUND else parts[0])
    assert after.startswith(parts[2].removesuffix("…") if len(after) > AROUND else parts[2])
    assert parts[1] == found or len(found) > 2 * AROUND
    assert all(len(part) <= 2 * AROUND + 1 for part in parts)


def test_where_the_whole_is_the_offence():
    """Nothing of it is marked."""
    assert ("早", "", "") == parted("早", (0, 0))
    assert ("好" * 2 * AROUND + "…", "", "") == parted("好" * 3 * AROUND, (0, 0))
