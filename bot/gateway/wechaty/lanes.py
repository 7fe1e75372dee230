"""Messages of which a part is still being loaded, and what waits behind them in their groups."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.events import Event, Group, Message
from bot.frozen import frozen

log = logging.getLogger(__name__)

LONGEST_SECONDS = 5.0
"""A message that was not loaded whole by then goes on as it is."""
_AT_ONCE, _AT_ONCE_A_GROUP = 16, 4
"""Who floods one group with pictures must not keep those of the others from being loaded."""
_MOST_BYTES = 64 * 1024 * 1024
"""While pictures of so many bytes wait for their turn no other is loaded."""


@frozen
class Later:
    """A message as it is known so far, and how to load the rest of it; `load` may raise."""

    message: Message
    load: Callable[[], Awaitable[Message]]


@dataclass(eq=False, slots=True)
class _Loading:
    """One message on its way."""

    later: Later
    lane: "_Lane"
    timer: asyncio.TimerHandle | None = None
    task: asyncio.Task[Message] | None = None
    whole: Message | None = None
    over: bool = False

    def stop(self) -> None:
        """Neither load it any more nor look at the clock."""
        if self.timer is not None:
            self.timer.cancel()
        if self.task is not None:
            self.task.cancel()


class _Lane:
    """What is under way in one group, in order, and what of it is not being loaded yet."""

    def __init__(self) -> None:
        self.waiting: deque[_Loading | Event] = deque()
        self.to_begin: deque[_Loading] = deque()
        self.running = 0


class Lanes:
    """One lane a group, only while a message of it is being loaded; other groups go past it.

    Each message is loaded for five seconds at most, counted from `admit`, and those of one group
    at the same time: so nothing waits longer than that behind them, however many there are.
    `stir` is called when something in `ready` may go on.
    """

    def __init__(self, stir: Callable[[], None]) -> None:
        self._stir = stir
        self._lanes: dict[Group | None, _Lane] = {}
        self._running = 0
        self._held = 0
        """Bytes of pictures that wait here."""
        self.ready: deque[Event] = deque()
        self._closed = False

    def admit(self, item: Event | Later) -> None:
        """Let it go on by way of `ready`, at once or when its turn in its group comes."""
        if isinstance(item, Later):
            self._expect(item)
            return
        lane = self._lanes.get(getattr(item, "group", None)) if self._lanes else None
        (self.ready if lane is None else lane.waiting).append(item)

    def close(self) -> None:
        """Load nothing more; what waits is dropped."""
        self._closed = True
        for lane in self._lanes.values():
            for item in lane.waiting:
                if isinstance(item, _Loading):
                    item.stop()
        self._lanes.clear()
        self.ready.clear()

    def _expect(self, later: Later) -> None:
        lane = self._lanes.setdefault(later.message.group, _Lane())
        loading = _Loading(later, lane)
        loop = asyncio.get_running_loop()
        loading.timer = loop.call_later(LONGEST_SECONDS, self._give_up, loading)
        lane.waiting.append(loading)
        lane.to_begin.append(loading)
        self._begin(lane)

    def _begin(self, lane: _Lane) -> None:
        """Load what of a lane waits for that, as far as there is room."""
        while (
            lane.to_begin
            and lane.running < _AT_ONCE_A_GROUP
            and self._running < _AT_ONCE
            and self._held < _MOST_BYTES
        ):
            loading = lane.to_begin.popleft()
            if not loading.over:
                self._running += 1
                lane.running += 1
                loading.task = asyncio.ensure_future(loading.later.load())
                loading.task.add_done_callback(partial(self._loaded, loading))

    def _loaded(self, loading: _Loading, task: asyncio.Task[Message]) -> None:
        self._running -= 1
        loading.lane.running -= 1
        if not task.cancelled():
            error = task.exception()
            if error is None:
                loading.whole = task.result()
                self._held += len(loading.whole.picture)
            else:
                log.error("附带内容没读到 an enclosure was not loaded", exc_info=error)
        self._over(loading)

    def _give_up(self, loading: _Loading) -> None:
        log.info(
            "%s 的卡片或图片 %d 秒内没取到，照常往下走 a card or picture did not come in time",
            loading.later.message.id,
            LONGEST_SECONDS,
        )
        if loading.task is not None:
            loading.task.cancel()
        else:
            self._over(loading)

    def _over(self, loading: _Loading) -> None:
        """It waits no longer for being loaded: what of its lane may go on goes on."""
        loading.over = True
        loading.stop()
        if self._closed:
            return
        self._advance(loading.later.message.group, loading.lane.waiting)
        for lane in self._lanes.values():
            self._begin(lane)
        self._stir()

    def _advance(self, group: Group | None, waiting: deque[_Loading | Event]) -> None:
        while waiting:
            first = waiting[0]
            if not isinstance(first, _Loading):
                self.ready.append(first)
            elif first.over:
                self._held -= len(first.whole.picture) if first.whole else 0
                self.ready.append(first.whole or first.later.message)
            else:
                return
            waiting.popleft()
        self._lanes.pop(group, None)
