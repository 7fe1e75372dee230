"""A house with three rules, and an admin in front of the console's pages about them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from console_stage import CONFIG, Stage, Visitor, console

from storage.database import Database

RULES = CONFIG.replace(
    "    rules:\n",
    "    rules:\n"
    "      问好: {rule: keywords, words: [早安], reason: 先看看有多少, shadow: true}\n"
    "      链接: {rule: links, reason: 外面的链接先问群主,\n"
    "             exempt: [{role: newcomer, reason: 还不知道, until: 2099-12-31}]}\n",
)
NEW = "[加微信, 代购]", "[加微信, 兼职]"


@asynccontextmanager
async def rules(database: Database, folder: Path) -> AsyncIterator[tuple[Stage, Visitor, Path]]:
    """A house with three rules, an admin in front of it, and the file they may change."""
    async with console(database, folder, RULES) as stage:
        yield stage, await stage.visitor(), folder / "config.yaml"


def began(page: str) -> str:
    """Which state of the file the editor was opened on."""
    found = re.search(r'id="began" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


def edited(path: Path, *change: str) -> str:
    """The file's text with one thing changed."""
    old, new = change or NEW
    return path.read_text("utf-8").replace(old, new)


async def send(visitor: Visitor, where: str, text: str, **fields: Any) -> str:
    """A draft, sent from the page as it is now."""
    if "began" not in fields:
        fields["began"] = began((await visitor.get("/rules/config")).text)
    return (await visitor.post(f"/rules/config/{where}", text=text, **fields)).text


async def replayed(visitor: Visitor) -> str:
    """The replay once it is over."""
    async with asyncio.timeout(20):
        while True:
            page = (await visitor.get("/rules/config/replayed")).text
            if "<progress" not in page:
                return page
            await asyncio.sleep(0.02)


async def until_loaded(stage: Stage, visitor: Visitor, words: str) -> None:
    """The watcher has looked twice, and the page says so."""
    async with asyncio.timeout(20):
        while True:
            if words in (await visitor.get("/rules/config/loaded")).text:
                return
            stage.room.clock.move_by(timedelta(seconds=1))
            await asyncio.sleep(0.02)


async def audit(stage: Stage) -> list[tuple[object, str, str]]:
    """Who did what to the config and why, newest first."""
    deeds = await stage.app.writer.run(lambda work: work.audit.list(stage.app.account))
    return [(deed.by, deed.what, deed.why) for deed in deeds if deed.about == "config.yaml"]
