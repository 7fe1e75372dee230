from datetime import timedelta

import pytest
from builders import NOON, group
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Language
from handlers.announcement import announcement
from handlers.screen import LINES
from handlers.settings import CommandsSettings, GroupSettings, PactSettings
from handlers.terms import terms
from rules.base import Rule
from rules.consequences import Consequence
from rules.flood import Flood
from rules.keywords import Keywords
from rules.ladder import Ladder
from storage.values_of_order import Pact

ADS = Keywords(
    name="带货", reason="广告会把聊天冲散", words=("刷单",), consequence=Consequence.WARN
)
FLOOD = Flood(reason="让每个人的话都有人看见", limit=3)


def pact(settings: GroupSettings, version: int = 1) -> Pact:
    """What is in force by these settings."""
    return Pact(group(), version, terms(settings), NOON, None)


def test_all_of_them() -> None:
    """The first time: each rule with its reason, and how to read on."""
    settings = GroupSettings(rules=(ADS, FLOOD))

    assert (
        "【群规】这里的约定，每条都有理由（第 1 版）：\n"
        "1. 带货：广告会把聊天冲散\n"
        "2. 刷屏：让每个人的话都有人看见\n"
        "@我 说「群规」随时可看；受了处理都可以申诉。"
    ) == announcement(pact(settings), None, settings)


def test_in_english() -> None:
    """In a group that speaks English."""
    settings = GroupSettings(rules=(FLOOD,), language=Language.EN)

    assert (
        "[Rules] What we agreed on here, and why (version 1):\n"
        "1. flooding: 让每个人的话都有人看见\n"
        "Mention me and say “rules” to read them; whatever follows, you can appeal."
    ) == announcement(pact(settings), None, settings)


def test_the_difference() -> None:
    """New and changed rules with their reasons, the ladder in words, and what is gone."""
    before = pact(GroupSettings(rules=(ADS, Flood(name="抢麦", reason="慢慢说"))))
    other_ads = Keywords.model_validate(ADS.model_dump() | {"words": ["代购"], "name": ADS.name})
    settings = GroupSettings(
        rules=(other_ads, FLOOD),
        ladder=Ladder.model_validate({"steps": ["warn", {"remove": "7d"}]}),
    )

    assert (
        "【群规】有这些变化（第 2 版）：\n"
        "1. 改了「带货」：广告会把聊天冲散\n"
        "2. 新增「刷屏」：让每个人的话都有人看见\n"
        "3. 改了「屡次违规怎样加重」：警告 → 移出 7 天；一次记 90 天\n"
        "4. 不再有「抢麦」\n"
        "@我 说「群规」随时可看；受了处理都可以申诉。"
    ) == announcement(pact(settings, 2), before, settings)


def test_notice_and_word() -> None:
    """When it binds, and what to say where a word is needed."""
    asked = PactSettings.model_validate({"notice": "24h", "accept": "word"})
    settings = GroupSettings(rules=(FLOOD,), pact=asked)

    words = announcement(pact(settings), None, settings).splitlines()
    assert "1 天后开始据此处理，在那之前只提醒。" == words[2]
    assert "同意的话，请 @我 说「同意」。" == words[3]
    assert timedelta(days=1) == asked.notice


def test_where_nobody_may_ask() -> None:
    """No hint at a command that is not answered."""
    settings = GroupSettings(rules=(FLOOD,), commands=CommandsSettings(enabled=False))

    assert "群规」随时" not in announcement(pact(settings), None, settings)


@pytest.mark.parametrize("language", list(Language))
@given(count=st.integers(1, 40), reason=st.text(min_size=2, max_size=200))
def test_one_screen(language: Language, count: int, reason: str) -> None:
    """However many rules there are and however long their reasons."""
    many: tuple[Rule, ...] = tuple(
        Flood(name=f"规则{n}", reason=reason, limit=n + 2) for n in range(count)
    )
    settings = GroupSettings(rules=many, language=language)
    words = announcement(pact(settings), None, settings)

    assert len(words.splitlines()) <= LINES
    assert len(words) <= 600
    assert "规则0" in words
