"""What is done in the sandbox from its page: by the people in it, and to its clock and platform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import UploadFile

from bot.actions import Say
from bot.events import Kind
from bot.gateway import sandbox
from bot.gateway.base import Capability
from bot.room import Room
from bot.texts import Text
from console.playing import Playing
from console.scrollback import Scrollback
from console.visit import Visit

MOVES = {"10m": timedelta(minutes=10), "1h": timedelta(hours=1), "1d": timedelta(days=1)}
ABILITIES = {
    Capability.REMOVE: Text(zh="移出成员", en="remove members"),
    Capability.SPEAK_IN_PRIVATE: Text(zh="私聊", en="speak in private"),
    Capability.ANNOUNCE: Text(zh="发群公告", en="announce"),
    Capability.INVITE: Text(zh="邀请进群", en="invite"),
    Capability.MUTE: Text(zh="禁言", en="mute"),
}
FAULTS = {
    "offline": Text(zh="断线", en="cut the line"),
    "refuse": Text(zh="平台拒绝发言", en="the platform refuses to speak"),
    "lose": Text(zh="说了但没有回音", en="said, but no answer comes back"),
}
_LONGEST = 2000
_LARGEST = 8 * 1024 * 1024
_NO_PICTURE = Text(zh="请选一张 8 MB 以内的图片。", en="Choose a picture of at most 8 MB.")
UNKNOWN = Text(zh="没有这个操作。", en="There is no such thing to do.")
_NOTHING_DUE = Text(zh="一个月内没有要发的话题。", en="Nothing is due within a month.")
_FAR = timedelta(days=31)


@dataclass(frozen=True)
class Here:
    """Where somebody is in the sandbox, and as whom. `private`: they talk to Weilu alone."""

    room: sandbox.Room
    me: sandbox.Person
    private: bool


@dataclass
class Stage:
    """The sandbox behind the pages."""

    room: Room
    scrollback: Scrollback
    playing: Playing


async def _speak(visit: Visit, stage: Stage, here: Here) -> Text | None:
    text = visit.field("text", _LONGEST)
    network = stage.room.network
    if not text:
        return None
    if here.private:
        network.whisper(here.me, stage.room.gateway.person, text)
        return None
    room = here.room
    called = [person for person in room.members if f"@{room.name_of(person)}" in text]
    quoted = visit.field("quote", 100)
    quote = network.line(quoted) if quoted else None
    network.speak(room, here.me, text, mention=called, quote=quote)
    return None


async def _picture(visit: Visit, stage: Stage, here: Here) -> Text | None:
    sent = visit.form.get("picture")
    data = await sent.read(_LARGEST + 1) if isinstance(sent, UploadFile) else b""
    if not 0 < len(data) <= _LARGEST:
        return _NO_PICTURE
    stage.room.network.speak(
        here.room, here.me, kind=Kind.IMAGE, encloses=sandbox.Enclosure(picture=data)
    )
    return None


async def _link(visit: Visit, stage: Stage, here: Here) -> Text | None:
    card = sandbox.Enclosure(visit.field("title", 100), visit.field("link", 500))
    stage.room.network.speak(here.room, here.me, kind=Kind.URL, encloses=card)
    return None


async def _join(visit: Visit, stage: Stage, here: Here) -> Text | None:
    who = visit.field("name", 40) or here.me
    stage.room.network.join(here.room, who, next(iter(here.room.members), None))
    return None


async def _leave(_: Visit, stage: Stage, here: Here) -> Text | None:
    stage.room.network.leave(here.room, here.me)
    return None


async def _recall(visit: Visit, stage: Stage, here: Here) -> Text | None:
    stage.room.network.recall(stage.room.network.line(visit.field("line", 100)), here.me)
    return None


async def _clock(visit: Visit, stage: Stage, _: Here) -> Text | None:
    if visit.field("by") == "next":
        return _to_the_next_post(visit, stage)
    delta = MOVES.get(visit.field("by"))
    if delta is None:
        return UNKNOWN
    stage.room.clock.move_by(delta)
    return None


def _to_the_next_post(visit: Visit, stage: Stage) -> Text | None:
    """To a second before the next due time of any programme, of any group of the sandbox."""
    now, in_force = stage.room.network.now, visit.access.in_force
    gateway = stage.room.gateway
    due = [
        at
        for room in stage.room.network.rooms
        if (settings := in_force.group(gateway.group(room))) is not None
        for programme in settings.programmes.values()
        for _, at in programme.due(
            now, now + _FAR, programme.time_zone or settings.time_zone, 10_000
        )[:1]
    ]
    if not due:
        return _NOTHING_DUE
    stage.room.clock.move_by(min(due) - now)
    return None


async def _ability(visit: Visit, stage: Stage, _: Here) -> Text | None:
    ability = next((each for each in ABILITIES if each.name == visit.field("which")), None)
    if ability is None:
        return UNKNOWN
    gateway = stage.room.gateway
    switch = gateway.switch_off if ability in gateway.capabilities else gateway.switch_on
    switch(ability)
    return None


def wrong(gateway: sandbox.SandboxGateway) -> set[str]:
    """Which of FAULTS are switched on."""
    on = {
        "offline": not gateway.is_reachable,
        "refuse": Say in gateway.faults.refuse,
        "lose": Say in gateway.faults.lose,
    }
    return {name for name, is_on in on.items() if is_on}


async def _fault(visit: Visit, stage: Stage, _: Here) -> Text | None:
    gateway, which = stage.room.gateway, visit.field("which")
    if which not in FAULTS:
        return UNKNOWN
    was = which in wrong(gateway)
    if which == "offline":
        (gateway.reconnect if was else gateway.disconnect)()
        return None
    kinds = gateway.faults.refuse if which == "refuse" else gateway.faults.lose
    (kinds.discard if was else kinds.add)(Say)
    return None


async def _play(_: Visit, stage: Stage, here: Here) -> Text | None:
    if stage.playing.progress is None:
        stage.playing.start(here.room)
    else:
        await stage.playing.stop()
    return None


Way = Callable[[Visit, Stage, Here], Awaitable[Text | None]]

WAYS: dict[str, Way] = {
    "speak": _speak,
    "picture": _picture,
    "link": _link,
    "join": _join,
    "leave": _leave,
    "recall": _recall,
    "clock": _clock,
    "ability": _ability,
    "fault": _fault,
    "play": _play,
}
