import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.characters import characters
from rules.edits import Stage, stage
from rules.gaps import WORTH_A_LOOK, Gaps
from rules.normalising import ALL, normalise, whole
from rules.runs import numerals, repeats
from rules.spellings import shipped
from rules.steps import OF_CHARACTERS, Step

MELTING = st.text(
    st.sampled_from(
        "aAdＡée\u0301\u0323ßﬁi可微信加薇v+x弓长亻言人，。、.*_~\n 😂[微笑]一三五零妈的哈"
        "\u1100\u1161\u11a8カｶﾞ\u3099㍿\u200b\ufe0f𝐀ⓐ①1İıаก็・"
    )
    | st.characters()
    | st.characters(categories=["Cs"]),
    max_size=40,
)


@given(MELTING)
def test_once_is_enough(text: str):
    """What a text comes down to comes down to itself, whatever the text."""
    normal = normalise(text)

    assert normal.text == normalise(normal.text).text


PIECES = st.lists(
    st.sampled_from("加微信薇vxa，。…*._+😂ＡÉ賭하ㄅ \n")
    | st.sampled_from(["ab", "abc", "弓长", "亻言", "一三八零零", "妈妈", "的的的", "哈哈哈"])
    | st.sampled_from(["..", "  ", "[微笑]", "[强]", "我们都说", "www.a.cn/b1", "12", "1️⃣"]),
    max_size=60,
).map("".join)


def slowly(text: str) -> list[Stage]:
    """All steps over all of the text, again and again, without a look whether it is needed."""
    table, gaps = characters(ALL), Gaps(ALL)
    stages: list[Stage] = []
    due = True
    while due:
        settled = len(stages)
        for edits_of, plain in (
            (table.edits, True),
            (table.together, True),
            (shipped().edits, False),
            (lambda text: gaps.edits(text) if WORTH_A_LOOK.search(text) else [], False),
            (numerals, False),
            (repeats, False),
        ):
            if found := edits_of(text):
                stages.append(stage(text, found, plain=plain))
                text = stages[-1].new
        due = any(not each.plain for each in stages[settled:])
    return stages


@given(PIECES | MELTING)
def test_the_quick_way_is_the_slow_one(text: str):
    """What is not looked at, nothing near it having changed, would not have been changed."""
    assert slowly(text) == list(normalise(text).stages)


@given(MELTING)
def test_every_span_leads_back(text: str):
    """Every place of the new text leads to a part of the original, later ones not to earlier."""
    normal = normalise(text)
    spans = [normal.span(place, place + 1) for place in range(len(normal.text))]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(MELTING)
def test_what_is_searched_can_be_written(text: str):
    """No half characters are left, with and without any step: matchers refuse them."""
    for steps in (ALL, frozenset[Step]()):
        for view, _ in normalise(text, steps).views():
            assert view == view.encode().decode()


@given(MELTING, st.sets(st.sampled_from(list(Step))))
def test_steps_not_taken_are_not_named(text: str, steps: set[Step]):
    """Only steps that were asked for are said to have changed something."""
    assert set(normalise(text, frozenset(steps)).steps(0, len(text))) <= steps


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＡＢ", "ab"),
        ("ﬁ", "fi"),
        ("微\u2060信", "微信"),
        ("①⒈⑴❶1️⃣", "11111"),
        ("⒱a🅥b🆅cⓥd𝓥eᵛfѵ", "vavbvcvdvevfv"),
        ("Z͑a̐lgo", "zalgo"),
        ("賭博後", "赌博后"),
        ("ｶﾞ", "ガ"),
        ("\u1112\u1161\u11ab", "한"),
        ("加 * 微．．信", "加微信"),
        ("加\n微\n信", "加微信"),
        ("我参加，微信说", "我参加，微信说"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("a cat", "a cat"),
        ("f r e e", "free"),
        ("he'll", "he'll"),
        ("加[微笑]微[捂脸]信", "加微信"),
        ("妈妈的", "妈妈的"),
        ("哈哈哈", "哈哈哈"),
        ("加加微微信信", "加微信"),
        ("www.a.com", "www.a.com"),
        ("一三八零零", "13800"),
        ("一起", "一起"),
        ("一万二千三百", "一万二千三百"),
        ("弓长三", "张三"),
        ("增加威信", "增加威信"),
        ("加薇", "加微"),
        ("ctrl+v", "ctrl+v"),
    ],
)
def test_normalise(text: str, plain: str):
    """Each step undoes one way of writing, and leaves alone what only looks like it."""
    assert plain == normalise(text).text


def test_all_of_unicode():
    """Every character comes down to something that comes down to itself; none is left out."""
    plane = "".join(map(chr, (*range(0x3400), *range(0xA000, 0x20000), *range(0xE0000, 0xE1000))))
    normal = normalise(plane, OF_CHARACTERS)

    assert normal.text == normalise(normal.text, OF_CHARACTERS).text


@pytest.mark.parametrize("piece", ["加*", "v x ", "[微", "嗯，", "\u0301", "ﬁ", "弓长 "])
def test_a_long_message(piece: str):
    """A very long hostile text is worked through in a few rounds, not in one for each place."""
    normal = normalise(piece * 20_000)

    assert len(normal.stages) <= 8
    assert normal.text == normalise(normal.text).text


def test_steps_of_a_span():
    """The steps are those that changed something inside the span, in their order."""
    normal = normalise("ＡＢ 加*薇")

    assert (Step.WIDTH, Step.CASE) == normal.steps(0, 2)
    assert (Step.SEPARATORS, Step.SPELLINGS) == normal.steps(3, 6)
    assert () == normal.steps(4, 4)


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [("read", 2, 4, False), ("an ad", 3, 5, True), ("加ad看", 1, 3, True), ("可靠", 1, 2, True)],
)
def test_whole(text: str, start: int, end: int, *, expected: bool):
    """A word of a script with spaces stands alone; a Chinese one anywhere."""
    assert expected == whole(text, start, end)
