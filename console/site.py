"""All pages put together, behind one guard."""

import logging
import traceback
from collections.abc import Collection
from pathlib import Path, PurePath

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.access import Access
from console.doing import Stage
from console.guard import Guard
from console.importing import Imports
from console.pages import (
    calendar,
    calendar_sheet,
    cases,
    enter,
    group,
    groups,
    members,
    outbox,
    rules,
    rules_config,
    sandbox,
    today,
    topics,
    topics_files,
    topics_import,
)
from console.playing import Playing
from console.proposing import Drafts, OnDisk
from console.rerunning import Rerunning
from console.scrollback import Scrollback
from console.sessions import Sessions

log = logging.getLogger(__name__)

_WORDS = {
    404: "没有这一页。 There is no such page.",
    405: "这一页不能这样用。 That cannot be done with this page.",
}
_FAULT = "围炉出错了，已记入日志。 Something went wrong; it is in Weilu's log."
_STATIC = Path(__file__).parent / "static"


def site(access: Access, sessions: Sessions, hosts: Collection[str]) -> Starlette:
    """The console for one running Weilu, reached by one of these host names."""
    routes = [
        *enter.ROUTES,
        *today.ROUTES,
        *groups.ROUTES,
        *group.ROUTES,
        *cases.ROUTES,
        *members.ROUTES,
        *outbox.ROUTES,
        *rules.ROUTES,
        *rules_config.ROUTES,
        *topics.ROUTES,
        *topics_files.ROUTES,
        *topics_import.ROUTES,
        *calendar.ROUTES,
        *calendar_sheet.ROUTES,
        *sandbox.ROUTES,
        Mount("/static", StaticFiles(directory=_STATIC), name="static"),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=hosts), Middleware(_Failing)],
        exception_handlers={HTTPException: _refused, ClientDisconnect: _refused},
    )
    app.state.access = access
    app.state.sessions = sessions
    app.state.stage = _stage(access)
    app.state.drafts = Drafts()
    app.state.imports = Imports()
    app.state.on_disk = OnDisk()
    app.state.rerunning = Rerunning(access)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    words = _WORDS.get(status, "请求有误。 That request is not understood.")
    return PlainTextResponse(words, status)


class _Failing:
    """Our own faults, inside the guard: its headers are on that answer as well."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 whatever it is, the page says one sentence
            answer = _failed(error)
            if not begun:
                await answer(scope, receive, send)


def _failed(error: Exception) -> Response:
    """It is in the log, and nothing of it on the page."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    log.error(
        "控制台的一页出错了 a page of the console failed: %s, %s", type(error).__name__, where
    )
    return PlainTextResponse(_FAULT, 500)


def _stage(access: Access) -> Stage | None:
    """The sandbox with what its page remembers of it; None on a real account."""
    room = access.room
    if room is None:
        return None
    zone = access.in_force.config.time_zone
    return Stage(room, Scrollback(room.network), Playing(room, zone))
