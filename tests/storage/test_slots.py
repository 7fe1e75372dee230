from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from builders import ACCOUNT, NOON, group, later
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statements_seen import statements

from bot.events import SlotDue
from storage.database import Database
from storage.values import Slot, SlotState, Topic
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


def test_a_taken_slot_is_known_together(database: Database):
    """What another work took up is found by looking for all of them at once."""
    with database.work() as work:
        work.slots.open(due())
        work.commit()
    with database.work() as work:
        events = [due(), due(where="跑步"), due("2026-11-21T12:00")]
        work.prepare(events)
        assert [True, False, False] == [work.slots.open(event) is None for event in events]


@pytest.mark.parametrize("size", [10, 100])
def test_a_batch_takes_few_statements(
    size: int, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """How many statements a batch takes does not depend on how many slots are in it."""
    events = [due(where=f"群{number}") for number in range(size)]
    ran = statements(monkeypatch)
    with database.work() as work:
        for event in events:
            work.groups.see(event.group, managed=True, at=NOON)
        work.topics.put(Topic(key="tea", title="茶", text="？"))
        work.commit()
    ran.clear()
    with database.work() as work:
        work.prepare(events)
        for event in events:
            with work.savepoint():
                post(work, event)
        work.commit()

    assert len(ran) <= 14, ran


def post(work: Work, event: SlotDue) -> str | None:
    """Take up a slot with the first unused topic, as the handler does it; its key."""
    slot = work.slots.open(event)
    if slot is None:
        return None
    used = {each.topic_key for each in work.histories.of(event.group)}
    topics = [topic for topic in work.topics.bank().topics if topic.key not in used]
    if not topics:
        work.slots.settle(slot, SlotState.SKIPPED, "没有了 none left")
        return None
    key = topics[0].key
    work.posts.plan(slot, event.group, key, "？", f"post:{slot}", timedelta(hours=1), NOON)
    return key


BATCHES = st.lists(
    st.tuples(
        st.booleans(),
        st.lists(
            st.tuples(
                st.sampled_from(["读书会", "跑步"]),
                st.sampled_from("123456"),
                st.sampled_from(["goes", "goes", "spoiled", "skipped later"]),
            ),
            max_size=8,
        ),
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(batches=BATCHES)
def test_no_slot_and_no_topic_twice(
    batches: list[tuple[bool, list[tuple[str, str, str]]]], sqlite_database: Database
):
    """Looked up together or not, in one batch or many, whatever is undone or skipped in between."""
    told: dict[tuple[str, str], str | None] = {}
    with sqlite_database.work() as work:
        for key in ("a", "b", "c"):
            work.topics.put(Topic(key=key, title=key, text="？"))
        for prepared, steps in batches:
            if prepared:
                work.prepare([due(wall, where=where) for where, wall, _ in steps])
            for where, wall, how in steps:
                used = {key for (of, _), key in told.items() if of == where}
                free = [key for key in ("a", "b", "c") if key not in used]
                first = (where, wall) not in told
                expected = free[0] if first and free else None
                with suppress(ZeroDivisionError), work.savepoint():
                    assert expected == post(work, due(wall, where=where))
                    if how == "spoiled":
                        raise ZeroDivisionError
                    if first:
                        told[where, wall] = expected
                    if how == "skipped later":
                        (slot,) = [s for s in work.slots.list(group(where)) if s.wall == wall]
                        work.slots.settle(slot.id, SlotState.SKIPPED)
                        told[where, wall] = None
        stored = {(slot.group.name, slot.wall) for slot in work.slots.list()}

    assert told.keys() == stored


def test_a_slot_is_held(work: Work):
    """It comes back when its time has come, the first due first; then it is settled as ever."""
    first, second = work.slots.open(due()), work.slots.open(due("later", at=later(minutes=1)))
    assert first is not None
    assert second is not None
    work.slots.hold(second, later(minutes=10), "正聊得热闹 a lively talk")
    work.slots.hold(first, later(minutes=20), "正聊得热闹 a lively talk")

    assert [] == work.slots.held(ACCOUNT, later(minutes=9))
    assert [second] == [slot.id for slot in work.slots.held(ACCOUNT, later(minutes=10))]
    assert [first, second] == [slot.id for slot in work.slots.held(ACCOUNT, later(minutes=20))]
    assert [] == work.slots.held("另一个", later(minutes=20))
    work.slots.settle(first, SlotState.PLANNED, topic_key="tea", why="新 new")
    assert [second] == [slot.id for slot in work.slots.held(ACCOUNT, later(hours=1))]
    planned = work.slots.get(first)
    assert planned is not None
    assert (None, "新 new", "") == (planned.not_before, planned.why, planned.reason)


def test_a_slot_is_moved(work: Work):
    """It is due at the other moment and keeps its name; the schedule owes what lies before it."""
    ahead = SlotDue(
        group=group(), programme="午间", wall="2026-11-21T12:00", due_at=later(days=1), at=NOON
    )
    slot = work.slots.open(ahead)
    assert slot is not None
    assert {} == work.slots.watched(ACCOUNT)
    work.slots.move(slot, later(hours=2), "移到 moved")
    (moved,) = work.slots.held(ACCOUNT, later(hours=2))

    assert (later(hours=2), "2026-11-21T12:00", SlotState.HELD) == (
        moved.due_at,
        moved.wall,
        moved.state,
    )
    assert work.slots.get(0) is None


def test_holding_and_settling_stay_in_order(work: Work):
    """What was written down last counts, also before anything reached the database."""
    slot = work.slots.open(due())
    assert slot is not None
    work.slots.hold(slot, later(minutes=10), "a")
    work.slots.settle(slot, SlotState.SKIPPED, "b")
    work.slots.hold(slot, later(minutes=15), "c")
    (found,) = work.slots.list()

    assert (SlotState.HELD, "c", later(minutes=15)) == (found.state, found.reason, found.not_before)
