from datetime import timedelta

import pytest
from builders import NOON, group, later, person, said
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Kind
from rules.base import Earlier, Finding, Need, Past
from rules.likeness import likeness_of
from rules.repeats import Repeats

REPEATS = Repeats(reason="说一遍大家就看到了", limit=2, window=timedelta(minutes=10))
AD = "转让一张周六晚上的音乐会门票"


def before(*texts: tuple[str, int]) -> Past:
    """What 小林 said so many seconds before noon, oldest first."""
    earlier = []
    for text, seconds in sorted(texts, key=lambda each: -each[1]):
        likeness = likeness_of(said(text))
        if likeness is not None:
            earlier.append(Earlier(person("小林"), group(), later(seconds=-seconds), likeness))
    return Past(texts=earlier)


def test_up_to_the_limit():
    """Twice is fine where the limit is two."""
    assert REPEATS.judge(said(AD), before((AD, 60))) is None


def test_once_too_often():
    """The third time within ten minutes is found; the behaviour is the offence, not a place."""
    finding = REPEATS.judge(said(AD), before((AD, 60), (AD, 120)))

    detail = "10m 内同样的话 3 次，上限 2 the same 3 times within 10m, the limit is 2"
    assert Finding("repeats", (0, 0), detail) == finding


def test_nearly_the_same():
    """Other punctuation, emoji and a word more make no difference."""
    past = before((f"🔥{AD}！！", 60), (AD.replace("门票", "门 票") + "～", 120))

    assert REPEATS.judge(said(AD), past) is not None


@pytest.mark.parametrize("text", ["收到", "哈哈哈", "1", "+1", "打卡", "早上好", "第12天打卡"])
def test_small_talk_never_counts(text: str):
    """However often it is said."""
    assert REPEATS.judge(said(text), before(*((text, second) for second in range(50)))) is None


def test_stickers_never_count():
    """A sticker says nothing, even where texts are alike."""
    past = before((AD, 60), (AD, 120), (AD, 180))

    assert REPEATS.judge(said(AD, kind=Kind.EMOTICON), past) is None


def test_the_edge_of_the_window():
    """A message exactly one window ago no longer counts."""
    assert REPEATS.judge(said(AD), before((AD, 599), (AD, 600))) is None
    assert REPEATS.judge(said(AD), before((AD, 599), (AD, 598))) is not None


def test_what_it_needs():
    """The texts of its window, and nothing else."""
    assert frozenset({Need.TEXTS}) == REPEATS.needs
    assert timedelta(minutes=10) == REPEATS.looks_back


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"window": "0s"}, {"window": "2d"}, {"mit": 3}])
def test_settings_are_held_to_sense(wrong: dict[str, object]):
    """No times at all, no window, a window beyond a day and unknown keys are refused."""
    with pytest.raises(ValueError):
        Repeats.model_validate({"reason": "说一遍大家就看到了"} | wrong)


@given(
    st.lists(
        st.tuples(st.sampled_from([AD, "收到", "明天的活动改到几点"]), st.integers(-300, 900))
    ),
    st.integers(1, 5),
)
def test_like_counting_by_hand(texts: list[tuple[str, int]], limit: int):
    """Whatever was said, the finding is there exactly when counting by hand says so."""
    rule = REPEATS.model_copy(update={"limit": limit})
    alike = [text == AD and abs(seconds) < 600 for text, seconds in texts]

    assert (1 + sum(alike) > limit) == (rule.judge(said(AD, at=NOON), before(*texts)) is not None)
