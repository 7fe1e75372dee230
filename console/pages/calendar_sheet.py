"""One due time of the calendar, in a sheet above it: move, skip, choose a topic, post now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.texts import Text
from console.pages.calendar import STATES, WAITING, Due, Place, ahead, place_of
from console.sessions import Right
from console.visit import Visit, page
from handlers import arranging
from handlers.choice import choices
from handlers.coming import zone_of
from handlers.delivering import FURTHEST
from handlers.restoring import restore
from handlers.scene import Scene
from handlers.verdicts import Verdict
from storage.reports import Reports
from storage.values import Slot, Topic, TopicStatus
from storage.values_of_order import Doer
from storage.values_of_programmes import Arranged
from topics.choosing import Ranked
from topics.moments import moment

_GONE = Text(
    zh="这一次已经办过，或者不再有了。",
    en="This one is dealt with already, or is no more.",
)
_NO_TIME = Text(zh="看不懂这个时间。", en="That time is not understood.")
_NO_TOPIC = Text(zh="没有这个话题了。", en="There is no such topic any more.")
_NO_GROUP = Text(zh="没有这个群，或者它没有节目。", en="No such group, or it has no programmes.")
_FEW = 6
_AHEAD = timedelta(days=29)
_INPUT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Asked:
    """Which due time is meant, as the address says."""

    group: str
    programme: str
    wall: str

    @classmethod
    def of(cls, visit: Visit) -> "Asked":
        """Of this request."""
        return cls(
            visit.field("group", 200), visit.field("programme", 100), visit.field("wall", 40)
        )


def _due(reports: Reports, place: Place, asked: Asked, now: datetime) -> Due | None:
    every = ahead(reports, place, now, now + _AHEAD)
    return next(
        (due for due in every if (due.programme, due.wall) == (asked.programme, asked.wall)), None
    )


@page()
async def show(visit: Visit) -> Response:
    """The sheet of one due time."""
    return await _sheet(visit, None)


async def _sheet(visit: Visit, verdict: Verdict | Text | None) -> Response:
    asked, now = Asked.of(visit), visit.access.now()

    def look(reports: Reports) -> tuple[Place | None, Due | None]:
        place = place_of(visit, reports, asked.group)
        return place, _due(reports, place, asked, now) if place else None

    place, due = await visit.read(look)
    told: dict[str, Any] = {"words": "", "done": False}
    if isinstance(verdict, Verdict):
        told = {"words": verdict.say(visit.language), "done": verdict.done}
    elif verdict is not None:
        told["words"] = visit.say(verdict)
    elif place is None or due is None:
        told["words"] = visit.say(_GONE)
    answer = visit.part(
        "topics_sheet.html", place=place, due=due, asked=asked, **told, **_times(visit, place, due)
    )
    if verdict is not None:
        answer.headers["hx-trigger"] = "changed"
    return answer


def _times(visit: Visit, place: Place | None, due: Due | None) -> dict[str, Any]:
    """What the field for another time begins with, from where and to where it may go."""
    if place is None or due is None:
        return {"zone": None}
    zone, now = zone_of(place.settings, due.programme), visit.access.now()
    to = visit.field("to", 20) or f"{due.at.astimezone(zone):{_INPUT}}"
    return {
        "zone": zone,
        "to": to,
        "moving": bool(visit.field("to", 20)) and visit.request.method == "GET",
        "earliest": f"{now.astimezone(zone):{_INPUT}}",
        "latest": f"{(now + FURTHEST).astimezone(zone):{_INPUT}}",
        "states": STATES,
        "waiting": WAITING,
        "arranged": Arranged,
    }


@page()
async def pick(visit: Visit) -> Response:
    """Topics that may be chosen: those that fit best, or those with these words in them."""
    asked, now, q = Asked.of(visit), visit.access.now(), visit.field("q", 60).casefold()

    def look(reports: Reports) -> list[tuple[Topic, list[str]]]:
        place = place_of(visit, reports, asked.group)
        due = _due(reports, place, asked, now) if place else None
        if place is None or due is None:
            return []
        if q:
            return [(topic, []) for topic in _with(reports, q)]
        best = choices(
            reports.stores, place.group, place.settings, due.programme, due.wall, due.at, _FEW
        )
        return [(each.topic, _why(each, visit)) for each in best]

    some = await visit.read(look)
    return visit.part("topics_pick.html", some=some, asked=asked, q=q)


def _with(reports: Reports, words: str) -> list[Topic]:
    found = (
        topic
        for topic in reports.stores.topics.bank().topics
        if topic.status is TopicStatus.APPROVED
        and any(words in each.casefold() for each in (topic.title, topic.text, *topic.tags))
    )
    return [topic for topic, _ in zip(found, range(_FEW), strict=False)]


def _why(each: Ranked, visit: Visit) -> list[str]:
    return [reason.say(visit.language) for reason in each.reasons]


@page(Right.OPERATOR)
async def act(visit: Visit) -> Response:
    """What somebody wants of a due time, whose sheet then shows it, or of a whole programme."""
    way = _WAYS.get(visit.request.path_params["what"])
    asked = Asked.of(visit)
    place = await visit.read(lambda reports: place_of(visit, reports, asked.group))
    if way is None or place is None:
        return visit.told(visit.say(_NO_GROUP), well=False)
    decision = way(visit, place, asked)
    if isinstance(decision, Text):
        return await _sheet(visit, decision)
    verdict = await visit.decide(decision)
    return await _sheet(visit, verdict) if asked.wall else visit.told(verdict)


Decision = Callable[[Scene, Doer], Verdict]


def _skip(_: Visit, place: Place, asked: Asked) -> Decision:
    group, settings = place.group, place.settings
    return lambda scene, by: arranging.skip(scene, group, settings, by, asked.programme, asked.wall)


def _restore(_: Visit, place: Place, asked: Asked) -> Decision:
    group, settings = place.group, place.settings
    return lambda scene, by: restore(scene, group, settings, by, asked.programme, asked.wall)


def _pin(visit: Visit, place: Place, asked: Asked) -> Decision:
    key = visit.field("key", 200)

    def decide(scene: Scene, by: Doer) -> Verdict:
        topic = scene.work.topics.get(key)
        if topic is None:
            return Verdict(done=False, words=_NO_TOPIC)
        return arranging.pin(
            scene, place.group, place.settings, topic, by, asked.programme, asked.wall
        )

    return decide


def _now(visit: Visit, place: Place, asked: Asked) -> Decision:
    key = visit.field("key", 200)

    def decide(scene: Scene, by: Doer) -> Verdict:
        topic = scene.work.topics.get(key) if key else None
        if key and topic is None:
            return Verdict(done=False, words=_NO_TOPIC)
        return arranging.post_now(scene, place.group, place.settings, by, asked.programme, topic)

    return decide


def _move(visit: Visit, place: Place, asked: Asked) -> Decision | Text:
    """To a time on the group's wall; what was taken up already is moved as the slot it is."""
    zone = zone_of(place.settings, asked.programme)
    try:
        to = moment(visit.field("to", 40).replace("T", " "), visit.access.now(), zone)
    except (ValueError, OverflowError):
        return _NO_TIME
    number = visit.number("slot")

    def decide(scene: Scene, by: Doer) -> Verdict:
        if number:
            slot = _slot(scene, number)
            return slot if isinstance(slot, Verdict) else arranging.move_slot(scene, slot, to, by)
        return arranging.move(
            scene, place.group, place.settings, to, by, asked.programme, asked.wall
        )

    return decide


def _pause(_: Visit, place: Place, asked: Asked) -> Decision:
    group, settings = place.group, place.settings
    return lambda scene, by: arranging.pause(scene, group, settings, by, asked.programme)


def _resume(_: Visit, place: Place, asked: Asked) -> Decision:
    group, settings = place.group, place.settings
    return lambda scene, by: arranging.resume(scene, group, settings, by, asked.programme)


def _resend(visit: Visit, _: Place, __: Asked) -> Decision:
    return _of_slot(visit.number("slot"), arranging.resend)


def _cancel(visit: Visit, _: Place, __: Asked) -> Decision:
    return _of_slot(visit.number("slot"), arranging.cancel)


def _of_slot(number: int, way: Callable[[Scene, Slot, Doer], Verdict]) -> Decision:
    def decide(scene: Scene, by: Doer) -> Verdict:
        slot = _slot(scene, number)
        return slot if isinstance(slot, Verdict) else way(scene, slot, by)

    return decide


_WAYS: dict[str, Callable[[Visit, Place, Asked], Decision | Text]] = {
    "skip": _skip,
    "restore": _restore,
    "pin": _pin,
    "now": _now,
    "move": _move,
    "pause": _pause,
    "resume": _resume,
    "resend": _resend,
    "cancel": _cancel,
}


def _slot(scene: Scene, number: int) -> Slot | Verdict:
    slot = scene.work.slots.get(number)
    if slot is None or slot.group.account != scene.house.account:
        return Verdict(done=False, words=_GONE)
    return slot


ROUTES = [
    Route("/topics/calendar/slot", show),
    Route("/topics/calendar/pick", pick),
    Route("/topics/calendar/{what:str}", act, methods=["POST"]),
]
