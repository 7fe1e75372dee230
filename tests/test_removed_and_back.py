"""A removal from end to end, on the sandbox: out, a restart, back on its date, once."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from builders import ACCOUNT, NOON

from bot.app import App, InForce
from bot.clock import MovableClock
from bot.config_file import parse
from bot.gateway.base import Capability
from bot.gateway.sandbox import Happening, Joined, Left, SandboxGateway, SandboxNetwork
from handlers.terms import terms
from storage.database import Database

CONFIG = """
account: {name: 围炉}
pace: {typing_per_character: 0}
operators: {group: 运营群}
groups:
- match: {name: 读书会}
  welcome: {enabled: false}
  rules:
    keywords: {words: [刷单], reason: 这里不做广告, consequence: remove, for: 7d}
- match: {name: 运营群}
  welcome: {enabled: false}
""".encode()


class Town:
    """A network with 读书会 in it, and one Weilu after another on one database."""

    def __init__(self, url: str) -> None:
        self.clock = MovableClock(NOON)
        self.network = SandboxNetwork(self.clock)
        self.config = parse(CONFIG, "c.yaml")
        self.database = Database(url)
        self.gateway = self._gateway()
        me = self.gateway.person
        self.room = self.network.add_group("读书会", me, "小林", "阿布")
        self.operators = self.network.add_group("运营群", "老周", me)
        self.moves: list[str] = []
        self.network.watch(self._note)
        group = self.gateway.group(self.room)
        settings = self.config.group(group)
        assert settings is not None
        with self.database.work() as work:
            pact = work.pacts.propose(group, terms(settings), NOON - timedelta(days=1))
            work.pacts.mark_posted(group, pact.version, NOON - timedelta(days=1))
            work.commit()

    def _note(self, happening: Happening) -> None:
        if isinstance(happening, Joined | Left):
            self.moves.append(type(happening).__name__)

    def _gateway(self) -> SandboxGateway:
        return SandboxGateway(self.network, ACCOUNT)

    async def lives(self, *happens: Callable[[], object], without: Capability | None = None) -> str:
        """A process: each of these happens, and it settles; what the operators were told."""
        self.gateway = self._gateway()
        if without is not None:
            self.gateway.switch_off(without)
        in_force = InForce(self.config)
        app = App(
            in_force,
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
        said = self.network.said[before:]
        return "\n".join(line.text for line in said if line.room is self.operators)

    async def _settle(self, app: App) -> None:
        for _ in range(3):
            await self.gateway.settled()
            await app.settled()
            self.clock.move_by(timedelta(seconds=30))
        await app.settled()

    def days(self, number: float) -> Callable[[], object]:
        """So many days pass."""
        return lambda: self.clock.move_by(timedelta(days=number))

    def offends(self) -> object:
        """小林 advertises."""
        return self.network.speak(self.room, "小林", "来刷单")


async def test_out_and_back(new_sqlite: Callable[[], str]) -> None:
    """Whatever restarts in between, and wherever the clock is put."""
    town = Town(new_sqlite())
    await town.lives(town.offends)
    assert ["Left"] == town.moves
    await town.lives(town.days(6))
    assert ["Left"] == town.moves
    await town.lives(town.days(2))
    await town.lives(town.days(-3), town.days(30))

    assert ["Left", "Joined"] == town.moves
    town.database.close()


async def test_where_nobody_can_be_removed(new_sqlite: Callable[[], str]) -> None:
    """The operators are asked, do it, and it is seen: no alarm after the deadline."""
    town = Town(new_sqlite())
    told = await town.lives(town.offends, without=Capability.REMOVE)
    assert "请把 小林 移出「读书会」（案件 1）" in told

    removes = town.gateway.person
    told = await town.lives(lambda: town.network.remove(town.room, "小林", removes), town.days(2))
    assert "过了时限" not in told
    town.database.close()
