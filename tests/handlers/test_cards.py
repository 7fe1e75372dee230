"""Task cards: what a human has to do, once, with a deadline, and seen when it is done."""

from datetime import timedelta

import pytest
from builders import ACCOUNT, NOON, joined, later
from court import CHIEF, GROUP, LIN, ads, bind, kinds, offends, words_to
from hall import Hall

from bot.actions import Mute, Priority
from bot.events import MemberLeft, MinutePassed, RosterRead
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.cards import cannot, open_card
from storage.values_of_order import TaskKind, TaskState

WORD = Text(zh="看看 {who}", en="look at {who}")


def opened(hall: Hall, key: str = "k", **over: object) -> list[str]:
    """What the operators are told of a card."""
    scene = hall.scene(MinutePassed(at=hall.now))
    actions = open_card(scene, key, TaskKind.REPORT, WORD, who="小林", **over)  # type: ignore[arg-type]
    told = [each for each in actions if hall.work.outbox.stage(each, hall.now)]
    return [words_to([each], CHIEF) for each in told]


def test_a_card(hall: Hall):
    """Its number, what to do, and until when."""
    told = opened(bind(hall), within=timedelta(hours=2))

    assert "任务 1：看看 小林\n请在 11月20日 14:00 前处理。" in told
    task = hall.work.tasks.get(1)
    assert task is not None
    assert ("看看 小林", later(hours=2), TaskState.OPEN) == (task.text, task.deadline, task.state)


def test_once(hall: Hall):
    """The same key again is the same card, and nobody is told twice."""
    opened(bind(hall))

    assert [] == opened(hall)
    assert [1] == [task.number for task in hall.work.tasks.list(ACCOUNT)]


@pytest.mark.parametrize("seen", ["event", "roster"])
def test_a_removal_that_is_asked_for(hall: Hall, seen: str):
    """The member leaves, as an event or in a roster: done."""
    hall.happens(RosterRead(group=GROUP, members=(CHIEF, LIN), at=NOON))
    bind(hall, ads("remove")).capabilities -= {Capability.REMOVE}
    actions = offends(hall)
    assert ["details", "operators", "operators"] == kinds(actions)
    assert "任务 1：请把 小林 移出「读书会」（案件 1），我自己没能做到：平台不支持" in words_to(
        actions, CHIEF
    )

    if seen == "event":
        hall.happens(MemberLeft(group=GROUP, member=LIN, at=later(hours=1)))
    else:
        hall.happens(RosterRead(group=GROUP, members=(CHIEF,), at=later(hours=1)))
    assert [] == hall.work.tasks.list(ACCOUNT)


def test_one_card_for_one_thing(hall: Hall):
    """While the operators are asked, they are not asked again."""
    hall.happens(joined("小林", at=later(days=-1)))
    bind(hall, ads("remove")).capabilities -= {Capability.REMOVE}
    actions = [each for hours in (0, 1, 2) for each in offends(hall, hours=hours)]

    assert ["details", "operators", "operators"] == kinds(actions)


def mute(*, on: bool) -> Mute:
    """A mute because of case 1, or its end."""
    return Mute(
        key="mute:1" if on else "unmute:1",
        why="测试 a test",
        priority=Priority.MODERATION,
        group=GROUP,
        member=LIN,
        until=later(days=1) if on else None,
    )


def test_a_mute_that_was_refused(hall: Hall):
    """A human can do it; taking it back, too."""
    offends(bind(hall, ads("quiet")))
    scene = hall.scene(MinutePassed(at=hall.now))

    assert "请在「读书会」禁言 小林" in words_to([*cannot(scene, mute(on=True), "不是群主")], CHIEF)
    task = hall.work.tasks.open_for(GROUP, LIN, TaskKind.MUTE)
    assert task is not None
    hall.work.tasks.settle(task.number, TaskState.DONE, hall.now, "")
    assert "解除 小林 的禁言" in words_to([*cannot(scene, mute(on=False), "不是群主")], CHIEF)


def test_what_applies_no_more(hall: Hall):
    """Nobody is asked to mute who is not to be quiet any more."""
    scene = bind(hall).scene(MinutePassed(at=hall.now))

    assert () == cannot(scene, mute(on=True), "不是群主")
