"""Notices an event that is in hand for too long, and bounds it.

Handlers and rules run in the writer's thread, and nothing outside can end a thread. So there are
two bounds. Python code that hangs is broken off by an exception raised inside it: the event is
spoiled like any other that a handler fails on, and what is behind it goes on. Where that does not
help (it waits in a library that never returns), the process ends with a sentence; whoever
supervises it starts it again, and since a gateway replays nothing the event is not heard again.
"""

import asyncio
import ctypes
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from bot.deciding import Deciding
from bot.events import Event

log = logging.getLogger(__name__)

BREAK_OFF = 20
"""Beats (seconds) on one event until it is broken off."""
GIVE_UP = 60
"""Beats on one event until the process ends."""
_HOUSE = Path(__file__).parent.parent


class HandlerHung(Exception):  # noqa: N818 what happened
    """Raised inside the handler that took too long."""


_InHand = tuple[Event | Deciding, int]
"""What is being worked on, in which thread. Each time another one: by that a new turn is known."""


class Watchdog:
    """Watches one thread's work. `end` is told the last sentence and ends the process."""

    def __init__(self, end: Callable[[str], None] | None = None, every: float = 1.0) -> None:
        self._end = end or _end
        self._every = every
        self._lock = threading.Lock()
        self._in_hand: _InHand | None = None

    def watching(self, event: Event | Deciding) -> "Watching":
        """While this block runs, its thread has the event in hand; may raise HandlerHung."""
        return Watching(self)(event)

    def take(self, in_hand: _InHand) -> None:
        """This is worked on now."""
        self._in_hand = in_hand

    def put_down(self) -> None:
        """It is no longer worked on; nothing is raised because of it any more."""
        with self._lock:
            self._in_hand = None

    async def run(self) -> None:
        """Look once a beat, until cancelled. Beats count, not time: being stopped is no hang."""
        seen, beats = None, 0
        while True:
            await asyncio.sleep(self._every)
            in_hand = self._in_hand
            beats = beats + 1 if in_hand is seen is not None else 0
            seen = in_hand
            if in_hand is not None and beats == BREAK_OFF:
                self._break_off(in_hand)
            if in_hand is not None and beats == GIVE_UP:
                what = _told(in_hand)
                self._end(
                    f"处理这件事卡住了，围炉无法继续，现在退出，请重新启动；它已跳过：{what} "
                    f"Weilu cannot go on, handling this hangs: start it again; {what} is skipped"
                )

    def _break_off(self, in_hand: _InHand) -> None:
        log.error("处理这件事太久，打断它 this takes too long, breaking it off: %s", _told(in_hand))
        with self._lock:
            if self._in_hand is in_hand:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(in_hand[1]), ctypes.py_object(HandlerHung)
                )


class Watching:
    """The block in which an event is in hand. Made in its thread, entered for one after another."""

    __slots__ = ("_event", "_thread", "_watchdog")

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._thread = threading.get_ident()

    def __call__(self, event: Event | Deciding) -> "Watching":
        """The same block for this event."""
        self._event = event
        return self

    def __enter__(self) -> None:
        self._watchdog.take((self._event, self._thread))

    def __exit__(self, *error: object) -> None:
        self._watchdog.put_down()


def _told(in_hand: _InHand) -> str:
    """Which event and where in the code; not what it says: that is a member's."""
    event, thread = in_hand
    frame = sys._current_frames().get(thread)  # noqa: SLF001 the documented way
    frames = traceback.extract_stack(frame) if frame else []
    ours = [one for one in frames if Path(one.filename).is_relative_to(_HOUSE)]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    name = str(getattr(event, "id", ""))[:64]
    return f"{type(event).__name__} {name!r}, {where}"


def _end(sentence: str) -> None:
    """No tidying up: it would wait for the very thread that hangs."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 the last word, logging may hang too
    os._exit(1)
