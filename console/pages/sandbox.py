"""沙箱 Sandbox: a chat room like those that members know, to try Weilu in."""

from typing import Any
from zlib import crc32

from starlette.responses import Response
from starlette.routing import Route

from bot.actions import Say, place
from bot.events import Kind
from bot.gateway import sandbox
from bot.texts import Text
from bot.transcript import words
from console.doing import ABILITIES, FAULTS, UNKNOWN, WAYS, Here, Stage, wrong
from console.scrollback import Seen
from console.sessions import Right
from console.visit import Visit, page
from storage.reports import Reports
from storage.values import OutboxState

TITLE = Text(zh="沙箱", en="Sandbox")
_SHOWN = 120
_SAYING = (OutboxState.PENDING, OutboxState.CLAIMED)
_MOST = 50
_NONE = Text(zh="这里没有沙箱：围炉连着真实账号。", en="There is no sandbox on a real account.")


def _stage(visit: Visit) -> Stage | None:
    stage: Stage | None = visit.request.app.state.stage
    return stage


def _here(visit: Visit, stage: Stage) -> Here:
    """As the address says; what it says wrongly is taken for the first there is."""
    network = stage.room.network
    rooms = {room.id: room for room in network.rooms}
    room = rooms.get(visit.field("room"), network.rooms[0])
    people = [person for person in network.people if not person.is_account]
    known = {person.id: person for person in people}
    fallback = next((each for each in people if each.name == "你"), people[0])
    return Here(room, known.get(visit.field("me"), fallback), visit.field("private") == "1")


def _seen(stage: Stage, here: Here) -> list[Seen]:
    account = stage.room.gateway.person
    back = stage.scrollback
    seen = back.between(here.me, account) if here.private else back.of_room(here.room)
    return seen[-_SHOWN:]


async def _typing(visit: Visit, stage: Stage, here: Here) -> bool:
    """Whether Weilu has something to say here: it takes its time, as a person does."""
    gateway, now = stage.room.gateway, visit.access.now()
    where = gateway.identity(here.me) if here.private else gateway.group(here.room)

    def look(reports: Reports) -> bool:
        stores = reports.stores
        state = stores.accounts.get(gateway.account)
        if state is not None and state.stopped_at is not None:
            return False
        return any(
            isinstance(row.action, Say) and place(row.action) == where and row.not_before <= now
            for row in stores.outbox.list(gateway.account, _SAYING, _MOST)
        )

    return gateway.is_reachable and await visit.read(look)


def _shown(stage: Stage, here: Here) -> dict[str, Any]:
    gateway = stage.room.gateway
    return {
        "here": here,
        "rooms": stage.room.network.rooms,
        "people": [each for each in stage.room.network.people if not each.is_account],
        "weilu": gateway.person,
        "cared": gateway.cares_for(gateway.group(here.room)),
        "clock": stage.room.network.now,
        "seen_here": _seen(stage, here),
        "progress": stage.playing.progress,
        "abilities": ABILITIES,
        "able": gateway.capabilities,
        "faults": FAULTS,
        "wrong": wrong(gateway),
        "image": Kind.IMAGE,
        "text": Kind.TEXT,
        "words": words,
        "face": _face,
    }


def _face(person: sandbox.Person) -> int:
    """Which colour somebody's face has: one of six, always the same."""
    return crc32(person.id.encode()) % 6


@page()
async def show(visit: Visit) -> Response:
    """The whole page."""
    stage = _stage(visit)
    if stage is None:
        return visit.page("nothing.html", title=TITLE, words=_NONE)
    here = _here(visit, stage)
    typing = await _typing(visit, stage, here)
    found = _shown(stage, here)
    return visit.page("sandbox.html", title=TITLE, seen="", typing=typing, **found)


@page()
async def lines(visit: Visit) -> Response:
    """What was said, by itself."""
    stage = _stage(visit)
    typing = stage is not None and await _typing(visit, stage, _here(visit, stage))
    return _live(visit, "sandbox_lines.html", typing=typing)


@page()
async def around(visit: Visit) -> Response:
    """What stands beside it, by itself."""
    return _live(visit, "sandbox_around.html")


def _live(visit: Visit, template: str, **more: Any) -> Response:
    stage = _stage(visit)
    if stage is None:
        return visit.told(visit.say(_NONE), well=False)
    return visit.live(template, **more, **_shown(stage, _here(visit, stage)))


@page(Right.OPERATOR)
async def act(visit: Visit) -> Response:
    """Something that a person of the sandbox does, or that is done to it."""
    stage = _stage(visit)
    if stage is None:
        return visit.told(visit.say(_NONE), well=False)
    way = WAYS.get(visit.request.path_params["what"])
    if way is None:
        return visit.told(visit.say(UNKNOWN), well=False)
    try:
        trouble = await way(visit, stage, _here(visit, stage))
    except sandbox.NotPossible as no:
        return visit.told(str(no), well=False)
    if trouble is not None:
        return visit.told(visit.say(trouble), well=False)
    return Response(status_code=204, headers={"hx-trigger": "changed"})


@page()
async def picture(visit: Visit) -> Response:
    """A picture that was sent; whatever it says it is, it is shown as a picture or not at all."""
    stage = _stage(visit)
    try:
        line = stage.room.network.line(visit.request.path_params["line"]) if stage else None
    except sandbox.NotPossible:
        line = None
    data = line.encloses.picture if line else b""
    kind = next((kind for begin, kind in _PICTURES.items() if data.startswith(begin)), None)
    if kind is None:
        return Response(status_code=404)
    return Response(data, media_type=kind)


_PICTURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}

ROUTES = [
    Route("/sandbox", show),
    Route("/sandbox/lines", lines),
    Route("/sandbox/around", around),
    Route("/sandbox/picture/{line}", picture),
    Route("/sandbox/{what}", act, methods=["POST"]),
]
