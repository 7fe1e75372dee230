"""Tests of bot/watchdog.py: an event that hangs is broken off, or the process ends."""

import asyncio
import contextlib
import threading
import time

import pytest
from builders import said

from bot import watchdog
from bot.watchdog import HandlerHung, Watchdog


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats of a hundredth of a second: broken off at the 3rd, given up at the 30th."""
    monkeypatch.setattr(watchdog, "BREAK_OFF", 3)
    monkeypatch.setattr(watchdog, "GIVE_UP", 30)


async def watched(watch: Watchdog, work: "threading.Thread") -> None:
    """Run the work in its thread under the watchdog's eyes."""
    running = asyncio.create_task(watch.run())
    work.start()
    await asyncio.to_thread(work.join)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_python_that_hangs_is_broken_off():
    """An endless loop ends with HandlerHung, and the thread is as good as before."""
    watch = Watchdog(every=0.01)
    seen: list[str] = []

    def hang() -> None:
        try:
            with watch.watching(said("一")):
                while True:
                    time.sleep(0)
        except HandlerHung:
            seen.append("broken off")
        with watch.watching(said("二")):
            seen.append("went on")

    await watched(watch, threading.Thread(target=hang))

    assert ["broken off", "went on"] == seen


async def test_what_cannot_be_broken_off_ends_the_process():
    """A library that does not return: the last sentence names the event and the place."""
    given_up = threading.Event()
    words: list[str] = []
    watch = Watchdog(end=lambda word: (words.append(word), given_up.set())[0], every=0.01)

    def hang() -> None:
        with contextlib.suppress(HandlerHung), watch.watching(said("秘密", id="m17")):
            given_up.wait(20)

    await watched(watch, threading.Thread(target=hang))

    assert 1 == len(words)
    assert "Message 'm17', test_watchdog.py" in words[0]
    assert "卡住了" in words[0]
    assert "秘密" not in words[0]


async def test_many_quick_events_are_no_hang():
    """A busy thread is left alone: what counts is one event, not the day's work."""
    watch = Watchdog(end=pytest.fail, every=0.03)

    def busy() -> None:
        for _ in range(200):
            with watch.watching(said("一")):
                time.sleep(0.005)

    await watched(watch, threading.Thread(target=busy))
