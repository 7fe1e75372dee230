"""docs/operators.md: what it tells operators to say is understood as it says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, said
from desk import hears, orders, whispers
from hall import Hall
from topic_stage import set_out

from handlers.orders import Order, order
from handlers.topic_orders import Ordered, TopicOrder, topic_order
from storage.database import Database
from topics.goal import Goal, Measure

PAGE = (Path(__file__).parent.parent / "docs" / "operators.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.+?`) \| .+ \|$", PAGE, re.MULTILINE)
SAID = [words for row in ROWS for words in re.findall(r"`([^`]+)`", row)]
CONSENTS = ("别点我", "可以点我", "别引用我", "可以引用我")
OF_MEMBERS = ("帮助", "群规", "我的记录", "申诉", "举报", "推荐话题", "目标", *CONSENTS)
OF_TOPICS = ("话题", "通过", "婉拒")
ORDERS = [words for words in SAID if not words.startswith((*OF_MEMBERS, *OF_TOPICS))]
ABOUT_TOPICS = [words for words in SAID if words.startswith(OF_TOPICS)]
ENGLISH = re.findall(r"`((?:topic |approve|decline)[^`]*)`", PAGE)


def test_the_page_is_read():
    """It teaches orders of every kind, and what members can do."""
    assert len({words.split()[0] for words in ORDERS}) >= 13
    others = {*SAID} - {*ORDERS} - {*ABOUT_TOPICS}
    assert set(OF_MEMBERS) == {words.split()[0] for words in others}
    assert {*Ordered} - {Ordered.HOW} == {_of_topics(words).what for words in ABOUT_TOPICS}
    assert len(ENGLISH) >= 15


@pytest.mark.parametrize("words", ORDERS)
def test_an_order_is_complete(words: str):
    """Nothing is missing, and what it lacks in mentions it has in names."""
    found = order(said(words), None)

    assert isinstance(found, Order)


def test_a_goal(bank: Hall):
    """What is said of the common goal is understood, in the end as it is told."""
    measure = Measure(unit="页", target=300)
    bank.rule(goal=Goal(name="共读", start=NOON.date(), end=NOON.date(), measure=measure))
    said_of_it = [words for words in SAID if words.startswith("目标")]
    told = hears(bank, *map(orders, said_of_it))

    assert ["到 120 /", "到 123 /", "到 120 /", "到 120 /"] == [
        re.findall("到 [0-9]+ /", words)[0] for words in told
    ]


def _of_topics(words: str) -> TopicOrder:
    found = topic_order(said(words), None)
    assert found is not None, words
    return found


@pytest.mark.parametrize("words", [*ABOUT_TOPICS, *ENGLISH])
def test_an_order_about_topics(bank: Hall, words: str):
    """It is understood, and what it is about is found, but for the number of a slot."""
    bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？"))
    number = str(_of_topics(words).number or "")
    bank.happens(orders("话题 现在 跑步 走路"))
    (told, *_) = hears(bank, orders(words))

    assert not told.startswith(("请写", "请这样", "看不懂", "没有找到")) or " " not in words[7:]
    assert "不是我照看的群" not in told
    assert "没有编号" not in told or number == "41702"


def test_members_propose(bank: Hall):
    """What the page tells them to say is kept."""
    (words,) = [each for each in SAID if each.startswith("推荐话题")]

    assert hears(bank, whispers(words))[-1].startswith("谢谢你推荐")


@pytest.fixture
def bank(sqlite_database: Database) -> Iterator[Hall]:
    """读书会 and 跑步 with programmes, and the topic of the examples."""
    with sqlite_database.work() as work:
        hall = Hall(work)
        set_out(hall)
        yield hall
