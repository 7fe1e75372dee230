import re

from hypothesis import given
from hypothesis import strategies as st

from rules.charsets import Charset, one_of

codes = st.integers(0, 0x2FF)
spans = st.lists(st.integers(0, 15), unique=True, max_size=4).map(
    lambda numbers: tuple(range(16 * each, 16 * each + 9) for each in sorted(numbers))
)


@st.composite
def charsets(draw: st.DrawFn) -> Charset:
    """Spans with gaps between them, exceptions, and some apart from the spans."""
    made, few = draw(spans), draw(st.frozensets(codes))
    inside = frozenset(code for code in few if any(code in span for span in made))
    return Charset(made, but=inside, apart=few - inside)


def written_out(charset: Charset) -> set[int]:
    """All of them, one by one."""
    return {code for code in range(0x300) if code in charset}


@given(charset=charsets())
def test_a_class_of_all_others(charset: Charset):
    """An expression takes a character if and only if it is not in the set."""
    others = re.compile(f"[{charset.others()}]")

    found = {code for code in range(0x300) if others.match(chr(code))}
    assert set(range(0x300)) - written_out(charset) == found
    assert others.match("\U0010ffff")


@given(charset=charsets(), gone=st.sets(codes))
def test_fewer(charset: Charset, gone: set[int]):
    """Without some, and only those of which something holds; and what is lost by that."""
    for fewer, expected in (
        (charset.without(gone), written_out(charset) - gone),
        (charset.where(str.isalnum), {c for c in written_out(charset) if chr(c).isalnum()}),
    ):
        assert expected == written_out(fewer)
        assert written_out(charset) - expected == charset.beyond(fewer)


@given(few=st.sets(codes, min_size=1))
def test_a_class_of_these(few: set[int]):
    """Whatever they mean in an expression."""
    these = re.compile(f"[{one_of(few)}]")

    assert few == {code for code in range(0x300) if these.match(chr(code))}
