"""Tests of bot/schedule.py: what time makes due is told once, whatever the clock does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from threading import current_thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, group, later
from hypothesis import given
from hypothesis import strategies as st

from bot import cron
from bot.clock import MovableClock, SystemClock
from bot.events import Event, HourPassed, MinutePassed, ProgrammeStarted, SlotDue
from bot.schedule import Pair, Schedule
from topics import timetable
from topics.programme import Programme

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEY = ("早茶", group().id)


def pair(cron: str = "0 * * * *", zone: ZoneInfo = SHANGHAI) -> Pair:
    """A programme of 读书会, hourly if nothing else is said."""
    return group(), "早茶", Programme(cron=cron), zone


class Ear:
    """A schedule on a movable clock, and what it told."""

    def __init__(self, *pairs: Pair, watched: datetime | None = NOON) -> None:
        self.clock = MovableClock(NOON)
        self.pairs = list(pairs)
        self.told: list[Event] = []
        self.schedule = Schedule(
            clock=self.clock,
            feed=self._feed,
            pairs=lambda: self.pairs,
            watched={} if watched is None else {KEY: watched},
        )

    async def _feed(self, event: Event) -> None:
        self.told.append(event)

    async def at(self, moment: datetime) -> list[SlotDue]:
        """The slots told when the clock is set to a moment."""
        before = len(self.slots)
        self.clock.move_to(moment)
        await self.schedule.tick()
        return self.slots[before:]

    @property
    def slots(self) -> list[SlotDue]:
        """All slots told so far."""
        return [event for event in self.told if isinstance(event, SlotDue)]


@asynccontextmanager
async def running(ear: Ear) -> AsyncIterator[Schedule]:
    """A schedule that ticks by itself."""
    ear.schedule.start()
    try:
        yield ear.schedule
    finally:
        ear.schedule.stop()


async def test_a_programme_that_is_new_starts_now_and_owes_nothing() -> None:
    """The first tick says so; what was due before it is nobody's debt."""
    ear = Ear(pair(), watched=None)
    assert [] == await ear.at(NOON)
    assert ProgrammeStarted(group=group(), programme="早茶", at=NOON) == ear.told[0]
    assert ["2026-11-20T13:00"] == [slot.wall for slot in await ear.at(later(hours=1))]
    assert 1 == sum(isinstance(event, ProgrammeStarted) for event in ear.told)


async def test_a_slot_is_named_by_the_wall_and_tells_when_it_was_noticed() -> None:
    """The instant, the wall time in the programme's zone, and the moment of the late tick."""
    ear = Ear(pair("30 12 * * *"))
    slots = await ear.at(later(minutes=40))
    expected = SlotDue(
        group=group(),
        programme="早茶",
        wall="2026-11-20T12:30",
        due_at=later(minutes=30),
        at=later(minutes=40),
    )
    assert [expected] == slots


async def test_what_came_due_while_nothing_ran_is_told_late() -> None:
    """After a restart the table says how far it was; the rest follows."""
    ear = Ear(pair(), watched=later(hours=-2, minutes=-30))
    assert [later(hours=-2), later(hours=-1), NOON] == [slot.due_at for slot in await ear.at(NOON)]
    assert [] == await ear.at(later(seconds=1))


async def test_after_a_long_stop_only_the_latest_fifty_are_told() -> None:
    """A month of hours is not a month of posts."""
    ear = Ear(pair(), watched=later(days=-30))
    slots = await ear.at(NOON)
    assert 50 == len(slots)
    assert NOON == slots[-1].due_at


async def test_a_clock_put_back_makes_nothing_due_twice() -> None:
    """The hours that are lived again stay silent; after them it goes on."""
    ear = Ear(pair())
    await ear.at(later(hours=3))
    assert [] == await ear.at(later(hours=1))
    assert [] == await ear.at(later(hours=3))
    assert [later(hours=4)] == [slot.due_at for slot in await ear.at(later(hours=4))]


async def test_a_clock_put_forward_makes_everything_in_between_due() -> None:
    """Each slot that was jumped over is told."""
    ear = Ear(pair())
    assert 26 == len(await ear.at(later(hours=26)))


async def test_a_programme_out_of_force_owes_nothing_when_it_comes_back() -> None:
    """Taken out of the config and put in again, it starts anew."""
    ear = Ear(pair())
    await ear.at(later(minutes=1))
    ear.pairs = []
    await ear.at(later(hours=2))
    ear.pairs = [pair()]
    assert [] == await ear.at(later(hours=3, minutes=1))
    assert [later(hours=4)] == [slot.due_at for slot in await ear.at(later(hours=4))]


async def test_a_group_that_is_seen_late_still_gets_what_it_is_owed() -> None:
    """Before the first login no group may be known: that does not forget its debts."""
    ear = Ear(watched=later(minutes=-30))
    await ear.at(later(minutes=1))
    ear.pairs = [pair()]
    assert [NOON] == [slot.due_at for slot in await ear.at(later(minutes=2))]


async def test_a_group_that_comes_within_the_minute_is_looked_at_at_once() -> None:
    """Other pairs than a moment ago are told of at the next tick, not at the next minute."""
    ear = Ear(pair(), watched=None)
    await ear.at(NOON)
    ear.pairs = [pair(), (group("茶馆"), "早茶", pair()[2], SHANGHAI)]
    await ear.at(later(seconds=1))
    started = [event.group for event in ear.told if isinstance(event, ProgrammeStarted)]
    assert [group(), group("茶馆")] == started


async def test_only_the_first_tick_of_a_minute_looks_at_every_pair() -> None:
    """There may be thousands, and it ticks every second; a clock put back looks again."""

    class Looked(list[Pair]):
        times = 0

        def __iter__(self) -> Iterator[Pair]:
            self.times += 1
            return super().__iter__()

    ear = Ear()
    ear.pairs = looked = Looked([pair()])
    for seconds, times in ((0, 1), (1, 1), (59, 1), (60, 2), (61, 2), (30, 3)):
        await ear.at(later(seconds=seconds))
        assert times == looked.times


@given(
    moves=st.lists(st.tuples(st.integers(-90, 200), st.sampled_from((None, *range(3)))), max_size=9)
)
def test_looking_once_a_minute_tells_the_same_as_looking_at_every_tick(
    moves: list[tuple[int, int | None]],
) -> None:
    """However the clock goes and whichever programmes come and go."""
    every = [
        pair("*/2 * * * *"),
        (group("茶馆"), "早茶", Programme(cron="* * * * *"), SHANGHAI),
        pair("*/2 * * * *", ZoneInfo("Asia/Kolkata")),
    ]

    async def live(*, anew: bool) -> list[Event]:
        ear = Ear(every[0])
        if anew:
            ear.schedule._pairs = lambda: [*ear.pairs]
        now = NOON
        for seconds, change in moves:
            now += timedelta(seconds=seconds)
            if change is not None:
                ear.pairs = [every[change], *ear.pairs[: change % 2]]
            await ear.at(now)
        return ear.told

    assert asyncio.run(live(anew=True)) == asyncio.run(live(anew=False))


async def test_an_hour_passes_once() -> None:
    """At the start, and then once an hour, also when the clock goes back."""
    ear = Ear()
    for minutes in (0, 1, 59, 60, 61, 30, 62, 121, 600):
        await ear.at(later(minutes=minutes))
    expected = [HourPassed(at=later(minutes=minutes)) for minutes in (0, 60, 121, 600)]
    assert expected == [event for event in ear.told if isinstance(event, HourPassed)]


async def test_another_minute() -> None:
    """Told once while the clock shows it, and again when the clock is put back to it."""
    ear = Ear()
    for seconds in (0, 1, 59, 60, 61, 3600, 5):
        await ear.at(later(seconds=seconds))
    expected = [MinutePassed(at=later(seconds=seconds)) for seconds in (0, 60, 3600, 5)]
    assert expected == [event for event in ear.told if isinstance(event, MinutePassed)]


async def test_many_groups_that_are_due_together_cost_one_look_a_programme(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two hundred groups with three programmes each: three times is computed what is due."""
    looked: list[object] = []
    due = cron.due

    def counted(*asked: Any) -> tuple[tuple[datetime, datetime], ...]:
        looked.append(asked)
        return due(*asked)

    monkeypatch.setattr(cron, "due", counted)
    programmes = [
        Programme(cron="7 12 * * *"),
        Programme(at="工作日 12:07"),
        Programme(at="每天 12:07、20:00", quiet_days=("春节",)),
    ]
    ear = Ear(watched=None)
    ear.pairs = [
        (group(f"群{number}"), f"节目{place}", each, SHANGHAI)
        for number in range(200)
        for place, each in enumerate(programmes)
    ]
    await ear.at(NOON)
    assert 600 == len(await ear.at(later(minutes=7, seconds=3)))
    assert 3 == len(looked)


async def test_a_machine_that_slept_says_since_when_it_is_awake() -> None:
    """A gap of more than five minutes, or a clock put back, begins anew."""
    told: list[datetime | None] = []

    async def feed(event: Event) -> None:
        if isinstance(event, MinutePassed):
            told.append(event.awake_since)

    schedule = Schedule(clock=SystemClock(), feed=feed, pairs=list, watched={})
    for minutes in (0, 1, 6, 12, 11):
        await schedule.tick(later(minutes=minutes))
    assert [NOON, NOON, NOON, later(minutes=12), later(minutes=11)] == told


@given(moves=st.lists(st.integers(-200, 400), max_size=30))
async def test_however_the_clock_jumps_each_slot_is_told_once_and_in_order(
    moves: list[int],
) -> None:
    """Forwards and backwards over a change of the clock: no slot twice, none left out."""
    ear = Ear(pair("*/30 * * * *", ZoneInfo("Europe/Berlin")))
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    ear.schedule._watched[KEY] = start
    now = latest = start
    for minutes in moves:
        now += timedelta(minutes=minutes)
        latest = max(latest, now)
        await ear.at(now)
    due = [slot.due_at for slot in ear.slots]
    assert sorted(set(due)) == due
    # Two half hours an hour, but for the hour from 01:00 to 02:00 UTC that repeats the one before.
    repeated = datetime(2026, 10, 25, 1, tzinfo=UTC)
    half_hours = (latest - start) // timedelta(minutes=30)
    expected = [start + timedelta(minutes=30) * number for number in range(1, half_hours + 1)]
    assert [at for at in expected if not repeated <= at < repeated + timedelta(hours=1)] == due


async def test_a_moved_clock_ticks_by_itself() -> None:
    """The demo moves the clock and waits until the schedule has looked."""
    ear = Ear(pair())
    async with running(ear) as schedule:
        ear.clock.move_to(later(hours=1))
        await schedule.settled()
        assert [later(hours=1)] == [slot.due_at for slot in ear.slots]


async def test_the_days_ahead_are_looked_up_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The calendar takes long the first time: a thread asks for it, a faulty programme or not."""
    asked: list[str] = []

    def due(*_: object) -> tuple[()]:
        asked.append(current_thread().name)
        raise ValueError("看不懂")

    monkeypatch.setattr(timetable, "due", due)
    ear = Ear((group(), "早茶", Programme(at="工作日 9:00"), SHANGHAI), watched=None)
    ear.schedule._every = 0.001
    async with running(ear):
        assert ear.schedule._beginning is not None
        await ear.schedule._beginning
        assert ear.schedule._scheduler is not None
    assert asked
    assert "MainThread" not in asked


async def test_a_fault_in_one_tick_does_not_end_the_schedule(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged, and the next tick makes good for it."""
    ear = Ear(pair())
    bad = (group("茶馆"), "坏", Programme(cron="not a cron"), SHANGHAI)
    ear.pairs.append(bad)
    ear.schedule._watched[("坏", bad[0].id)] = NOON
    async with running(ear) as schedule:
        ear.clock.move_to(later(hours=1))
        await schedule.settled()
        ear.pairs.pop()
        ear.clock.move_to(later(hours=2))
        await schedule.settled()
    assert [later(hours=1), later(hours=2)] == [slot.due_at for slot in ear.slots]
    assert "日程这一拍失败了" in caplog.text


async def test_a_full_pipeline_holds_the_schedule_back_and_loses_nothing() -> None:
    """Stopped while it waits to feed, it has not counted the slot as told."""
    ear = Ear(pair())
    full = asyncio.Event()

    async def never(_: Event) -> None:
        full.set()
        await asyncio.Event().wait()

    ear.schedule._feed = never
    async with running(ear):
        ear.clock.move_to(later(hours=1))
        await full.wait()
    assert NOON == ear.schedule._watched[KEY]


async def test_stopping_twice_or_before_the_start_does_no_harm() -> None:
    """Whoever winds up need not know how far it came; nothing is waited for then."""
    ear = Ear()
    ear.schedule.stop()
    async with running(ear) as schedule:
        schedule.stop()
    await ear.schedule.settled()
    assert [] == ear.told


async def test_a_zone_further_east_loses_no_post() -> None:
    """At 08:30 the programme moves to Tokyo, where 09:00 is past: it is due at that moment."""
    ear = Ear(pair("0 9 * * *"), watched=datetime(2026, 11, 20, 0, 30, tzinfo=UTC))
    assert [] == await ear.at(datetime(2026, 11, 20, 0, 30, tzinfo=UTC))
    ear.pairs = [pair("0 9 * * *", ZoneInfo("Asia/Tokyo"))]
    moved = await ear.at(datetime(2026, 11, 20, 0, 31, tzinfo=UTC))
    assert [("2026-11-20T09:00", datetime(2026, 11, 20, 0, 30, tzinfo=UTC))] == [
        (slot.wall, slot.due_at) for slot in moved
    ]
    assert [] == await ear.at(datetime(2026, 11, 20, 1, 30, tzinfo=UTC))
    assert ["2026-11-21T09:00"] == [
        slot.wall for slot in await ear.at(datetime(2026, 11, 21, 0, 0, tzinfo=UTC))
    ]


async def test_a_zone_further_west_doubles_no_post() -> None:
    """Its nine o'clock comes once more, under the same name: the table refuses it."""
    ear = Ear(pair("0 9 * * *"), watched=datetime(2026, 11, 20, 0, 30, tzinfo=UTC))
    first = await ear.at(datetime(2026, 11, 20, 1, 30, tzinfo=UTC))
    ear.pairs = [pair("0 9 * * *", ZoneInfo("Europe/Berlin"))]
    again = await ear.at(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    assert ["2026-11-20T09:00"] * 2 == [slot.wall for slot in (*first, *again)]


@given(
    moves=st.lists(
        st.tuples(
            st.integers(0, 5 * 24 * 60),
            st.sampled_from(
                ("Asia/Shanghai", "Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC")
            ),
        ),
        max_size=6,
    )
)
def test_whatever_zones_are_moved_to_every_day_has_its_post(moves: list[tuple[int, str]]) -> None:
    """Every nine o'clock that the wall passes or jumps over is told, under its one name."""

    async def live() -> None:
        ear = Ear(pair("0 9 * * *"))
        wall = NOON.astimezone(SHANGHAI)
        for minute, zone in [*sorted(moves), (6 * 24 * 60, "Asia/Shanghai")]:
            await ear.at(later(minutes=minute))
            ear.pairs = [pair("0 9 * * *", ZoneInfo(zone))]
            await ear.at(later(minutes=minute))
        days = {wall.date() + timedelta(days=day) for day in range(1, 6)}
        assert days <= {datetime.fromisoformat(slot.wall).date() for slot in ear.slots}

    asyncio.run(live())


async def test_a_clock_that_was_far_ahead_is_forgotten() -> None:
    """A clock that showed next year for a while does not silence the programme until then."""
    ear = Ear(pair())
    await ear.at(later(days=365))
    await ear.at(later(minutes=1))
    assert ["2026-11-20T13:00"] == [slot.wall for slot in await ear.at(later(hours=1))]


async def test_a_clock_that_was_an_hour_ahead_tells_nothing_twice() -> None:
    """What was told too early is not told again when its time really comes."""
    ear = Ear(pair())
    assert 2 == len(await ear.at(later(hours=2)))
    assert [] == await ear.at(later(minutes=5))
    assert [] == await ear.at(later(hours=2))
    assert 1 == len(await ear.at(later(hours=3)))


async def test_others_have_their_turn_during_a_long_tick() -> None:
    """However many programmes there are, the event loop does not stand still for all of them."""
    ear = Ear(
        *[(group(f"群{n}"), "早茶", Programme(cron="0 * * * *"), SHANGHAI) for n in range(900)]
    )
    turns: list[int] = []
    asyncio.get_running_loop().call_soon(lambda: turns.append(len(ear.told)))
    await ear.schedule.tick()
    assert [500] == turns
