import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decoding import Undecodable, decode

CHINESE = "群规：不发广告，不刷屏。围炉读书会\n"


@pytest.mark.parametrize(
    "content",
    [CHINESE.encode(), CHINESE.encode("utf-8-sig"), CHINESE.encode("gb18030")],
    ids=["utf-8", "bom", "gb18030"],
)
def test_the_usual_encodings_give_the_same_text(content: bytes) -> None:
    """Notepad's BOM and old Chinese Windows are as good as UTF-8."""
    assert CHINESE == decode(content)


def test_line_endings_become_newlines() -> None:
    """Places are counted in lines, whoever saved the file."""
    assert "a\nb\nc\n" == decode(b"a\r\nb\rc\n")


@pytest.mark.parametrize(
    ("content", "line", "column", "said"),
    [
        (CHINESE.encode("utf-16"), 1, 1, "UTF-16"),
        ("好\n群".encode() + b"\xff" + CHINESE.encode(), 2, 2, "UTF-8"),
        (b"ok\nab\x00c", 2, 3, "U+0000"),
        ("a\u202a".encode() + b"\x1b[2J", 1, 3, "U+001B"),
        (b"\xff\xff\xff", 1, 1, "GB18030"),
        ("x\ufeff".encode(), 1, 2, "U+FEFF"),
    ],
)
def test_what_is_no_text_is_refused_at_its_place(
    content: bytes, line: int, column: int, said: str
) -> None:
    """A broken UTF-8 file is not taken for GB18030: its texts would be garbled in silence."""
    with pytest.raises(Undecodable, match=said.replace("+", r"\+")) as refused:
        decode(content)
    assert (line, column) == (refused.value.line, refused.value.column)


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_a_place(content: bytes) -> None:
    """Nothing else is ever raised, and what is given has no control characters."""
    try:
        found: str | tuple[int, int] = decode(content)
    except Undecodable as refused:
        found = (refused.line, refused.column)
    assert not set(found) & {*"\r\x00\x1b\ufeff", 0}
