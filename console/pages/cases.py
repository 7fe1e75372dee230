"""案件 Cases: what was found, with evidence and standing; a person decides here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape
from starlette.responses import Response
from starlette.routing import Route

from bot.events import Group
from bot.shown import shown
from bot.texts import Text
from console.sessions import Right
from console.visit import Visit, page
from handlers.assessing import APART, VERDICTS, Weighed, weigh
from handlers.decisions import BY_HAND, overturn, release, uphold
from handlers.dossier import APPEALS
from handlers.following import AROUND
from handlers.ladder_words import CONSEQUENCES
from handlers.settings import GroupSettings
from handlers.verdicts import STATES
from rules.consequences import by_word
from storage.reports import Reports
from storage.values import Case
from storage.values_of_order import Appeal, CaseState, RaisedBy, Sanction

TITLE = Text(zh="案件", en="Cases")
_GONE = Text(zh="没有这个案件。", en="There is no such case.")
_UNKNOWN = Text(zh="没有这个操作。", en="There is no such thing to do.")
_WAITING = (CaseState.OPEN, CaseState.CONFIRMING)
TABS = {
    "open": (Text(zh="还没人看", en="Nobody has looked"), _WAITING),
    "upheld": (Text(zh="维持", en="Upheld"), (CaseState.UPHELD,)),
    "overturned": (Text(zh="撤销", en="Overturned"), (CaseState.OVERTURNED,)),
    "all": (Text(zh="全部", en="All"), ()),
}
RAISED = {
    RaisedBy.RULE: Text(zh="由规则发现", en="found by a rule"),
    RaisedBy.OPERATOR: Text(zh="由运营者提出", en="raised by an operator"),
    RaisedBy.REPORT: Text(zh="由成员举报", en="reported by members"),
}
_MOST = 50
_PAST = timedelta(days=30)
_SOON = timedelta(seconds=1)


@dataclass(frozen=True)
class Standing:
    """What else is known of whoever a case is about."""

    strikes: int
    in_force: list[Sanction]
    before: list[Case]


@dataclass(frozen=True)
class Docket:
    """One case with everything around it."""

    case: Case
    appeals: list[Appeal]
    reports: list[str]
    standing: Standing | None


def _docket(
    reports: Reports, account: str, number: int, settings: GroupSettings, now: datetime
) -> Docket | None:
    stores = reports.stores
    case = stores.cases.get(number)
    if case is None or case.group.account != account:
        return None
    words = [each.words for each in stores.complaints.of_case(number) if each.words]
    standing = None
    if case.member is not None:
        people = (case.member, *stores.members.linked(case.member))
        before = [one for who in people for one in stores.cases.of_member(case.group, who)]
        standing = Standing(
            strikes=len(stores.cases.strikes(case.group, case.member, now - settings.ladder.decay)),
            in_force=stores.sanctions.in_force(case.group, case.member, now),
            before=sorted(
                (one for one in before if one.number != number and not one.shadow),
                key=lambda one: -one.number,
            )[:10],
        )
    return Docket(case, stores.appeals.of_case(number), words, standing)


def evidence(case: Case) -> Markup:
    """The words that were kept, with what was found in them marked."""
    start, end = case.span
    text = case.excerpt
    left_out = max(start - AROUND, 0)
    start, end = start - left_out, end - left_out
    if not 0 <= start < end <= len(text):
        return escape(shown(text))
    before, found, after = (escape(shown(each)) for each in _cut(text, start, end))
    return Markup("{}<mark>{}</mark>{}").format(before, found, after)


def _cut(text: str, start: int, end: int) -> tuple[str, str, str]:
    return text[:start], text[start:end], text[end:]


async def _list(visit: Visit) -> dict[str, Any]:
    tab = visit.field("tab") if visit.field("tab") in TABS else "open"
    account = visit.access.in_force.house().account
    now = visit.access.now()

    def look(reports: Reports) -> tuple[list[Case], set[int]]:
        stores = reports.stores
        appealed = {each.case for each in stores.appeals.waiting(account, now + _SOON)}
        found = stores.cases.recent(account, None, TABS[tab][1], _MOST)
        return sorted(found, key=lambda case: case.number not in appealed), appealed

    cases, appealed = await visit.read(look)
    return {"tab": tab, "tabs": TABS, "cases": cases, "appealed": appealed, "most": _MOST}


_WORDS: dict[str, Any] = {
    "states": STATES,
    "consequences": CONSEQUENCES,
    "by_word": by_word,
    "evidence": evidence,
    "raised": RAISED,
    "appeal_states": APPEALS,
    "by_hand": BY_HAND,
    "verdicts": VERDICTS,
}


@page()
async def show(visit: Visit) -> Response:
    """The docket, and how each rule did."""
    found = await _list(visit)
    return visit.page("cases.html", title=TITLE, seen="", **_WORDS, **found)


@page()
async def rows(visit: Visit) -> Response:
    """The docket, by itself."""
    return visit.live("cases_rows.html", **_WORDS, **await _list(visit))


@page()
async def rules(visit: Visit) -> Response:
    """How each rule did in the last thirty days, group by group; asked for when it is opened."""
    now = visit.access.now()
    account = visit.access.in_force.house().account
    weighed = await visit.read(lambda reports: _weighed(reports, account, now))
    return visit.part("cases_rules.html", weighed=weighed, days=_PAST.days, **_WORDS)


def _weighed(reports: Reports, account: str, now: datetime) -> list[tuple[Group, list[Weighed]]]:
    start = now - _PAST
    groups = [known.group for known in reports.stores.groups.all(account) if known.managed]
    return [
        (group, found)
        for group in groups
        if (
            found := [
                weigh(record, reports.around(group, record.name, start, now, apart=APART))
                for record in reports.rules(group, start)
                if record.name != BY_HAND
            ]
        )
    ]


@page()
async def one(visit: Visit) -> Response:
    """One case."""
    docket = await _one(visit)
    if docket is None:
        return visit.page("nothing.html", title=TITLE, words=_GONE, status=404)
    title = Text(zh=f"案件 {docket.case.number}", en=f"Case {docket.case.number}")
    return visit.page("case.html", title=title, docket=docket, seen="", **_WORDS)


@page()
async def piece(visit: Visit) -> Response:
    """One case, by itself."""
    docket = await _one(visit)
    if docket is None:
        return Response(status_code=204)
    return visit.live("case_docket.html", docket=docket, **_WORDS)


async def _one(visit: Visit) -> Docket | None:
    number = visit.request.path_params["number"]
    access = visit.access
    account, now = access.in_force.house().account, access.now()

    def look(reports: Reports) -> Docket | None:
        case = reports.stores.cases.get(number)
        settings = access.in_force.group(case.group) if case else None
        return _docket(reports, account, number, settings or GroupSettings(), now)

    return await visit.read(look)


@page(Right.OPERATOR)
async def decide(visit: Visit) -> Response:
    """Uphold, overturn, overturn as a false hit, or release whoever it is about."""
    number, why = visit.request.path_params["number"], visit.field("why", 500)
    what = visit.field("what")
    if what == "uphold":
        return visit.told(await visit.decide(lambda scene, by: uphold(scene, number, by, why)))
    if what == "release":
        docket = await _one(visit)
        if docket is None or docket.case.member is None:
            return visit.told(visit.say(_GONE), well=False)
        group, member = docket.case.group, docket.case.member
        return visit.told(
            await visit.decide(lambda scene, by: release(scene, group, member, by, why))
        )
    if what not in {"overturn", "false"}:
        return visit.told(visit.say(_UNKNOWN), well=False)
    wrong = what == "false"
    return visit.told(
        await visit.decide(lambda scene, by: overturn(scene, number, by, why, false_hit=wrong))
    )


ROUTES = [
    Route("/cases", show),
    Route("/cases/rows", rows),
    Route("/cases/rules", rules),
    Route("/cases/{number:int}", one),
    Route("/cases/{number:int}/piece", piece),
    Route("/cases/{number:int}", decide, methods=["POST"]),
]
