"""Announcements of which nobody knows whether the group has read them."""

from builders import ACCOUNT, group, later
from court import DEPUTY, HOUSE, WECHAT, ads, kinds, minute, offends, words_to
from desk import hears, whispers
from hall import Hall, echo_of
from pact_stage import becomes, begins

from bot.actions import Action
from bot.events import RulesChanged
from storage.values import OutboxState
from storage.values_of_order import TaskKind, TaskState

CUT_OFF = OutboxState.UNCONFIRMED


def in_doubt(hall: Hall) -> Action:
    """The line broke while the rules were announced, at noon."""
    hall.house, hall.capabilities = HOUSE, WECHAT
    hall.rule(rules=(ads("quiet"),))
    (announcement,) = begins(hall)
    becomes(hall, announcement, CUT_OFF)
    return announcement


def state(hall: Hall, action: Action) -> OutboxState:
    """What has become of it."""
    row = hall.work.outbox.of_key(ACCOUNT, action.key)
    assert row is not None
    return row.state


def binds(hall: Hall, **after: float) -> bool:
    """Whether an offence, so long after noon, has more than a reminder for a consequence."""
    return "remind" not in kinds(offends(hall, **after))


def order(hall: Hall, words: str, by: str = "老周") -> str:
    """What an operator is answered in private."""
    (answer,) = hears(hall, whispers(words, by=by))
    return answer


def test_the_operators_are_asked(hall: Hall):
    """Once, after its echo can come no more; and nothing binds, and nothing is said again."""
    announcement = in_doubt(hall)

    assert [] == minute(hall, minutes=0)
    asked = minute(hall, minutes=10)
    assert ["operators", "operators"] == kinds(asked)
    assert "任务 1：「读书会」的群规（第 1 版）发出去了，却没有回音" in words_to(asked, DEPUTY)
    assert [] == minute(hall, minutes=20)
    assert "的群规（第 1 版）发出去了" in order(hall, "任务")
    assert not binds(hall, minutes=21)
    assert CUT_OFF is state(hall, announcement)


def test_between_the_tens_nobody_looks(hall: Hall):
    """It is no hurry: every ten minutes is often enough."""
    in_doubt(hall)

    assert [] == minute(hall, minutes=11)


def test_it_was_seen(hall: Hall):
    """One word, and the version is posted: it binds from then on, and there is nothing to say."""
    in_doubt(hall)
    minute(hall, minutes=10)

    assert "「读书会」的群规第 1 版记为已公布，从现在起生效。" == order(hall, "已公布 1")
    assert [] == [*begins(hall)]
    assert binds(hall, minutes=30)
    task = hall.work.tasks.get(1)
    assert task is not None
    assert TaskState.DONE is task.state
    assert ["已公布 posted"] == [deed.what for deed in hall.work.audit.list(ACCOUNT)]


def test_it_was_not_seen(hall: Hall):
    """It is said again, once; if that is in doubt too, it is asked about anew."""
    announcement = in_doubt(hall)
    minute(hall, minutes=10)

    assert "「读书会」的群规第 1 版会再发一次。" == order(hall, "再发")
    assert "没有等人确认的群规公告。" == order(hall, "再发 1", by="阿青")
    assert OutboxState.PENDING is state(hall, announcement)
    assert [] == minute(hall, minutes=20)
    hall.now = later(minutes=21)
    becomes(hall, announcement, CUT_OFF)
    assert ["operators", "operators"] == kinds(minute(hall, minutes=40))
    assert "没有等人确认的群规公告。" == order(hall, "已公布 1")
    assert "「读书会」的群规第 1 版记为已公布，从现在起生效。" == order(hall, "已公布 2")


def test_a_late_echo(hall: Hall):
    """It proves it after all: the card needs nobody any more."""
    announcement = in_doubt(hall)
    minute(hall, minutes=10)
    hall.happens(echo_of(announcement))

    assert [] == minute(hall, minutes=20)
    assert [] == hall.work.tasks.list(ACCOUNT)
    assert binds(hall, minutes=30)


def test_the_rules_changed_meanwhile(hall: Hall):
    """The newer version is announced, and nobody is asked about the older one any more."""
    in_doubt(hall)
    minute(hall, minutes=10)
    hall.rule(rules=(ads("ban"),))
    hall.happens(RulesChanged(group=group(), at=hall.now))

    assert "没有等人确认的群规公告。" == order(hall, "已公布 1")
    assert [] == minute(hall, minutes=20)
    assert [] == hall.work.tasks.list(ACCOUNT)
    assert hall.work.pacts.posted(group()) is None


def test_several_groups(hall: Hall):
    """With more than one card the number has to be given."""
    in_doubt(hall)
    hall.rule("跑团", rules=(ads("quiet"),))
    (announcement,) = begins(hall, "跑团")
    becomes(hall, announcement, CUT_OFF)
    minute(hall, minutes=10)

    assert "不止一个群在等，请写上任务号" in order(hall, "已公布")
    assert "记为已公布" in order(hall, "已公布 2")


def test_done_is_no_answer(hall: Hall):
    """Whether it was seen is the question, so 完成 asks back."""
    in_doubt(hall)
    minute(hall, minutes=10)

    assert "已公布 1，或 再发 1" in order(hall, "完成 1")
    (card,) = hall.work.tasks.list(ACCOUNT)
    assert TaskKind.NOTICE is card.kind


def test_only_operators(hall: Hall):
    """To everybody else the words mean nothing."""
    in_doubt(hall)
    minute(hall, minutes=10)

    assert [] == hears(hall, whispers("已公布 1", by="小林"))
    assert hall.work.pacts.posted(group()) is None
