"""The Wechaty gateway: one logged-in chat account behind a Wechaty puppet service."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from pydantic import SecretStr

from bot.actions import Action
from bot.clock import Clock, SystemClock
from bot.events import Event, GatewayChanged, GatewayState, Identity
from bot.gateway.base import Capability, CaresFor, Outcome, Status, nowhere
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.acting import OFFLINE, Hands
from bot.gateway.wechaty.link import Link
from bot.gateway.wechaty.names import Names
from bot.gateway.wechaty.order import Found, Order
from bot.gateway.wechaty.patience import Patience
from bot.gateway.wechaty.reading import Reader
from bot.gateway.wechaty.rosters import Rosters
from bot.gateway.wechaty.wire import EventType, Raw
from bot.gateway.wechaty.words import Notice

log = logging.getLogger(__name__)

_SCAN_WORDS = {
    1: "扫码被取消，请重新扫。 The scan was cancelled; scan again.",
    3: "已扫码，请在手机上确认。 Scanned; confirm on the phone.",
    4: "已确认，正在登录。 Confirmed, logging in.",
    5: "二维码过期了，请扫新的。 The code has expired; scan the new one.",
}
_SCAN = "请用要托管的微信扫码登录。 Scan this code with the WeChat account to be used."
_LOGOUT = (
    "账号退出了登录（{why}），已停止发送：请在手机上确认账号正常，再重新扫码。 "
    "The account was logged out ({why}) and all sending stops: see on the phone that it is in"
    " order, then scan again."
)


class WechatyGateway:
    """Implements bot.gateway.base.Gateway; lives in one event loop.

    `pictures` is the folder of the picture files that may be sent; None: none are.
    """

    def __init__(
        self,
        account: str,
        settings: WechatySettings,
        token: SecretStr,
        cares_for: CaresFor,
        *,
        wants_pictures: CaresFor = nowhere,
        pictures: Path | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
    ) -> None:
        self._account = account
        self._clock = clock or SystemClock()
        self._order = Order(settings.fetch_ahead)
        self._link = Link(
            settings,
            token,
            self._arrived,
            self._changed,
            clock=self._clock,
            random=random or Random(),  # noqa: S311  jitter, not a secret
        )
        patience = Patience(self._link.standing, self._clock)
        self._names = Names(account, lambda: self._link.client, self._clock)
        self._reader = Reader(
            account, self._names, patience, cares_for, self._clock, wants_pictures=wants_pictures
        )
        self._rosters = Rosters(self._names, patience, cares_for, self._clock, self._order.put)
        self._hands = Hands(self._names, self._clock, settings.read_back.total_seconds(), pictures)
        self._state: tuple[GatewayState, str] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._groups_seen = 0
        self._reading_rosters = asyncio.Lock()
        self._closed = False

    @property
    def account(self) -> str:
        """The account's name in config.yaml."""
        return self._account

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What WeChat can do, less what this puppet has said it cannot."""
        return self._hands.capabilities

    async def events(self) -> AsyncIterator[Event]:
        """See bot.gateway.base.Gateway.events."""
        if self._closed:
            return
        self._begin(self._link.run())
        try:
            async for event in self._order.events():
                yield event
        finally:
            await self.close()

    async def perform(self, action: Action) -> Outcome:
        """See bot.gateway.base.Gateway.perform."""
        client = self._link.client
        if client is None or not self._logged_in():
            return OFFLINE
        try:
            return await self._hands.perform(client, action)
        except Exception as error:
            log.exception("执行动作时出错 performing %s failed", type(action).__name__)
            return Outcome(Status.UNSURE, detail=f"{type(error).__name__}: {error}")

    async def confirm(self, action: Action) -> bool | None:
        """See bot.gateway.base.Gateway.confirm."""
        client = self._link.client
        if client is None:
            return None
        try:
            return await self._hands.took_effect(client, action)
        except Exception as error:  # noqa: BLE001  an answer may be of any bytes
            log.info("读不回 %s could not be read back: %s", type(action).__name__, error)
            return None

    async def close(self) -> None:
        """See bot.gateway.base.Gateway.close. The account itself stays logged in."""
        if self._closed:
            return
        self._closed = True
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._order.close()

    def _begin(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _logged_in(self) -> bool:
        return self._state is not None and self._state[0] is GatewayState.LOGGED_IN

    def _changed(self, state: GatewayState, detail: str, *, qrcode: str = "") -> None:
        """Tell a change of state, once."""
        if self._enter(state, detail + qrcode):
            self._order.put(self._change(state, detail, qrcode=qrcode))

    def _enter(self, state: GatewayState, detail: str) -> bool:
        """Whether the state is new; logged at once, though its event waits for its turn."""
        if self._state == (state, detail):
            return False
        self._state = (state, detail)
        level = logging.INFO
        if state in {GatewayState.FAILED, GatewayState.DEAF, GatewayState.LOGGED_OUT}:
            level = logging.WARNING
        log.log(level, "%s %s: %s", self._account, state.value, detail)
        return True

    def _change(
        self, state: GatewayState, detail: str, *, me: Identity | None = None, qrcode: str = ""
    ) -> GatewayChanged:
        return GatewayChanged(
            account=self._account,
            state=state,
            at=self._clock.now(),
            me=me or self._reader.me,
            detail=detail,
            qrcode=qrcode,
        )

    def _arrived(self, raw: Raw) -> None:
        """Sort what the stream brings; must not wait, and must not raise."""
        if raw.type in {EventType.HEARTBEAT, EventType.DONG}:
            return
        if raw.type == EventType.MESSAGE:
            self._order.put(partial(self._read_message, raw))
            return
        try:
            self._sort(raw, Notice.read(raw.payload))
        except Exception as error:  # noqa: BLE001  one bad event spoils only itself
            self._reader.complain(f"{raw.type}: {type(error).__name__}", raw, error)

    def _read_message(self, raw: Raw) -> Coroutine[Any, Any, Found]:
        return self._reader.read(raw, self._link.client)

    def _sort(self, raw: Raw, notice: Notice) -> None:
        match raw.type:
            case EventType.LOGIN:
                self._login(notice.text("contactId"))
            case EventType.LOGOUT:
                self._changed(GatewayState.LOGGED_OUT, _LOGOUT.format(why=notice.text("data")))
            case EventType.SCAN:
                words = _SCAN_WORDS.get(notice.number("status"), _SCAN)
                self._changed(GatewayState.WAITING_FOR_SCAN, words, qrcode=notice.text("qrcode"))
            case EventType.READY:
                self._begin(self._read_rosters(anew=False))
            case EventType.DIRTY:
                self._names.forget(notice.number("payloadType"), notice.text("payloadId"))
            case EventType.ERROR:
                log.warning("平台报错 the platform reports an error: %.300s", raw.payload)
            case _:
                self._happened(raw, notice)

    def _happened(self, raw: Raw, notice: Notice) -> None:
        """Something in a group, or a request: handed on in its turn."""
        room = notice.text("roomId")
        if raw.type == EventType.ROOM_TOPIC and room:
            self._names.renamed(room, notice.text("newTopic"))
        if raw.type in {EventType.ROOM_JOIN, EventType.ROOM_LEAVE}:
            self._rosters.moved(room)
            if self._reader.me and self._reader.me.id in notice.ids("inviteeIdList"):
                self._begin(self._rosters.read(room))
        self._order.put(partial(self._reader.read, raw))

    def _login(self, id_: str) -> None:
        if not id_:
            raise ValueError("a login without an id")
        self._reader.me = Identity(self._account, id_)
        if self._enter(GatewayState.LOGGED_IN, id_):
            self._names.forget_all()
            self._order.put(partial(self._told_login, id_))
            self._begin(self._read_rosters(anew=True))

    async def _told_login(self, id_: str) -> Sequence[Event]:
        me = await self._names.contact(id_)
        if self._reader.me == me:
            self._reader.me = me
        return (
            self._change(GatewayState.LOGGED_IN, f"已登录：{me.name or id_}。 Logged in.", me=me),
        )

    async def _read_rosters(self, *, anew: bool) -> None:
        """After a login; again when the puppet is ready, if it knew of no group before that."""
        async with self._reading_rosters:
            if anew or not self._groups_seen:
                self._groups_seen = await self._rosters.read_all()
