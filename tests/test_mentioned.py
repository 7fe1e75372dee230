"""Mentions in topics from end to end, on the sandbox: tags, posts, a no, somebody forgotten."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
from builders import ACCOUNT, NOON

from bot.app import App, InForce
from bot.clock import MovableClock
from bot.config_file import parse
from bot.gateway.sandbox import SandboxGateway, SandboxNetwork
from storage.database import Database
from storage.values import Topic

CONFIG = """
account: {name: 围炉}
pace: {typing_per_character: 0, quiet_hours: {from: "23:00", to: "07:30"}}
operators: {people: [{id: 老周}]}
groups:
- match: {name: 读书会}
  welcome: {enabled: false}
  programmes:
    午间: {at: 每天 12:00, hold_back: {enabled: false}, cast: {share: 100, per_week: 7}}
"""


class Town:
    """A group whose members know each other, and one Weilu after another on one database."""

    def __init__(self, url: str) -> None:
        self.clock = MovableClock(NOON - timedelta(minutes=5))
        self.network = SandboxNetwork(self.clock)
        self.database = Database(url)
        self.gateway = SandboxGateway(self.network, ACCOUNT)
        self.me = self.gateway.person
        self.room = self.network.add_group("读书会", self.me, "小林", "阿布", "小何", "老周")
        with self.database.work() as work:
            for number in range(9):
                work.topics.put(
                    Topic(key=f"t{number}", title=f"题{number}", text="？", tags=("茶",))
                )
            work.commit()

    async def lives(self, *happens: Callable[[], object]) -> list[tuple[str, set[str]]]:
        """A process: each of these happens, and it settles; topics, and whom they mention."""
        self.gateway = SandboxGateway(self.network, ACCOUNT)
        operator = self.network.person("老周").id
        config = CONFIG.replace("{id: 老周}", f"{{id: {operator}}}")
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
        return [
            (line.text, {person.name for person in line.mentions})
            for line in self.network.said[before:]
            if line.author is self.me and "【话题】" in line.text
        ]

    async def _settle(self, app: App) -> None:
        for _ in range(2):
            await self.gateway.settled()
            await app.settled()

    def get_acquainted(self) -> None:
        """小林, 阿布 and 小何 all turn to each other."""
        for one in ("小林", "阿布", "小何"):
            others = [name for name in ("小林", "阿布", "小何") if name != one]
            self.network.speak(self.room, one, "你们好", mention=others)

    def tells(self, who: str, words: str, *others: str) -> Callable[[], object]:
        """Somebody says something to Weilu."""
        return lambda: self.network.speak(self.room, who, words, mention=(self.me, *others))

    def passes(self, **delta: float) -> Callable[[], object]:
        """So much time passes."""
        return lambda: self.clock.move_by(timedelta(**delta))


@pytest.fixture
def town(new_sqlite: Callable[[], str]) -> Iterator[Town]:
    """The town at five to twelve."""
    town = Town(new_sqlite())
    yield town
    town.database.close()


async def test_whoever_is_mentioned(town: Town) -> None:
    """Those whom an operator tagged; not who says no, not the same two again, nobody forgotten."""
    tags = [town.tells("老周", f"标签 @{name} 茶", name) for name in ("小林", "阿布", "小何")]
    noon, next_noon = town.passes(minutes=6), town.passes(days=1)
    ((first, both),) = await town.lives(town.get_acquainted, *tags, noon)
    assert 2 == len(both & {"小林", "阿布", "小何"}) == len(both)
    assert "想先听听被点到的朋友怎么说" in first

    ((_, others),) = await town.lives(town.get_acquainted, next_noon)
    assert 2 == len(others) == len({*both, *others}) - 1
    (left_out,) = {"小林", "阿布", "小何"} - others
    ((_, nobody),) = await town.lives(town.tells(min(others), "别点我"), next_noon)
    assert min(others) not in nobody
    assert nobody in (set(), {max(others), left_out})


async def test_a_member_is_forgotten(town: Town) -> None:
    """Nothing tells that they were mentioned; the post, and the others in it, stay."""
    tags = [town.tells("老周", f"标签 @{name} 茶", name) for name in ("小林", "阿布")]
    ((_, both),) = await town.lives(town.get_acquainted, *tags, town.passes(minutes=6))
    assert {"小林", "阿布"} == both
    lin, place = town.network.person("小林").id, town.gateway.group(town.room)
    with town.database.work() as work:
        (row,) = [each for each in work.outbox.list(ACCOUNT) if "post:" in each.action.key]
        who = next(each for each in row.action.about if each.id == lin)
        member = work.members.id_if_known(who)
        assert member is not None
        assert {"casts": 1, "member_tags": 1}.items() <= work.members.forget(member, NOON).items()
        work.commit()
    with town.database.work() as work:
        row = work.outbox.get(row.id)
        assert lin not in repr(row)
        (post,) = work.posts.active(place, town.clock.now())
        assert "【话题】" in post.text
