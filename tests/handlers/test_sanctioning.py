"""From the finding to what the member reads: by the ladder, and only what the group was told of."""

from datetime import timedelta

import pytest
from builders import ACCOUNT, NOON, joined, later, said
from court import GROUP, LIN, ads, bind, case, in_force, kinds, offends, words_to
from hall import Hall

from bot.actions import Mute, Priority, Remove, Say
from bot.gateway.base import Capability
from bot.texts import Language
from handlers.settings import ModerateSettings
from rules.consequences import Consequence
from rules.flood import Flood
from storage.values import Case, OutboxState
from storage.values_of_order import CaseState, OperatorRole, TaskKind

DAY = timedelta(days=1)


def test_a_warning(hall: Hall):
    """In private all of it, in the group one sentence; the offence is in neither."""
    actions = offends(bind(hall, ads()))

    assert ["details", "in-group"] == kinds(actions)
    assert (
        "关于你在「读书会」的发言。约定是「广告」：广告会把聊天冲散。"
        "这次是警告，90 天内再有会更重。案件 1；如有异议，私聊我：申诉 1 理由。"
    ) == words_to(actions, LIN)
    assert "请留意「广告」这条约定（案件 1），详情已私聊你。" == words_to(actions, GROUP)
    assert ("warn", 1, True) == (case(hall).consequence, case(hall).version, case(hall).reminded)
    assert [] == in_force(hall)
    assert {Priority.MODERATION} == {action.priority for action in actions}


def test_a_quiet_period(hall: Hall):
    """Its end is told by the group's clock, and recorded."""
    actions = offends(bind(hall, ads("quiet", lasting=3 * DAY)))

    assert "请静言到 11月23日 12:00，" in words_to(actions, LIN)
    (quiet,) = in_force(hall)
    assert (Consequence.QUIET, NOON, later(days=3)) == (quiet.kind, quiet.since, quiet.until)
    assert later(days=3) == case(hall).until


def test_a_real_mute(hall: Hall):
    """Where the platform has one, it is used, and ends by itself."""
    bind(hall, ads("quiet")).capabilities = frozenset(Capability)
    *_, mute = offends(hall)

    assert isinstance(mute, Mute)
    assert ("mute:1", LIN, later(days=1), later(days=1)) == (
        mute.key,
        mute.member,
        mute.until,
        mute.expires_at,
    )


def test_a_removal(hall: Hall):
    """The member reads why before; the group reads nothing."""
    hall.happens(joined("小林"))
    actions = offends(bind(hall, ads("remove", lasting=7 * DAY)), minutes=5)

    assert ["details", "remove"] == kinds(actions)
    assert "你会被移出群，到 11月27日 12:05 我请你回来。" in words_to(actions, LIN)
    assert "" == words_to(actions, GROUP)
    assert later(days=7, minutes=5) == actions[1].expires_at
    assert [Consequence.REMOVE] == [each.kind for each in in_force(hall)]


def test_nobody_is_welcomed_and_put_out(hall: Hall):
    """A greeting that still waits is not said to whom it can no longer reach."""
    bind(hall, ads("remove"))
    (welcome,) = hall.happens(joined("小林", at=NOON))
    offends(hall, minutes=1)

    row = hall.work.outbox.of_key(ACCOUNT, welcome.key)
    assert row is not None
    assert OutboxState.CANCELLED is row.state


def test_a_ban(hall: Hall):
    """For good, so it neither ends nor expires."""
    actions = offends(bind(hall, ads("ban")))

    assert isinstance(actions[-1], Remove)
    assert None is actions[-1].expires_at
    assert "不再邀请" in words_to(actions, LIN)
    assert [None] == [each.until for each in in_force(hall)]


def test_where_nobody_can_be_told_in_private(hall: Hall):
    """The member has to read it somewhere: in the group, still without the offence."""
    bind(hall, ads("quiet")).capabilities -= {Capability.SPEAK_IN_PRIVATE}
    (word,) = offends(hall)

    assert isinstance(word, Say)
    assert (GROUP, (LIN,)) == (word.to, word.mentions)
    assert "静言到" in word.text
    assert "刷单" not in word.text


@pytest.mark.parametrize("consequence", ["warn", "quiet", "remove", "ban"])
def test_a_rule_that_the_group_was_not_told_of(hall: Hall, consequence: str):
    """It reminds at most; nobody gets a strike by it."""
    hall.rule(rules=(ads(consequence),))

    assert ["remind"] == kinds(offends(hall))
    assert ("remind", 0) == (case(hall).consequence, case(hall).version)
    assert [] == hall.work.cases.strikes(GROUP, LIN, later(days=-1))


def test_up_the_ladder(hall: Hall):
    """Strike by strike: a warning, then quiet for 1, 7 and 15 days, then out."""
    bind(hall, ads())
    found: list[Case] = []
    for days in (0, 2, 5, 15, 35):
        offends(hall, days=days)
        found.append(case(hall, len(found) + 1))

    assert ["warn", "quiet", "quiet", "quiet", "ban"] == [each.consequence for each in found]
    lengths = [each.until - each.at for each in found if each.until]
    assert [DAY, 7 * DAY, 15 * DAY] == lengths


def test_strikes_decay(hall: Hall):
    """After ninety days it is a first time again."""
    bind(hall, ads())
    offends(hall)
    offends(hall, days=90)

    assert "warn" == case(hall, 2).consequence


def test_the_same_day_weighs_more(hall: Hall):
    """The second of one day is two steps further; so is severity."""
    bind(hall, ads())
    offends(hall)
    offends(hall, hours=1)
    bind(hall, ads(severity=2))
    offends(hall, "阿布")

    lengths = [each.until - each.at for each in (case(hall, 2), case(hall, 3)) if each.until]
    assert [7 * DAY, 7 * DAY] == lengths


def test_nobody_climbs_before_they_can_have_read(hall: Hall):
    """A burst is one strike; what is said within a minute of it is only a case."""
    bind(hall, ads())
    hall.now = later(seconds=50)
    actions = hall.happens(*(said("刷单", at=later(seconds=second)) for second in range(50)))

    assert ["details", "in-group"] == kinds(actions)
    assert 1 == len(hall.work.cases.strikes(GROUP, LIN, NOON))
    assert ("remind", False) == (case(hall, 50).consequence, case(hall, 50).reminded)


def test_a_message_from_the_future(hall: Hall):
    """A platform's clock that is ahead makes no sanction that begins later."""
    bind(hall, ads("quiet"))
    hall.happens(said("刷单", at=later(hours=5)))

    assert [NOON] == [each.since for each in in_force(hall)]


def test_in_the_shadow(hall: Hall):
    """Counted, and nothing else; the message goes on to the next rule."""
    flood = Flood(reason="让每个人的话都有人看见", limit=2, consequence=Consequence.REMIND)
    bind(hall, ads("ban", shadow=True), flood)
    actions = [action for _ in range(3) for action in offends(hall)]

    assert ["remind"] == kinds(actions)
    assert [True, True, True, False] == [case(hall, number).shadow for number in range(1, 5)]
    assert ("ban", False) == (case(hall).consequence, case(hall).reminded)
    assert [] == hall.work.cases.strikes(GROUP, LIN, NOON)


def test_only_noted(hall: Hall):
    """The operators can read it, the member hears nothing, and the message is a message."""
    bind(hall, ads("note"))

    assert [] == offends(hall)
    assert ("note", False) == (case(hall).consequence, case(hall).shadow)


def test_an_operator_who_said_a_code(hall: Hall):
    """Rules do not touch them either, though the config does not name them."""
    bind(hall, ads())
    hall.work.operators.invite(OperatorRole.OPERATOR, "c" * 20, later(hours=1), "test", NOON)
    hall.work.operators.redeem("c" * 20, LIN, NOON)

    assert [] == offends(hall)
    assert None is hall.work.cases.get(1)


def test_a_member_of_long_standing(hall: Hall):
    """Nothing happens to them; the operators are asked, once, and told how to answer."""
    hall.happens(joined("小林", at=later(days=-200)))
    actions = [*offends(bind(hall, ads("remove"))), *offends(hall, minutes=20)]

    assert ["operators", "operators", "remind"] == kinds(actions)
    assert "维持 1 理由" in words_to(actions, actions[0].to)  # type: ignore[union-attr]
    assert CaseState.CONFIRMING is case(hall).state
    assert [] == in_force(hall)
    assert [] == hall.work.cases.strikes(GROUP, LIN, NOON)
    assert None is not hall.work.tasks.open_for(GROUP, LIN, TaskKind.CONFIRM)


def test_who_wrote_much_before_anybody_saw_them_come(hall: Hall):
    """They stood here longer than the records do."""
    bind(hall, ads("remove"))
    hall.happens(*(said("早", id=f"old{number}") for number in range(100)))

    assert ["operators", "operators"] == kinds(offends(hall))


def test_words_as_the_group_set_them(hall: Hall):
    """Every text is a setting; braces in a value are only braces."""
    moderate = ModerateSettings(warned={"zh": "慢点{decay}", "en": "slow {decay}"})
    bind(hall, ads(reason="不要{case}广告"), moderate=moderate, language=Language.BOTH)
    zh, en = words_to(offends(hall), LIN).split("\n")

    assert "：不要{case}广告。慢点90 天案件 1" in zh
    assert "不要{case}广告. slow 90 days Case 1" in en
