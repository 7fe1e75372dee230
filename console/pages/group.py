"""One group: who talks when and to whom, who comes and who stays, what topics bring about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.events import Group
from bot.shown import shown
from bot.texts import Text
from console.access import Access
from console.visit import Visit, page
from handlers.coming import coming
from handlers.effects_told import lines as told
from handlers.figures import (
    COHORTS,
    HOUR,
    LOUDEST,
    RETURNS,
    Bar,
    Circle,
    Cohort,
    Figures,
    Newcomers,
    Span,
    circle,
    cohorts,
    figures,
    newcomers,
    span,
    was_answered,
)
from handlers.ladder_words import CONSEQUENCES
from handlers.settings import GroupSettings
from handlers.whom import looked_after
from storage.reports import Reports
from storage.values_of_programmes import Outcome
from topics.worked import worked

TITLE = Text(zh="群", en="Group")
SPANS = (7, 30, 90)
"""Days that can be looked at."""
_USUAL = 30
_LISTED = 20
_LONGEST = 16
_GONE = Text(
    zh="没有这个群，或者配置里没有写它。", en="There is no such group, or no config for it."
)
_FORGOTTEN = Text(zh="（已抹去）", en="(erased)")


@dataclass(frozen=True)
class Seen:
    """Everything the page shows of one group."""

    key: int
    group: Group
    settings: GroupSettings
    span: Span
    members: int
    left: int
    figures: Figures
    newcomers: Newcomers
    cohorts: list[Cohort]
    circle: Circle
    names: Mapping[int, str]
    outcomes: list[Outcome]
    worked: list[Text]
    next: datetime | None

    @property
    def loudest(self) -> list[tuple[int, int]]:
        """Who spoke most, with how many messages."""
        return Counter(self.figures.speakers).most_common(_LISTED)


async def _seen(visit: Visit) -> Seen | None:
    key = int(visit.request.path_params["key"])
    days = visit.number("days") if visit.number("days") in SPANS else _USUAL
    access = visit.access

    async def read() -> Seen | None:
        return await access.read(lambda reports: _look(reports, access, key, days))

    return await access.sharing.get(("group", key, days), read)


def _look(reports: Reports, access: Access, key: int, days: int) -> Seen | None:
    scene = access.scene(reports)
    group = reports.of_groups.group(key)
    if group is None or group.account != scene.house.account:
        return None
    settings = looked_after(group, scene)
    if settings is None:
        return None
    read, where = reports.of_groups, span(scene.now, days, settings.time_zone)
    speakers = read.speakers(key, where.since, where.until)
    heard = read.heard(key, where.looks_back, where.until, where.seconds)
    found = figures(heard, speakers, read.first_said(key), where)
    came = read.came(key, where.looks_back, scene.me)
    new = {each.member for each in came}
    spoke = read.spoke(key, new, where.looks_back, where.until, HOUR) if new else []
    fresh = newcomers(came, where)
    ties = circle(read.turned(key, where.since, where.until))
    outcomes = reports.effects(group, where.since)
    ahead = coming(scene, group, settings)
    named = {who for who, _ in Counter(found.speakers).most_common(_LISTED)}
    named |= {each.member for each in fresh.came[:_LISTED]}
    named |= {who for tie in ties.ties for who in (tie.from_, tie.to)}
    return Seen(
        key=key,
        group=group,
        settings=settings,
        span=where,
        members=read.present([key], scene.me).get(key, 0),
        left=read.left(key, where.since, where.until),
        figures=found,
        newcomers=fresh,
        cohorts=cohorts(came, spoke, where),
        circle=ties,
        names=read.names(key, named),
        outcomes=outcomes[::-1],
        worked=told(group, worked(outcomes, settings.time_zone), settings.time_zone),
        next=ahead[0].at if ahead else None,
    )


_WORDS: dict[str, Any] = {
    "spans": SPANS,
    "listed": _LISTED,
    "loudest": LOUDEST,
    "weeks": COHORTS,
    "returns": RETURNS,
    "consequences": CONSEQUENCES,
    "was_answered": was_answered,
    "forgotten": _FORGOTTEN,
}


@page()
async def show(visit: Visit) -> Response:
    """One group."""
    seen = await _seen(visit)
    if seen is None:
        return visit.page("nothing.html", title=TITLE, words=_GONE, status=404)
    return visit.page("group.html", title=TITLE, here=seen, seen="", **_WORDS)


@page()
async def piece(visit: Visit) -> Response:
    """The figures of one group, by themselves."""
    seen = await _seen(visit)
    if seen is None:
        return Response(status_code=204)
    return visit.live("group_figures.html", here=seen, **_WORDS)


@page()
async def chart(visit: Visit) -> Response:
    """What one chart of a group draws."""
    seen = await _seen(visit)
    draw = _CHARTS.get(visit.request.path_params["chart"])
    if seen is None or draw is None:
        return Response(status_code=404)
    return JSONResponse(draw(seen, visit))


def _days(seen: Seen, visit: Visit) -> dict[str, Any]:
    return _bars(seen.figures.days, visit)


def _hours(seen: Seen, visit: Visit) -> dict[str, Any]:
    return _bars(seen.figures.hours, visit)


def _bars(bars: Sequence[Bar], visit: Visit) -> dict[str, Any]:
    return {
        "kind": "bars",
        "labels": [each.name for each in bars],
        "bars": {
            "name": visit.say(Text(zh="消息", en="messages")),
            "values": [each.messages for each in bars],
        },
        "line": {
            "name": visit.say(Text(zh="往常", en="usual")),
            "values": [each.usual for each in bars],
        },
    }


def _circle(seen: Seen, visit: Visit) -> dict[str, Any]:
    ties = seen.circle.ties
    people = list(dict.fromkeys(who for tie in ties for who in (tie.from_, tie.to)))
    places = {who: place for place, who in enumerate(people)}
    weight: Counter[int] = Counter()
    for tie in ties:
        weight[tie.from_] += tie.messages
        weight[tie.to] += tie.messages
    gone = visit.say(_FORGOTTEN)
    return {
        "kind": "circle",
        "people": [
            {"name": shown(seen.names.get(who, gone))[:_LONGEST], "weight": weight[who]}
            for who in people
        ],
        "ties": [
            {"from": places[tie.from_], "to": places[tie.to], "weight": tie.messages}
            for tie in ties
        ],
    }


_CHARTS = {"days": _days, "hours": _hours, "circle": _circle}

ROUTES = [
    Route("/groups/{key:int}", show),
    Route("/groups/{key:int}/figures", piece),
    Route("/groups/{key:int}/{chart:str}.json", chart),
]
