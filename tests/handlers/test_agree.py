import pytest
from builders import BOT, group, person, said
from hall import Hall, speech
from pact_stage import told

from bot.gateway.base import Capability
from handlers.settings import PactSettings
from rules.keywords import Keywords

LIN = person("小林")
ADS = Keywords.model_validate({"reason": "广告会把聊天冲散", "words": ["刷单"]})


@pytest.fixture
def pact(hall: Hall) -> Hall:
    """读书会 was told its rules."""
    hall.rule(rules=(ADS,), pact=PactSettings.model_validate({"accept": "word"}))
    told(hall)
    hall.work.memberships.seen(group(), LIN, hall.now)
    return hall


@pytest.mark.parametrize("word", ["同意", " 我同意！", "接受。", "Agree", "I accept."])
def test_a_word_in_the_group(pact: Hall, word: str) -> None:
    """It is written down, and thanked for by name."""
    (thanks,) = pact.happens(said(f"@围炉 {word}", mentions=(BOT,)))

    assert 1 == pact.work.pacts.accepted(group(), LIN)
    assert ["谢谢，已记下你同意「读书会」的群规（第 1 版）。"] == speech([thanks])
    assert (LIN,) == thanks.about


def test_thanked_for_once(pact: Hall) -> None:
    """Who says it again is not answered again, not with a hint either."""
    pact.happens(said("@围炉 同意", mentions=(BOT,)))

    assert [] == pact.happens(said("@围炉 同意", mentions=(BOT,)))


@pytest.mark.parametrize("words", ["同意", "@围炉 同意你昨天说的", "@围炉 不同意", "@阿青 同意"])
def test_other_agreement(pact: Hall, words: str) -> None:
    """People agree with each other all day: only the very word, to the bot, is about the rules."""
    mentions = (BOT,) if "围炉" in words else ()
    pact.happens(said(words, mentions=mentions))

    assert 0 == pact.work.pacts.accepted(group(), LIN)


def test_in_private(pact: Hall) -> None:
    """It holds for each group of theirs that was told its rules."""
    pact.rule("跑步", rules=(ADS,))
    pact.work.memberships.seen(group("跑步"), LIN, pact.now)
    (thanks,) = pact.happens(said("同意", group=None))

    assert ["谢谢，已记下你同意「读书会」的群规（第 1 版）。"] == speech([thanks])
    assert (1, 0) == (
        pact.work.pacts.accepted(group(), LIN),
        pact.work.pacts.accepted(group("跑步"), LIN),
    )


def test_noted_where_nothing_can_be_said_in_private(pact: Hall) -> None:
    """On a platform without private words it is written down all the same."""
    pact.capabilities -= {Capability.SPEAK_IN_PRIVATE}

    assert [] == pact.happens(said("同意", group=None))
    assert 1 == pact.work.pacts.accepted(group(), LIN)


def test_nothing_was_posted(hall: Hall) -> None:
    """There is nothing to agree to before the rules were announced."""
    hall.rule(rules=(ADS,))
    hall.happens(said("@围炉 同意", mentions=(BOT,)))

    assert 0 == hall.work.pacts.accepted(group(), LIN)
