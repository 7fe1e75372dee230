from datetime import date, timedelta

import pytest
from builders import BOT, person, said
from hypothesis import given
from hypothesis import strategies as st

from handlers.orders import Order, What, Wrong, order
from handlers.phrases import Whom
from rules.consequences import Consequence

LIN = person("小林")
AT_LIN = Whom(mentioned=LIN)


def read(text: str) -> Order | Wrong | None:
    """What an operator says, with 小林 mentioned if the words do so."""
    mentions = (LIN,) if "@小林" in text else ()
    return order(said(text, mentions=mentions), BOT)


def sanction(consequence: Consequence, whom: Whom, why: str, **over: object) -> Order:
    """An order to sanction somebody."""
    fields: dict[str, object] = {"consequence": consequence, "whom": whom, "why": why} | over
    return Order(What.SANCTION, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("案件", Order(What.CASES)),
        ("案件 17", Order(What.CASES, number=17)),
        ("case #17", Order(What.CASES, number=17)),
        ("任务", Order(What.TASKS)),
        ("维持17：确实是广告。", Order(What.UPHOLD, number=17, why="确实是广告。")),
        ("uphold 17 it was an ad", Order(What.UPHOLD, number=17, why="it was an ad")),
        ("撤销 17 是书名", Order(What.OVERTURN, number=17, why="是书名")),
        ("撤销 17 误判", Order(What.OVERTURN, number=17, why="误判", false_hit=True)),
        (
            "撤销 17 是书名 [误判]",
            Order(What.OVERTURN, number=17, why="是书名", false_hit=True),
        ),
        ("提醒 @小林 慢一点", sanction(Consequence.REMIND, AT_LIN, "慢一点")),
        (
            "警告 小林@读书会 广告",
            sanction(Consequence.WARN, Whom(name="小林", group="读书会"), "广告"),
        ),
        (
            "静言 3天 @小林 刷屏",
            sanction(Consequence.QUIET, AT_LIN, "刷屏", lasting=timedelta(days=3)),
        ),
        (
            "mute @小林 12h flooding",
            sanction(Consequence.QUIET, AT_LIN, "flooding", lasting=timedelta(hours=12)),
        ),
        ("移出 #17 骂人", sanction(Consequence.REMOVE, Whom(case=17), "骂人")),
        ("封禁 @小林 诈骗", sanction(Consequence.BAN, AT_LIN, "诈骗")),
        ("解封 17 说清楚了", Order(What.RELEASE, whom=Whom(case=17), why="说清楚了")),
        ("解封 小林 说清楚了", Order(What.RELEASE, whom=Whom(name="小林"), why="说清楚了")),
        (
            "豁免 @小林 广告 请来的讲师 到 2026-12-31",
            Order(
                What.EXEMPT, whom=AT_LIN, rule="广告", why="请来的讲师", until=date(2026, 12, 31)
            ),
        ),
        ("豁免 @小林 广告 讲师", Order(What.EXEMPT, whom=AT_LIN, rule="广告", why="讲师")),
        ("豁免", Order(What.EXEMPTIONS)),
        ("exemptions", Order(What.EXEMPTIONS)),
        (
            "exempt @小林 all a guest until 2026-12-31",
            Order(What.EXEMPT, whom=AT_LIN, rule="all", why="a guest", until=date(2026, 12, 31)),
        ),
        (
            "取消豁免 @小林 广告 讲完了",
            Order(What.END_EXEMPTION, whom=AT_LIN, rule="广告", why="讲完了"),
        ),
        ("取消关联 小林 林二", Order(What.UNLINK, whom=Whom(name="小林"), other=Whom(name="林二"))),
        ("关联 小林 林二", Order(What.LINK, whom=Whom(name="小林"), other=Whom(name="林二"))),
        ("完成 5", Order(What.DONE, number=5)),
        ("完成 5 已请回", Order(What.DONE, number=5, why="已请回")),
    ],
)
def test_orders(text: str, expected: Order):
    """Each order in its words, Chinese or English."""
    assert expected == read(text)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("维持 确实是广告", "请写上案件号"),
        ("维持 17", "请写上理由"),
        ("撤销 17 \u200b\u202e", "请写上理由"),
        ("警告", "请写明是谁"),
        ("警告 @小林", "请写上理由"),
        ("静言 9999d @小林 刷屏", "时长"),
        ("静言 0d @小林 刷屏", "时长"),
        ("解封 @小林", "请写上理由"),
        ("豁免 @小林 广告", "请写上规则"),
        ("豁免 @小林 广告 讲师 到 2026-13-01", "日期"),
        ("取消豁免", "请写明是谁"),
        ("取消豁免 @小林 广告", "请写上规则"),
        ("关联 小林", "请写明是哪两个人"),
        ("取消关联 小林", "请写明是哪两个人"),
        ("完成", "请写上任务号"),
    ],
)
def test_what_is_missing(text: str, missing: str):
    """One short line says what is missing and gives an example."""
    wrong = read(text)

    assert isinstance(wrong, Wrong)
    assert wrong.says.zh.startswith(missing)
    assert "例如：" in wrong.says.zh
    assert "\n" not in wrong.says.zh


@pytest.mark.parametrize(
    "text",
    [
        "",
        "案件很多",
        "案件 都看完了",
        "提醒大家开会",
        "封禁令",
        "exemptions are rare",
        "大家好",
        "任务完成了",
    ],
)
def test_ordinary_talk(text: str):
    """Words that only begin alike are no orders."""
    assert read(text) is None


_WORDS = ["维持", "撤销", "静言", "解封", "豁免", "关联", "完成", "案件", "ban", "mute", "link"]
_PIECES = [
    "17",
    "#17",
    "@小林",
    "3天",
    "到 2026-99-99",
    "「",
    "」",
    "@",
    "：",
    " ",
    "\n",
    "\0",
    "{x}",
]


@given(
    st.sampled_from(_WORDS),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=8),
)
def test_no_text_breaks_it(word: str, pieces: list[str]):
    """Whatever follows the word: an order, a line about what is missing, or nothing."""
    found = read(word + " " + " ".join(pieces))

    if isinstance(found, Wrong):
        assert found.says.say()


@given(
    number=st.integers(1, 999_999_999),
    why=st.text("理由是广告abc，。! ", min_size=1).map(
        lambda text: f"因{' '.join(text.split())}".strip()
    ),
    wide=st.booleans(),
)
def test_there_and_back(number: int, why: str, wide: bool):  # noqa: FBT001
    """A decision that is written as the help says is read as it was meant."""
    written = f"维持 {number} {why}"
    if wide:
        written = written.replace(" ", "\u3000", 2)

    assert Order(What.UPHOLD, number=number, why=why) == read(written)
