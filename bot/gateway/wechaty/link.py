"""The line to a gateway: opened, probed, and opened again after every kind of end."""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from pydantic import SecretStr

from bot.clock import Clock
from bot.events import GatewayState
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.address import Address, find, root_certificate, server_name
from bot.gateway.wechaty.channel import Channel
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.diagnosis import shortly, what_broke, why_unconnected
from bot.gateway.wechaty.persistence import Persistence
from bot.gateway.wechaty.probe import Probe
from bot.gateway.wechaty.status import Failed
from bot.gateway.wechaty.trouble import Cause, Trouble
from bot.gateway.wechaty.wire import Malformed, Raw, read_raw

log = logging.getLogger(__name__)

_FIRST_WORD_SECONDS = 5.0
"""Gateways send a heartbeat at once; those of the community may not, and are believed then."""
_TOKEN = re.compile("[!-~]+")
"""Anything else can be in no HTTP header."""
_LOOK_UP_AGAIN = timedelta(seconds=10)

OnRaw = Callable[[Raw], None]
OnState = Callable[[GatewayState, str], None]


class Link:
    """Keeps one event stream open. `run` ends only by being cancelled.

    `on_raw` is given each event as it arrives, `on_state` what becomes of the line; both are
    called from the event loop and must not wait. `client` is None while there is no line.
    """

    def __init__(
        self,
        settings: WechatySettings,
        token: SecretStr,
        on_raw: OnRaw,
        on_state: OnState,
        *,
        clock: Clock,
        random: Random,
    ) -> None:
        self.client: Client | None = None
        self._settings = settings
        self._token = SecretStr(token.get_secret_value().strip())
        self._clock = clock
        self._on_raw = on_raw
        self._on_state = on_state
        self._probe = Probe(settings, clock)
        self._persistence = Persistence(settings, random)
        self._address: Address | None = None
        self._found_at: datetime | None = None
        self._standing = asyncio.Event()

    async def run(self) -> None:
        """Open the line, and again after each end."""
        self._on_state(GatewayState.CONNECTING, "正在连接网关。 Connecting to the gateway.")
        stop_first = False
        while True:
            try:
                trouble = await self._once(stop_first=stop_first)
            except Trouble as raised:
                trouble = raised
            except Exception as error:
                log.exception("意料之外，重新连接 unexpected, connecting again")
                trouble = Trouble(Cause.BROKEN, str(self._address or ""), repr(error))
            plan = self._persistence.after(
                trouble, self._clock.now(), answered=self._probe.answered
            )
            self._on_state(_state_of(plan.trouble), str(plan.trouble))
            stop_first = plan.stop_first
            await self._clock.sleep(plan.pause)

    async def standing(self, seconds: float) -> Client | None:
        """The client, waited for while the line is being reopened; None if that takes too long."""
        if self.client is None:
            try:
                await asyncio.wait_for(self._standing.wait(), seconds)
            except TimeoutError:
                return None
        return self.client

    async def _once(self, *, stop_first: bool) -> Trouble:
        """One line from opening to its end; returns or raises why it ended."""
        self._probe.reset()
        token = self._token.get_secret_value()
        if not token:
            raise Trouble(Cause.NO_TOKEN)
        if not _TOKEN.fullmatch(token):
            raise Trouble(Cause.BAD_TOKEN)
        security = None
        if self._settings.tls:
            security = (server_name(token, self._settings), root_certificate(self._settings))
        address = await self._locate(token)
        channel = Channel(address, self._token, security)
        client = Client(channel, self._settings.call_timeout.total_seconds())
        try:
            if stop_first:
                await _free_stream(client, address)
            return await self._hold(client, address, security[0] if security else None)
        finally:
            self.client = None
            self._standing.clear()
            await channel.close()

    async def _locate(self, token: str) -> Address:
        """The gateway's address; looked up again when it no longer answers, but not too often."""
        now = self._clock.now()
        fresh = self._found_at is not None and now - self._found_at < _LOOK_UP_AGAIN
        if self._address is None or (self._persistence.failing and not fresh):
            self._found_at = now
            try:
                self._address = await find(token, self._settings)
            except Trouble as trouble:
                if self._address is None or trouble.cause is not Cause.DIRECTORY:
                    raise
        return self._address

    async def _hold(self, client: Client, address: Address, name: str | None) -> Trouble:
        """Read and tend one line until either finds it ended."""
        reading = asyncio.create_task(self._read(client, address, name))
        tending = asyncio.create_task(self._tend(client, address, name))
        try:
            await asyncio.wait({reading, tending}, return_when=asyncio.FIRST_COMPLETED)
            # The stream's own end says more than a call that failed at the same moment.
            return (reading if reading.done() else tending).result()
        finally:
            reading.cancel()
            tending.cancel()
            await asyncio.gather(reading, tending, return_exceptions=True)

    async def _read(self, client: Client, address: Address, name: str | None) -> Trouble:
        """Hand on what the stream brings; returns why it ended."""
        try:
            await client.events(partial(self._hear, client, address))
        except Failed as error:
            if self.client is None:
                return await why_unconnected(address, name, error)
            return what_broke(address, error)
        return Trouble(Cause.ENDED, str(address))

    def _hear(self, client: Client, address: Address, data: bytes) -> None:
        self._opened(client, address)
        try:
            raw = read_raw(data)
        except Malformed as error:
            log.warning("网关发来读不懂的事件，已跳过 unreadable event skipped: %s", error)
            return
        self._probe.heard(raw)
        self._on_raw(raw)

    def _opened(self, client: Client, address: Address) -> None:
        """The stream stands: from now on calls may be made."""
        if self.client is not None:
            return
        self.client = client
        self._persistence.opened()
        self._standing.set()
        self._on_state(
            GatewayState.CONNECTING,
            f"已接上网关 {address}，等待账号登录。 Connected to {address}, waiting for the login.",
        )

    async def _tend(self, client: Client, address: Address, name: str | None) -> Trouble:
        """Start the account, then probe; returns why the line is given up."""
        if await self.standing(_FIRST_WORD_SECONDS) is None:
            if not client.connected():
                return await why_unconnected(address, name, None)
            self._opened(client, address)
        try:
            await client.start()
        except Failed as error:
            return Trouble(Cause.NOT_STARTED, str(address), shortly(error))
        return await self._probe.until_deaf(client, address)


async def _free_stream(client: Client, address: Address) -> None:
    """Free the event stream from whoever holds it, and restart the account."""
    log.warning("请 %s 释放事件流并重启账号 stopping the account at %s", address, address)
    try:
        await client.stop()
    except Failed as error:
        log.warning("释放事件流未成 freeing the event stream failed: %s", shortly(error))


def _state_of(trouble: Trouble) -> GatewayState:
    if trouble.cause is Cause.DEAF:
        return GatewayState.DEAF
    return GatewayState.FAILED if trouble.cause.lasting else GatewayState.OFFLINE
