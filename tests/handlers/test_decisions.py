"""What humans decide: who may, once, and what it undoes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from builders import ACCOUNT, NOON, joined, later, person
from court import (
    CHIEF,
    DEPUTY,
    GROUP,
    LIN,
    ads,
    bind,
    case,
    in_force,
    kinds,
    offends,
    words_to,
)
from hall import Hall

from bot.actions import Mute
from bot.events import MemberLeft, MinutePassed
from bot.gateway.base import Capability
from bot.texts import Language
from handlers.decisions import overturn, release, sanction_by_hand, uphold
from handlers.scene import Scene
from handlers.verdicts import Verdict
from rules.consequences import Consequence
from rules.ladder import FOREVER, Step
from storage.values import OutboxState
from storage.values_of_order import AppealState, CaseState, TaskKind

DAY = timedelta(days=1)
QUIET, BAN = Step(Consequence.QUIET, DAY), Step(Consequence.BAN, FOREVER)


def scene(hall: Hall) -> Scene:
    """Somebody decides now."""
    return hall.scene(MinutePassed(at=hall.now))


def answer(verdict: Verdict) -> str:
    """What whoever decided reads."""
    return verdict.say(Language.ZH)


def by_hand(hall: Hall, step: Step = QUIET, **over: Any) -> Verdict:
    """老周 sanctions 小林, if nothing else is said; the actions are staged."""
    told: dict[str, Any] = {"member": LIN, "by": CHIEF, "why": "吵架不停"}
    verdict = sanction_by_hand(
        scene(hall),
        GROUP,
        hall.settings[GROUP],
        step=step,
        **(told | over),
    )
    stage(hall, verdict)
    return verdict


def stage(hall: Hall, verdict: Verdict) -> Verdict:
    """What follows is on its way."""
    for action in verdict.actions:
        hall.work.outbox.stage(action, hall.now)
    return verdict


def out(hall: Hall, state: OutboxState) -> None:
    """The removal has come so far."""
    row = hall.work.outbox.of_key(ACCOUNT, "remove:1")
    assert row is not None
    hall.work.outbox.settle(row.id, state, hall.now)


def state(hall: Hall, key: str) -> str:
    """What became of an action."""
    row = hall.work.outbox.of_key(ACCOUNT, key)
    return "" if row is None else row.state.value


def test_by_hand(hall: Hall):
    """A case by an operator, with their reason for the member, and what they chose."""
    verdict = by_hand(bind(hall))

    assert (
        True,
        "案件 1：「读书会」的 小林，静言，到 11月21日 12:00。要取消就写：撤销 1 理由",
    ) == (verdict.done, answer(verdict))
    assert ["details", "in-group"] == kinds([*verdict.actions])
    assert "运营者这样决定，理由是：吵架不停。请静言到" in words_to([*verdict.actions], LIN)
    found = case(hall)
    assert ("operator", CHIEF, "quiet") == (found.raised_by, found.raiser, found.consequence)
    assert [Consequence.QUIET] == [each.kind for each in in_force(hall)]
    assert ["quiet"] == [deed.what for deed in hall.work.audit.list(ACCOUNT)]


def test_ordered_once(hall: Hall):
    """The same message ordered it: heard twice, it is one case."""
    bind(hall)
    by_hand(hall, cause="m1")

    assert "这已经记为案件 1。" == answer(by_hand(hall, cause="m1"))


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"by": LIN}, "只有运营者可以这样做。"),
        ({"by": person("路人")}, "只有运营者可以这样做。"),
        ({"member": CHIEF}, "这个案件与你本人有关，请别的运营者决定。"),
        ({"why": " \n\u200b"}, "请写上理由，当事人会读到。"),
        ({"member": person("围炉")}, "不能处理我自己。"),
    ],
)
def test_who_may_not(hall: Hall, over: dict[str, Any], words: str):
    """Strangers, about oneself, without a reason, about the bot: nothing happens."""
    verdict = by_hand(bind(hall), **over)

    assert (False, words, ()) == (verdict.done, answer(verdict), verdict.actions)
    assert None is hall.work.cases.get(1)


def test_about_oneself_under_another_name(hall: Hall):
    """An operator does not decide about the account an operator linked to theirs."""
    bind(hall).work.members.link(CHIEF, LIN, DEPUTY, NOON)

    assert "这个案件与你本人有关，请别的运营者决定。" == answer(by_hand(hall))


def test_an_operator_is_removed(hall: Hall):
    """Only after another one has confirmed it."""
    verdict = by_hand(bind(hall), BAN, member=DEPUTY)
    assert ["operators", "operators"] == kinds([*verdict.actions])
    assert [] == in_force(hall, DEPUTY)

    assert "案件 1 是你处理的" in answer(uphold(scene(hall), 1, CHIEF, "确实"))
    third = person("小满")
    hall.house = hall.house.model_copy(
        update={"operator_ids": hall.house.operator_ids | {third.id}}
    )
    actions = [*uphold(scene(hall), 1, third, "确实").actions]
    assert ["details", "remove"] == kinds(actions)
    assert "运营者这样决定，理由是：吵架不停。你会被移出群" in words_to(actions, DEPUTY)
    assert [Consequence.BAN] == [each.kind for each in in_force(hall, DEPUTY)]


def test_no_rule_is_named(hall: Hall):
    """The group hears that there is a word for somebody, and a reminder says it itself."""
    bind(hall)
    quiet = by_hand(hall)
    remind = by_hand(hall, Step(Consequence.REMIND))

    assert "运营者有话告诉你，已私聊你（案件 1）。" == words_to([*quiet.actions], GROUP)
    assert "运营者请你留意：吵架不停（案件 2）。" in words_to([*remind.actions], GROUP)


def test_a_harsher_one_takes_its_place(hall: Hall):
    """Nobody is under two of a kind; what is milder than what is in force changes nothing."""
    bind(hall)
    by_hand(hall)
    by_hand(hall, Step(Consequence.QUIET, 7 * DAY))
    by_hand(hall, QUIET)

    assert [(2, later(days=7))] == [(each.case, each.until) for each in in_force(hall)]


def test_a_clock_that_was_put_back(hall: Hall):
    """What begins later by that clock is still there: nobody is under two of a kind."""
    bind(hall)
    hall.now = later(hours=5)
    by_hand(hall)
    hall.now = NOON
    by_hand(hall)

    assert [1] == [each.case for each in hall.work.sanctions.standing(GROUP, LIN)]


def test_upheld(hall: Hall):
    """The case stands; who comes second hears who decided."""
    offends(bind(hall, ads()))

    assert "案件 1 已维持：小林，警告。弄错了就写：撤销 1 理由" == answer(
        uphold(scene(hall), 1, CHIEF, "看过了")
    )
    assert (CaseState.UPHELD, CHIEF) == (case(hall).state, case(hall).decider)
    verdict = uphold(scene(hall), 1, DEPUTY, "也看过了")
    assert (False, "案件 1 已由 老周 决定：维持。") == (verdict.done, answer(verdict))


def test_confirmed(hall: Hall):
    """What waited for a human is carried out, as long as it was meant to last, from now on."""
    hall.happens(joined("小林", at=later(days=-200)))
    offends(bind(hall, ads("remove", lasting=7 * DAY)))
    hall.now = later(hours=5)
    verdict = uphold(scene(hall), 1, CHIEF, "看过了")

    assert ["details", "remove"] == kinds([*verdict.actions])
    assert "约定是「广告」：广告会把聊天冲散。你会被移出群，到 11月27日 17:00" in words_to(
        [*verdict.actions], LIN
    )
    assert [later(days=7, hours=5)] == [each.until for each in in_force(hall)]
    assert [] == hall.work.tasks.list(ACCOUNT)
    assert 1 == len(hall.work.cases.strikes(GROUP, LIN, NOON))


def test_not_confirmed(hall: Hall):
    """The member, who was told nothing, is told nothing."""
    hall.happens(joined("小林", at=later(days=-200)))
    offends(bind(hall, ads("remove")))
    verdict = overturn(scene(hall), 1, CHIEF, "是玩笑", false_hit=True)

    assert (True, ()) == (verdict.done, verdict.actions)
    assert (CaseState.OVERTURNED, True) == (case(hall).state, case(hall).false_hit)
    assert [] == hall.work.tasks.list(ACCOUNT)


def test_overturned_while_quiet(hall: Hall):
    """Lifted is lifted, the strike is gone, the member hears of it."""
    offends(bind(hall, ads("quiet")))
    verdict = stage(hall, overturn(scene(hall), 1, CHIEF, "看错了"))

    assert ["lifted"] == kinds([*verdict.actions])
    assert "案件 1 已经撤销，不留记录：看错了。" in words_to([*verdict.actions], LIN)
    assert ([], []) == (in_force(hall), hall.work.cases.strikes(GROUP, LIN, NOON))
    assert "cancelled" == state(hall, "details:1")


def test_overturned_while_muted(hall: Hall):
    """A mute that went out is taken back; one that still waits never goes out."""
    bind(hall, ads("quiet")).capabilities = frozenset(Capability)
    offends(hall)
    offends(hall, "阿布")
    row = hall.work.outbox.of_key(ACCOUNT, "mute:1")
    assert row is not None
    hall.work.outbox.settle(row.id, OutboxState.DONE, hall.now)

    unmute, *_ = overturn(scene(hall), 1, CHIEF, "看错了").actions
    assert isinstance(unmute, Mute)
    assert ("unmute:1", LIN, None) == (unmute.key, unmute.member, unmute.until)
    assert ["lifted"] == kinds([*overturn(scene(hall), 2, CHIEF, "看错了").actions])
    assert "cancelled" == state(hall, "mute:2")


@pytest.mark.parametrize(
    ("so_far", "left", "expected"),
    [
        (None, False, ["lifted"]),  # it still waited
        (OutboxState.REFUSED, False, ["lifted"]),
        (OutboxState.DONE, False, ["invite", "lifted"]),  # out in a moment
        (OutboxState.SENT, False, ["invite", "lifted"]),
        (OutboxState.DONE, True, ["invite", "lifted"]),
        (OutboxState.REFUSED, True, ["invite", "lifted"]),  # an operator removed them
    ],
)
def test_overturned_on_the_way_out(
    hall: Hall,
    so_far: OutboxState | None,
    left: bool,  # noqa: FBT001
    expected: list[str],
):
    """Who is out, or will be, is invited back; who never went is not."""
    hall.happens(joined("小林", at=later(days=-1)))
    offends(bind(hall, ads("remove")))
    if so_far is not None:
        out(hall, so_far)
    if left:
        hall.happens(MemberLeft(group=GROUP, member=LIN, at=later(seconds=5)))
    verdict = overturn(scene(hall), 1, CHIEF, "看错了")

    assert expected == kinds([*verdict.actions])


def test_overturned_twice(hall: Hall):
    """The second hears who was first, and nothing is done again."""
    offends(bind(hall, ads("quiet")))
    overturn(scene(hall), 1, CHIEF, "看错了")
    verdict = overturn(scene(hall), 1, DEPUTY, "看错了")

    assert ("案件 1 已由 老周 决定：撤销。", ()) == (answer(verdict), verdict.actions)


Decide = Callable[..., Verdict]


@pytest.mark.parametrize(
    ("decide", "state", "told"),
    [(uphold, AppealState.UPHELD, "维持原来的决定"), (overturn, AppealState.OVERTURNED, "撤销")],
)
def test_an_appeal(hall: Hall, decide: Decide, state: AppealState, told: str):
    """Decided with the case, by somebody other than who acted; the member is told."""
    bind(hall)
    by_hand(hall)
    hall.work.appeals.open(1, LIN, "我没有吵", hall.now)

    assert "案件 1 是你处理的" in answer(decide(scene(hall), 1, CHIEF, "看过了"))
    verdict = decide(scene(hall), 1, DEPUTY, "看过了")
    assert told in words_to([*verdict.actions], LIN)
    assert [state] == [each.state for each in hall.work.appeals.of_case(1)]


def test_an_appeal_after_it_was_upheld(hall: Hall):
    """The case is looked at again, by another; then it is over."""
    offends(bind(hall, ads()))
    uphold(scene(hall), 1, CHIEF, "看过了")
    hall.work.appeals.open(1, LIN, "不是广告", hall.now)

    assert "案件 1 是你处理的" in answer(uphold(scene(hall), 1, CHIEF, "还是广告"))
    assert overturn(scene(hall), 1, DEPUTY, "确实不是").done
    assert "已由 阿青 决定：撤销" in answer(overturn(scene(hall), 1, CHIEF, "好吧"))


def test_released(hall: Hall):
    """It ends now; the case and its strike stay."""
    offends(bind(hall, ads("quiet")))
    verdict = release(scene(hall), GROUP, LIN, CHIEF, "态度很好")

    assert ["released"] == kinds([*verdict.actions])
    assert [] == in_force(hall)
    assert (CaseState.OPEN, 1) == (
        case(hall).state,
        len(hall.work.cases.strikes(GROUP, LIN, NOON)),
    )
    assert "对方现在没有受处理。" == answer(release(scene(hall), GROUP, LIN, CHIEF, "再来"))


def test_from_the_machine(hall: Hall):
    """Who sits at the machine needs no role, and is named by a word."""
    offends(bind(hall, ads()))

    assert overturn(scene(hall), 1, "weilu cli", "看错了").done
    assert "weilu cli" == case(hall).decided_by


def test_no_such_case(hall: Hall):
    """A sentence, no fault."""
    assert "没有案件 99。" == answer(overturn(scene(bind(hall)), 99, CHIEF, "看错了"))


def test_its_cards_are_put_away(hall: Hall):
    """What operators were asked to do because of the case, nobody has to do any more."""
    hall.happens(joined("小林", at=later(days=-1)))
    bind(hall, ads("remove")).capabilities -= {Capability.REMOVE}
    offends(hall)
    assert [TaskKind.REMOVE] == [each.kind for each in hall.work.tasks.list(ACCOUNT)]
    overturn(scene(hall), 1, CHIEF, "看错了")

    assert [] == hall.work.tasks.list(ACCOUNT)


def test_hostile_words(hall: Hall):
    """A reason cannot look like a notice of ours, nor fill a screen."""
    offends(bind(hall, ads()))
    verdict = overturn(scene(hall), 1, CHIEF, "「围炉」\n{case}\u202e" + "长" * 999)

    told = words_to([*verdict.actions], LIN)
    assert "'围炉' {case}长" in told
    assert len(told) < 300
