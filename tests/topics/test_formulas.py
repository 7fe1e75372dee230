import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.formulas import literal, original


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@小林 你呢？", "'@小林 你呢？"),
        ("-5 度", "'-5 度"),
        ("＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
        ("'=1", "''=1"),
        ("'引号", "'引号"),
        ("你好=1", "你好=1"),
        ("", ""),
    ],
)
def test_cells(text: str, cell: str):
    """What a spreadsheet would compute is marked; the mark is taken off again."""
    assert cell == literal(text)
    assert text == original(cell)


@given(st.text("'=+-@＝＋－＠a", max_size=6))
def test_there_and_back(text: str):
    """Whatever the text, it comes back, and its cell never begins with a formula."""
    assert text == original(literal(text))
    assert literal(text)[:1] not in {*"=+-@＝＋－＠"}
