import threading

from builders import said
from hypothesis import given
from hypothesis import strategies as st

from rules.base import Past
from rules.edits import Stage
from rules.flood import Flood
from rules.keywords import Keywords
from rules.lexicon import Lexicon, Words, share
from rules.steps import ALL

REASON = "广告会把聊天冲散"


def rule(*words: str, **settings: object) -> Keywords:
    """A keyword rule for these words."""
    return Keywords.model_validate({"reason": REASON, "words": words} | settings)


def found(rule: Keywords, text: str) -> str | None:
    """The part of the text that a rule finds."""
    finding = rule.judge(said(text), Past())
    return text[slice(*finding.span)] if finding else None


def test_one_automaton_for_all():
    """Rules that normalise alike share one lexicon; each finds its own words only."""
    ads, insults = rule("刷单", "微信"), rule("傻瓜", allow=("傻瓜相机",))
    share([ads, Flood(reason=REASON), insults])

    assert ads.bound[0] is insults.bound[0]
    assert found(ads, "傻瓜才刷单") == "刷单"
    assert found(insults, "傻瓜才刷单") == "傻瓜"
    assert found(insults, "傻瓜相机") is None


def test_other_steps_another_automaton():
    """A rule that leaves a step out is searched apart, and finds what it asked for."""
    usual, strict = rule("微信"), rule("微信", without=["spellings"])
    share([usual, strict])

    assert usual.bound[0] is not strict.bound[0]
    assert found(usual, "薇信") == "薇信"
    assert found(strict, "薇信") is None


def test_equal_lists_are_kept_once():
    """Groups with the same list of words share its place, whatever else differs."""
    one, other = rule("刷单", reason="理由一"), rule("刷单", reason="理由二")
    share([one, other])

    assert one.bound == other.bound
    assert 1 == len(one.bound[0].lists)


def test_a_word_of_two_lists():
    """What one list allows is still forbidden by another."""
    kind, hard = rule("靠", allow=("可靠",)), rule("靠")
    share([kind, hard])

    assert found(kind, "可靠") is None
    assert found(hard, "可靠") == "靠"


def test_shared_or_alone_is_the_same():
    """Sharing changes no verdict and not what a rule is."""
    alone, shared = rule("加微信", "vx"), rule("加微信", "vx")
    share([shared, rule("微信", "别的词")])

    for text in ("加*薇信", "加VX", "参加，微信", "", "vxworks", "微\ud800信加微信"):
        assert found(alone, text) == found(shared, text)
    assert alone == shared


def test_a_new_lexicon_while_judging():
    """Words are shared anew in another thread; whoever judges by the old ones goes on."""
    old = [rule("刷单", f"别词{number}") for number in range(20)]
    share(old)
    new = [rule("兼职", f"新词{number}") for number in range(200)]
    thread = threading.Thread(target=share, args=(new,))
    thread.start()
    verdicts = {found(each, f"来刷单{number}") for each in old for number in range(20)}
    thread.join()

    assert {"刷单"} == verdicts
    assert found(new[-1], "兼*职") == "兼*职"


def test_threads_do_not_mix_messages():
    """Two threads that judge by one lexicon get each their own message's finding."""
    shared = rule("刷单", "兼职")
    verdicts: dict[str, set[str | None]] = {"刷单": set(), "兼职": set()}

    def judge(word: str) -> None:
        for number in range(500):
            verdicts[word].add(found(shared, f"{number}{word}"))

    threads = [threading.Thread(target=judge, args=(word,)) for word in verdicts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {"刷单": {"刷单"}, "兼职": {"兼职"}} == verdicts


WORDS = Words(
    words=("加微信", "微信", "妈的", "free", "13800", "我操", "vx", "色彩"),
    allowed=("加微信群",),
    neighbours=("代理",),
)


class Thorough(Lexicon):
    """Searches all of every view of a text."""

    def near_edits(self, each: Stage) -> list[tuple[int, int, int]]:
        """Also what is far from any edit."""
        return self.find(each.new)


LEXICON, THOROUGH = Lexicon([WORDS], ALL), Thorough([WORDS], ALL)


PIECES = st.sampled_from("加微信薇群妈的frevx我色彩，。* \n😂好") | st.sampled_from(
    ["妈妈", "ee", "Free", "一三八零零", "操场", "代理", "[微笑]", "亻言", "大家", "  "]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_only_what_changed_is_searched_again(text: str):
    """Searching later views only around the edits finds what searching all of them does."""
    expected = set(THOROUGH.search(text).get(0, ()))

    assert expected == set(LEXICON.search(text).get(0, ()))
