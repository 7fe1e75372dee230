"""A crash in the middle of every step of a post, two processes, and 200 groups in one minute."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from builders import ACCOUNT, BOT, group, later
from claiming import claim
from desk import orders, whispers
from faults.test_sanctions import Crash, die_at
from hall import Hall, echo_of
from topic_stage import NINE, TOPICS, set_out

from bot.events import MinutePassed, SlotDue
from handlers import arranging
from handlers.settings import WelcomeSettings
from storage.database import Database
from storage.values import OutboxState, Slot
from storage.work import Work

Step = Callable[[Hall], object]

NINE_TOMORROW = later(hours=21)
WALL = "2026-11-21T09:00"


def enter(work: Work) -> Hall:
    """Two groups with programmes and two operators, as a process finds them when it starts."""
    hall = Hall(work)
    hall.house = hall.house.model_copy(
        update={
            "operator_ids": frozenset({"id-阿秀", "id-老周"}),
            "operators_group_id": "运营群@room",
        }
    )
    quiet = WelcomeSettings(enabled=False)
    for name in ("读书会", "跑步"):
        hall.rule(name, programmes={"早安": NINE}, welcome=quiet)
    hall.rule("运营群", keep_text_days=0)
    return hall


def comes_due(at: datetime = NINE_TOMORROW, wall: str = WALL, name: str = "读书会") -> Step:
    """A programme is due, as it is noticed at that moment."""

    def step(hall: Hall) -> None:
        hall.now = max(hall.now, at)
        hall.happens(
            SlotDue(group=group(name), programme="早安", wall=wall, due_at=NINE_TOMORROW, at=at)
        )

    return step


def says(words: str, **after: float) -> Step:
    """An operator orders it, with one and the same message each time."""

    def step(hall: Hall) -> None:
        hall.now = later(**after)
        hall.happens(orders(words, id=words, at=hall.now))

    return step


def minute(**after: float) -> Step:
    """The clock is looked at."""

    def step(hall: Hall) -> None:
        hall.now = later(**after)
        hall.happens(MinutePassed(at=hall.now))

    return step


def newest(hall: Hall, name: str = "读书会") -> Slot:
    """The slot that was due last there."""
    return hall.work.slots.list(group(name), 1)[0]


def decides(decision: Callable[..., Any], *more: Any, **after: float) -> Step:
    """An operator decides about the newest slot of 读书会."""

    def step(hall: Hall) -> None:
        hall.now = later(**after)
        verdict = decision(hall.scene(MinutePassed(at=hall.now)), newest(hall), *more, "控制台")
        for action in verdict.actions:
            hall.work.outbox.stage(action, hall.now)

    return step


def becomes(state: OutboxState) -> Step:
    """This comes of the newest post of 读书会."""

    def step(hall: Hall) -> None:
        row = hall.work.outbox.of_key(ACCOUNT, f"post:{newest(hall).id}")
        assert row is not None
        hall.work.outbox.settle(row.id, state, hall.now)

    return step


def echoes(hall: Hall) -> None:
    """The post is heard in the group."""
    row = hall.work.outbox.of_key(ACCOUNT, f"post:{newest(hall).id}")
    assert row is not None
    hall.happens(echo_of(row.action, id="echo", at=hall.now, author=BOT))


def proposes(hall: Hall) -> None:
    """小林 proposes a topic, with one message."""
    hall.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？", id="idea"))


def confirms(hall: Hall) -> None:
    """阿秀 confirms the broadcast that was asked for last."""
    asked = next(each for each in hall.work.audit.list(ACCOUNT) if "asked" in each.what)
    hall.happens(orders(f"话题 群发 {asked.why[:4]}", id="yes"))


STORIES: dict[str, list[Step]] = {
    "posted, sent, heard": [comes_due(), becomes(OutboxState.SENT), echoes],
    "in doubt, sent again": [
        comes_due(),
        becomes(OutboxState.UNCONFIRMED),
        decides(arranging.resend, hours=22),
        becomes(OutboxState.DONE),
    ],
    "too late": [comes_due(later(hours=23))],
    "skipped, after all": [
        says("话题 跳过 读书会"),
        comes_due(),
        decides(arranging.resend, hours=22),
    ],
    "pinned": [says("话题 换 读书会 枕边书"), comes_due()],
    "paused, resumed": [
        says("话题 暂停 读书会"),
        comes_due(),
        says("话题 恢复 读书会", hours=22),
    ],
    "moved, released": [
        says("话题 移到 读书会 20:00"),
        minute(hours=8),
        becomes(OutboxState.DONE),
        comes_due(),
    ],
    "now, cancelled": [says("话题 现在 读书会"), decides(arranging.cancel, minutes=1)],
    "now, moved, done": [
        says("话题 现在 读书会 走路"),
        decides(arranging.move_slot, later(hours=2), minutes=1),
        becomes(OutboxState.DONE),
    ],
    "broadcast": [says("话题 群发 一杯茶 到 全部"), confirms],
    "proposed, approved": [proposes, says("通过 1", hours=1)],
}


def picture(database: Database) -> dict[str, object]:
    """All that was decided, without our own ids and the times of this machine."""
    with database.work() as work:
        slots = work.slots.list()
        names = {f"post:{slot.id}": f"post {slot.group.name} {slot.wall}" for slot in slots}
        told = [
            (
                (slot.group.name, slot.programme, slot.wall, slot.due_at),
                (slot.state, slot.reason, slot.topic_key, slot.why, slot.not_before),
            )
            for slot in slots
        ]
        acts = [
            (names.get(row.action.key, row.action.key), row.state, row.not_before)
            for row in work.outbox.list(ACCOUNT, limit=99)
        ]
        wishes = [
            (each.wall, each.what, each.topic_key, each.to, each.by)
            for each in work.arrangements.of_group(group())
        ]
        rests = [(each.programme, each.since, each.by) for each in work.pauses.of(group())]
        topics = [(each.key, each.status, each.proposer) for each in work.topics.all()]
        deeds = [(each.what, each.why) for each in work.audit.list(ACCOUNT)]
        tasks = [(each.number, each.state) for each in work.tasks.list(ACCOUNT)]
    return {
        "slots": sorted(told, key=str),
        "acts": sorted(acts, key=str),
        "wishes": wishes,
        "rests": rests,
        "topics": topics,
        "deeds": deeds,
        "tasks": tasks,
    }


def begin(database: Database) -> None:
    """Two groups and three topics."""
    with database.work() as work:
        set_out(Hall(work))
        work.commit()


def run(database: Database, step: Step) -> dict[str, object]:
    """One step, committed, and what there is then."""
    with database.work() as work:
        step(enter(work))
        work.commit()
    return picture(database)


@pytest.mark.parametrize("story", STORIES)
def test_a_crash_anywhere(
    story: str, new_sqlite: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies at the first word to the database, is tried again, dies at the second, and so on.

    What was under way is done once all the same, also where it died after the commit.
    """
    calm, troubled = Database(new_sqlite()), Database(new_sqlite())
    begin(calm)
    begin(troubled)
    deaths = 0
    for step in STORIES[story]:
        expected = run(calm, step)
        for word in count(1):
            with monkeypatch.context() as dying:
                die_at(word, dying)
                try:
                    run(troubled, step)
                    break
                except Crash:
                    deaths += 1
        assert expected == picture(troubled), step
    calm.close()
    troubled.close()
    assert deaths >= 5 * len(STORIES[story])


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes on one database, as far as it can tell."""
    databases = Database(database_url), Database(database_url)
    begin(databases[0])
    yield databases
    for database in databases:
        database.close()


def at_once(databases: tuple[Database, Database], *steps: Step) -> None:
    """Each does its step at the same moment; who cannot commit tries again, like the pipeline."""
    start = threading.Barrier(2)
    failed: list[BaseException] = []

    def act(place: int) -> None:
        start.wait(10)
        for _ in range(5):
            try:
                run(databases[place], steps[place])
            except Exception as error:  # noqa: BLE001 whatever it was, it is tried again
                failed.append(error)
            else:
                failed.clear()
                return

    threads = [threading.Thread(target=act, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [] == failed


def posts(database: Database) -> list[tuple[str, OutboxState]]:
    """Where posts are on their way."""
    with database.work() as work:
        rows = work.outbox.list(ACCOUNT, limit=999)
        return [
            (str(row.action.to.name), row.state)  # type: ignore[union-attr]
            for row in rows
            if row.action.key.startswith("post:")
        ]


@pytest.mark.parametrize("_round", range(2))
def test_due_in_two_processes(two: tuple[Database, Database], _round: int) -> None:
    """Both notice the same due time: it is posted once."""
    at_once(two, comes_due(), comes_due(later(hours=21, minutes=1)))

    assert [("读书会", OutboxState.PENDING)] == posts(two[0])


@pytest.mark.parametrize("_round", range(2))
def test_released_in_two_processes(two: tuple[Database, Database], _round: int) -> None:
    """Both look at the clock when a moved post is due: it is posted once."""
    run(two[0], says("话题 移到 读书会 20:00"))
    at_once(two, minute(hours=8), minute(hours=8))

    assert [("读书会", OutboxState.PENDING)] == posts(two[0])


@pytest.mark.parametrize("_round", range(2))
def test_moved_when_it_comes_due(two: tuple[Database, Database], _round: int) -> None:
    """The operator and the clock at one moment: each due time has one post, sooner or later."""
    at_once(two, says("话题 移到 读书会 10:00", hours=20, minutes=59), comes_due())
    run(two[0], minute(hours=22))
    with two[0].work() as work:
        walls = [slot.wall for slot in work.slots.list() if slot.topic_key]

    assert WALL in walls
    assert len(walls) == len({*walls}) == len(posts(two[0]))


@pytest.mark.parametrize("_round", range(2))
def test_two_operators_want_one_now(two: tuple[Database, Database], _round: int) -> None:
    """In the same minute: one post."""
    at_once(two, says("话题 现在 读书会"), says("topic now 读书会"))

    assert 1 == len(posts(two[0]))


@pytest.mark.parametrize("_round", range(2))
def test_two_operators_pause(two: tuple[Database, Database], _round: int) -> None:
    """One pause, and both are answered."""
    at_once(two, says("话题 暂停 读书会"), says("topic pause 读书会"))
    with two[0].work() as work:
        assert 1 == len(work.pauses.of(group()))


@pytest.mark.parametrize("_round", range(2))
def test_cancelled_while_it_is_claimed(two: tuple[Database, Database], _round: int) -> None:
    """Either it is cancelled and never claimed, or in hand and not cancelled."""
    run(two[0], says("话题 现在 读书会"))

    def claims(hall: Hall) -> None:
        row = hall.work.outbox.of_key(ACCOUNT, f"post:{newest(hall).id}")
        assert row is not None
        if claim(hall.work, row.id, "another", later(minutes=1)):
            hall.work.outbox.settle(row.id, OutboxState.DONE, later(minutes=1))

    at_once(two, decides(arranging.cancel, minutes=1), claims)
    ((_, state),) = posts(two[0])
    with two[0].work() as work:
        (slot,) = work.slots.list()

    assert (state, slot.state.value) in {
        (OutboxState.CANCELLED, "skipped"),
        (OutboxState.DONE, "confirmed"),
    }


def test_two_hundred_groups_at_once(two: tuple[Database, Database]) -> None:
    """Due in the same minute, noticed by two processes in different orders: one post each."""
    names = [f"群{number}" for number in range(200)]
    with two[0].work() as work:
        for name in names:
            work.groups.see(group(name), managed=True, at=later())
        for topic in TOPICS:
            work.topics.put(topic)
        work.commit()

    def all_due(order: list[str]) -> Step:
        def step(hall: Hall) -> None:
            events = [
                SlotDue(
                    group=group(name),
                    programme="早安",
                    wall=WALL,
                    due_at=NINE_TOMORROW,
                    at=NINE_TOMORROW,
                )
                for name in order
            ]
            hall.now = NINE_TOMORROW
            for name in order:
                hall.rule(name, programmes={"早安": NINE})
            hall.work.prepare(events)
            for event in events:
                with hall.work.savepoint():
                    hall.happens(event)

        return step

    at_once(two, all_due(names), all_due(names[::-1]))
    assert Counter(names) == Counter(name for name, _ in posts(two[0]))
