"""The gateway away, clocks that change or are moved: a post comes once, or says why not."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from any_topics import asked
from builders import ACCOUNT, NOON, group, later
from hall import Hall
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_stage import Stage, running
from topic_stage import TOPICS

from bot.clock import MovableClock
from bot.events import Event, GatewayState, SlotDue
from bot.pace import PaceSettings
from bot.schedule import Schedule
from storage.database import Database
from storage.values import OutboxState, SlotState
from storage.work import Work
from topics.programme import Programme

BERLIN = ZoneInfo("Europe/Berlin")
NOON_DAILY = Programme(at="每天 12:00")
WALL = "2026-11-20T12:00"


def ready(work: Work, *names: str, programme: Programme = NOON_DAILY) -> Hall:
    """Groups with this programme, and three topics."""
    hall = Hall(work)
    for name in names or ("读书会",):
        hall.rule(name, programmes={"午间": programme})
    for topic in TOPICS:
        work.topics.put(topic)
    return hall


def due(name: str = "读书会", at: datetime = NOON) -> SlotDue:
    """Noon has come there."""
    return SlotDue(group=group(name), programme="午间", wall=WALL, due_at=NOON, at=at)


def slots(database: Database) -> list[tuple[str, SlotState, str]]:
    """What became of every due time, the oldest first."""
    with database.work() as work:
        return [(each.wall, each.state, each.reason) for each in work.slots.list(limit=999)][::-1]


async def noon_comes(stage: Stage, *names: str) -> None:
    """It is due in these groups, and committed."""

    def job(work: Work) -> None:
        hall = ready(work, *names)
        for name in names or ("读书会",):
            hall.happens(due(name, stage.clock.now()))

    await stage.writer.run(job)


async def test_the_gateway_is_away_across_a_due_time(database: Database):
    """An hour is more than the grace: it is not posted, and the slot says why."""
    stage = Stage(database, start=later(minutes=-30))
    async with running(stage):
        await stage.gateway_is(GatewayState.OFFLINE)
        await stage.go_to(NOON)
        await noon_comes(stage)
        await stage.go_to(later(minutes=30, seconds=30))
        assert [(WALL, SlotState.SKIPPED)] == [each[:2] for each in slots(database)]
        await stage.gateway_is(GatewayState.LOGGED_IN)
        await stage.go_to(later(minutes=60))

    assert [] == stage.gateway.performed
    ((_, _, reason),) = slots(database)
    assert "waited past its time" in reason or "not connected" in reason


async def test_the_gateway_is_back_within_the_grace(database: Database):
    """It is posted late, once."""
    stage = Stage(database, start=later(minutes=-30))
    async with running(stage):
        await stage.gateway_is(GatewayState.OFFLINE)
        await stage.go_to(NOON)
        await noon_comes(stage)
        await stage.go_to(later(minutes=20))
        assert [] == stage.gateway.performed
        await stage.gateway_is(GatewayState.LOGGED_IN)
        await stage.go_to(later(minutes=60))

    assert 1 == len(stage.gateway.performed)
    assert [(WALL, SlotState.CONFIRMED)] == [each[:2] for each in slots(database)]


async def test_two_hundred_groups_within_the_grace(sqlite_database: Database):
    """At the pace as shipped, each group gets its post before it is too late for it.

    From a bank as large as the one that ships: one text goes to a few groups only.
    """
    names = [f"群{number}" for number in range(200)]
    with sqlite_database.work() as work:
        work.topics.keep([asked(f"题{number}") for number in range(180)], "甲", NOON)
        work.commit()
    stage = Stage(sqlite_database, pace=PaceSettings(typing_per_character=0))
    async with running(stage):
        await noon_comes(stage, *names)
        await stage.go_to(later(minutes=30))

    told = Counter(action.to.name for _, action in stage.gateway.performed)  # type: ignore[union-attr]
    assert Counter(names) == told
    assert max(at for at, _ in stage.gateway.performed) <= later(minutes=11)
    assert {SlotState.CONFIRMED} == {state for _, state, _ in slots(sqlite_database)}


async def test_more_groups_than_words(sqlite_database: Database):
    """With three topics for 200 groups most get none: the slots say why, and nobody gets two."""
    names = [f"群{number}" for number in range(200)]
    stage = Stage(sqlite_database, pace=PaceSettings(typing_per_character=0))
    async with running(stage):
        await noon_comes(stage, *names)
        await stage.go_to(later(minutes=31))
    told = Counter(action.to.name for _, action in stage.gateway.performed)  # type: ignore[union-attr]
    left = [reason for _, state, reason in slots(sqlite_database) if state is SlotState.SKIPPED]

    assert {1} == {*told.values()}
    assert 200 == len(told) + len(left)
    assert all("told this text" in reason for reason in left), left[0]


@pytest.mark.parametrize("recovers", [False, True])
async def test_cut_off_while_it_is_posted(database: Database, *, recovers: bool):
    """It is in doubt then, never posted again by itself, and the slot says so."""
    stage = Stage(database)
    stage.gateway.hangs = asyncio.Event()
    async with running(stage):
        await noon_comes(stage)
        await stage.gateway.began.wait()
        with database.work() as work:
            (row,) = work.outbox.list(ACCOUNT, [OutboxState.CLAIMED])
            work.outbox.settle(row.id, OutboxState.UNCONFIRMED, NOON, "断了 cut off")
            work.commit()
        stage.gateway.hangs.set()
    if recovers:
        again = Stage(database)
        async with running(again, recover=True):
            await again.go_to(later(minutes=29))
        assert [] == again.gateway.performed

    assert 1 == len(stage.gateway.performed)


class Day:
    """A schedule on a movable clock that feeds a database, and dies now and then."""

    def __init__(self, database: Database, zone: ZoneInfo, start: datetime, at: str) -> None:
        self.database = database
        self.zone = zone
        self.programme = Programme(at=at)
        self.clock = MovableClock(start)
        self.start()

    def start(self) -> None:
        """A process begins, with what the last one wrote down."""
        with self.database.work() as work:
            watched = work.slots.watched(ACCOUNT)
        self.schedule = Schedule(
            clock=self.clock,
            feed=self._feed,
            pairs=lambda: [(group(), "午间", self.programme, self.zone)],
            watched=watched,
        )

    async def _feed(self, event: Event) -> None:
        with self.database.work() as work:
            hall = ready(work, programme=self.programme)
            hall.now = self.clock.now()
            hall.happens(event)
            work.commit()

    async def goes_to(self, moment: datetime) -> None:
        """The clock is set to that moment, and looked at."""
        self.clock.move_to(moment)
        await self.schedule.tick()


@pytest.mark.parametrize(
    ("first", "due_at"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("restarts", [False, True])
async def test_daylight_saving(
    sqlite_database: Database, first: datetime, due_at: datetime, *, restarts: bool
):
    """Half past two that is left out, or comes twice: one post on that day and on the next."""
    day = Day(sqlite_database, BERLIN, first, "每天 2:30")
    await day.goes_to(first)
    for minutes in range(0, 42 * 60, 10):
        if restarts and minutes % 70 == 0:
            day.start()
        await day.goes_to(first + timedelta(minutes=minutes))
    with sqlite_database.work() as work:
        found = [(each.due_at, each.state) for each in work.slots.list()][::-1]

    assert (due_at, SlotState.PLANNED) == found[0]
    assert 2 == len(found)


MOVES = st.lists(
    st.sampled_from(
        [timedelta(minutes=minutes) for minutes in (-300, -90, -61, -1, 1, 20, 45, 120, 600)]
    )
    | st.none(),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES, first=st.sampled_from([NOON, datetime(2026, 3, 28, 20, tzinfo=UTC)]))
def test_moved_clocks_and_restarts(
    new_sqlite: Callable[[], str], moves: list[Any], first: datetime
) -> None:
    """Whatever the clock does and however often it begins anew, a time on the wall counts once.

    Late within the grace or skipped with the reason; and none that passed is missing.
    """

    async def live() -> tuple[list[Any], datetime]:
        database = Database(new_sqlite())
        day = Day(database, BERLIN, first, "每天 2:30、6:00、12:00、12:10、18:00")
        await day.goes_to(first)
        latest = first
        for move in moves:
            if move is None:
                day.start()
            else:
                await day.goes_to(day.clock.now() + move)
            latest = max(latest, day.clock.now())
        with database.work() as work:
            found = work.slots.list(limit=999)
            rows = work.outbox.list(ACCOUNT, limit=999)
        database.close()
        assert len(rows) >= sum(each.state is SlotState.PLANNED for each in found)
        return found, latest

    found, latest = asyncio.run(live())
    passed = Programme(at="每天 2:30、6:00、12:00、12:10、18:00").due(first, latest, BERLIN, 99)
    walls = [each.wall for each in found]
    assert len(walls) == len({*walls})
    assert {wall.isoformat(timespec="minutes") for wall, _ in passed} == {*walls}
    assert all(each.reason for each in found if each.state is SlotState.SKIPPED)
