import pytest
from builders import BOT, said
from hypothesis import given
from hypothesis import strategies as st

from handlers.topic_orders import Ordered, TopicOrder, topic_order


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("话题", TopicOrder(Ordered.HOW)),
        ("topics", TopicOrder(Ordered.HOW, latin=True)),
        ("话题 下一个", TopicOrder(Ordered.NEXT)),
        ("话题下一个 读书会", TopicOrder(Ordered.NEXT, "读书会")),
        ("话题：跳过 读书会", TopicOrder(Ordered.HOW)),
        ("Topic Next", TopicOrder(Ordered.NEXT, latin=True)),
        ("话题 next", TopicOrder(Ordered.NEXT)),
        ("话题 换成 一杯茶", TopicOrder(Ordered.PIN, "一杯茶")),
        ("话题 换 3个问题", TopicOrder(Ordered.PIN, "3个问题")),
        ("话题 移到 10:30", TopicOrder(Ordered.MOVE, "10:30")),
        ("话题 移到 30分钟后", TopicOrder(Ordered.MOVE, "30分钟后")),
        ("话题 移到 41702 10:30", TopicOrder(Ordered.MOVE, "10:30", 41702)),
        ("话题 重发 #41702", TopicOrder(Ordered.RESEND, "", 41702)),
        ("话题 取消 编号 41702", TopicOrder(Ordered.CANCEL, "", 41702)),
        ("话题 群发 4821", TopicOrder(Ordered.BROADCAST, "", 4821)),
        ("话题 群发 4821。", TopicOrder(Ordered.BROADCAST, "", 4821)),
        ("话题 群发 3个问题 到 全部", TopicOrder(Ordered.BROADCAST, "3个问题 到 全部")),
        ("通过 5", TopicOrder(Ordered.APPROVE, "", 5)),
        ("婉拒 5 最近聊过", TopicOrder(Ordered.DECLINE, "最近聊过", 5)),
        ("approve 5", TopicOrder(Ordered.APPROVE, "", 5, latin=True)),
        ("话题 通过 搬家", TopicOrder(Ordered.APPROVE, "搬家")),
        ("话题 婉拒 ５", TopicOrder(Ordered.DECLINE, "", 5)),
        ("通过了", None),
        ("通过 大家的努力", None),
        ("话题很多", None),
        ("话题 真多", None),
        ("topical", None),
        ("说说话题 下一个", None),
    ],
)
def test_an_order(words: str, expected: TopicOrder | None):
    """By its words; what only begins like one is talk."""
    assert expected == topic_order(said(words), BOT)


def test_a_mention_before_it():
    """Ours is no part of the order."""
    assert TopicOrder(Ordered.SKIP, "读书会") == topic_order(
        said("@围炉 话题 跳过 读书会", mentions=(BOT,)), BOT
    )


@given(st.text(max_size=60), st.sampled_from(["话题", "话题 移到 ", "通过 ", "topic ", ""]))
def test_whatever_is_said(words: str, begin: str):
    """An order or none; a number is no more than was written."""
    found = topic_order(said(begin + words), BOT)

    assert found is None or 0 <= found.number < 10**19
