from hashlib import shake_128
from itertools import pairwise
from random import Random

import pytest
from builders import said
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.events import Kind, Message
from rules.likeness import (
    NEAR,
    distance,
    handles,
    letters_of,
    likeness,
    likeness_of,
    trace_of,
    traces_of,
    words_of,
)
from rules.sheaf import Sheaf
from rules.simhash import HANDLES

AD = "加微信领取内部优惠券每天限量五十份先到先得手慢无抓紧时间联系我吧abc123"
FIRST, SECOND, KINDS = 0x5E2D, 0x3B89, 4093
LEFT, RIGHT = 0x5A17D0C5, 0x3C6EF35F
BITS = st.integers(0, 2**64 - 1)


@given(st.text(max_size=300))
def test_equal_texts(text: str):
    """The likeness of a text is a fixed number of 64 bits."""
    assert 0 == distance(likeness(text), likeness(text))
    assert 0 <= likeness(text) < 2**64


@given(BITS, BITS, BITS)
def test_a_distance(one: int, other: int, third: int):
    """Symmetric, zero for the same only, and no way round is shorter."""
    assert distance(other, one) == distance(one, other)
    assert (one == other) == (distance(one, other) == 0)
    assert distance(one, third) <= distance(one, other) + distance(other, third)


@given(
    st.text("一二三四五六七八甲乙丙丁abc", min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from("，。！ 🎉~*-\u200b")), max_size=10),
)
def test_what_is_not_a_letter_says_nothing(text: str, between: list[tuple[int, str]]):
    """Punctuation, spaces and emoji anywhere leave a text the same."""
    strewn = text
    for place, char in between:
        strewn = strewn[:place] + char + strewn[place:]

    assert likeness(text) == likeness(strewn)


@pytest.mark.parametrize(
    "nearly",
    [
        AD[:-1] + "4",
        AD + "哦哦",
        "朋友们" + AD,
        AD.replace("每天", ""),
        AD.replace("抓紧时间", "赶快"),
        AD.upper(),
        " ".join(AD),
    ],
)
def test_nearly_the_same(nearly: str):
    """A few letters more, less or others in a sentence, and it is still the same."""
    assert distance(likeness(AD), likeness(nearly)) <= NEAR
    assert {*handles(AD)} & {*handles(nearly)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AD, "今天的读书会改到晚上八点，请大家带上第三章的笔记，我们一起讨论"),
        ("我觉得这本书的第三章写得特别好", "我觉得这本书的第五章写得不太好"),
        ("今天中午吃什么好呢有没有人一起", "晚上去哪里跑步有没有人一起呀"),
        ("请问周六的活动几点开始在哪里集合", "请问周日的活动几点结束在哪里解散"),
        ("周六几点集合", "周日几点集合"),
        ("好书推荐", "好书推荐吗"),
    ],
)
def test_different(one: str, other: str):
    """What says something else is not near, however alike it is built; short texts least."""
    assert distance(likeness(one), likeness(other)) > NEAR


LETTERS = st.text(
    st.sampled_from(sorted(set(AD) | set("零壹〇\U00020000甲"))) | st.characters(categories=["L"]),
    min_size=12,
    max_size=300,
).filter(lambda text: len(letters_of(text)) >= 12)


@example("".join(map(chr, range(0x4E00, 0x4E00 + 900))))
@given(LETTERS)
def test_like_counting_bit_by_bit(text: str):
    """All bits counted at once are those counted pair by pair and bit by bit."""
    codes = [ord(letter) for letter in letters_of(text) if ord(letter) < 2**16]
    text = "".join(map(chr, codes))
    assume(len(codes) >= 12)
    kinds = [(one * FIRST + other * SECOND) % 65536 % KINDS for one, other in pairwise(codes)]
    drawn = shake_128(b"pairs of letters").digest(KINDS * 64)
    counts = [sum(drawn[64 * kind + bit] & 1 for kind in kinds) for bit in range(64)]
    bits = "".join(str(int(count > len(kinds) // 2)) for count in counts)

    assert int(bits, 2) == likeness(text)


@given(LETTERS)
def test_handles_are_the_smallest_checksums(text: str):
    """Each run of four letters has one, whatever stands before and after it."""
    codes = [ord(letter) for letter in letters_of(text) if ord(letter) < 2**16]
    assume(len(codes) >= 12)
    pairs = [one * FIRST + other * SECOND for one, other in pairwise(codes)]
    sums = {(one * LEFT + two * RIGHT) % 2**30 for one, two in zip(pairs, pairs[2:], strict=False)}

    assert tuple(sorted(sums)[:7]) == handles("".join(map(chr, codes)), 7)


@pytest.mark.parametrize("kind", [Kind.EMOTICON, Kind.IMAGE, Kind.AUDIO, Kind.UNKNOWN])
def test_what_holds_no_words(kind: Kind):
    """A sticker is like nothing, whatever the gateway wrote beside it."""
    assert likeness_of(said(AD, kind=kind)) is None


def test_cards():
    """A card is the same where title and address are the same."""
    card = said("", kind=Kind.URL, title="限时免费领取学习资料", link="https://a.example/x")
    same = said("", kind=Kind.URL, title="限时免费领取学习资料", link="https://a.example/x")
    other = said("", kind=Kind.URL, title="周末去哪里徒步比较好", link="https://b.example/y")

    assert likeness_of(card) == likeness_of(same)
    assert likeness_of(card) != likeness_of(other)


@given(st.text(max_size=300))
def test_handles(text: str):
    """Every text has one to four, and they are always the same."""
    found = handles(text)

    assert 1 <= len(found) <= HANDLES
    assert found == handles(text)


@given(st.text(max_size=300), st.integers(1, 20))
def test_more_handles(text: str, most: int):
    """Those who want more of them get the same ones first."""
    assert handles(text, 20)[:most] == handles(text, most)


def test_few_are_missed():
    """Of texts of forty letters with another id of six, nearly all share a handle."""
    random = Random(1)
    letters = [chr(0x4E00 + number) for number in range(1000)]
    shared = 0
    for _ in range(300):
        text = "".join(random.choices(letters, k=34))
        ids = ["".join(random.choices("abcdefghkmnpqrstuvwxyz", k=6)) for _ in range(2)]
        one, other = ({*handles(text + each)} for each in ids)
        shared += bool(one & other)

    assert shared >= 290


@pytest.mark.parametrize("text", ["\ufdfa" * 9000, "\ud800" * 50, "a" * 100_000, "\u0301" * 9000])
def test_hostile_texts(text: str):
    """What grows by normalising, halves of characters and endless texts have a likeness as well."""
    assert 0 <= likeness(text) < 2**64
    assert handles(text)


def test_small_talk_is_like_nothing():
    """It is not kept, so it is nobody's repeat."""
    assert likeness_of(said("收到")) is None


MESSAGES = st.lists(
    st.builds(
        said,
        st.text("加微信领取优惠券，。！abcＡ1１…哈\u0301\ud800\U00020000", max_size=40)
        | st.text(max_size=30)
        | st.sampled_from([AD, AD.upper(), "收到", "新年快乐", "", "甲" * 500]),
        kind=st.sampled_from([Kind.TEXT, Kind.TEXT, Kind.URL, Kind.IMAGE]),
        title=st.sampled_from(["", "限时免费领取学习资料"]),
    ),
    max_size=12,
)


@given(MESSAGES)
def test_many_at_once(messages: list[Message]):
    """What is left of a message is the same whatever others are looked at beside it."""
    assert [trace_of(each) for each in messages] == traces_of(Sheaf(messages))
    for message, trace in zip(messages, traces_of(Sheaf(messages)), strict=True):
        words = words_of(message)
        assert (None if trace is None else likeness(words)) == likeness_of(message)
        assert trace is None or handles(words) == trace.handles
