from contextlib import suppress

import pytest
from builders import said
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.base import Past
from rules.patterns import Patterns, Reading

REASON = "这样的话多半是广告"


def rule(*patterns: object, **over: object) -> Patterns:
    """A rule of these expressions."""
    return Patterns.model_validate({"reason": REASON, "patterns": patterns} | over)


def hit(text: str, *patterns: object, **over: object) -> str | None:
    """The part of the text that was found."""
    finding = rule(*patterns, **over).judge(said(text), Past())
    return text[slice(*finding.span)] if finding else None


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("日赚300元起", r"日赚\s?\d+", "日赚300"),
        ("日赚很多", r"日赚\s?\d+", None),
        ("😀😀加 A 看", "加 a", "加 A"),
        ("ＦＲＥＥ gift", r"\bfree gift\b", "ＦＲＥＥ gift"),
        ("代\u200b开发票", "代开.{0,4}票", "代\u200b开发票"),
        ("\ud800代开发票", "代开", "代开"),
        ("a\x00b", r"a\x00b", "a\x00b"),
        ("", "a", None),
    ],
)
def test_found(text: str, pattern: str, found: str | None):
    """An expression is found in what was sent, or in what it comes down to."""
    assert found == hit(text, pattern)


def test_which_text():
    """Each rule says which text its expressions are held against."""
    assert hit("ＦＲＥＥ", "free", read="original") is None
    assert hit("ＦＲＥＥ", "free", read="normalised") == "ＦＲＥＥ"
    assert hit("FREE gift", "FREE", read="normalised", case=True) is None


def test_capitals():
    """Capitals make no difference unless told otherwise."""
    assert hit("VIP", "vip") == "VIP"
    assert hit("VIP", "vip", case=True, read="original") is None


def test_the_first_in_the_text():
    """Of several the first in the text is told, of those that begin together the first written."""
    assert hit("先甲后乙", "乙", "甲") == "甲"
    assert hit("先甲后乙", "甲后", "甲") == "甲后"


def test_the_detail_names_the_note():
    """Operators read which expression it was, by its note where it has one."""
    noted = rule("x", {"pattern": "日赚", "note": "日薪广告"})
    finding = noted.judge(said("日赚三百"), Past())

    assert finding is not None
    assert "符合第 2 条句式「日薪广告」 pattern no. 2: 日薪广告" == finding.detail


def test_the_steps_are_told():
    """What was only found after normalising says by which steps."""
    finding = rule("代开").judge(said("代\u200b开"), Past())

    assert finding is not None
    assert ("invisible",) == finding.steps


@pytest.mark.parametrize(
    ("pattern", "place", "why"),
    [
        ("中(?!文)", 2, "环视"),
        ("(?<=加)微", 1, "环视"),
        ("(?:a)(?<n>b)(?<!c)", 13, "环视"),
        (r"(a)\1", 4, "反向引用"),
        ("好(a", 1, "缺右括号"),
        ("好[a", 2, "缺右方括号"),
        ("好[z-a]", 3, "范围"),
        ("a{1001}", 2, "重复次数"),
        ("好a**", 3, "连用"),
        ("*a", 1, "前面没有"),
        (r"\p{L}{1,900}x", 1, "太大"),
        ("a?", None, "匹配每一条消息"),
        ("^", None, "匹配每一条消息"),
        (r"\b", None, "匹配每一条消息"),
    ],
)
def test_refused_with_the_place(pattern: str, place: int | None, why: str):
    """What the engine does not know is refused with the expression, its number and the place."""
    with pytest.raises(ValueError) as refused:
        rule("fine", pattern)

    told = str(refused.value)
    assert "第 2 条 no. 2: " in told
    assert why in told
    assert place is None or f"第 {place} 个字" in told


@pytest.mark.parametrize(
    "patterns", [[], [""], ["a" * 501], ["a"] * 201, ["a\ud800"], [{"patern": "a"}], [3]]
)
def test_bounds(patterns: list[object]):
    """No expressions, empty and endless ones, too many, and unknown keys are refused."""
    with pytest.raises(ValueError):
        rule(*patterns)


def test_together_they_stay_small():
    """Expressions that are fine one by one may be too large together."""
    with pytest.raises(ValueError, match="加在一起太大"):
        rule(*([r"加\p{Han}{0,50}信\p{Han}{0,50}x"] * 5))


def test_what_looks_like_a_bomb():
    """Expressions that blow up elsewhere, held against a million letters, come back at once."""
    assert hit("a" * 1_000_000 + "!", "(a+)+b", "(a|aa)+b", "(.*a){20}x") is None


def test_a_quoting_expression_does_not_swallow_the_next():
    r"""`\Q` without `\E` quotes to the end of its own expression only."""
    assert hit("乙", r"\Q甲", "乙") == "乙"
    assert hit("a.b", r"\Qa.b", "乙") == "a.b"


def test_a_rule_that_has_judged_is_still_equal():
    """What was compiled takes no part in what the rule is: reloads compare rules."""
    used, fresh = rule("a"), rule("a")
    used.judge(said("a"), Past())

    assert fresh == used
    assert Reading.BOTH == used.read


@given(st.text(st.sampled_from("aA1加微 \u200b\ud800\u0301Ａ①𝐀\n") | st.characters(), max_size=60))
def test_hostile_texts(text: str):
    """Whatever is written, no exception, and the span lies in the text and holds something."""
    finding = rule("a+", r"\d{2,}", "加.?微", r"\pM").judge(said(text), Past())

    assert finding is None or 0 <= finding.span[0] < finding.span[1] <= len(text)


@given(st.text(st.sampled_from(r"ab()[]{}*+?|\^$.Qpd1,<=!:") | st.characters(), max_size=20))
def test_hostile_expressions(pattern: str):
    """An expression is either refused as such or finds what it finds."""
    with suppress(ValidationError):
        rule(pattern).judge(said("aab()12"), Past())


def test_all_that_is_wrong_is_told_at_once():
    """Whoever wrote three wrong ones need not try three times."""
    with pytest.raises(ValidationError) as refused:
        rule("(?=a)", "ok", "(")

    told = str(refused.value)
    assert (True, False, True) == tuple(f"第 {number} 条" in told for number in (1, 2, 3))


@given(
    st.lists(
        st.sampled_from(["加.{0,3}微", "[0-9]{3,}", r"\bok\b", "^的", "(?i)App", "了$"]), min_size=1
    ),
    st.lists(st.sampled_from("加微1的了\ud800 Ａ，") | st.sampled_from(["ok", "APP", "加我微"])),
    st.sampled_from(Reading),
)
def test_all_at_once_is_each_by_itself(patterns: list[str], pieces: list[str], read: Reading):
    """The one look for all expressions misses nothing that one of them finds."""
    text = "".join(pieces)
    alone = [found for each in patterns if (found := hit(text, each, read=read)) is not None]
    together = hit(text, *patterns, read=read)

    assert bool(alone) == (together is not None)
    assert together is None or together in alone
