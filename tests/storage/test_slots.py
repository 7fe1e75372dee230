from datetime import datetime

from builders import ACCOUNT, NOON, group, later

from bot.events import SlotDue
from storage.database import Database
from storage.values import Slot, SlotState
from storage.work import Work


def due(wall: str = "2026-11-20T12:00", at: datetime = NOON, where: str = "读书会") -> SlotDue:
    """A due time of the programme 午间."""
    return SlotDue(group=group(where), programme="午间", wall=wall, due_at=at, at=at)


def test_a_slot_is_opened_once(database: Database):
    """The same wall-clock time of a programme in a group is dealt with once."""
    with database.work() as work:
        slot = work.slots.open(due())
        assert slot is not None
        assert work.slots.open(due(at=later(hours=1))) is None
        work.commit()
    with database.work() as work:
        assert work.slots.open(due()) is None
        assert work.slots.open(due(where="跑步")) is not None
        assert Slot(
            id=slot,
            group=group(),
            programme="午间",
            wall="2026-11-20T12:00",
            due_at=NOON,
            state=SlotState.PLANNED,
            reason="",
            topic_key="",
        ) in work.slots.list(group())


def test_a_slot_is_settled(work: Work):
    """The reason is kept; settling again without a topic keeps the topic."""
    slot = work.slots.open(due())
    assert slot is not None
    work.slots.settle(slot, SlotState.PLANNED, topic_key="tea")
    work.slots.settle(slot, SlotState.SKIPPED, "太迟了 too late")
    (row,) = work.slots.list()

    assert (SlotState.SKIPPED, "太迟了 too late", "tea") == (row.state, row.reason, row.topic_key)


def test_how_far_slots_are_dealt_with(work: Work):
    """It moves forwards only, also by opening a slot."""
    key = ("午间", group().id)
    work.slots.watch(group(), "午间", NOON)
    work.slots.watch(group(), "午间", later(hours=-1))
    assert {key: NOON} == work.slots.watched(ACCOUNT)
    work.slots.open(due("later", at=later(hours=1)))
    work.slots.open(due("earlier", at=later(hours=-5)))

    assert {key: later(hours=1)} == work.slots.watched(ACCOUNT)
    assert {} == work.slots.watched("另一个")


def test_slots_are_listed_newest_first(work: Work):
    """Of one group or of all, no more than asked for."""
    for hour in range(3):
        work.slots.open(due(str(hour), at=later(hours=hour)))
    work.slots.open(due("3", at=later(hours=3), where="跑步"))

    assert ["3", "2"] == [slot.wall for slot in work.slots.list(limit=2)]
    assert ["2", "1", "0"] == [slot.wall for slot in work.slots.list(group())]
