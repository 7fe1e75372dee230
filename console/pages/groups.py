"""群 Groups: all of them, with what was said lately; each leads to its own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.texts import Text
from console.access import Access
from console.pages.today import FEELS, MOODS, feel
from console.visit import Visit, page
from handlers.pulsing import Pulse
from storage.reports import Reports
from storage.values_of_programmes import Chatter

TITLE = Text(zh="群", en="Groups")
_WEEK = timedelta(days=7)
_MOST = 50
_NONE = Chatter(0, 0)


@dataclass(frozen=True)
class Row:
    """One group in the list; `week` is what was said there in the last seven days."""

    pulse: Pulse
    members: int
    week: Chatter
    last: datetime | None


async def _rows(visit: Visit) -> dict[str, Any]:
    wanted, start = visit.field("q", 100), visit.number("from")
    felt = await feel(visit.access)
    found = sorted(
        (each for each in felt if wanted.casefold() in each.group.name.casefold()),
        key=lambda each: -each.messages,
    )
    some = found[start : start + _MOST]
    access = visit.access

    async def read() -> list[Row]:
        return await access.read(lambda reports: _listed(reports, some, access))

    keys = tuple(each.key for each in some)
    return {
        "rows": await access.sharing.get(("groups", keys), read),
        "all": len(found),
        "start": start,
        "most": _MOST,
        "q": wanted,
        "moods": MOODS,
        "feels": FEELS,
    }


def _listed(reports: Reports, felt: Sequence[Pulse], access: Access) -> list[Row]:
    scene = access.scene(reports)
    keys = [each.key for each in felt]
    members = reports.of_groups.present(keys, scene.me)
    last = reports.of_groups.last_said(keys)
    groups = [each.group for each in felt]
    week = reports.stores.pulse.heard(groups, scene.now - _WEEK, scene.now)
    return [
        Row(each, members.get(each.key, 0), week.get(each.group, _NONE), last.get(each.key))
        for each in felt
    ]


@page()
async def show(visit: Visit) -> Response:
    """The list."""
    return visit.page("groups.html", title=TITLE, seen="", **await _rows(visit))


@page()
async def rows(visit: Visit) -> Response:
    """The list, by itself."""
    return visit.live("groups_rows.html", **await _rows(visit))


ROUTES = [Route("/groups", show), Route("/groups/rows", rows)]
