"""Tests of bot/passage.py: events on their way through the handlers."""

from collections.abc import Iterator

import pytest
from builders import ACCOUNT, BOT, NOON, group, joined, said

from bot.events import Event, GatewayChanged, GatewayState, HourPassed
from bot.passage import Batch, Passage
from handlers.foresight import Coming
from handlers.scene import Handler, Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings, House
from storage.database import Database
from storage.work import Work


class InForce:
    """Nothing is asked of it here."""

    def group(self, _: object) -> GroupSettings | None:
        """Nothing is in force."""
        return None

    def house(self) -> House:
        """A house without operators."""
        return House(account=ACCOUNT)


@pytest.fixture
def work(sqlite_database: Database) -> Iterator[Work]:
    """A transaction that nobody commits."""
    with sqlite_database.work() as work:
        yield work


def through(work: Work, events: list[Event], *stages: Handler) -> None:
    """The events pass the stages in one batch; 读书会 is looked after."""
    batch = Batch(
        events,
        now=NOON,
        in_force=InForce(),
        house=House(account=ACCOUNT),
        settings={(group().account, group().id): GroupSettings()},
        capabilities=frozenset(),
    )
    passage = Passage(stages, batch, work, None)
    passage.announce()
    for event in events:
        passage.handle(event)
    passage.close()


def test_who_is_deaf_to_messages_hears_all_else(work: Work):
    """Such a handler is not asked about messages; the others are asked about everything."""
    everything: list[Event] = []
    rest: list[Event] = []

    def hear(event: Event, _: Scene) -> Reply:
        everything.append(event)
        return Reply.NOTHING

    @deaf_to_messages
    def look(event: Event, _: Scene) -> Reply:
        rest.append(event)
        return Reply.NOTHING

    events = [said("早"), joined("阿青"), HourPassed(at=NOON), said("好", group=None)]
    through(work, events, look, hear)

    assert events == everything
    assert events[1:3] == rest


def test_who_this_account_is_counts_from_the_login_on(work: Work):
    """Also for the later events of the same batch, in a group that was heard of before."""
    seen = []

    def look(event: Event, scene: Scene) -> Reply:
        seen.append((type(event).__name__, scene.me))
        return Reply.NOTHING

    login = GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, at=NOON, me=BOT)
    through(work, [said("早"), login, said("好")], look)

    assert [("Message", None), ("GatewayChanged", BOT), ("Message", BOT)] == seen


class Seer:
    """A handler that looks ahead, and may stumble over what it sees."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.told: list[list[Event]] = []
        self.heard: list[Event] = []
        self._fault = fault

    def expect(self, coming: Coming) -> None:
        """Note it; then fail, if it is to."""
        self.told.append([message for message, _ in coming])
        if coming and self._fault:
            raise self._fault

    def __call__(self, event: Event, _: Scene) -> Reply:
        """Note it."""
        self.heard.append(event)
        return Reply.NOTHING


def test_who_looks_ahead_is_told_what_comes(work: Work):
    """The messages of members in groups that are looked after, in order; in the end nothing."""
    messages = [said(f"早 {number}") for number in range(6)]
    apart = [joined("阿青"), said("悄悄话", group=None), said("在吗", group=group("别处"))]
    seer = Seer()
    through(work, [*messages[:3], *apart, said("我说的", ours=True), *messages[3:]], seer)

    assert [messages, []] == seer.told


def test_few_events_are_not_worth_it(work: Work):
    """Looking at each is quicker then."""
    seer = Seer()
    through(work, [said("早"), said("好")], seer)

    assert [[], []] == seer.told


def test_a_fault_in_looking_ahead(work: Work, caplog: pytest.LogCaptureFixture):
    """Its kind is logged, what was seen is forgotten, and every event is handled."""
    events: list[Event] = [said(f"早 {number}") for number in range(8)]
    seer = Seer(ValueError("a secret"))
    through(work, events, seer)

    assert events == seer.heard
    assert [events, [], []] == seer.told
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
