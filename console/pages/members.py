"""成员 Members: who they are, what is recorded of them; to link, to hand out, to erase."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.events import Group, Identity
from bot.texts import Text
from console.sessions import Right
from console.visit import Visit, page
from handlers.decisions import link, unlink
from handlers.forgetting import NOBODY, forget
from handlers.ladder_words import CONSEQUENCES
from handlers.verdicts import STATES
from rules.consequences import by_word
from storage.reports import Reports
from storage.values import Case, MemberCard
from storage.values_of_order import Sanction

TITLE = Text(zh="成员", en="Members")
_MOST = 50
_CASES = 20
_TWO = Text(
    zh="请写清楚另一个是谁：他的编号。", en="Say who the other is: by the number of that person."
)
_SURE = Text(zh="请先写上这个人的编号，以免点错。", en="Write the person's number first, please.")


@dataclass(frozen=True)
class Here:
    """One group of a person: how they take part in it, and their cases."""

    group: Group
    turned: int
    was_turned_to: int
    cases: list[Case]
    in_force: list[Sanction]


@dataclass(frozen=True)
class Person:
    """Everything the page shows of one person."""

    card: MemberCard
    linked: list[Identity]
    here: list[Here]


@page()
async def show(visit: Visit) -> Response:
    """The search."""
    return visit.page("members.html", title=TITLE, **await _found(visit))


@page()
async def found(visit: Visit) -> Response:
    """Whoever was found, while somebody types."""
    return visit.part("members_found.html", **await _found(visit))


async def _found(visit: Visit) -> dict[str, Any]:
    text = visit.field("q", 100)
    account = visit.access.in_force.house().account
    cards = await visit.read(lambda reports: reports.cards.listed(account, text))
    return {"q": text, "cards": cards, "most": _MOST}


@page()
async def one(visit: Visit) -> Response:
    """One person."""
    number, now = visit.request.path_params["number"], visit.access.now()
    account = visit.access.in_force.house().account

    def look(reports: Reports) -> Person | None:
        card = reports.cards.of(account, number)
        if card is None:
            return None
        who = _known_here(card, account)
        groups = [group for group in card.groups if group.account == account]
        here = [_here(reports, group, who, visit) for group in groups]
        return Person(card, reports.stores.members.linked(who), here)

    person = await visit.read(look)
    if person is None:
        return visit.page("nothing.html", title=TITLE, words=NOBODY, status=404)
    return visit.page(
        "member.html",
        title=TITLE,
        person=person,
        states=STATES,
        consequences=CONSEQUENCES,
        by_word=by_word,
        now=now,
    )


def _known_here(card: MemberCard, account: str) -> Identity:
    """As whom this account knows a person last; two accounts may share a database."""
    return [who for who in card.identities if who.account == account][-1]


def _here(reports: Reports, group: Group, who: Identity, visit: Visit) -> Here:
    stores = reports.stores
    turned, was = stores.interactions.of_member(group, who)
    cases = [case for case in stores.cases.of_member(group, who) if not case.shadow]
    in_force = stores.sanctions.in_force(group, who, visit.access.now())
    return Here(group, turned, was, cases[-_CASES:][::-1], in_force)


@page(Right.ADMIN)
async def export(visit: Visit) -> Response:
    """All that is held about the person, as a file."""
    number = visit.request.path_params["number"]

    account = visit.access.in_force.house().account

    def look(reports: Reports) -> dict[str, object] | None:
        known = reports.cards.of(account, number)
        return reports.stores.members.export(number) if known else None

    held = await visit.read(look)
    if held is None:
        return visit.told(visit.say(NOBODY), well=False)
    return Response(
        json.dumps(held, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="member-{number}.json"'},
    )


@page(Right.ADMIN)
async def erase(visit: Visit) -> Response:
    """Forget the person, once their number was written by hand."""
    number = visit.request.path_params["number"]
    if visit.number("number") != number:
        return visit.told(visit.say(_SURE), well=False)
    account = visit.access.in_force.house().account
    if await visit.read(lambda reports: reports.cards.of(account, number)) is None:
        return visit.told(visit.say(NOBODY), well=False)
    verdict = await visit.decide(lambda scene, by: forget(scene, number, by), Right.ADMIN)
    return visit.told(verdict)


@page(Right.OPERATOR)
async def tie(visit: Visit) -> Response:
    """Two people are one from now on, or two again."""
    number, other = visit.request.path_params["number"], visit.number("other")
    account = visit.access.in_force.house().account
    pair = await visit.read(
        lambda reports: [reports.cards.of(account, each) for each in (number, other)]
    )
    known = [_known_here(card, account) for card in pair if card is not None]
    if len(known) != len(pair) or number == other:
        return visit.told(visit.say(_TWO), well=False)
    one_, two = known
    cause = f"console:{number}:{other}:{visit.access.now().isoformat()}"
    if visit.field("what") == "unlink":
        return visit.told(await visit.decide(lambda scene, by: unlink(scene, one_, two, by)))
    return visit.told(await visit.decide(lambda scene, by: link(scene, one_, two, by, cause)))


ROUTES = [
    Route("/members", show),
    Route("/members/found", found),
    Route("/members/{number:int}", one),
    Route("/members/{number:int}/export", export),
    Route("/members/{number:int}/link", tie, methods=["POST"]),
    Route("/members/{number:int}/forget", erase, methods=["POST"]),
]
