from pathlib import Path
from typing import Any

import pytest
from builders import person, said
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rules.base import Past
from rules.keywords import Keywords
from rules.normalising import normalise

HERE = Path(__file__).parent
REASON = "广告会把聊天冲散"


def hit(text: str, *words: str, **settings: Any) -> str | None:
    """The part of the text that was found."""
    rule = Keywords(reason=REASON, words=words, **settings)
    finding = rule.judge(said(text), Past())
    return text[slice(*finding.span)] if finding else None


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("加微信领红包", "微信", "微信"),
        ("read the ad", "ad", "ad"),
        ("I read", "ad", None),
        ("加Ad看", "ad", "Ad"),
        ("ads", "ad", None),
        ("ad2", "ad", None),
        ("ad_2", "ad", "ad"),
        ("ＦＲＥＥ!", "free", "ＦＲＥＥ"),
        ("𝐅𝐑𝐄𝐄", "free", "𝐅𝐑𝐄𝐄"),
        ("ⓕⓡⓔⓔ", "free", "ⓕⓡⓔⓔ"),
        ("微\u200b信", "微信", "微\u200b信"),
        ("微\ud800信", "微信", "微\ud800信"),
        ("STRASSE", "straße", "STRASSE"),
        ("cafe\u0301", "café", "cafe\u0301"),
        ("cafe\u0301", "cafe", "cafe\u0301"),
        ("加 * 微", "加微", "加 * 微"),
        ("加．．微", "加微", "加．．微"),
        ("薇信", "微信", "薇信"),
        ("一三八零零", "13800", "一三八零零"),
        ("𝐡𝐚𝐯𝐞", "av", None),
        ("vx123", "微信", "vx"),
        ("vx", "vx", "vx"),
        ("微信", "vx", None),
        ("加薇", "加v", "加薇"),
        ("freeeee", "free", "freeeee"),
        ("㍿", "株式会社", "㍿"),
        ("ｶﾞｽ", "ガス", "ｶﾞｽ"),
        ("V信号", "v信", "V信"),
        ("QV信号", "v信", None),
        ("", "微信", None),
    ],
)
def test_ways_of_writing(text: str, word: str, found: str | None):
    """A word is found however it is written, Latin as a whole word, Chinese anywhere."""
    assert found == hit(text, word)


def test_a_phrase_protects():
    """可靠 does not hit 靠, a second 靠 beside it does."""
    assert hit("他很可靠", "靠", allow=("可靠",)) is None
    assert hit("靠，他很可靠", "靠", allow=("可靠",)) == "靠"


def test_a_phrase_protects_only_what_is_inside():
    """A word that reaches out of an allowed phrase is found."""
    assert hit("可靠你", "靠你", allow=("可靠",)) == "靠你"


def test_the_first_and_longest():
    """Of several words the first counts, and the longest where two begin together."""
    assert hit("兼职刷单", "刷单", "兼职", "兼职刷") == "兼职刷"


def test_a_name_is_not_an_offence():
    """Whoever mentions 靠谱哥 did not choose that name; the word elsewhere still counts."""
    rule = Keywords(reason=REASON, words=("靠",))
    mentions = (person("靠谱哥"),)

    assert rule.judge(said("@靠谱哥 在吗", mentions=mentions), Past()) is None
    finding = rule.judge(said("@靠谱哥 靠", mentions=mentions), Past())
    assert finding is not None
    assert (5, 6) == finding.span


@pytest.mark.parametrize("words", [[], [""], ["  "], ["\u200b"], ["长" * 101]])
def test_words_are_words(words: list[str]):
    """No words at all, and words that nobody can see, are refused."""
    with pytest.raises(ValueError):
        Keywords.model_validate({"reason": REASON, "words": words})


def test_a_rule_that_has_judged_is_still_equal():
    """The automaton is built once and takes no part in what the rule is: reloads compare rules."""
    used, fresh = (Keywords(reason=REASON, words=("靠",)) for _ in range(2))
    used.judge(said("靠"), Past())

    assert fresh == used
    assert used.bound is used.bound
    assert "bound" not in used.model_dump()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("做代理加我", "代理"),
        ("加我，做代理", "代理"),
        ("代理服务器怎么配", None),
        ("代理" + "，好" * 10 + "加我", "代理"),
        ("代理" + "，好" * 11 + "加我", None),
        ("代*理，私 聊", "代*理"),
    ],
)
def test_near(text: str, found: str | None):
    """A word that needs neighbours counts only with one of them near enough."""
    assert found == hit(text, near={"代理": ("加我", "私聊")}, near_within=20)


def test_a_latin_word_in_longer_ones():
    """With `part` a Latin word is found inside longer ones as well."""
    assert hit("vxworks", "vx") is None
    assert hit("vxworks", "vx", part=True) == "vx"


@pytest.mark.parametrize(
    ("text", "word", "step"),
    [
        ("薇信", "微信", "spellings"),
        ("微*信", "微信", "separators"),
        ("微😂信", "微信", "emoji"),
        ("加微微微信", "加微信", "repeats"),
        ("微\u200b信", "微信", "invisible"),
        ("微\u0336信", "微信", "marks"),
        ("微信號", "微信号", "traditional"),
        ("ｆｒｅｅ", "free", "width"),
        ("FREE", "free", "case"),
        ("ⓕⓡⓔⓔ", "free", "ornate"),
        ("frее", "free", "lookalikes"),
        ("一三八零零", "13800", "digits"),
    ],
)
def test_without_a_step(text: str, word: str, step: str):
    """Every step can be switched off, and a finding says which ones it took."""
    finding = Keywords(reason=REASON, words=(word,)).judge(said(text), Past())

    assert finding is not None
    assert (step,) == finding.steps
    assert hit(text, word, without=(step, "separators")) is None


def test_spellings_of_ones_own():
    """A rule may add spellings to the table that ships, which stays in force."""
    own = {"围炉": ("[韦违]炉",)}

    assert hit("来韦炉", "围炉", spellings=own) == "韦炉"
    assert hit("来韦炉", "围炉") is None
    assert hit("薇信", "微信", spellings=own) == "薇信"


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": []},
        {"words": ["靠"], "spellings": {"微信": ["微"]}},
        {"words": ["靠"], "spellings": {"微信": [" "]}},
        {"near": {"代理": []}},
        {"words": ["靠"], "without": ["magic"]},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]):
    """No words at all, spellings that turn in a circle, neighbours that are none, unknown steps."""
    with pytest.raises(ValueError):
        Keywords.model_validate({"reason": REASON} | wrong)


def test_repeating_costs_little():
    """Ten thousand protected words in one message are judged in one go, not one by another."""
    assert hit("可靠" * 10_000, "靠", allow=("可靠",)) is None


LETTERS = (
    "aAdDＡａée\u0301\u0323ßﬁf i靠可微信薇加v*，。 \n"
    "가\u1100\u1161\u11a8ｶﾞカ\u3099㍿\u200b\ufe0f𝐀ⓐ①1一三五_😀İı"
)
TEXTS = st.text(st.sampled_from(LETTERS) | st.characters(), max_size=40)
WORDS = st.lists(
    st.text(st.sampled_from(LETTERS), min_size=1, max_size=3).filter(
        lambda word: normalise(word.strip()).text.strip()
    ),
    min_size=1,
    max_size=4,
)


@given(text=TEXTS, words=WORDS)
@example(text="a\u0345\u0301", words=["á"])
def test_a_span_lies_in_the_text(text: str, words: list[str]):
    """What is pointed at is a part of the original, and judged alone it is found again."""
    found = hit(text, *words)

    assert found is None or found in text
    assert found is None or hit(found, *words) is not None


@given(before=TEXTS, after=TEXTS, words=WORDS)
def test_an_allowed_word_is_never_found(before: str, after: str, words: list[str]):
    """A word that is allowed as it stands is found nowhere."""
    assert hit(before + words[0] + after, words[0], allow=(words[0],)) is None


@given(word=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2))
def test_a_chinese_word_is_found_anywhere(word: str):
    """Between other characters a Chinese word is found as it is written."""
    word = word[:6]

    assert hit(f"，{word}。", word) == word


def data(name: str) -> Any:
    """What stands in a file beside this one."""
    return YAML(typ="safe", pure=True).load((HERE / name).read_text(encoding="utf-8"))


def evasions() -> list[tuple[str, str]]:
    """Each word with each way of writing it."""
    return [
        (word, text)
        for word, steps in data("evasions.yaml").items()
        for texts in steps.values()
        for text in texts
    ]


def test_evasions():
    """Three hundred ways of writing forbidden words otherwise, and each is found."""
    missed = [(word, text) for word, text in evasions() if hit(text, word) is None]

    assert len(evasions()) >= 300
    assert [] == missed


def test_innocents():
    """Three hundred ordinary texts that look like something forbidden, and none is found."""
    written = data("innocents.yaml")
    texts = [text for group in written["texts"] for text in group]
    rule = Keywords(reason=REASON, words=written["words"], allow=written["allow"])

    assert len(texts) >= 300
    assert [] == [text for text in texts if rule.judge(said(text), Past())]
