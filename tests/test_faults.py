import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faults import ConfigFaults, Fault, brief, did_you_mean, nearest


def fault(line: int, column: int = 1, **over: str) -> Fault:
    """A fault at a place in c.yaml."""
    words = {"file": "c.yaml", "path": "a.b", "message": "错了 wrong"} | over
    return Fault(line=line, column=column, **words)


def test_a_fault_reads_place_path_words_hint() -> None:
    """One look finds the line, the next what to do."""
    shown = str(fault(3, 5, hint="这样写 like this"))
    assert "c.yaml:3:5  a.b\n  错了 wrong\n  → 这样写 like this" == shown


def test_a_fault_of_the_file_as_a_whole_has_no_place() -> None:
    """A missing file has no line 0."""
    assert "c.yaml\n  错了 wrong" == str(fault(0, 0, path=""))


def test_faults_are_sorted_and_told_once() -> None:
    """Top to bottom, and the same fault reached on two ways is one."""
    raised = ConfigFaults([fault(9), fault(2, 7), fault(2, 3), fault(9)])
    assert (fault(2, 3), fault(2, 7), fault(9)) == raised.faults
    assert 3 == str(raised).count("错了")


@pytest.mark.parametrize(
    ("word", "expected"),
    [("limt", "limit"), ("LIMIT", "limit"), ("wnidow", "window"), ("从何说起", ""), ("", "")],
)
def test_the_nearest_word_is_found(word: str, expected: str) -> None:
    """Where nothing is near, nothing is guessed."""
    assert expected == nearest(word, ["limit", "window", "reason"])


def test_the_hint_is_in_both_languages() -> None:
    """Chinese first."""
    assert "你是想写 limit 吗？ Did you mean “limit”?" == did_you_mean("limt", ["limit"])
    assert not did_you_mean("xyz", ["limit"])


@given(st.text() | st.integers() | st.booleans() | st.none())
def test_a_shown_value_is_one_short_line(value: object) -> None:
    """However long or hostile it is."""
    shown = brief(value)
    assert len(shown) <= 40
    assert not set(shown) & set("\n\r\x1b\u202e")
