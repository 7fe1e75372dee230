from datetime import timedelta

import pytest
from builders import group, later, person, said
from hypothesis import given
from hypothesis import strategies as st

from rules.base import Earlier, Finding, Need, Past
from rules.coordinated import Coordinated
from rules.likeness import likeness_of

RULE = Coordinated(reason="同一段话轮流发，是在骗大家的信任", window=timedelta(minutes=10))
AD = "内部渠道招代理，一单一结，想做的找我要名片"


def voices(text: str, *said_by: tuple[str, str, int]) -> Past:
    """The text from each of these: who, where, how many seconds before noon."""
    likeness = likeness_of(said(text))
    if likeness is None:
        return Past()
    return Past(
        others=[
            Earlier(person(who), group(where), later(seconds=-seconds), likeness)
            for who, where, seconds in sorted(said_by, key=lambda each: -each[2])
        ]
    )


def test_several_accounts():
    """The third account to say it is found, and goes one step further along the ladder."""
    past = voices(AD, ("甲", "读书会", 60), ("乙", "读书会", 30))

    detail = "10m 内 3 个帐号在 1 个群说同样的话 the same from 3 accounts in 1 groups within 10m"
    assert Finding("coordinated", (0, 0), detail, aggravation=1) == RULE.judge(said(AD), past)


def test_several_groups():
    """One account in a third group is found as well."""
    past = voices(AD, ("小林", "健身群", 60), ("小林", "校友群", 30))

    assert RULE.judge(said(AD), past) is not None


def test_one_account_in_one_group():
    """That is another rule's matter, however often it is said."""
    assert RULE.judge(said(AD), voices(AD, *(("小林", "读书会", n) for n in range(50)))) is None


def test_two_accounts():
    """Saying what somebody else said is fine."""
    assert RULE.judge(said(AD), voices(AD, ("甲", "读书会", 60))) is None


@pytest.mark.parametrize(
    "text",
    [
        *("收到", "+1", "生日快乐", "恭喜恭喜恭喜恭喜恭喜", "祝小林生日快乐，天天开心，越来越漂亮"),
        *("早上好呀各位老师", "哈哈哈哈哈哈哈哈哈哈哈哈", "欢迎新人欢迎新人欢迎新人"),
        "#接龙\n周六上午爬山，请报名\n1. 张三\n2. 李四",
        "必胜必胜必胜必胜必胜必胜必胜必胜",
        "明天几点集合",
    ],
)
def test_what_a_whole_group_says(text: str):
    """Greetings, wishes, lists, cheers, short questions of thirty people: a lively group."""
    past = voices(text, *((f"群友{n}", "读书会", n) for n in range(30)))

    assert RULE.judge(said(text), past) is None


def test_the_edge_of_the_window():
    """What was said a whole window ago no longer counts."""
    assert RULE.judge(said(AD), voices(AD, ("甲", "读书会", 600), ("乙", "读书会", 1))) is None


def test_what_it_needs():
    """What others said within its window, and nothing else."""
    assert frozenset({Need.OTHERS}) == RULE.needs
    assert timedelta(minutes=10) == RULE.looks_back


@pytest.mark.parametrize(
    "wrong", [{"accounts": 1}, {"groups": 1}, {"window": "0s"}, {"window": "2d"}, {"at_least": 3}]
)
def test_settings_are_held_to_sense(wrong: dict[str, object]):
    """One account or group is no company; a window beyond a day and tiny texts are refused."""
    with pytest.raises(ValueError):
        Coordinated.model_validate({"reason": "同一段话轮流发，是在骗大家的信任"} | wrong)


@given(
    st.lists(
        st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("天地人"), st.integers(-60, 900)),
        max_size=12,
    ),
    st.integers(2, 4),
    st.integers(2, 4),
)
def test_like_counting_by_hand(heard: list[tuple[str, str, int]], accounts: int, groups: int):
    """Whoever said it where, the finding is there exactly when counting by hand says so."""
    rule = RULE.model_copy(update={"accounts": accounts, "groups": groups})
    near = [each for each in heard if abs(each[2]) < 600]
    many = len({"小林", *(who for who, _, _ in near)}) >= accounts
    wide = len({"读书会", *(where for _, where, _ in near)}) >= groups
    found = rule.judge(said(AD), voices(AD, *heard)) is not None

    assert (bool(heard) and (many or wide)) == found
