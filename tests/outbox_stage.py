"""A stage for the outbox: a movable clock, a gateway that does as it is told, a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random
from typing import Any

from builders import ACCOUNT, BOT, NOON, group, person, said

from bot.actions import Action, Invite, Priority, Remove, Say
from bot.clock import MovableClock
from bot.events import GatewayChanged, GatewayState, Identity
from bot.gateway.base import Capability, Outcome, Status
from bot.outbox import Outbox
from bot.pace import PaceSettings
from handlers.settings import House
from storage.database import Database
from storage.values import AccountState, OutboxRow, OutboxState
from storage.work import Work
from storage.writer import Writer

OPERATOR = person("管理员")
FAST = PaceSettings(typing_per_character=0)


class ScriptedGateway:
    """Answers each `perform` with the next outcome of `script` (then DONE), and notes when."""

    def __init__(self, clock: MovableClock, *script: Status) -> None:
        self.clock = clock
        self.script = [Outcome(status) for status in script]
        self.performed: list[tuple[datetime, Action]] = []
        self.proof: bool | None = None
        self.asked: list[Action] = []
        self.hangs: asyncio.Event | None = None
        self.began = asyncio.Event()
        self.meanwhile: Callable[[Action], Any] | None = None

    account = ACCOUNT
    capabilities = frozenset(Capability)

    def events(self) -> AsyncIterator[Any]:
        """It hears nothing."""
        raise NotImplementedError

    async def perform(self, action: Action) -> Outcome:
        """As the script says; hangs until `hangs` is set, if there is one."""
        self.performed.append((self.clock.now(), action))
        outcome = self.script.pop(0) if self.script else Outcome(Status.DONE)
        self.began.set()
        if self.meanwhile:
            await self.meanwhile(action)
        if self.hangs:
            await self.hangs.wait()
        return outcome

    async def confirm(self, action: Action) -> bool | None:
        """What `proof` says."""
        self.asked.append(action)
        return self.proof

    async def close(self) -> None:
        """Nothing to let go of."""

    @property
    def keys(self) -> list[str]:
        """The keys of what was performed, in order."""
        return [action.key for _, action in self.performed]


class Stage:
    """One outbox with everything around it; another one may follow on the same database."""

    def __init__(
        self,
        database: Database,
        *script: Status,
        pace: PaceSettings = FAST,
        dry_run: bool = False,
        patience: float = 5,
        start: datetime = NOON,
    ) -> None:
        self.clock = MovableClock(start)
        self.gateway = ScriptedGateway(self.clock, *script)
        self.writer = Writer(database)
        self.outbox = Outbox(
            writer=self.writer,
            gateway=self.gateway,
            clock=self.clock,
            pace=pace,
            random=Random(7),
            dry_run=dry_run,
            house=lambda: House(account=ACCOUNT, operator_ids=frozenset({OPERATOR.id})),
            patience=patience,
        )

    async def stage(self, *actions: Action) -> None:
        """Commit actions, as the pipeline would."""

        def job(work: Work) -> None:
            for action in actions:
                assert work.outbox.stage(action, self.clock.now())

        await self.writer.run(job)

    async def settle(self) -> None:
        """Let it do all that may be done now."""
        await self.outbox.settled()

    async def go_to(self, moment: datetime) -> None:
        """Move the clock from one waking to the next, as time would pass."""
        await self.settle()
        while (waking := self.clock.next_waking()) is not None and waking <= moment:
            self.clock.move_to(waking)
            await self.settle()
        self.clock.move_to(moment)
        await self.settle()

    async def echo(self, text: str, message_id: str = "e1") -> None:
        """Our own word comes back from the group."""
        message = said(text, id=message_id, author=BOT, at=self.clock.now(), ours=True)
        await self.writer.run(lambda work: work.outbox.echo(message))

    async def rows(self) -> dict[str, OutboxRow]:
        """Every row by its action's key."""
        rows = await self.writer.run(lambda work: work.outbox.list(ACCOUNT, limit=1000))
        return {row.action.key: row for row in rows}

    async def states(self) -> dict[str, OutboxState]:
        """The state of every row by its action's key, words to operators left out."""
        rows = await self.rows()
        return {key: row.state for key, row in rows.items() if not key.startswith("operators:")}

    async def words(self) -> list[str]:
        """What the operators were told, or will be."""
        rows = [row.action for key, row in (await self.rows()).items() if "operators:" in key]
        return [action.text for action in rows if isinstance(action, Say)]

    async def gateway_is(self, state: GatewayState) -> None:
        """The account's connection changed, as the pipeline would record it."""
        event = GatewayChanged(account=ACCOUNT, state=state, at=self.clock.now(), me=BOT)
        await self.writer.run(lambda work: work.accounts.state(event))

    async def account(self) -> AccountState | None:
        """What is recorded of the account."""
        return await self.writer.run(lambda work: work.accounts.get(ACCOUNT))

    async def resume(self) -> None:
        """An operator lets sending go on."""
        await self.writer.run(lambda work: work.accounts.resume(ACCOUNT, self.clock.now()))


@asynccontextmanager
async def running(stage: Stage, *, recover: bool = False) -> AsyncIterator[Stage]:
    """The outbox at work."""
    if recover:
        await stage.outbox.recover()
    task = asyncio.create_task(stage.outbox.run())
    await asyncio.sleep(0)
    try:
        yield stage
    finally:
        await stage.outbox.close()
        await task
        await stage.writer.close()


def say(key: str, text: str = "", **over: Any) -> Say:
    """Something to say in 读书会; name what differs."""
    fields: dict[str, Any] = {
        "key": key,
        "why": "测试 a test",
        "priority": Priority.ANSWER,
        "to": group(),
        "text": text or key,
    }
    return Say(**(fields | over))


def remove(key: str, member: Identity | None = None) -> Remove:
    """A removal from 读书会."""
    return Remove(
        key=key,
        why="测试 a test",
        priority=Priority.MODERATION,
        group=group(),
        member=member or person("广告"),
    )


def invite(key: str, member: Identity | None = None) -> Invite:
    """An invitation back into 读书会."""
    return Invite(
        key=key,
        why="测试 a test",
        priority=Priority.MODERATION,
        group=group(),
        member=member or person("小林"),
    )
