import pytest
from builders import person, said
from hypothesis import example, given
from hypothesis import strategies as st

from rules.base import Past
from rules.folding import fold, whole
from rules.keywords import Keywords

REASON = "广告会把聊天冲散"


def hit(text: str, *words: str, allow: tuple[str, ...] = ()) -> str | None:
    """The part of the text that was found."""
    rule = Keywords(reason=REASON, words=words, allow=allow)
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
        ("cafe\u0301", "cafe", None),
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
    assert used.automaton is used.automaton
    assert {"reason": REASON, "words": ("靠",), "allow": ()} == used.model_dump()


def test_repeating_costs_little():
    """Ten thousand protected words in one message are judged in one go, not one by another."""
    assert hit("可靠" * 10_000, "靠", allow=("可靠",)) is None


LETTERS = "aAdDＡａée\u0301\u0323ßﬁf i靠可微信가\u1100\u1161\u11a8ｶﾞカ\u3099㍿\u200b\ufe0f𝐀ⓐ①1_😀İı"
TEXTS = st.text(st.sampled_from(LETTERS) | st.characters(), max_size=40)
WORDS = st.lists(
    st.text(st.sampled_from(LETTERS), min_size=1, max_size=3).filter(lambda w: fold(w).strip()),
    min_size=1,
    max_size=4,
)


@given(text=TEXTS, words=WORDS)
@example(text="a\u0345\u0301", words=["á"])
def test_a_span_holds_a_word(text: str, words: list[str]):
    """What is pointed at in the original holds, once folded, one of the words."""
    found = hit(text, *words)

    assert found is None or any(fold(word.strip()) in fold(found) for word in words)


@given(text=TEXTS, words=WORDS)
def test_found_exactly_when_it_is_there(text: str, words: list[str]):
    """A finding is there exactly when some word stands somewhere in the folded text, whole."""
    folded = fold(text)
    there = any(
        folded.startswith(word, start) and whole(folded, start, start + len(word))
        for word in (fold(word.strip()) for word in words)
        for start in range(len(folded))
    )

    assert there == (hit(text, *words) is not None)


@given(before=TEXTS, after=TEXTS, words=WORDS)
def test_an_allowed_word_is_never_found(before: str, after: str, words: list[str]):
    """A word that is allowed as it stands is found nowhere."""
    assert hit(before + words[0] + after, words[0], allow=(words[0],)) is None
