import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.wechaty.cards import (
    Card,
    is_markup,
    read_markup,
    read_mini_program,
    read_url,
)
from bot.gateway.wechaty.wire import Malformed, text_field

APP = (
    "<?xml version='1.0'?><msg><appmsg><title><![CDATA[群聊的聊天记录]]></title>"
    "<des>小林: 早 &amp; 好\n老周: 早</des><url>https://example.com/?a=1&amp;b=2</url></appmsg></msg>"
)
HISTORY = Card("群聊的聊天记录\n小林: 早 & 好\n老周: 早", "https://example.com/?a=1&b=2")


@pytest.mark.parametrize("written", [APP, html.escape(APP), f"wxid_1:\n{APP}", f"  {APP}"])
def test_the_markup_of_a_card(written: str) -> None:
    """Title, description and address, as they are, escaped, or behind the author's id."""
    assert (True, HISTORY) == (is_markup(written), read_markup(written))


@pytest.mark.parametrize(
    "written",
    ["", "早", "1 < 2 <title>x</title>", "小林：<3", "【通知】今晚读书", "[旺柴] 好", "加我 {id}"],
)
def test_words_are_no_markup(written: str) -> None:
    """What a member may write stays what it is."""
    assert (False, Card()) == (is_markup(written), read_markup(written))


@pytest.mark.parametrize("written", ['{"path": "C:\\\\1.jpg"}', '["a", "b"]', "<msg/>"])
def test_a_platforms_own_data(written: str) -> None:
    """JSON and XML are nobody's words."""
    assert is_markup(written)


def test_cards_of_old_gateways() -> None:
    """Before 2022 a card was JSON in the first field."""
    url = '{"title": "好文", "description": "读读", "url": "https://example.com"}'
    program = '{"title": "拼团", "username": "gh_1", "pagePath": "/pages/x"}'
    assert Card("好文\n读读", "https://example.com") == read_url(text_field(1, url))
    assert Card("拼团", "gh_1/pages/x") == read_mini_program(text_field(1, program))


def test_a_description_like_the_title_is_told_once() -> None:
    """Some puppets give the same words twice."""
    inner = text_field(1, "好文") + text_field(3, "好文")
    assert Card("好文", "") == read_url(text_field(2, inner.decode()))


@given(st.binary(max_size=60))
def test_any_answer_is_a_card_or_malformed(data: bytes) -> None:
    """Nothing else is raised, and what is found can be encoded."""
    for read in (read_url, read_mini_program):
        try:
            card = read(data)
        except Malformed:
            continue
        assert f"{card.title}{card.link}".encode() is not None


@given(st.text(alphabet=st.sampled_from("<>/&;![]CDAT titleurldes:x\n"), max_size=200))
def test_any_markup_is_read(text: str) -> None:
    """Whatever stands in it."""
    assert isinstance(read_markup(f"<{text}"), Card)


def test_endless_markup_is_cut_off() -> None:
    """A long title is kept as far as anybody reads it."""
    assert 2000 == len(read_markup(f"<title>{'长' * 50_000}</title>").title)
