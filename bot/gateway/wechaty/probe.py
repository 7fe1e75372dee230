"""Deaf but alive: the stream is open and nothing comes. Asked end to end, by ding and dong."""

import asyncio
import logging

from bot.clock import Clock
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.address import Address
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.diagnosis import what_broke
from bot.gateway.wechaty.status import Code, Failed
from bot.gateway.wechaty.trouble import Cause, Trouble
from bot.gateway.wechaty.wire import EventType, Raw

log = logging.getLogger(__name__)


class Probe:
    """Dings now and then; any event but the gateway's own heartbeat counts as an answer.

    `answered` says whether the present line has ever passed.
    """

    def __init__(self, settings: WechatySettings, clock: Clock) -> None:
        self._every = settings.probe_every.total_seconds()
        self._timeout = settings.probe_timeout.total_seconds()
        self._clock = clock
        self._life = asyncio.Event()
        self.answered = False

    def reset(self) -> None:
        """A new line, which has not answered yet."""
        self.answered = False

    def heard(self, raw: Raw) -> None:
        """The stream brought something."""
        if raw.type != EventType.HEARTBEAT:
            self._life.set()

    async def until_deaf(self, client: Client, address: Address) -> Trouble:
        """Probe for as long as answers come; returns why the line is given up."""
        while self._every:
            await self._clock.sleep(self._every)
            try:
                await self._ask(client)
            except Failed as error:
                if error.code is Code.UNIMPLEMENTED:
                    break
                if error.code is not Code.DEADLINE_EXCEEDED:
                    return what_broke(address, error)
                return self._deaf(address)
            except TimeoutError:
                return self._deaf(address)
        log.info("不探听 no probing of %s: switched off, or unknown to the gateway", address)
        forever: asyncio.Future[Trouble] = asyncio.get_running_loop().create_future()
        return await forever

    async def _ask(self, client: Client) -> None:
        self._life.clear()
        async with asyncio.timeout(self._timeout):
            await client.ding("weilu", self._timeout)
            await self._life.wait()
        self.answered = True

    def _deaf(self, address: Address) -> Trouble:
        return Trouble(Cause.DEAF, str(address), f"{self._timeout:g}s")
