"""What ends by a date, what has a deadline, and who comes back too soon."""

from datetime import timedelta

from builders import ACCOUNT, NOON, group, joined, later, person
from court import CHIEF, GROUP, LIN, ads, bind, case, in_force, kinds, minute, offends, words_to
from hall import Hall

from bot.actions import Invite
from bot.events import MemberLeft, MinutePassed
from bot.gateway.base import Capability
from handlers.decisions import sanction_by_hand
from handlers.ending import end
from handlers.returning import recognise
from rules.consequences import Consequence
from rules.ladder import FOREVER, Step
from storage.values import OutboxState
from storage.values_of_order import CaseState, TaskKind, TaskState

WEEK = timedelta(days=7)
BAN = Step(Consequence.BAN, FOREVER)


def removed(hall: Hall) -> Hall:
    """小林 was removed for a week, at noon, and is out."""
    hall.happens(joined("小林", at=later(days=-1)))
    bind(hall, ads("remove", lasting=WEEK))
    offends(hall)
    done(hall, "remove:1")
    hall.now = later(minutes=1)
    hall.happens(MemberLeft(group=GROUP, member=LIN, at=hall.now))
    return hall


def done(hall: Hall, key: str) -> None:
    """The outbox did it."""
    row = hall.work.outbox.of_key(ACCOUNT, key)
    assert row is not None
    hall.work.outbox.settle(row.id, OutboxState.DONE, hall.now)


def test_back_after_a_week(hall: Hall):
    """Invited in the minute in which it ends, and not before, and once."""
    removed(hall)

    assert [] == minute(hall, days=6, hours=23)
    (invite,) = minute(hall, days=7)
    assert isinstance(invite, Invite)
    assert (GROUP, LIN) == (invite.group, invite.member)
    assert [] == minute(hall, days=7, minutes=1)


def test_a_moved_clock(hall: Hall):
    """Put forward it ends; put back and forward again nobody is invited twice."""
    removed(hall)
    actions = [each for days in (9, 2, 8, 7, 30) for each in minute(hall, days=days)]

    assert ["invite"] == kinds(actions)
    assert [] == in_force(hall, at=later(days=2))


def test_before_the_login(hall: Hall):
    """Nobody knows yet what the platform can do: it waits."""
    removed(hall)
    hall.now = later(days=8)
    scene = hall.scene(MinutePassed(at=hall.now))
    object.__setattr__(scene, "me", None)

    assert () == end(MinutePassed(at=hall.now), scene).actions
    assert ["invite"] == kinds(minute(hall, days=8))


def test_where_nobody_can_be_invited(hall: Hall):
    """The operators get a card, and their doing it is seen."""
    removed(hall).capabilities -= {Capability.INVITE}
    actions = minute(hall, days=7)

    assert ["operators", "operators"] == kinds(actions)
    assert "请把 小林 请回「读书会」（案件 1）" in words_to(actions, CHIEF)
    hall.happens(joined("小林", at=later(days=7, hours=1)))
    assert [] == hall.work.tasks.list(ACCOUNT)


def test_who_never_left(hall: Hall):
    """Nobody is invited into a group they are in; the removal that still waits is called off."""
    hall.happens(joined("小林", at=later(days=-1)))
    bind(hall, ads("remove", lasting=WEEK))
    offends(hall)

    assert [] == minute(hall, days=7)
    row = hall.work.outbox.of_key(ACCOUNT, "remove:1")
    assert row is not None
    assert "cancelled" == row.state


def test_a_quiet_period_ends_quietly(hall: Hall):
    """It is closed, and nothing is said."""
    bind(hall, ads("quiet"))
    offends(hall)

    assert [] == minute(hall, days=1)
    assert [] == hall.work.sanctions.ended(ACCOUNT, later(days=99))


def test_banned_since(hall: Hall):
    """Something else keeps them out: no invitation."""
    removed(hall)
    scene, settings = hall.scene(MinutePassed(at=NOON)), hall.settings[GROUP]
    assert sanction_by_hand(scene, GROUP, settings, LIN, BAN, CHIEF, "小号又来").done

    assert [] == minute(hall, days=7)


def test_back_too_soon(hall: Hall):
    """A card, once a return; settled when they are out again."""
    removed(hall)
    hall.now = later(days=1)
    actions = hall.happens(joined("小林", at=hall.now))

    assert ["operators", "operators"] == kinds(actions)
    assert "小林 回到了「读书会」，按案件 1 要到 11月27日 12:00" in words_to(actions, CHIEF)
    assert None is not hall.work.tasks.open_for(GROUP, LIN, TaskKind.REMOVE)
    hall.happens(MemberLeft(group=GROUP, member=LIN, at=later(days=1, hours=1)))
    assert None is hall.work.tasks.open_for(GROUP, LIN, TaskKind.REMOVE)


def test_under_another_name(hall: Hall):
    """Linked before or after the return: recognised."""
    removed(hall)
    other = person("新号")
    hall.happens(joined("新号"))
    assert () == recognise(GROUP, other, "link", hall.scene(MinutePassed(at=NOON)))
    hall.work.members.link(LIN, other, CHIEF, hall.now)

    found = recognise(GROUP, other, "link", hall.scene(MinutePassed(at=NOON)))
    assert "新号 回到了" in words_to([*found], CHIEF)


def test_in_another_group(hall: Hall):
    """What holds in one group says nothing about another."""
    removed(hall)
    hall.rule("跑团")

    assert ["welcome"] == kinds(hall.happens(joined("小林", group=group("跑团"))))


def test_nobody_confirmed(hall: Hall):
    """After the deadline nothing follows, the operators hear it once, and no strike is left."""
    hall.happens(joined("小林", at=later(days=-200)))
    bind(hall, ads("remove"))
    offends(hall)
    actions = minute(hall, days=1)

    assert "案件 1 没有人在期限内确认" in words_to(actions, CHIEF)
    assert (CaseState.OVERTURNED, "weilu") == (case(hall).state, case(hall).decided_by)
    assert [] == hall.work.tasks.list(ACCOUNT)
    assert [] == minute(hall, days=1, minutes=1)


def test_a_card_that_is_overdue(hall: Hall):
    """The operators are told once more, and it can still be done."""
    hall.happens(joined("小林", at=later(days=-1)))
    bind(hall, ads("remove", lasting=WEEK)).capabilities -= {Capability.REMOVE}
    offends(hall)
    actions = minute(hall, days=1)

    assert "任务 1 过了时限还没有做：请把 小林 移出「读书会」" in words_to(actions, CHIEF)
    assert [] == minute(hall, days=1, minutes=1)
    hall.happens(MemberLeft(group=GROUP, member=LIN, at=later(days=2)))
    task = hall.work.tasks.get(1)
    assert task is not None
    assert TaskState.DONE is task.state
