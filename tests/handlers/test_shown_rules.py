from datetime import timedelta
from typing import Any

import pytest
from builders import group, person, said
from hall import Hall
from pact_stage import told

from bot.texts import Language
from handlers.settings import PactSettings
from handlers.shown_rules import details, rules
from rules.consequences import Consequence
from rules.flood import Flood
from rules.keywords import Keywords

ADS = Keywords(
    name="带货", reason="广告会把聊天冲散", words=("刷单",), consequence=Consequence.WARN
)
FLOOD = Flood(reason="让每个人的话都有人看见", limit=3)
SHADOW = Keywords(name="试试", reason="先看看准不准", words=("砍价",), shadow=True)
NOTE = Keywords(name="留意", reason="管理员想知道", words=("搬家",), consequence=Consequence.NOTE)

LADDER = "警告 → 静言 1 天 → 静言 7 天 → 静言 15 天 → 移出，不再邀请；一次记 90 天"


def shown(hall: Hall, **over: Any) -> str:
    """What is told of 读书会 to whoever asks."""
    hall.rule(**over)
    return rules(group(), hall.settings[group()], hall.scene(said("群规")), Language.ZH)


def more(hall: Hall) -> str:
    """What is told to whoever asks for more."""
    return details(group(), hall.settings[group()], hall.scene(said("群规")), Language.ZH)


def test_one_screen(hall: Hall) -> None:
    """What the group is for, the rules with reasons, their version and since when."""
    hall.rule(rules=(ADS, FLOOD, SHADOW, NOTE))
    told(hall)

    assert (
        "「读书会」的群规（第 1 版，2026-11-20）：\n"
        "一起读书\n"
        "1. 带货：广告会把聊天冲散\n"
        "2. 刷屏：让每个人的话都有人看见\n"
        "违反了会怎样、怎么申诉：私聊我「群规 详细」。"
    ) == shown(hall, rules=(ADS, FLOOD, SHADOW, NOTE), purpose="一起读书")


def test_changed_but_not_announced(hall: Hall) -> None:
    """It is said that this is not the version that was posted."""
    hall.rule(rules=(ADS,))
    told(hall)

    assert shown(hall, rules=(ADS, FLOOD)).startswith("「读书会」的群规（刚改过，公布后生效）：")


def test_no_rules(hall: Hall) -> None:
    """A group without any is told so; a rule in the shadow is none."""
    assert "「读书会」没有写下的规则，互相友善就好。" == shown(hall, rules=(SHADOW,))
    assert "「读书会」没有写下的规则，互相友善就好。" == more(hall)


def test_more(hall: Hall) -> None:
    """What follows from each rule, the ladder in words, notice, appeal and report."""
    notice = PactSettings(notice=timedelta(hours=24))
    gone = Flood(reason=FLOOD.reason, consequence=Consequence.BAN)
    quiet = Flood(name="推销", reason=ADS.reason, consequence=Consequence.QUIET)
    hall.rule(rules=(ADS, quiet, gone, SHADOW), pact=notice)
    told(hall)

    assert [
        "「读书会」的群规（第 1 版，2026-11-20）：",
        "1. 带货（警告起）：广告会把聊天冲散",
        "2. 推销（静言 1 天起）：广告会把聊天冲散",
        "3. 刷屏（移出，不再邀请）：让每个人的话都有人看见",
        f"警告以上会累加：{LADDER}。",
        "新的群规公布 1 天后才据以处理，之前只提醒。",
        "觉得不对：私聊我「申诉 案件号 理由」，由没有经手的人来看。",
        "看到违规：引用那条消息，@我 说「举报」，不会公开是谁报的。",
    ] == more(hall).splitlines()


def test_only_reminders(hall: Hall) -> None:
    """Where nothing counts, it says so instead of a ladder."""
    hall.rule(rules=(FLOOD,))

    assert "这些都只提醒，不记次数。" in more(hall)
    assert "→" not in more(hall)


@pytest.mark.parametrize("language", [Language.EN, Language.BOTH])
def test_in_other_languages(hall: Hall, language: Language) -> None:
    """English, or both; nothing is missing there."""
    hall.rule(rules=(ADS, FLOOD))
    told(hall)
    scene, here = hall.scene(said("rules", by=person("Ann").name)), hall.settings[group()]

    assert "flooding" in rules(group(), here, scene, language)
    assert "a quiet period of 7 days" in details(group(), here, scene, language)
