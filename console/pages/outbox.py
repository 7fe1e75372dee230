"""发件箱 Outbox: what waits to go out, what nobody knows of, what was refused."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.actions import Announce, Invite, Mute, Recall, Remove, Say, place
from bot.texts import Text
from console.sessions import Right
from console.visit import Visit, page
from handlers.sending import cancel, resend, resume, seen, stop
from handlers.states import ACTIONS
from storage.reports import Reports
from storage.values import OutboxRow, OutboxState

TITLE = Text(zh="发件箱", en="Outbox")
_WAITS = (OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.SENT)
_FAILED = (OutboxState.REFUSED, OutboxState.EXPIRED)
TABS = {
    "waits": (Text(zh="待发", en="Waiting"), _WAITS),
    "unsure": (Text(zh="未确认", en="Unconfirmed"), (OutboxState.UNCONFIRMED,)),
    "failed": (Text(zh="没办成", en="Failed"), _FAILED),
    "done": (Text(zh="已办", en="Done"), (OutboxState.DONE, OutboxState.DRY)),
    "cancelled": (Text(zh="已取消", en="Cancelled"), (OutboxState.CANCELLED,)),
}
KINDS = {
    Say: Text(zh="说话", en="say"),
    Remove: Text(zh="移出", en="remove"),
    Announce: Text(zh="群公告", en="announce"),
    Recall: Text(zh="撤回", en="recall"),
    Invite: Text(zh="邀请", en="invite"),
    Mute: Text(zh="禁言", en="mute"),
}
_AGAIN = (OutboxState.UNCONFIRMED, *_FAILED)
_MOST = 50
_UNKNOWN = Text(zh="没有这个操作。", en="There is no such thing to do.")
_WAYS = {"resend": resend, "cancel": cancel, "seen": seen}


async def _shown(visit: Visit) -> dict[str, Any]:
    tab = visit.field("tab") if visit.field("tab") in TABS else "waits"
    account = visit.access.in_force.house().account

    def look(reports: Reports) -> tuple[list[OutboxRow], int, bool, str]:
        outbox = reports.stores.outbox
        state = reports.stores.accounts.get(account)
        stopped = state is not None and state.stopped_at is not None
        doubtful = outbox.list(account, (OutboxState.UNCONFIRMED,), _MOST)
        rows = outbox.list(account, TABS[tab][1], _MOST)
        return rows, len(doubtful), stopped, state.stopped_why if state else ""

    rows, doubtful, stopped, why = await visit.read(look)
    return {
        "tab": tab,
        "tabs": TABS,
        "rows": rows,
        "most": _MOST,
        "doubtful": doubtful,
        "stopped": stopped,
        "why": why,
        "states": ACTIONS,
        "kinds": KINDS,
        "place": place,
        "waits": _WAITS[:1],
        "again": _AGAIN,
        "unconfirmed": OutboxState.UNCONFIRMED,
    }


@page()
async def show(visit: Visit) -> Response:
    """The whole page."""
    return visit.page("outbox.html", title=TITLE, seen="", **await _shown(visit))


@page()
async def rows(visit: Visit) -> Response:
    """The rows, by themselves."""
    return visit.live("outbox_rows.html", **await _shown(visit))


@page(Right.OPERATOR)
async def one(visit: Visit) -> Response:
    """Send a row again, or never."""
    row = visit.request.path_params["row"]
    way = _WAYS.get(visit.request.path_params["what"])
    if way is None:
        return visit.told(visit.say(_UNKNOWN), well=False)
    return visit.told(await visit.decide(lambda scene, by: way(scene, row, by)))


@page(Right.OPERATOR)
async def everything(visit: Visit) -> Response:
    """Stop all sending, or go on."""
    way = {"stop": stop, "resume": resume}.get(visit.request.path_params["what"])
    if way is None:
        return visit.told(visit.say(_UNKNOWN), well=False)
    return visit.told(await visit.decide(way))


ROUTES = [
    Route("/outbox", show),
    Route("/outbox/rows", rows),
    Route("/outbox/{what:str}", everything, methods=["POST"]),
    Route("/outbox/{row:int}/{what:str}", one, methods=["POST"]),
]
