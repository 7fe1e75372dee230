"""规则 Rules: what is in force in which groups, who was told, and a text to try it on."""

import asyncio
from dataclasses import dataclass

from markupsafe import Markup, escape
from starlette.responses import Response
from starlette.routing import Route

from bot.config import Config
from bot.faults import ConfigFaults
from bot.shown import shown
from bot.texts import Text
from console.proposing import check
from console.visit import Visit, page
from handlers.found_words import UNDONE, parted, then
from handlers.granted import granted
from handlers.ladder_words import climbs
from handlers.rule_book import Entry, Place, Told, book, places, told
from handlers.shown_rules import at_least
from handlers.trying import Line, Stage, Tried
from rules.steps import Step
from storage.reports import Reports

TITLE = Text(zh="规则", en="Rules")
TRY = Text(zh="试一句", en="Try a text")
_MOST = 50
_LONGEST = 2000
_STRIKES = 5


@dataclass(frozen=True)
class InForce:
    """The rules of one place, and who was told of them. `more`: groups that are not listed."""

    place: Place
    entries: list[Entry]
    told: list[Told]
    more: int


def _places(visit: Visit, reports: Reports, config: Config | None = None) -> list[Place]:
    """By the config in force, or by another one."""
    in_force = visit.access.in_force
    ask = config.group if config else in_force.group
    entries = [(str(each.match), each.settings) for each in (config or in_force.config).groups]
    known = [
        each.group for each in reports.stores.groups.all(in_force.house().account) if each.managed
    ]
    return places(entries, [(group, ask(group)) for group in known])


def _place(visit: Visit, found: list[Place]) -> Place | None:
    """The one that is meant, else the first."""
    wanted = visit.field("group", 200)
    for place in found:
        if wanted and (wanted == place.called or any(wanted == one.id for one in place.groups)):
            return place
    return found[0] if found else None


@page()
async def show(visit: Visit) -> Response:
    """The rules in force."""
    account, now = visit.access.in_force.house().account, visit.access.now()

    def look(reports: Reports) -> tuple[list[Place], InForce | None]:
        found = _places(visit, reports)
        place = _place(visit, found)
        if place is None:
            return found, None
        listed = place.groups[:_MOST]
        heard = told(reports.stores, listed, place.settings)
        entries = book(reports.stores, place, account, heard, now)
        return found, InForce(place, entries, heard, len(place.groups) - len(listed))

    found, here = await visit.read(look)
    return visit.page(
        "rules.html",
        title=TITLE,
        places=found,
        here=here,
        at_least=lambda rule, settings: at_least(rule, settings.ladder, visit.language),
        climbs=lambda ladder: climbs(ladder, visit.language),
    )


@page()
async def trying(visit: Visit) -> Response:
    """Where a text can be tried."""
    found = await visit.read(lambda reports: _places(visit, reports))
    return visit.page(
        "rules_try.html",
        title=TRY,
        places=found,
        here=_place(visit, found),
        strikes=range(_STRIKES + 1),
        draft=await _draft(visit) is not None,
        by_draft=visit.field("by") == "draft",
    )


@page()
async def tried(visit: Visit) -> Response:
    """What is found in it, while somebody types."""
    text = visit.field("text", _LONGEST)
    if not text:
        return visit.part("rules_tried.html", tried=None, place=None)
    draft = await _draft(visit) if visit.field("by") == "draft" else None
    place, found = await visit.read(lambda reports: _tried(visit, reports, text, draft))
    return visit.part(
        "rules_tried.html",
        tried=found,
        place=place,
        marked=marked,
        undone=lambda step: UNDONE[Step(step)],
        then=lambda outcome: then(outcome, visit.language),
    )


def _tried(
    visit: Visit, reports: Reports, text: str, draft: Config | None
) -> tuple[Place | None, Tried | None]:
    in_force = visit.access.in_force
    place = _place(visit, _places(visit, reports, draft))
    if place is None:
        return None, None
    stage = Stage(
        lambda _: place.settings,
        (),
        strikes=min(visit.number("strikes"), _STRIKES),
        now=visit.access.now(),
        granted=granted(reports, in_force.house().account),
    )
    author = "newcomer" if visit.field("newcomer") else ""
    return place, stage.outcomes(Line(text=text, author=author), 1, place.stands_for)


def marked(text: str, span: tuple[int, int]) -> Markup:
    """The text with what was found marked, as much of it as fits on a line."""
    before, found, after = (escape(shown(each)) for each in parted(text, span))
    return Markup("{}<mark>{}</mark>{}").format(before, found, after) if found else before


async def _draft(visit: Visit) -> Config | None:
    """What whoever asks is writing on the page beside this one, if it could be loaded."""
    path, draft = visit.access.config_file, visit.request.app.state.drafts.of(visit.session.id)
    if path is None or draft is None:
        return None
    try:
        running = visit.access.in_force.config
        return (await asyncio.to_thread(check, path, draft, running)).config
    except ConfigFaults:
        return None


ROUTES = [
    Route("/rules", show),
    Route("/rules/try", trying),
    Route("/rules/try", tried, methods=["POST"]),
]
