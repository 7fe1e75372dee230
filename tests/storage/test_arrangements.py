import pytest
from builders import ACCOUNT, NOON, group, later, person
from statements_seen import statements

from bot.events import SlotDue
from storage.database import Database
from storage.values_of_programmes import Arranged
from storage.work import Work

WALL = "2026-11-20T12:00"


def test_what_is_wanted_of_a_due_time(work: Work):
    """Each kind once, with who wanted it; other due times want nothing."""
    work.arrangements.put(
        group(), "午间", WALL, Arranged.PIN, person("阿运"), NOON, topic_key="tea"
    )
    work.arrangements.put(group(), "午间", WALL, Arranged.MOVE, "控制台", NOON, to=later(hours=1))
    pin, move = work.arrangements.for_slot(group(), "午间", WALL)

    assert (Arranged.PIN, "tea", None, "阿运", NOON) == (
        pin.what, pin.topic_key, pin.to, pin.by, pin.at
    )  # fmt: skip
    assert (Arranged.MOVE, "", later(hours=1), "控制台") == (
        move.what, move.topic_key, move.to, move.by
    )  # fmt: skip
    assert () == work.arrangements.for_slot(group(), "午间", "2026-11-21T12:00")
    assert () == work.arrangements.for_slot(group("没人"), "午间", WALL)


def test_the_last_word_counts(work: Work):
    """A second wish of the same kind takes the place of the first; one taken back is gone."""
    for key in ("tea", "milk"):
        work.arrangements.put(group(), "午间", WALL, Arranged.PIN, "甲", NOON, topic_key=key)
    assert ["milk"] == [
        each.topic_key for each in work.arrangements.for_slot(group(), "午间", WALL)
    ]
    assert work.arrangements.remove(group(), "午间", WALL, Arranged.PIN)
    assert not work.arrangements.remove(group(), "午间", WALL, Arranged.PIN)
    assert () == work.arrangements.for_slot(group(), "午间", WALL)


def test_what_is_still_to_come(work: Work):
    """In the order of the walls; a due time that was dealt with is no more to come."""
    for wall in ("2026-11-22T12:00", WALL, "2026-11-21T12:00"):
        work.arrangements.put(group(), "午间", wall, Arranged.SKIP, "甲", NOON)
    work.slots.open(
        SlotDue(group=group(), programme="午间", wall="2026-11-21T12:00", due_at=NOON, at=NOON)
    )

    assert [WALL, "2026-11-22T12:00"] == [each.wall for each in work.arrangements.of_group(group())]
    assert () == work.arrangements.of_group(group("跑步"))


def test_a_forgotten_operator_leaves_the_wish(work: Work):
    """What was wanted stays; by whom is not known any more."""
    who = person("阿运")
    work.arrangements.put(group(), "午间", WALL, Arranged.SKIP, who, NOON)
    member_id = work.members.id_if_known(who)
    assert member_id is not None
    work.members.forget(member_id, NOON)

    assert [""] == [each.by for each in work.arrangements.of_group(group())]


@pytest.mark.parametrize("size", [2, 50])
def test_a_batch_is_looked_up_together(
    size: int, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """Arrangements and pauses of all slots that are due take one look each."""
    events = [
        SlotDue(group=group(f"群{number}"), programme="午间", wall=WALL, due_at=NOON, at=NOON)
        for number in range(size)
    ]
    with database.work() as work:
        for event in events:
            work.groups.see(event.group, managed=True, at=NOON)
        work.arrangements.put(events[0].group, "午间", WALL, Arranged.SKIP, "甲", NOON)
        work.pauses.pause(events[1].group, "", "甲", NOON)
        work.commit()
    with database.work() as work:
        work.prepare(events)
        ran = statements(monkeypatch)
        found = [work.arrangements.for_slot(each.group, "午间", WALL) for each in events]
        rests = [work.pauses.paused(each.group, "午间") for each in events]
        assert [] == ran
    assert [1] + [0] * (size - 1) == [len(each) for each in found]
    assert [False, True] + [False] * (size - 2) == [each is not None for each in rests]
    assert {ACCOUNT} == {each.group.account for each in (*found[0], rests[1]) if each}
