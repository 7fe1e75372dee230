"""The web console beside `weilu run`: got ready while everything else goes on."""

import asyncio
import contextlib
import importlib
import importlib.util
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import App
from bot.cli.speech import tr
from bot.secrets import Secrets
from storage.database import Database

if TYPE_CHECKING:
    from bot.room import Room

log = logging.getLogger(__name__)

_NEEDED = "uvicorn"
_LATER = 1.0
"""Seconds that the first answer has the processor to itself."""


@contextlib.asynccontextmanager
async def console(  # noqa: PLR0917 what it is made of
    app: App,
    database: Database,
    secrets: Secrets,
    config_file: Path,
    say: Callable[[str], None],
    room: "Room | None" = None,
) -> AsyncIterator[None]:
    """The pages are served inside this block, and `say` tells where.

    Without the extra `console`, or with the port taken, Weilu runs without them and says so.
    """
    async with contextlib.AsyncExitStack() as stack:
        opening = asyncio.create_task(
            _open(stack, app, database, secrets, config_file, say, room), name="console"
        )
        try:
            yield
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)


async def _open(  # noqa: PLR0917 what it is made of
    stack: contextlib.AsyncExitStack,
    app: App,
    database: Database,
    secrets: Secrets,
    config_file: Path,
    say: Callable[[str], None],
    room: "Room | None",
) -> None:
    settings = app.in_force.config.console
    if not settings.enabled:
        return
    if importlib.util.find_spec(_NEEDED) is None:
        log.info("没有网页控制台：装上 weilu[console] 就有 No web console: install weilu[console]")
        return
    if room is None:
        await asyncio.sleep(_LATER)
    # In a thread: importing takes as long as connecting does, and nobody waits for it.
    server = await asyncio.to_thread(importlib.import_module, "console.server")
    access = await asyncio.to_thread(importlib.import_module, "console.access")
    serving = server.serving(
        access.Access(
            database=database,
            in_force=app.in_force,
            decide=app.pipeline.decide,
            clock=app.clock,
            room=room,
            config_file=config_file,
        ),
        host=settings.host,
        port=settings.port,
        hosts=settings.names,
        password_hash=secrets.console_password.get_secret_value().strip(),
        listen=app.listen,
    )
    try:
        address = await stack.enter_async_context(serving)
    except OSError as error:
        log.warning(
            "网页控制台没有开：%s:%d %s。改 config.yaml 里的 console.port。"
            " No web console: change console.port in config.yaml.",
            settings.host,
            settings.port,
            error.strerror or error,
        )
        return
    say(
        tr(
            f"网页控制台（链接只能用一次）：{address}",
            f"The web console (a link for one use): {address}",
        )
    )
