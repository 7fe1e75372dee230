from datetime import timedelta
from typing import Any

import pytest
from builders import ACCOUNT, said
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Identity
from rules.base import Finding, Past
from rules.consequences import Consequence
from rules.nickname import Nickname


def nickname(**over: Any) -> Nickname:
    """The rule with the form 称呼-公司-城市, unless said otherwise."""
    fields = {"form": "称呼-公司-城市"} if "pattern" not in over else {}
    return Nickname.model_validate({"reason": "看名字就知道是谁"} | fields | over)


def found(rule: Nickname, name: str) -> bool:
    """Whether a member of this name is found."""
    message = said("大家好", author=Identity(ACCOUNT, "id", name))
    return rule.judge(message, Past()) is not None


@pytest.mark.parametrize(
    "name",
    [
        "小林-围炉-上海",
        "小林－围炉－上海",
        "小林|围炉/上海",
        "Lin - A-B - 上海",
        "小林·围炉·上海🎈",
    ],
)
def test_of_the_form(name: str):
    """Any of the separators will do, spaces and emoji are free, a company may be called A-B."""
    assert not found(nickname(), name)


@pytest.mark.parametrize(
    "name", ["小林", "小林-围炉", "小林-围炉-", "--", "小林--上海", "小林 围炉 上海", "🎈-🎈-🎈"]
)
def test_not_of_the_form(name: str):
    """Parts that are missing or empty are found."""
    assert found(nickname(), name)


def test_separators_of_ones_own():
    """Only what the config lists stands between the parts."""
    rule = nickname(form="称呼 城市", separators=[" ", "@"])

    assert not found(rule, "小林@上海")
    assert found(rule, "小林-上海")


def test_a_pattern():
    """It is held against the whole name."""
    rule = nickname(pattern=r"\S+-(上海|北京)")

    assert not found(rule, "小林-上海")
    assert found(rule, "小林-上海人")
    assert found(rule, "小林\ud800")


def test_a_name_that_is_not_known():
    """The gateway has not told it yet: nobody is found for that."""
    assert not found(nickname(), "")


def test_the_finding():
    """It names the form, never the name."""
    finding = nickname().judge(said("大家好"), Past())

    detail = (
        "群昵称不合「称呼-公司-城市」 the name in the group is not of the form “称呼-公司-城市”"
    )
    assert Finding("nickname", (0, 0), detail) == finding


def test_asked_now_and_then():
    """Seven days lie between two reminders, or as many as the config says."""
    assert timedelta(days=7) == nickname().cooldown
    assert timedelta(days=30) == nickname(again="30d").cooldown


@pytest.mark.parametrize("word", ["note", "remind"])
def test_mild(word: str):
    """Telling the operators or the member is all it may do."""
    assert word == nickname(consequence=word).consequence.word


@pytest.mark.parametrize("consequence", [each for each in Consequence if each.strikes])
def test_nobody_is_sanctioned_for_a_name(consequence: Consequence):
    """A harsher consequence is refused, with the reason."""
    with pytest.raises(ValueError, match="没有人因为名字受处理"):
        nickname(consequence=consequence.word)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"form": "称呼"}, "没有分隔符"),
        ({"form": "", "pattern": ""}, "只写一个"),
        ({"form": "a-b", "pattern": "x"}, "只写一个"),
        ({"pattern": "(?=x)"}, "不支持环视"),
        ({"pattern": "x*"}, "什么都没有"),
        ({"separators": ["和"]}, "分隔符不能是"),
        ({"again": "1h"}, "greater than or equal"),
    ],
)
def test_settings_are_held_to_sense(wrong: dict[str, Any], told: str):
    """No form or two, what RE2 does not know, letters as separators, nagging: refused, with why."""
    with pytest.raises(ValueError, match=told):
        nickname(**wrong)


@given(st.text(max_size=60))
def test_any_name(name: str):
    """Whatever people call themselves has an answer."""
    for rule in (nickname(), nickname(pattern=r"\p{Han}+-\p{Han}+")):
        assert found(rule, name) in (True, False)
