"""Tests of bot/pipeline.py: many events in one commit, each spoiling only itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from builders import ACCOUNT, BOT, NOON, group, joined, later, person, said
from claiming import claim, waiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_stage import say

from bot.clock import MovableClock
from bot.events import Event, GatewayChanged, GatewayState, Group, HourPassed, Message
from bot.gateway.base import Capability
from bot.pipeline import AT_FIRST, BATCH, LONGEST, ROOM, Pipeline, as_many
from bot.stages import stages
from handlers.moderate import Moderate
from handlers.scene import Handler, Reply, Scene
from handlers.settings import GroupSettings, House
from storage.database import Database
from storage.trouble import DatabaseTrouble, DatabaseUnavailable
from storage.values import KnownGroup, OutboxRow, OutboxState
from storage.work import Work
from storage.writer import Writer

STRANGER = group("陌生群")


class InForce:
    """The config: every group but the stranger's, with these settings."""

    def __init__(self) -> None:
        self.settings = GroupSettings()

    def group(self, group: Group) -> GroupSettings | None:
        """None for the stranger's."""
        return None if group == STRANGER else self.settings

    def house(self) -> House:
        """A house without operators."""
        return House(account=ACCOUNT)


class FailingWriter(Writer):
    """A writer that fails with these errors before it works."""

    def __init__(self, database: Database, *errors: Exception) -> None:
        super().__init__(database)
        self.errors = list(errors)
        self.jobs = 0

    async def run(self, job: Callable[[Work], Any]) -> Any:
        """Fail, or run it."""
        self.jobs += 1
        if self.errors:
            raise self.errors.pop(0)
        return await super().run(job)


class Stage:
    """A pipeline of some handlers, and what is read back from the database."""

    def __init__(self, writer: Writer, *handlers: Handler) -> None:
        self.clock = MovableClock(NOON)
        self.writer = writer
        self.trips: list[tuple[bool, str]] = []
        self.seen: list[OutboxRow] = []
        self.in_force = InForce()
        self.pipeline = Pipeline(
            writer=writer,
            stages=handlers,
            in_force=self.in_force,
            clock=self.clock,
            capabilities=lambda: frozenset(Capability),
            aboard=self._aboard,
        )

    @contextmanager
    def _aboard(self, *, alone: bool) -> Iterator[Callable[[Work, bool], None]]:
        """Goes along, and notes what it sees and how it ends."""

        def along(work: Work, acts: bool) -> None:  # noqa: FBT001 - a callback
            self.seen += work.outbox.staged if acts else ()

        try:
            yield along
        except BaseException as error:
            self.trips.append((alone, type(error).__name__))
            raise
        self.trips.append((alone, ""))

    async def feed(self, *events: Event) -> None:
        """Feed, and let it finish."""
        for event in events:
            await self.pipeline.feed(event)
        await self.pipeline.settled()

    async def texts(self) -> list[str]:
        """The texts that the handlers staged, oldest first."""
        rows: Sequence[OutboxRow] = await self.writer.run(
            lambda work: work.outbox.list(ACCOUNT, limit=5000)
        )
        return [getattr(row.action, "text", "") for row in rows][::-1]

    async def groups(self) -> list[KnownGroup]:
        """The groups that are known."""
        groups: list[KnownGroup] = await self.writer.run(lambda work: work.groups.all(ACCOUNT))
        return groups


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[Stage]:
    """The pipeline at work."""
    task = asyncio.create_task(stage.pipeline.run())
    await asyncio.sleep(0)
    try:
        yield stage
    finally:
        await stage.pipeline.close()
        await task
        await stage.writer.close()


def parrot(event: Event, scene: Scene) -> Reply:
    """Says what was said; writes the member down first."""
    if not isinstance(event, Message) or event.group is None:
        return Reply.NOTHING
    scene.work.members.id_of(event.author, scene.now)
    return Reply(actions=(say(event.id, event.text),))


def grump(event: Event, scene: Scene) -> Reply:
    """Fails on what is bad, after it has said something about it."""
    parrot(event, scene)
    if isinstance(event, Message) and "坏" in event.text:
        raise RuntimeError(event.text)
    return Reply.NOTHING


async def test_what_is_heard_and_what_follows_are_committed_together(database: Database) -> None:
    """On both databases: recorded, staged, and seen by the outbox, which goes along."""
    async with running(Stage(Writer(database), *stages(Moderate()))) as stage:
        await stage.feed(said("大家好"), joined("小王"))
        assert 1 == len(await stage.texts())
        assert [(group(), 1)] == [(one.group, one.messages) for one in await stage.groups()]
        assert [(False, "")] == stage.trips
        assert await stage.texts() == [getattr(row.action, "text", "") for row in stage.seen]


async def test_many_events_are_one_commit(sqlite_database: Database) -> None:
    """Whatever has arrived, at most so many, is one transaction."""
    stage = Stage(FailingWriter(sqlite_database), parrot)
    for number in range(AT_FIRST + 1):
        await stage.pipeline.feed(said(str(number)))
    async with running(stage):
        await stage.pipeline.settled()
        assert isinstance(stage.writer, FailingWriter)
        assert 2 == stage.writer.jobs
        assert [str(number) for number in range(AT_FIRST + 1)] == await stage.texts()


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(st.sampled_from(["好", "坏", "坏2"]), max_size=30))
async def test_a_bad_event_spoils_only_itself(words: list[str], new_sqlite: Any) -> None:
    """Wherever in a batch it is, the others are recorded as if it had never come."""
    database = Database(new_sqlite())
    async with running(Stage(Writer(database), parrot, grump)) as stage:
        await stage.feed(*(said(word) for word in words))
        assert [word for word in words if "坏" not in word] == await stage.texts()
    database.close()


async def test_a_fault_is_logged_once_with_its_place_and_never_with_the_text(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Kind, id and line are there; what the member wrote is not."""
    async with running(Stage(Writer(sqlite_database), grump)) as stage:
        await stage.feed(*(said("坏 秘密", id=f"bad{n}") for n in range(9)))
    assert 1 == len(caplog.records)
    assert "Message 'bad0'" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "test_pipeline.py" in caplog.text
    assert "秘密" not in caplog.text


async def test_an_event_that_ends_goes_no_further(sqlite_database: Database) -> None:
    """Its actions stay, the stages behind it do not hear of it."""

    def ends(event: Event, scene: Scene) -> Reply:
        return Reply(actions=(say("end", "到此为止"),), stop=True)

    async with running(Stage(Writer(sqlite_database), ends, parrot)) as stage:
        await stage.feed(said("你好"))
        assert ["到此为止"] == await stage.texts()


async def test_what_follows_from_an_event_is_handled_right_after_it(
    sqlite_database: Database,
) -> None:
    """Through all stages, before the next event."""
    seen = []

    def note(event: Event, scene: Scene) -> Reply:
        assert isinstance(event, Message)
        seen.append(event.text)
        follows = {"一": (said("一甲"), said("一乙")), "一甲": (said("一甲子"),)}
        return Reply(events=follows.get(event.text, ()))

    async with running(Stage(Writer(sqlite_database), note)) as stage:
        await stage.feed(said("一"), said("二"))
    assert ["一", "一甲", "一甲子", "一乙", "二"] == seen


async def test_a_group_outside_the_config_is_left_alone(sqlite_database: Database) -> None:
    """Its messages are counted, its joins not even that."""
    async with running(Stage(Writer(sqlite_database), parrot)) as stage:
        await stage.feed(said("广告", group=STRANGER), joined("小王", group=STRANGER))
        assert [] == await stage.texts()
        (known,) = await stage.groups()
        assert (STRANGER, 1, False) == (known.group, known.messages, known.managed)


async def test_our_own_word_is_heard_back_in_a_group_outside_the_config(
    sqlite_database: Database,
) -> None:
    """The operators' group need not be one that is looked after."""
    async with running(Stage(Writer(sqlite_database))) as stage:

        def sent(work: Work) -> None:
            work.outbox.stage(say("notice", "须知", to=STRANGER), NOON)
            (row,) = waiting(work, ACCOUNT, NOON)
            claim(work, row.id, "us", NOON)
            work.outbox.settle(row.id, OutboxState.SENT, NOON)

        await stage.writer.run(sent)
        await stage.feed(said("须知", group=STRANGER, author=BOT, ours=True))
        (row,) = await stage.writer.run(lambda work: work.outbox.list(ACCOUNT))
        assert OutboxState.DONE is row.state


async def test_it_learns_who_it_is_and_passes_on_what_is_in_force(
    sqlite_database: Database,
) -> None:
    """The scene holds the account's own identity from the login on."""
    scenes = []

    def note(event: Event, scene: Scene) -> Reply:
        scenes.append((scene.me, scene.group, scene.now, scene.settings(STRANGER)))
        return Reply.NOTHING

    login = GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, at=NOON, me=BOT)
    async with running(Stage(Writer(sqlite_database), note)) as stage:
        await stage.feed(said("前"), login, said("后"))
        expected = GroupSettings()
        assert [
            (None, expected, NOON, None),
            (BOT, None, NOON, None),
            (BOT, expected, NOON, None),
        ] == scenes


async def test_a_logout_stops_all_sending_with_the_same_commit(sqlite_database: Database) -> None:
    """Until an operator resumes; logging in again is not enough."""
    async with running(Stage(Writer(sqlite_database), *stages(Moderate()))) as stage:
        for state in (GatewayState.LOGGED_IN, GatewayState.LOGGED_OUT, GatewayState.LOGGED_IN):
            await stage.feed(GatewayChanged(account=ACCOUNT, state=state, at=NOON))
        account = await stage.writer.run(lambda work: work.accounts.get(ACCOUNT))
        assert account is not None
        assert NOON == account.stopped_at


async def test_another_config_takes_effect_between_two_batches(sqlite_database: Database) -> None:
    """What is in force is asked once for each batch."""
    seen = []

    def note(event: Event, scene: Scene) -> Reply:
        assert scene.group is not None
        seen.append(scene.group.purpose)
        return Reply.NOTHING

    async with running(Stage(Writer(sqlite_database), note)) as stage:
        await stage.feed(said("一"))
        stage.in_force.settings = GroupSettings(purpose="读书")
        await stage.feed(said("二"))
    assert ["", "读书"] == seen


async def test_while_the_database_is_busy_events_wait(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is lost, and it is said once."""
    busy = [DatabaseUnavailable("数据库正忙 it is busy") for _ in range(3)]
    async with running(Stage(FailingWriter(sqlite_database, *busy), parrot)) as stage:
        feeding = asyncio.create_task(stage.feed(said("一"), said("二")))
        while not feeding.done():
            await asyncio.sleep(0)
            if waking := stage.clock.next_waking():
                stage.clock.move_to(waking)
        assert ["一", "二"] == await stage.texts()
        assert later(seconds=0.5 + 1 + 2) == stage.clock.now()
    assert 1 == caplog.text.count("数据库正忙")


async def test_a_failing_commit_is_run_again_event_by_event(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The batch fails, then the first of its events; the outbox, which may be to blame, stays."""
    fails = [DatabaseTrouble("冲突 a clash"), DatabaseTrouble("冲突 a clash")]
    async with running(Stage(FailingWriter(sqlite_database, *fails), parrot)) as stage:
        await stage.feed(said("一"), said("二"), said("三"))
        assert ["二", "三"] == await stage.texts()
        trouble = "DatabaseTrouble"
        assert [(False, trouble), (True, trouble), (True, ""), (True, "")] == stage.trips
    assert 1 == caplog.text.count("已跳过")


async def test_a_database_that_stays_away_does_not_keep_it_from_closing(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """It says how much could not be recorded."""
    busy = [DatabaseUnavailable("数据库正忙 it is busy") for _ in range(9)]
    stage = Stage(FailingWriter(sqlite_database, *busy), parrot)
    async with running(stage):
        await stage.pipeline.feed(said("一"))
        await asyncio.sleep(0)
    assert "未能记录 1 件事" in caplog.text


async def test_a_full_queue_makes_whoever_feeds_wait(sqlite_database: Database) -> None:
    """The gateway is read no faster than events are recorded."""
    stage = Stage(Writer(sqlite_database))
    for _ in range(ROOM):
        await stage.pipeline.feed(HourPassed(at=NOON))
    feeding = asyncio.create_task(stage.pipeline.feed(HourPassed(at=NOON)))
    await asyncio.sleep(0)
    assert not feeding.done()
    async with running(stage):
        await feeding


async def test_closing_handles_what_was_fed_and_drops_the_rest(sqlite_database: Database) -> None:
    """It may be closed twice, and before it ran."""
    stage = Stage(Writer(sqlite_database), parrot)
    task = asyncio.create_task(stage.pipeline.run())
    await stage.pipeline.feed(said("一"))
    await asyncio.sleep(0)
    await stage.pipeline.close()
    await stage.pipeline.feed(said("二"))
    await stage.pipeline.close()
    await task
    assert ["一"] == await stage.texts()
    await stage.writer.close()
    unborn = Stage(stage.writer)
    await unborn.pipeline.close()


async def test_the_same_message_heard_twice_is_answered_once(sqlite_database: Database) -> None:
    """Also in one batch, through all the real stages."""
    caller = said("@围炉 帮助", author=person("小林"), mentions=(BOT,))
    login = GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, at=NOON, me=BOT)
    async with running(Stage(Writer(sqlite_database), *stages(Moderate()))) as stage:
        await stage.feed(login, caller, caller)
        await stage.feed(caller)
        assert 1 == len(await stage.texts())


def test_a_batch_is_bounded_by_the_time_it_takes() -> None:
    """As many as were handled in that time, never very few and never too many."""
    assert 100 == as_many(50, LONGEST / 2)
    assert 50 == as_many(500, LONGEST * 10)
    assert 32 == as_many(10, LONGEST * 10)
    assert BATCH == as_many(500, LONGEST / 100)


def test_a_slow_disk_makes_batches_larger() -> None:
    """As many as are handled while a commit takes, within bounds; a quick one changes nothing."""
    assert 50 == as_many(50, LONGEST, LONGEST / 2)
    assert 150 == as_many(50, LONGEST, LONGEST * 3)
    assert 250 == as_many(50, LONGEST, 60.0)
