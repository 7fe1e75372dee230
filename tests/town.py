"""A town for topics from end to end: a sandbox with groups, and one Weilu after another on it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random

from builders import ACCOUNT, NOON

from bot.app import App, InForce
from bot.clock import MovableClock
from bot.config_file import parse
from bot.gateway.sandbox import SandboxGateway, SandboxNetwork
from bot.gateway.sandbox.people import Line
from storage.database import Database
from storage.values import Topic


class Town:
    """At five to twelve; Weilu is in each of the groups."""

    def __init__(
        self, url: str, groups: dict[str, tuple[str, ...]], topics: Iterable[Topic]
    ) -> None:
        self.clock = MovableClock(NOON - timedelta(minutes=5))
        self.network = SandboxNetwork(self.clock)
        self.database = Database(url)
        self.gateway = SandboxGateway(self.network, ACCOUNT)
        self.me = self.gateway.person
        self.rooms = {
            name: self.network.add_group(name, self.me, *people) for name, people in groups.items()
        }
        with self.database.work() as work:
            for topic in topics:
                work.topics.put(topic)
            work.commit()

    async def lives(self, config: str, *happens: Callable[[], object]) -> list[Line]:
        """A process: each of these happens, and it settles; what Weilu said."""
        self.gateway = SandboxGateway(self.network, ACCOUNT)
        app = App(
            InForce(parse(config.encode(), "c.yaml")),
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
        return [line for line in self.network.said[before:] if line.author is self.me]

    async def _settle(self, app: App) -> None:
        for _ in range(2):
            await self.gateway.settled()
            await app.settled()

    def passes(self, **delta: float) -> Callable[[], object]:
        """So much time passes."""
        return lambda: self.clock.move_by(timedelta(**delta))
