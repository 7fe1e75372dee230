from hypothesis import example, given
from hypothesis import strategies as st

from rules.simhash import MOST, traces

LETTERS = st.text("一二三四五六甲乙丙ab1\ud800\U00020000\U0010ffff", max_size=40)


@example(["甲\U0010ffff" * 100, "乙" * 11, "丙丁" * 200, "", "ab" * 2000])
@given(st.lists(LETTERS | LETTERS.map(lambda text: text * 50), max_size=12))
def test_many_at_once(texts: list[str]):
    """Each has the same bits and handles as by itself, whichever letters stand beside it."""
    assert [traces([each])[0] for each in texts] == traces(texts)


@given(st.text(min_size=12, max_size=60))
def test_a_text_that_repeats_itself(text: str):
    """No handle is there twice, and they are in order."""
    found = traces([text * 3, text])

    for each in found:
        assert sorted({*each.handles}) == list(each.handles)


def test_as_long_as_may_be():
    """As many letters as count, in any number of texts."""
    texts = ["甲乙丙丁戊己庚辛" * (MOST // 8)] * 3

    assert 1 == len({*traces(texts)})
