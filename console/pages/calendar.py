"""话题日历 The calendar of topics: what comes in a group and why, what became of what came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from bot.events import Group
from bot.texts import Language, Text
from console.visit import Visit, page
from handlers.choice import course
from handlers.settings import GroupSettings
from handlers.states import POSTS
from storage.reports import Reports
from storage.values import Slot, SlotState
from storage.values_of_programmes import Arranged, Pause
from topics.planning import Planned, plan
from topics.reasons import Reason

TITLE = Text(zh="话题日历", en="Calendar of topics")
_MARKS = {
    SlotState.PLANNED: "",
    SlotState.HELD: "warn",
    SlotState.POSTED: "well",
    SlotState.CONFIRMED: "well",
    SlotState.UNCONFIRMED: "badly",
    SlotState.SKIPPED: "soft",
}
STATES = {state: (called, _MARKS[state]) for state, called in POSTS.items()}
WEEKDAYS = (
    Text(zh="周一", en="Mon"),
    Text(zh="周二", en="Tue"),
    Text(zh="周三", en="Wed"),
    Text(zh="周四", en="Thu"),
    Text(zh="周五", en="Fri"),
    Text(zh="周六", en="Sat"),
    Text(zh="周日", en="Sun"),
)
WAITING = (SlotState.PLANNED, SlotState.HELD)
WEEKS = (1, 2, 4)
_STEP, _FURTHEST = 20, 200


@dataclass(frozen=True)
class Place:
    """A group with programmes, and what is in force in it."""

    group: Group
    settings: GroupSettings

    @property
    def zone(self) -> ZoneInfo:
        """By whose clock its days are shown."""
        return self.settings.time_zone


@dataclass(frozen=True)
class Due:
    """One due time that is still to come. `slot` where it was taken up: it waits, or was moved."""

    programme: str
    wall: str
    at: datetime
    title: str
    key: str
    text: str
    reasons: tuple[Reason, ...]
    note: Text | None
    slot: Slot | None
    arranged: frozenset[Arranged]
    known: bool

    def why(self, language: Language) -> list[str]:
        """Why this topic, one reason after another; of a slot what was written down then."""
        if self.reasons:
            return [each.say(language) for each in self.reasons]
        return [self.slot.why] if self.slot is not None and self.slot.why else []


@dataclass(frozen=True)
class Calendar:
    """Everything the page shows of one group."""

    place: Place
    days: Mapping[date, list[Due]]
    pauses: tuple[Pause, ...]
    past: list[Slot]
    titles: Mapping[str, str]
    more: bool


def place_of(visit: Visit, reports: Reports, group_id: str) -> Place | None:
    """The group of this id, if it is looked after and has programmes."""
    in_force = visit.access.in_force
    found = reports.stores.groups.find(in_force.house().account, group_id)
    settings = in_force.group(found.group) if found is not None else None
    if found is None or settings is None or not settings.programmes:
        return None
    return Place(found.group, settings)


def places(visit: Visit, reports: Reports) -> list[Place]:
    """All such groups, by name."""
    in_force = visit.access.in_force
    every = reports.stores.groups.all(in_force.house().account)
    found = [
        Place(known.group, settings)
        for known in every
        if known.managed and (settings := in_force.group(known.group)) and settings.programmes
    ]
    return sorted(found, key=lambda place: place.group.name)


def ahead(reports: Reports, place: Place, now: datetime, until: datetime) -> list[Due]:
    """What is still to come until then, soonest first."""
    stores = reports.stores
    bank, one = stores.topics.bank(), course(stores, place.group, place.settings)
    slots = {(slot.programme, slot.wall): slot for slot in one.slots}
    arranged: dict[tuple[str, str], set[Arranged]] = {}
    for wish in one.arranged:
        arranged.setdefault((wish.programme, wish.wall), set()).add(wish.what)
    found = []
    for each in plan(bank, one, now, until):
        name = (each.programme, each.wall)
        found.append(_planned(each, slots.pop(name, None), frozenset(arranged.get(name, ()))))
    for slot in slots.values():
        if slot.state in WAITING and slot.due_at <= until:
            topic = bank.by_key.get(slot.topic_key)
            found.append(_waiting(slot, topic.title if topic else "", topic.text if topic else ""))
    return sorted(found, key=lambda due: (due.at, due.programme))


def _planned(each: Planned, slot: Slot | None, arranged: frozenset[Arranged]) -> Due:
    topic = each.topic
    return Due(
        programme=each.programme,
        wall=each.wall,
        at=each.at,
        title=topic.title if topic else "",
        key=topic.key if topic else "",
        text=topic.text if topic else "",
        reasons=each.reasons,
        note=each.note,
        slot=slot,
        arranged=arranged,
        known=each.known,
    )


def _waiting(slot: Slot, title: str, text: str) -> Due:
    return Due(
        programme=slot.programme,
        wall=slot.wall,
        at=max(slot.not_before or slot.due_at, slot.due_at),
        title=title,
        key=slot.topic_key,
        text=text,
        reasons=(),
        note=None,
        slot=slot,
        arranged=frozenset(),
        known=True,
    )


def _calendar(reports: Reports, place: Place, now: datetime, weeks: int, most: int) -> Calendar:
    today = now.astimezone(place.zone).date()
    days: dict[date, list[Due]] = {today + timedelta(days=n): [] for n in range(7 * weeks)}
    for due in ahead(reports, place, now, now + timedelta(days=7 * weeks)):
        # What waits since yesterday is still to come; the last hours are of a day too many.
        days.get(max(today, due.at.astimezone(place.zone).date()), []).append(due)
    slots = reports.stores.slots.list(place.group, _FURTHEST)
    past = [slot for slot in slots if slot.state not in WAITING]
    past.sort(key=lambda slot: slot.state is not SlotState.UNCONFIRMED)
    by_key = reports.stores.topics.bank().by_key
    posted = {slot.topic_key for slot in past[:most]}
    return Calendar(
        place=place,
        days=days,
        pauses=reports.stores.pauses.of(place.group),
        past=past[:most],
        titles={key: topic.title for key in posted if (topic := by_key.get(key))},
        more=len(past) > most,
    )


def _around(visit: Visit) -> dict[str, Any]:
    weeks = visit.number("weeks")
    return {
        "weeks": weeks if weeks in WEEKS else 2,
        "most": min(max(visit.number("most"), _STEP), _FURTHEST),
        "states": STATES,
        "weekdays": WEEKDAYS,
        "waiting": WAITING,
        "arranged": Arranged,
        "choices": WEEKS,
    }


@page()
async def show(visit: Visit) -> Response:
    """The whole page, of one group."""
    around, now = _around(visit), visit.access.now()

    def look(reports: Reports) -> tuple[list[Place], Calendar | None]:
        every = places(visit, reports)
        here = next((each for each in every if each.group.id == visit.field("group", 200)), None)
        place = here or next(iter(every), None)
        if place is None:
            return every, None
        return every, _calendar(reports, place, now, around["weeks"], around["most"])

    every, calendar = await visit.read(look)
    return visit.page(
        "topics_calendar.html",
        title=TITLE,
        tab="calendar",
        seen="",
        places=every,
        calendar=calendar,
        **around,
    )


@page()
async def days(visit: Visit) -> Response:
    """The days, by themselves."""
    around, now = _around(visit), visit.access.now()

    def look(reports: Reports) -> Calendar | None:
        place = place_of(visit, reports, visit.field("group", 200))
        if place is None:
            return None
        return _calendar(reports, place, now, around["weeks"], around["most"])

    calendar = await visit.read(look)
    if calendar is None:
        return Response(status_code=204)
    return visit.live("topics_days.html", calendar=calendar, **around)


ROUTES = [Route("/topics/calendar", show), Route("/topics/calendar/days", days)]
