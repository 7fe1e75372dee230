"""Edits of config.yaml taking effect while Weilu runs."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.config_file import parse, read
from bot.faults import ConfigFaults, Fault
from bot.frozen import frozen

_NAMED = re.compile(r"[^\s\[\],'\"#]+\.txt\b")
"""Where a list of words may be named."""

OnChange = Callable[[Config], Awaitable[None]]
OnFault = Callable[[ConfigFaults], Awaitable[None]]


async def watch(
    path: Path,
    on_change: OnChange,
    on_fault: OnFault,
    *,
    clock: Clock | None = None,
    every: float = 1.0,
    loaded: Config | None = None,
) -> None:
    """Tell of each edit of a file, or of a list of words it names, once: its config, or its faults.

    An edit counts once the file has been the same for two looks, `every` seconds apart, so that a
    half-written file is not taken for a faulty one. What the file holds at the first look is taken
    for what is in force, unless it differs from the config that was `loaded`. Ends only by being
    cancelled, or by what a callback raises.
    """
    clock = clock or SystemClock()
    seen = await asyncio.to_thread(_look, path)
    # What was loaded is read anew with the first settled look only: the start has better to do.
    handled = seen if loaded is None else None
    while True:
        await clock.sleep(every)
        now = await asyncio.to_thread(_look, path)
        settled, seen = now == seen, now
        if settled and now != handled:
            handled = now
            found = await asyncio.to_thread(now.config, path)
            known, loaded = loaded, None
            if found != known:
                await (on_change(found) if isinstance(found, Config) else on_fault(found))


@frozen
class _Look:
    """The file at one moment: what it holds, or why it cannot be read.

    The content is read each time: a modification time may stay the same over an edit. Files that
    it names (lists of words) may be large: of them the sizes and times stand `beside` it.
    """

    content: bytes
    beside: tuple[tuple[str, int, int], ...] = ()
    unread: tuple[Fault, ...] = ()

    def config(self, path: Path) -> Config | ConfigFaults:
        """The config that was seen, or what is wrong with it."""
        if self.unread:
            return ConfigFaults(self.unread)
        try:
            return parse(self.content, str(path))
        except ConfigFaults as faults:
            return faults


def _look(path: Path) -> _Look:
    try:
        content = read(path)
    except ConfigFaults as faults:
        return _Look(b"", unread=faults.faults)
    return _Look(content, tuple(_beside(content, path.parent)))


def _beside(content: bytes, folder: Path) -> Iterator[tuple[str, int, int]]:
    """Whatever is named in the file and lies there: name, size, and when it was changed."""
    for name in sorted(set(_NAMED.findall(content.decode(errors="replace")))):
        with contextlib.suppress(OSError, ValueError):
            found = (folder / name).stat()
            yield name, found.st_size, found.st_mtime_ns
