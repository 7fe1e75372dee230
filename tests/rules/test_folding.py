import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.folding import Places, fold

MELTING = st.text(
    st.sampled_from("ae\u0301\u0323\u0345\u1100\u1161\u11a8カｶﾞ\u3099㍿ﬁ\u200b가ㄱ\u09c7\u09be")
    | st.characters(),
    max_size=30,
)


@given(MELTING)
def test_places_cover_the_text(text: str):
    """Every folded place leads to a span of the text whose folded form holds that character."""
    folded, places = fold(text), Places(text)

    for place, char in enumerate(folded):
        start, end = places.original(place, place + 1)
        assert char in fold(text[start:end])


@given(MELTING)
def test_places_keep_the_order(text: str):
    """Later folded places never lead to earlier spans, and all of them to inside the text."""
    spans = [Places(text).original(place, place + 1) for place in range(len(fold(text)))]

    assert sorted(spans) == spans
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    ("text", "folded"), [("ＡＢ", "ab"), ("ﬁ", "fi"), ("微\u2060信", "微信"), ("①", "1")]
)
def test_fold(text: str, folded: str):
    """Width, ligatures, circles, case and the invisible make no difference."""
    assert folded == fold(text)
