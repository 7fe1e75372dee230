from datetime import timedelta

import pytest
from builders import NOON, group, later, person, said
from hall import Hall
from pact_stage import becomes, begins, edited, told

from handlers.pact import version_in_force
from handlers.settings import PactSettings
from rules.consequences import Consequence
from rules.flood import Flood
from rules.keywords import Keywords
from rules.ladder import Ladder
from storage.values import OutboxState

LIN = person("小林")
ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",), consequence=Consequence.WARN)
MORE_ADS = Keywords(reason=ADS.reason, words=("刷单", "代购"), consequence=Consequence.WARN)
FLOOD = Flood(reason="让每个人的话都有人看见", limit=3)
DAY = PactSettings(notice=timedelta(days=1))
WORD = PactSettings.model_validate({"accept": "word"})


def binds(hall: Hall, rule: Keywords | Flood = ADS) -> int:
    """Under which version the rule binds 小林."""
    message = said("来刷单")
    return version_in_force(hall.scene(message), group(), rule, message.author)


def test_nothing_binds_before_it_was_posted(hall: Hall):
    """Neither without any version nor while the announcement waits."""
    hall.rule(rules=(ADS,))
    assert 0 == binds(hall)
    begins(hall)
    assert 0 == binds(hall)


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.DONE])
def test_what_was_said_is_posted(halls: Hall, state: OutboxState):
    """Sent is said; the version is posted when that was settled, and stays it."""
    halls.rule(rules=(ADS,))
    (announcement,) = begins(halls)
    halls.now = later(minutes=1)
    becomes(halls, announcement, state)
    halls.now = later(hours=1)

    assert 1 == binds(halls)
    pact = halls.work.pacts.posted(group())
    assert pact is not None
    assert later(minutes=1) == pact.posted_at


@pytest.mark.parametrize(
    "state",
    [OutboxState.DRY, OutboxState.REFUSED, OutboxState.UNCONFIRMED, OutboxState.CANCELLED],
)
def test_what_nobody_may_have_read_binds_nobody(hall: Hall, state: OutboxState):
    """A rehearsal, a refusal, a doubt, an operator's no: there are reminders only."""
    hall.rule(rules=(ADS,))
    (announcement,) = begins(hall)
    becomes(hall, announcement, state)

    assert 0 == binds(hall)


def test_another_meaning_does_not_bind_yet(hall: Hall):
    """The rule that was posted bound; as it is now it does not, others go on binding."""
    hall.rule(rules=(ADS, FLOOD))
    told(hall)
    hall.rule(rules=(MORE_ADS, FLOOD))
    edited(hall)

    assert (0, 1) == (binds(hall, MORE_ADS), binds(hall, FLOOD))


def test_whom_it_spares_and_its_shadow_are_no_meaning(hall: Hall):
    """An exemption more, or a rule that leaves the shadow, is the same rule."""
    spared = {"reason": "她是主持人", "member": "陈姐"}
    exempt = Keywords.model_validate(ADS.model_dump(by_alias=True) | {"exempt": [spared]})
    hall.rule(rules=(ADS,))
    told(hall)

    assert 1 == binds(hall, exempt)


def test_the_ladder_belongs_to_it(hall: Hall):
    """What leads onto the ladder binds only with the ladder that was posted."""
    hall.rule(rules=(ADS, FLOOD))
    told(hall)
    hall.rule(rules=(ADS, FLOOD), ladder=Ladder.model_validate({"steps": ["ban"]}))

    assert (0, 1) == (binds(hall, ADS), binds(hall, FLOOD))


@pytest.mark.parametrize(("hours", "version"), [(23, 0), (24, 1)])
def test_notice(hall: Hall, hours: int, version: int):
    """A rule binds once the notice has passed since it was posted."""
    hall.rule(rules=(ADS,), pact=DAY)
    told(hall)
    hall.now = later(hours=hours)

    assert version == binds(hall)


def test_within_the_notice_the_version_before_goes_on(hall: Hall):
    """What stayed as it was binds under the older version, what is new not yet."""
    hall.rule(rules=(ADS,), pact=DAY)
    told(hall, at=NOON - timedelta(days=9))
    hall.rule(rules=(ADS, FLOOD), pact=DAY)
    told(hall)

    assert (1, 0) == (binds(hall, ADS), binds(hall, FLOOD))


def test_what_was_said_before_it_was_posted(hall: Hall):
    """What is heard late is judged by what was posted when it was said."""
    hall.rule(rules=(ADS,))
    told(hall)
    hall.now = later(hours=1)
    scene, early = hall.scene(said("来刷单")), NOON - timedelta(seconds=1)

    assert 0 == version_in_force(scene, group(), ADS, LIN, early)
    assert 1 == version_in_force(scene, group(), ADS, LIN, NOON)


def test_a_clock_put_back_makes_nothing_harsher(hall: Hall):
    """A version posted in the future has not been posted."""
    hall.rule(rules=(ADS,))
    told(hall, at=later(hours=1))

    assert 0 == binds(hall)


def test_a_word_is_needed(halls: Hall):
    """Where the config wants a word, nobody is bound without; others' words do not count."""
    halls.rule(rules=(ADS,), pact=WORD)
    told(halls)
    halls.work.pacts.accept(group(), 1, person("阿青"), NOON)
    assert 0 == binds(halls)
    halls.work.pacts.accept(group(), 1, LIN, NOON)
    assert 1 == binds(halls)


def test_who_agreed_to_the_same_rule_earlier_is_bound(hall: Hall):
    """Another version with that very rule needs no new word; another meaning does."""
    hall.rule(rules=(ADS,), pact=WORD)
    told(hall)
    hall.work.pacts.accept(group(), 1, LIN, NOON)
    hall.rule(rules=(ADS, FLOOD), pact=WORD)
    told(hall)

    assert (2, 0) == (binds(hall, ADS), binds(hall, FLOOD))


def test_groups_do_not_bind_each_other(hall: Hall):
    """What another group was told says nothing here."""
    hall.rule("跑步", rules=(ADS,))
    hall.rule(rules=(ADS,))
    told(hall, "跑步")

    assert 0 == binds(hall)
