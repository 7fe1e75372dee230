import io
from datetime import timedelta
from typing import Any

import pytest
import segno
from builders import NOON, said

from bot.events import Kind, Message
from rules.base import Finding, Need, Past
from rules.newcomer import Newcomer

REASON = "先认识一下，再发链接，大家才放心点"


def newcomer(**over: Any) -> Newcomer:
    """The rule as it is by default, unless said otherwise."""
    return Newcomer.model_validate({"reason": REASON} | over)


def code(text: str) -> bytes:
    """A picture of a QR code that says this."""
    picture = io.BytesIO()
    segno.make(text, micro=False).save(picture, kind="png", scale=8)
    return picture.getvalue()


def since(messages: int = 0, **ago: float) -> Past:
    """Joined so long ago, and said so much."""
    return Past(joined_at=NOON - timedelta(**ago), messages=messages)


LINK = said("看看这个 https://a.example/x")


@pytest.mark.parametrize(
    ("message", "what", "words"),
    [
        (LINK, "链接 a newcomer sent a link", "https://a.example"),
        (said("加我微信 abc12345"), "联系方式", "加我微信"),
        (said("电话 13812345678"), "联系方式", "13812345678"),
        (said("", kind=Kind.CONTACT), "名片", ""),
        (said("", kind=Kind.URL, link="https://a.example/x"), "链接卡片", ""),
        (said("", kind=Kind.MINI_PROGRAM), "小程序", ""),
        (said("", kind=Kind.IMAGE, picture=code("https://a.example")), "带二维码的图片", ""),
    ],
)
def test_what_leads_elsewhere(message: Message, what: str, words: str):
    """Links, cards, codes and contact details are found, where they stand in the text."""
    finding = newcomer().judge(message, since(hours=1))

    assert finding is not None
    assert what in finding.detail
    assert message.text[slice(*finding.span)].startswith(words)


@pytest.mark.parametrize(
    "message",
    [
        said("大家好，我是新来的，做设计的"),
        said("", kind=Kind.EMOTICON),
        said("", kind=Kind.IMAGE, picture=b"not a picture"),
        said("见附件 main.py"),
    ],
)
def test_what_everybody_may_say(message: Message):
    """Newcomers talk, send stickers, and pictures that cannot be read."""
    assert newcomer().judge(message, since(minutes=1)) is None


@pytest.mark.parametrize(
    ("past", "found"),
    [
        (since(hours=23, messages=30), True),
        (since(hours=24, messages=30), False),
        (since(hours=25, messages=2), True),
        (since(hours=25, messages=3), False),
        (since(days=30, messages=0), True),
        (since(days=31, messages=0), False),
        (Past(joined_at=None, messages=0), False),
    ],
)
def test_who_is_new(past: Past, found: bool):  # noqa: FBT001
    """For a day, and until three messages in the first month; whoever was there before is not."""
    assert found == (newcomer().judge(LINK, past) is not None)


def test_time_alone():
    """With 0 messages only the time since joining counts."""
    assert newcomer(messages=0).judge(LINK, since(hours=25)) is None


@pytest.mark.parametrize(
    ("until", "found"), [(None, False), ("2026-11-20", False), ("2026-11-19", True)]
)
def test_exempted_links(until: str | None, found: bool):  # noqa: FBT001
    """A domain that is exempt is fine in a text, on a card and in a code, as long as it says."""
    link = {"link": "a.example", "reason": "我们自己的网站", "until": until}
    rule = newcomer(exempt=[link])
    messages = [
        LINK,
        said("", kind=Kind.URL, link="https://www.a.example/x"),
        said("", kind=Kind.IMAGE, picture=code("https://a.example")),
    ]

    assert [found] * 3 == [rule.judge(each, since(hours=1)) is not None for each in messages]


def test_the_finding():
    """It says that a newcomer sent it, and what; the place is that of the link."""
    detail = "新人发了链接 a newcomer sent a link"
    finding = newcomer().judge(said("http://a.example 看看"), since(hours=1))

    assert Finding("newcomer", (0, 16), detail) == finding


def test_what_it_needs():
    """When they joined and how much they said, and the pixels."""
    assert frozenset({Need.STANDING, Need.PICTURE}) == newcomer().needs
    assert timedelta(0) == newcomer().looks_back


@pytest.mark.parametrize(
    "wrong", [{"within": "0s"}, {"within": "31d"}, {"messages": -1}, {"messages": 31}]
)
def test_settings_are_held_to_sense(wrong: dict[str, object]):
    """No time at all, more than a month and more than thirty messages are refused."""
    with pytest.raises(ValueError):
        newcomer(**wrong)
