import pytest
from builders import later
from hypothesis import given
from hypothesis import strategies as st

from storage.values import AnswerHow
from storage.values_of_programmes import Answer
from topics.drift import about, drift, words

PRICE = "你第一次涨价，走了几个客户？那一刻是怎么想的"
ON = [
    "我们去年涨了两成，走了两个老客户",
    "涨价前我提前一个月打招呼，只走了一个",
    "我不敢涨，怕客户跑了",
    "其实客户更在意稳定",
]
OFF = ["前端现在简历一大堆", "杭州租房贵吗", "周末去西湖爬山吗", "断桥人太多了"]


def answers(*texts: str | None, how: AnswerHow = AnswerHow.WINDOW) -> list[Answer]:
    """Answers of one person after another."""
    return [
        Answer(number, number, number, how, later(minutes=number), text, clean=True)
        for number, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (ON, 0),
        ([*ON, *OFF], 50),
        ([*ON, "哈哈", "👍", None, *OFF], 50),
        (["豆浆油条", "我吃的包子", "今天减肥没吃", *OFF], 57),
        (["嗯", None], None),
        ([], None),
    ],
)
def test_how_far_it_went(texts: list[str | None], expected: int | None):
    """The share of talk that shares no word with what was said about the topic before."""
    assert expected == drift(about(PRICE, answers(*texts)))


def test_who_quotes_means_the_topic():
    """What quotes the post is about it, whatever its words; so is what goes on from there."""
    sure = answers(*ON, *OFF, how=AnswerHow.QUOTE)
    goes_on = answers(*ON, *OFF, "爬山的人多吗", how=AnswerHow.QUOTE)[-1:]

    assert 0 == drift(about(PRICE, sure))
    assert [True] == about(PRICE, [*sure, *goes_on])[-1:]


def test_words():
    """Pairs of characters that are not both particles; Latin words without regard to case."""
    assert {"涨价", "notion", "用了"} == words("涨价，用了 Notion 的吗？a1")


@given(st.text(), st.lists(st.one_of(st.none(), st.text(max_size=80)), max_size=12))
def test_any_talk(post: str, texts: list[str | None]):
    """Never fails, always says the same, and is a share."""
    told = about(post, answers(*texts))

    assert told == about(post, answers(*texts))
    assert len(texts) == len(told)
    share = drift(told)
    assert share is None or 0 <= share <= 100
