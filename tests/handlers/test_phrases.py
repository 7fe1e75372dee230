from datetime import timedelta

import pytest
from builders import BOT, person, said
from hypothesis import given
from hypothesis import strategies as st

from handlers.phrases import Phrase, Whom, folded

LIN = person("小 林")


def phrase(text: str, *mentions: object) -> Phrase:
    """What is to be read of a message."""
    return Phrase(said(text, mentions=mentions), BOT)


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("申诉 17 理由，在这里。", 17, "理由，在这里。"),
        ("申诉#17：理由", 17, "理由"),
        ("申诉１７　理由", 17, "理由"),
        ("/申诉 案件 17, 理由", 17, "理由"),
        ("@围炉\u2005申诉 17 理由", 17, "理由"),
        ("申诉 理由", None, "理由"),
        ("申诉 17", 17, ""),
        ("申诉 17th", None, "17th"),
        ("申诉 99999999999", None, "99999999999"),
    ],
)
def test_a_number_and_a_reason(text: str, number: int | None, why: str):
    """Width and punctuation make no difference; the reason stays as it was written."""
    words = phrase(text, BOT)

    assert "申诉" == words.word(["申诉"])
    assert (number, why) == (words.number(), words.rest())


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("@围炉 早", "早"),
        ("@围炉早", "早"),
        ("早 @围炉", "早"),
        ("小林@围炉读书会 早", "小林@围炉读书会 早"),
        ("@围炉\u2005小林@围炉读书会 早", "小林@围炉读书会 早"),
    ],
)
def test_our_own_mention(text: str, rest: str):
    """It is no part of what is said; a group that is named like us is."""
    assert rest == phrase(text, BOT).rest()


@pytest.mark.parametrize("text", ["申诉书怎么写", "我要申诉", "", "申", "reporting live"])
def test_no_word(text: str):
    """A word that goes on is another word."""
    assert phrase(text).word(["申诉", "report"]) is None


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@小 林 刷屏", Whom(mentioned=LIN)),
        ("@小 林@读书会 刷屏", Whom(mentioned=LIN, group="读书会")),
        ("小林 刷屏", Whom(name="小林")),
        ("@小林 刷屏", Whom(mentioned=LIN)),
        ("小林@读书会：刷屏", Whom(name="小林", group="读书会")),
        ("「小 林」@「读 书会」 刷屏", Whom(name="小 林", group="读 书会")),
        ("#17 刷屏", Whom(case=17)),
        ("案件17 刷屏", Whom(case=17)),
    ],
)
def test_whom(text: str, whom: Whom):
    """Mentioned, named, named with the group, or by the number of a case."""
    words = phrase(text, LIN)

    assert (whom, "刷屏") == (words.whom(), words.rest())


@pytest.mark.parametrize(
    ("text", "lasting", "rest"),
    [
        ("3天 刷屏", timedelta(days=3), "刷屏"),
        ("1d12h 刷屏", timedelta(days=1, hours=12), "刷屏"),
        ("30 分钟 刷屏", timedelta(minutes=30), "刷屏"),
        ("3dogs", None, "3dogs"),
        ("刷屏", None, "刷屏"),
    ],
)
def test_how_long(text: str, lasting: timedelta | None, rest: str):
    """As config.yaml writes it."""
    words = phrase(text)

    assert (lasting, rest) == (words.lasting(), words.rest())


@given(st.text())
def test_folding_keeps_the_places(text: str):
    """Position n of what is matched is position n of what was written."""
    assert len(text) == len(folded(text))


_PIECES = st.sampled_from(
    [
        "申诉",
        "#",
        "17",
        " ",
        "@",
        "小 林",
        "@小 林",
        "「",
        "」",
        "：",
        "3天",
        "案件",
        "\u2005",
        "\n",
    ]
)


@given(st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=12).map("".join)))
def test_any_text_can_be_read(text: str):
    """Whatever was written, in whatever order it is read: no exception, and never too much."""
    words = phrase(text, LIN, BOT)
    words.word(["申诉", "静言"])
    words.number()
    words.lasting()
    words.whom()
    words.one()

    assert len(words.rest()) <= len(text)
    assert "" == words.rest()
