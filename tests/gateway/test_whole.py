"""Weilu as a whole, through a real gateway: heard, judged, answered, remembered."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from gateway.stage import Said, Stage

from bot.app import App, InForce
from bot.clock import SystemClock
from bot.config import Config
from bot.config_file import parse
from bot.events import Group, Identity, RosterRead
from handlers.terms import terms
from storage.database import Database
from storage.reports import Reports
from storage.values import OutboxState
from storage.values_of_reports import GroupSummary
from topics.files import read

CONFIG = """
account: {name: 围炉}
pace: {typing_per_character: 0}
groups:
- match: {name: reading}
  language: both
  rules:
    keywords: {words: [freebie], reason: no advertising here}
    flood: {limit: 3, window: 1m, reason: one thing at a time}
  programmes:
    minutely: {cron: "* * * * *", grace: 10m}
""".encode()
PATIENCE = 10
"""Seconds until something that should happen is given up."""


class Whole:
    """A stage with Weilu on it: one group it keeps, one it leaves alone."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.database = Database(f"sqlite:///{folder / 'weilu.db'}")
        self.database.upgrade()
        with self.database.work() as work:
            for topic in read(Path(__file__).parents[2] / "topics" / "starter.yaml"):
                work.topics.put(topic)
            work.commit()

    async def people(self) -> None:
        """Ann and Bob are in both groups."""
        self.ann, self.bob = [await self.stage.person(name) for name in ("Ann", "Bob")]
        self.group = await self.stage.add_group("reading", [self.ann, self.bob])
        self.other = await self.stage.add_group("elsewhere", [self.ann, self.bob])

    def told(self) -> None:
        """The group was told its rules yesterday."""
        settings = parse(CONFIG, "c.yaml").group(self.group)
        assert settings is not None
        yesterday = SystemClock().now() - timedelta(days=1)
        with self.database.work() as work:
            pact = work.pacts.propose(self.group, terms(settings), yesterday)
            work.pacts.mark_posted(self.group, pact.version, yesterday)
            work.commit()

    def app(self, config: Config, *, dry_run: bool = False) -> App:
        """A process of its own on the same database and account."""
        in_force = InForce(config)
        return App(
            in_force,
            database=self.database,
            gateway=self.stage.gateway(in_force.cares_for),
            clock=SystemClock(),
            random=Random(1),
            dry_run=dry_run,
        )

    async def heard(self, wanted: Callable[[Said], bool]) -> Said:
        """What the far side received from us and is wanted; waits for it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for said in await self.stage.said():
                    if wanted(said):
                        return said
                await asyncio.sleep(0.02)

    async def until(self, true: Callable[[GroupSummary], bool]) -> GroupSummary:
        """The group's summary, as soon as it is as wanted."""
        async with asyncio.timeout(PATIENCE):
            while not true(summary := self.summary()):  # noqa: ASYNC110 a database tells nobody
                await asyncio.sleep(0.02)
        return summary

    def summary(self) -> GroupSummary:
        """What the database says of the group."""
        now = SystemClock().now()
        with self.database.reading() as reports:
            return reports.summary(self.group, now - timedelta(days=1), now + timedelta(days=1))


@pytest.fixture(params=["sandbox_stage", "wechaty_stage"])
async def whole(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Whole]:
    """Weilu on each of the stages."""
    clock = (SystemClock(),) if request.param == "sandbox_stage" else ()
    stage: Stage = importlib.import_module(f"gateway.{request.param}").make(*clock)
    await stage.open()
    whole = Whole(stage, tmp_path)
    await whole.people()
    whole.told()
    yield whole
    await stage.close()
    whole.database.close()


async def logged_in(whole: Whole) -> None:
    """The roster was read: from now on nothing is lost."""

    def known(reports: Reports) -> bool:
        return any(found.group == whole.group and found.managed for found in reports.groups())

    async with asyncio.timeout(PATIENCE):
        while True:
            with whole.database.reading() as reports:
                if known(reports):
                    return
            await asyncio.sleep(0.02)


async def test_heard_judged_answered_remembered(whole: Whole):
    """An advertisement is answered with rule, reason and case; who said what is in the database."""
    async with whole.app(parse(CONFIG, "c.yaml")).running():
        await logged_in(whole)
        await whole.stage.speak(whole.group, whole.ann, "hello everybody")
        await whole.stage.speak(whole.group, whole.bob, "get your freebie", mentions=[whole.ann])
        reminder = await whole.heard(lambda said: "no advertising here" in said.text)
        await whole.stage.speak(whole.other, whole.bob, "get your freebie")
        summary = await whole.until(lambda now: dict(now.outbox).get(OutboxState.DONE, 0) >= 1)

    assert (whole.group.id, (whole.bob.id,)) == (reminder.to, reminder.mentions)
    assert "案件 1" in reminder.text
    assert {"Ann": 1, "Bob": 1} == {who.name: who.count for who in summary.speakers}
    assert [("Bob", "Ann", 1)] == [(e.from_name, e.to_name, e.count) for e in summary.edges]
    assert [(1, "keywords", "Bob")] == [
        (case.number, case.rule, case.member and case.member.name) for case in summary.cases
    ]
    assert {whole.group.id} == {said.to for said in await whole.stage.said()}


async def test_a_topic_is_posted_when_due_and_answered(whole: Whole):
    """What the programme makes due is posted from the bank; what members say counts for it."""
    app = whole.app(parse(CONFIG, "c.yaml"))
    async with app.running():
        await logged_in(whole)
        await whole.until(lambda _: bool(app.in_force.programmes()))
        await app.settled()
        assert app.schedule is not None
        # A minute passes: the programme began now, so the next full minute is the first slot.
        await app.schedule.tick(app.clock.now() + timedelta(minutes=1))
        posted = await whole.heard(lambda said: said.text.startswith("【话题】"))
        await whole.until(lambda now: bool(now.posts) and now.posts[0].state.value == "confirmed")
        await whole.stage.speak(whole.group, whole.ann, "my answer")
        summary = await whole.until(lambda now: now.posts[0].answers == 1)

    assert whole.group.id == posted.to
    assert (1, 1) == (summary.posts[0].answers, summary.posts[0].people)


async def test_a_newcomer_is_welcomed_once(whole: Whole):
    """By the event, or by the roster after the line was cut: once."""
    cid, dan = [await whole.stage.person(name) for name in ("Cid", "Dan")]
    async with whole.app(parse(CONFIG, "c.yaml")).running():
        await logged_in(whole)
        await whole.stage.join(whole.group, cid, whole.ann)
        await whole.heard(lambda said: cid.id in said.mentions)
        await whole.stage.disconnect()
        await whole.stage.join(whole.group, dan, whole.ann)
        await whole.stage.reconnect()
        await whole.heard(lambda said: dan.id in said.mentions)
        summary = await whole.until(lambda now: dict(now.outbox).get(OutboxState.DONE, 0) >= 2)

    welcomed = [said.mentions for said in await whole.stage.said()]
    assert [(cid.id,), (dan.id,)] == sorted(welcomed, key=[(cid.id,), (dan.id,)].index)
    assert 2 == len(summary.joined)


async def test_dry_run(whole: Whole):
    """Everything is decided and recorded, nothing is said."""
    async with whole.app(parse(CONFIG, "c.yaml"), dry_run=True).running():
        await logged_in(whole)
        await whole.stage.speak(whole.group, whole.bob, "get your freebie")
        summary = await whole.until(lambda now: bool(dict(now.outbox).get(OutboxState.DRY)))

    assert (1, []) == (len(summary.cases), await whole.stage.said())


async def test_a_restart_repeats_nothing(whole: Whole):
    """What was answered before the restart is not answered again after it."""
    config = parse(CONFIG, "c.yaml")
    async with whole.app(config).running():
        await logged_in(whole)
        await whole.stage.speak(whole.group, whole.bob, "get your freebie")
        await whole.heard(lambda said: "no advertising" in said.text)
    app = whole.app(config)
    once_more = asyncio.Event()
    app.listen(lambda event: once_more.set() if isinstance(event, RosterRead) else None)
    async with app.running():
        await asyncio.wait_for(once_more.wait(), PATIENCE)
        await whole.stage.speak(whole.group, whole.ann, "hello again")
        await whole.until(lambda now: now.messages >= 2)
        await app.settled()

    assert 1 == len([said for said in await whole.stage.said() if "no advertising" in said.text])


async def test_an_edit_takes_effect_while_running(whole: Whole, tmp_path: Path):
    """A new word counts at once and is announced, a faulty one is not, the window stays."""
    file = tmp_path / "config.yaml"
    file.write_bytes(CONFIG)
    app = whole.app(parse(CONFIG, "c.yaml"))
    async with app.running(file):
        await logged_in(whole)
        for text in ("one", "two", "three"):
            await whole.stage.speak(whole.group, whole.ann, text)
        file.write_bytes(CONFIG.replace(b"[freebie]", b"[bargain]"))
        await whole.until(lambda _: b"bargain" in repr(app.in_force.config).encode())
        file.write_bytes(b"groups: [")
        await whole.stage.speak(whole.group, whole.bob, "a bargain")
        await whole.heard(lambda said: "no advertising" in said.text and bool(said.mentions))
        await whole.stage.speak(whole.group, whole.ann, "four")
        await whole.heard(lambda said: "one thing at a time" in said.text)
        told = await whole.heard(lambda said: "【群规】" in said.text)

    assert "改了「禁用词」" in told.text
    assert ["keywords", "flood"] == [case.rule for case in whole.summary().cases]


def test_left_alone_is_left_alone() -> None:
    """A group that the config does not name is not cared for, whatever it is called."""
    in_force = InForce(parse(CONFIG, "c.yaml"))

    assert in_force.cares_for(Group("围炉", "1", "reading"))
    assert not in_force.cares_for(Group("围炉", "2", "reading "))
    assert in_force.house().operator_ids == frozenset()
    assert Identity("围炉", "x") not in in_force.house().operator_ids
