import json
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.events import Quote
from bot.gateway.wechaty.words import Notice, clean, mentioned_names, moment, split_quote

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DASHES = "- - - - - - - - - - - - - - -"
words = st.text(st.characters(exclude_characters="「」：:", exclude_categories=["Cs"]), min_size=1)


@given(st.text())
def test_any_text_is_split(text: str) -> None:
    """Whatever is said, the answer is part of it, and no quote means all of it."""
    quote, answer = split_quote(text)
    assert answer in text
    assert quote is not None or answer == text


@given(words, words, words)
def test_a_reply_is_taken_apart(name: str, quoted: str, answer: str) -> None:
    """WeChat's reply form gives back name, quoted text and answer, without outer blanks."""
    expected = (Quote(name.strip(), quoted.strip()), answer.strip())
    assert expected == split_quote(f"「{name}：{quoted}」\n{DASHES}\n{answer}")


def test_a_quote_in_a_quote_stays_whole() -> None:
    """The answer begins behind the dashes at which all brackets are closed."""
    inner = f"「小林：早」\n{DASHES}\n早啊"
    assert (Quote("老周", inner), "都早") == split_quote(f"「老周：{inner}」\n{DASHES}\n都早")


def test_an_answer_may_hold_a_quote_itself() -> None:
    """What stands behind the first closed quote is the answer, dashes and all."""
    answer = f"你看：「早」\n{DASHES}\n他说的"
    assert (Quote("老周", "早"), answer) == split_quote(f"「老周：早」\n{DASHES}\n{answer}")


@pytest.mark.parametrize(
    "text",
    [
        f"「老周:早」\n{DASHES}\n都早",
        f"「老周：早」<br/>{DASHES}<br/>都早",
        "「老周：早」\n———————————————\n都早",
    ],
)
def test_older_forms_of_a_reply(text: str) -> None:
    """Other puppets write a narrow colon, HTML breaks or long dashes."""
    assert (Quote("老周", "早"), "都早") == split_quote(text)


@pytest.mark.parametrize("text", ["「早」", f"「早」\n{DASHES}\n都早", f"早\n{DASHES}\n都早", "「"])
def test_what_only_looks_like_a_reply(text: str) -> None:
    """Brackets or dashes alone are what the member wrote."""
    assert (None, text) == split_quote(text)


@given(st.integers(1_000_000_000, 4_000_000_000))
def test_seconds_and_milliseconds_are_told_apart(stamp: int) -> None:
    """The same moment is read from seconds, milliseconds and microseconds."""
    expected = datetime.fromtimestamp(stamp, UTC)
    assert [expected] * 3 == [moment(stamp * unit, NOON) for unit in (1, 1_000, 1_000_000)]


@given(
    st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.lists(st.none()))
)
def test_any_timestamp_is_a_moment(stamp: object) -> None:
    """Whatever stands for a time, the result is an aware moment."""
    assert moment(stamp, NOON).tzinfo is UTC


@pytest.mark.parametrize("stamp", [0, -5, None, "1763800000", True, float("nan"), 2**63])
def test_what_is_no_time_is_now(stamp: object) -> None:
    """Zero, negative, missing and absurd times are the moment of hearing."""
    assert NOON == moment(stamp, NOON)


def test_mentioned_names_in_order() -> None:
    """A name ends at WeChat's narrow space; an @ without one mentions nobody."""
    assert ["小 林", "阿青"] == mentioned_names("@小 林\u2005@阿青\u2005 a@b.cn 好")


@given(st.text(st.characters()))
def test_clean_text_can_be_encoded(text: str) -> None:
    """Half characters are replaced, whole ones stay."""
    assert clean(text).encode() is not None
    assume(not any("\ud800" <= char <= "\udfff" for char in text))
    assert text == clean(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_a_notice_or_refused(value: object) -> None:
    """Objects of any shape can be asked for anything; other JSON is a ValueError."""
    try:
        notice = Notice.read(json.dumps(value))
    except ValueError:
        assert not isinstance(value, dict)
        return
    for key in (*notice.values, "roomId"):
        assert notice.text(key).encode() is not None
        assert isinstance(notice.number(key), int)
        assert all(notice.ids(key))
    assert notice.at(NOON).tzinfo is UTC


@pytest.mark.parametrize("payload", ["[]", "{", "null", '"x"', "[" * 100_000, '{"a": 1e999'])
def test_what_is_no_object_is_refused(payload: str) -> None:
    """Broken, nested or other JSON is a ValueError, also the deepest."""
    with pytest.raises(ValueError):
        Notice.read(payload)
