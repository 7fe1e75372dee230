"""`make shots`: every page of the console after a played day, for a phone and a desk, as PNG."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from browser import DESK, PHONE, running, window
from console_stage import Stage, console, served
from playwright.async_api import Page

from console import playing
from storage.database import Database
from storage.work import Work
from topics.files import read

HOUSE = Path(__file__).parent.parent
PAGES = {
    "today": "/",
    "groups": "/groups",
    "group": "/groups/1",
    "topics": "/topics",
    "calendar": "/topics/calendar",
    "import": "/topics/import",
    "cases": "/cases",
    "case": "/cases/2",
    "rules": "/rules",
    "rules-try": "/rules/try?text=加微信领资料",
    "rules-config": "/rules/config",
    "members": "/members",
    "member": "/members/2",
    "outbox": "/outbox?tab=done",
    "sandbox": "/sandbox",
}
CONFIG = (HOUSE / "config.yaml").read_text("utf-8")
_PATIENCE = 120
_SETTLE = 1500
"""Milliseconds until charts are drawn and live pieces were asked for once."""


async def shots(folder: Path) -> None:
    """Write them all; the day is the one that `weilu demo` plays."""
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/shots.db")
        database.upgrade()
        async with console(database, Path(place), CONFIG) as stage:
            await stage.app.writer.run(_fill)
            await _play(stage)
            async with served(stage) as address, running() as chromium, window(chromium) as page:
                await _enter(page, address, folder)
                for name, size in (("desk", DESK), ("phone", PHONE)):
                    await page.set_viewport_size(size)
                    await _take(page, address, folder, name)
        database.close()


async def _enter(page: Page, address: str, folder: Path) -> None:
    await page.goto(address)
    await page.screenshot(path=folder / "enter-desk.png")
    await page.get_by_role("button", name="进入控制台").click()


async def _take(page: Page, address: str, folder: Path, name: str) -> None:
    base = re.sub(r"/enter.*", "", address)
    for shot, path in PAGES.items():
        await page.goto(base + path)
        await page.wait_for_timeout(_SETTLE)
        await page.screenshot(path=folder / f"{shot}-{name}.png")
        print(folder / f"{shot}-{name}.png")  # noqa: T201


def _fill(work: Work) -> None:
    for topic in read(HOUSE / "topics" / "starter.yaml"):
        work.topics.put(topic)


async def _play(stage: Stage) -> None:
    """The day of the demo, in the first group; nobody watches, so nobody needs time to read."""
    playing._BREATH = 0.02
    day = playing.Playing(stage.room, stage.app.in_force.config.time_zone)
    day.start(stage.room.network.rooms[0])
    async with asyncio.timeout(_PATIENCE):
        while day.progress is not None:
            await stage.settled()
            await asyncio.sleep(0.05)
    await stage.settled()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE / "docs" / "shots"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(shots(target))
