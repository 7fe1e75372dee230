import pytest
from builders import ACCOUNT, group, later
from claiming import claim
from hall import Hall, speech
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pact_stage import becomes, begins, edited, told

from bot.actions import Priority, Say
from bot.events import HourPassed
from rules.consequences import Consequence
from rules.flood import Flood
from rules.keywords import Keywords
from storage.values import OutboxState

ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",), consequence=Consequence.WARN)
FLOOD = Flood(reason="让每个人的话都有人看见", limit=3)


def test_the_first_version(hall: Hall):
    """A group is told its rules with their reasons, once, however often Weilu starts."""
    hall.rule(rules=(ADS, FLOOD))
    (announcement,) = begins(hall)

    assert isinstance(announcement, Say)
    assert (group(), Priority.NOTICE, None) == (
        announcement.to,
        announcement.priority,
        announcement.expires_at,
    )
    assert "禁用词：广告会把聊天冲散" in announcement.text
    assert [] == begins(hall)
    becomes(hall, announcement, OutboxState.DONE)
    assert [] == begins(hall)


def test_nothing_to_tell(hall: Hall):
    """No rules, or only such as nobody is told of, are no pact."""
    assert [] == begins(hall)
    hall.rule(rules=(Flood(reason="先看看", shadow=True),))
    assert [] == begins(hall)
    assert hall.work.pacts.current(group()) is None


def test_a_change(hall: Hall):
    """An edit is told once as the difference; an edit that means nothing is not told."""
    hall.rule(rules=(ADS,))
    told(hall)
    hall.rule(rules=(ADS, FLOOD))
    (words,) = speech(edited(hall))

    assert "新增「刷屏」：让每个人的话都有人看见" in words
    assert ADS.reason not in words
    assert [] == edited(hall)


def test_the_last_rule_goes(hall: Hall):
    """That there are no rules any more is told, too."""
    hall.rule(rules=(ADS,))
    told(hall)
    hall.rule()

    assert ["【群规】这里不再有写下的规则（第 2 版），互相友善就好。"] == speech(edited(hall))


def test_edits_before_it_was_said_are_told_together(halls: Hall):
    """A newer version takes the place of what still waits, and tells all that changed."""
    halls.rule(rules=(ADS,))
    told(halls)
    halls.rule(rules=(ADS, FLOOD))
    (first,) = edited(halls)
    halls.rule(rules=(FLOOD,))
    (second,) = edited(halls)

    assert isinstance(second, Say)
    assert "新增「刷屏」" in second.text
    assert "不再有「禁用词」" in second.text
    row = halls.work.outbox.of_key(ACCOUNT, first.key)
    assert row is not None
    assert OutboxState.CANCELLED is row.state


def test_an_edit_taken_back_is_not_told(hall: Hall):
    """What the group knows already is posted at once, and what waited is not said."""
    hall.rule(rules=(ADS,))
    told(hall)
    hall.rule(rules=(ADS, FLOOD))
    (waiting,) = edited(hall)
    hall.rule(rules=(ADS,))

    assert [] == edited(hall)
    pact, row = hall.work.pacts.posted(group()), hall.work.outbox.of_key(ACCOUNT, waiting.key)
    assert pact is not None
    assert row is not None
    assert (3, OutboxState.CANCELLED) == (pact.version, row.state)


def test_what_is_being_said_is_waited_for(hall: Hall):
    """An edit at that moment is told within the hour, as the difference to what was said."""
    hall.rule(rules=(ADS,))
    (first,) = begins(hall)
    row = hall.work.outbox.of_key(ACCOUNT, first.key)
    assert row is not None
    claim(hall.work, row.id, "test", hall.now)
    hall.rule(rules=(ADS, FLOOD))
    assert [] == edited(hall)

    hall.work.outbox.settle(row.id, OutboxState.SENT, hall.now)
    hall.now = later(minutes=30)
    (words,) = speech(hall.happens(HourPassed(at=hall.now)))
    assert "新增「刷屏」" in words


@pytest.mark.parametrize(
    ("came_to", "then"),
    [
        (OutboxState.DRY, OutboxState.PENDING),
        (OutboxState.REFUSED, OutboxState.PENDING),
        (OutboxState.CANCELLED, OutboxState.CANCELLED),
        (OutboxState.UNCONFIRMED, OutboxState.UNCONFIRMED),
    ],
)
def test_what_was_not_said_is_said_at_the_next_start(
    hall: Hall, came_to: OutboxState, then: OutboxState
):
    """After a rehearsal or a refusal; what an operator dropped or nobody knows is not repeated."""
    hall.rule(rules=(ADS,))
    (announcement,) = begins(hall)
    becomes(hall, announcement, came_to)
    begins(hall)

    row = hall.work.outbox.of_key(ACCOUNT, announcement.key)
    assert row is not None
    assert then is row.state


def test_the_hour_costs_nothing_where_all_was_said(hall: Hall):
    """Only groups that were not told their newest version are looked at."""
    hall.rule(rules=(ADS,))
    told(hall)
    hall.settings.clear()

    assert [] == hall.happens(HourPassed(at=hall.now))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.tuples(st.sets(st.integers(0, 3)), st.booleans()), max_size=8))
def test_whatever_is_edited_the_group_ends_up_told(hall: Hall, edits: list[tuple[set[int], bool]]):
    """After any edits, some said in time and some not, the last announcement is up to date."""
    every = [Flood(reason=f"理由{n}", limit=n + 2, name=f"规则{n}") for n in range(4)]
    for chosen, said in [*edits, (set(), True), ({1}, True)]:
        hall.rule(rules=tuple(every[n] for n in sorted(chosen)))
        for action in edited(hall):
            if said:
                becomes(hall, action, OutboxState.DONE)

    assert [] == edited(hall)
    posted = hall.work.pacts.posted(group())
    assert posted is not None
    assert ["规则1"] == [rule.name for rule in posted.rules]
