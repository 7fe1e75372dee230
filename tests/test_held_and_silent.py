"""Topics from end to end, on the sandbox: one that waits for a conversation, one for silence."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
from builders import ACCOUNT, NOON, later, said

from bot.app import App, InForce
from bot.clock import MovableClock
from bot.config_file import parse
from bot.gateway.sandbox import SandboxGateway, SandboxNetwork
from storage.database import Database
from storage.values import SlotState, Topic

CONFIG = """
account: {name: 围炉}
pace: {typing_per_character: 0, quiet_hours: {from: "23:00", to: "07:30"}}
groups:
- match: {name: 读书会}
  welcome: {enabled: false}
  programmes:
    午间: {at: 工作日 12:00, opening: {zh: 中午好！, en: Good day!}, summary: {enabled: false}}
- match: {name: 茶馆}
  welcome: {enabled: false}
  programmes:
    冷场: {on_silence: {for: 2h}, summary: {enabled: false}}
""".encode()


class Town:
    """A network with two groups in it, and one Weilu after another on one database."""

    def __init__(self, url: str) -> None:
        self.clock = MovableClock(NOON - timedelta(minutes=5))
        self.network = SandboxNetwork(self.clock)
        self.database = Database(url)
        self.gateway = SandboxGateway(self.network, ACCOUNT)
        me = self.gateway.person
        self.rooms = {
            name: self.network.add_group(name, me, "小林", "阿布", "老周")
            for name in ("读书会", "茶馆")
        }
        with self.database.work() as work:
            for number in range(9):
                work.topics.put(Topic(key=f"t{number}", title=f"题{number}", text="你呢？"))
            work.commit()

    async def lives(self, *happens: Callable[[], object]) -> list[str]:
        """A process: each of these happens, and it settles; what Weilu said."""
        self.gateway = SandboxGateway(self.network, ACCOUNT)
        app = App(
            InForce(parse(CONFIG, "c.yaml")),
            database=self.database,
            gateway=self.gateway,
            clock=self.clock,
            random=Random(1),
        )
        before = len(self.network.said)
        async with app.running():
            await self._settle(app)
            for each in happens:
                each()
                await self._settle(app)
        return [
            f"{line.room.name} {line.text}"
            for line in self.network.said[before:]
            if line.author is self.gateway.person
        ]

    async def _settle(self, app: App) -> None:
        for _ in range(2):
            await self.gateway.settled()
            await app.settled()

    def chats(self) -> object:
        """Three people talk in 读书会."""
        for number in range(9):
            self.network.speak(self.rooms["读书会"], ("小林", "阿布", "老周")[number % 3], "对啊")
        return None

    def passes(self, **delta: float) -> Callable[[], object]:
        """So much time passes."""
        return lambda: self.clock.move_by(timedelta(**delta))


@pytest.fixture
def town(new_sqlite: Callable[[], str]) -> Iterator[Town]:
    """The town at five to twelve."""
    town = Town(new_sqlite())
    yield town
    town.database.close()


async def test_a_topic_waits_for_the_end_of_a_conversation(town: Town) -> None:
    """At noon people talk: it is held, over a restart too, and posted once they are done."""
    assert [] == await town.lives(
        town.passes(minutes=3), town.chats, town.passes(minutes=3), town.chats
    )
    with town.database.work() as work:
        (slot,) = [slot for slot in work.slots.list() if slot.programme == "午间"]
        assert SlotState.HELD is slot.state
        assert "聊得正热闹" in slot.reason

    (posted,) = await town.lives(town.passes(minutes=7), town.passes(minutes=1))
    assert posted.startswith("读书会 中午好！\n【话题】")
    assert [] == await town.lives(town.passes(minutes=5), town.passes(minutes=-5))


async def test_a_silence_is_broken(town: Town) -> None:
    """茶馆 usually talks at that hour: heard for two hours and quiet, it gets a topic, once."""
    tea_house = town.gateway.group(town.rooms["茶馆"])
    with town.database.work() as work:
        for week in range(1, 4):
            for number in range(60):
                at = later(days=-7 * week, hours=-1, minutes=3 * number)
                message = said("嗯", by=f"客{number % 4}", group=tea_house, at=at)
                work.messages.add(message, keep_text=False)
        work.commit()
    quiet = [town.passes(minutes=30) for _ in range(3)]
    assert [] == [line for line in await town.lives(*quiet) if line.startswith("茶馆")]
    quiet = [town.passes(minutes=25) for _ in range(6)]
    said_there = [line for line in await town.lives(*quiet) if line.startswith("茶馆")]
    assert ["茶馆 【话题】"] == [line[: len("茶馆 【话题】")] for line in said_there]
