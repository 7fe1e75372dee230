"""The composition root: every object is made here, once."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.clock import Clock
from bot.config import Config
from bot.events import ConfigRefused, Event, Group, RulesChanged
from bot.faults import ConfigFaults
from bot.gateway.base import Gateway
from bot.outbox import Outbox
from bot.pipeline import Pipeline
from bot.reload import watch
from bot.schedule import Pair, Schedule
from bot.stages import stages
from handlers.moderate import Moderate
from handlers.settings import GroupSettings, House
from rules.base import Need, Rule
from storage.database import Database
from storage.holding import Holding
from storage.work import Work
from storage.writer import Writer

log = logging.getLogger(__name__)

RUBBISH = (50_000, 20, 20)
"""How many objects may be made until rubbish is looked for: more than a batch makes and lets go
of as a whole. At Python's 700 a tenth of the time under load goes into looking."""


class InForce:
    """The config in force, and the groups it has been seen to apply to."""

    def __init__(self, config: Config, groups: Iterable[Group] = ()) -> None:
        self._config = config
        self.refused = ""
        self._groups = {group.id: group for group in groups}
        self._house: House | None = None
        self._programmes: list[Pair] | None = None

    @property
    def config(self) -> Config:
        """What config.yaml says."""
        return self._config

    @config.setter
    def config(self, config: Config) -> None:
        self._config, self._house, self._programmes, self.refused = config, None, None, ""

    def notice(self, group: Group) -> None:
        """Remember a group, under its newest name."""
        known = self._groups.get(group.id)
        if known is None or group.name not in ("", known.name):
            self._groups[group.id] = group
            self._house = self._programmes = None

    def group(self, group: Group) -> GroupSettings | None:
        """What is in force in a group; None means: leave it alone."""
        known = self._groups.get(group.id)
        return self.config.group(group if group.name or known is None else known)

    def house(self) -> House:
        """What is true of the whole account, with the operators' group if it was seen."""
        house = self._house
        if house is None:
            house = self._house = self.config.house(tuple(self._groups.values()))
        return house

    def cares_for(self, group: Group) -> bool:
        """Whether the config names this group."""
        return self.group(group) is not None

    def wants_pictures(self, group: Group) -> bool:
        """Whether a rule in force in this group looks into pictures."""
        settings = self.group(group)
        return settings is not None and Need.PICTURE in settings.reach

    def programmes(self) -> Sequence[Pair]:
        """Every programme of every known group, with the zone its cron is read in."""
        if self._programmes is None:  # asked every second, and there may be thousands
            self._programmes = [
                (group, name, programme, programme.time_zone or settings.time_zone)
                for group in self._groups.values()
                if (settings := self.group(group)) is not None
                for name, programme in settings.programmes.items()
            ]
        return self._programmes

    def looks_back(self) -> timedelta:
        """The longest past that any rule of any known group needs."""
        return max((rule.looks_back for rule in self._rules()), default=timedelta(0))

    def compares_texts(self) -> bool:
        """Whether any rule of any known group needs what was said, and not only when."""
        return any(rule.needs & {Need.TEXTS, Need.OTHERS} for rule in self._rules())

    def ruled_otherwise(self, before: Config) -> list[Group]:
        """The known groups whose rules or ladder were others by that config."""
        compared: dict[tuple[int, int], bool] = {}  # thousands of groups may share an entry
        changed = []
        for group in self._groups.values():
            was, now = before.group(group), self.group(group)
            pair = id(was), id(now)
            if pair not in compared:
                compared[pair] = now is not None and (
                    was is None or (was.rules, was.ladder) != (now.rules, now.ladder)
                )
            if compared[pair]:
                changed.append(group)
        return changed

    def _rules(self) -> list[Rule]:
        settings = [self.group(group) for group in self._groups.values()]
        return [rule for found in settings if found for rule in found.rules]


class App:
    """Weilu, put together: one account, one gateway, one database.

    The gateway's `cares_for` must be `in_force.cares_for`, likewise its `wants_pictures`.
    """

    def __init__(
        self,
        in_force: InForce,
        *,
        database: Database,
        gateway: Gateway,
        clock: Clock,
        random: Random,
        dry_run: bool = False,
    ) -> None:
        self.in_force = in_force
        self._listeners: list[Callable[[Event], None]] = []
        self.account = in_force.config.account.name
        self.gateway = gateway
        self.clock = clock
        self.tasks: list[asyncio.Task[None]] = []
        self._remembered = asyncio.Event()
        self.schedule: Schedule | None = None
        self.writer = Writer(database)
        self.moderate = Moderate()
        self.outbox = Outbox(
            writer=self.writer,
            gateway=gateway,
            clock=clock,
            pace=in_force.config.pace,
            random=random,
            dry_run=dry_run,
            house=in_force.house,
        )
        self.pipeline = Pipeline(
            writer=self.writer,
            stages=stages(self.moderate),
            in_force=in_force,
            clock=clock,
            capabilities=lambda: gateway.capabilities,
            aboard=self.outbox.aboard,
        )

    @contextlib.asynccontextmanager
    async def running(
        self,
        config_file: Path | None = None,
        holding: Holding | None = None,
        prepare: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[None]:
        """Everything runs inside this block; leaving it stops in order and loses nothing.

        Given a `config_file`, its edits take effect while Weilu runs. `holding` is watched: once
        another process works for the account, `until` raises that. `prepare` makes the database
        ready, in a thread, while the gateway is being connected; what it raises is raised here.
        """
        gc.set_threshold(*RUBBISH)
        hearing = asyncio.create_task(self._hear(), name="gateway")
        try:
            await asyncio.to_thread(prepare)
            schedule = self.schedule = await self._remember()
            await self.outbox.recover()
        except BaseException:
            await self._stop([hearing])
            raise
        self._remembered.set()
        self.tasks = tasks = [
            asyncio.create_task(self.pipeline.run(), name="pipeline"),
            asyncio.create_task(self.outbox.run(), name="outbox"),
            hearing,
        ]
        if config_file:
            watching = watch(
                config_file,
                self._reload,
                self._refuse,
                clock=self.clock,
                loaded=self.in_force.config,
            )
            tasks.append(asyncio.create_task(watching, name="config"))
        if holding:
            tasks.append(asyncio.create_task(holding.keep(), name="account"))
        schedule.start()
        try:
            yield
        finally:
            schedule.stop()
            await self._stop(tasks)

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Call `listener` with each event as it is heard, before it is dealt with."""
        self._listeners.append(listener)

    async def until(self, stopped: asyncio.Event) -> None:
        """Wait for `stopped`. A part that ends before raises what ended it (or RuntimeError)."""
        waiting = asyncio.create_task(stopped.wait(), name="stop")
        done, _ = await asyncio.wait({waiting, *self.tasks}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in done - {waiting}:
            task.result()
            raise RuntimeError(f"{task.get_name()} 自己停了 ended by itself")

    async def settled(self) -> None:
        """Return once nothing is due, nothing waits in the pipeline, nothing may go out."""
        if self.schedule:
            await self.schedule.settled()
        await self.pipeline.settled()
        await self.outbox.settled()
        await self.pipeline.settled()
        while not self.outbox.is_settled:  # the pipeline gave it more to do
            await self.outbox.settled()
            await self.pipeline.settled()

    async def _remember(self) -> Schedule:
        """What must be known before the first event: groups, recent times, slots dealt with."""
        account = self.account
        now = self.clock.now()

        def read(work: Work) -> dict[tuple[str, str], datetime]:
            for known in work.groups.all(account):
                self.in_force.notice(known.group)
            since = now - self.in_force.looks_back()
            texts = self.in_force.compares_texts()
            self.moderate.warm(work.speech.since(account, since, texts=texts))
            return work.slots.watched(account)

        watched = await self.writer.run(read)
        return Schedule(
            clock=self.clock,
            feed=self.pipeline.feed,
            pairs=self.in_force.programmes,
            watched=watched,
        )

    async def _hear(self) -> None:
        async for event in self.gateway.events():
            await self._remembered.wait()
            self._notice(event)
            for listener in self._listeners:
                listener(event)
            await self.pipeline.feed(event)

    def _notice(self, event: Event) -> None:
        group = getattr(event, "group", None)
        if isinstance(group, Group):
            self.in_force.notice(group)

    async def _reload(self, edited: Config) -> None:
        before = self.in_force.config
        self.in_force.config = config = edited.as_running(before)
        self.outbox.pace = config.pace
        log.info("已载入新的配置 The edited config is in force")
        if waiting := "、".join(edited.needs_restart(before)):
            log.warning("%s 的改动要重启围炉才生效 such changes need a restart", waiting)
        for group in self.in_force.ruled_otherwise(before):
            await self.pipeline.feed(RulesChanged(group=group, at=self.clock.now()))

    async def _refuse(self, faults: ConfigFaults) -> None:
        log.error("配置有误，沿用旧的 The edited config is faulty, the old one stays:\n%s", faults)
        self.in_force.refused = str(faults)
        event = ConfigRefused(account=self.account, detail=str(faults), at=self.clock.now())
        await self.pipeline.feed(event)

    async def _stop(self, tasks: list[asyncio.Task[None]]) -> None:
        """Stop hearing, finish what is in hand, then let go of the gateway and the writer."""
        *_, gateway = (task for task in tasks if task.get_name() == "gateway")
        gateway.cancel()
        await asyncio.gather(gateway, return_exceptions=True)
        await self.pipeline.close()
        await self.outbox.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.gateway.close()
        await self.writer.close()
