"""Tests of bot/passage.py: events on their way through the handlers."""

from collections.abc import Iterator

import pytest
from builders import ACCOUNT, BOT, NOON, group, joined, said

from bot.events import Event, GatewayChanged, GatewayState, HourPassed
from bot.passage import Batch, Passage
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
    for event in events:
        passage.handle(event)


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
