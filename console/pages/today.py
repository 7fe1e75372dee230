"""今日 Today: what needs a person, most urgent first, and how each group is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.actions import place
from bot.events import GatewayState
from bot.texts import Text
from console.access import Access
from console.sessions import Right
from console.visit import Visit, page
from handlers.bank_orders import approve, decline
from handlers.decisions import overturn, uphold, vouch
from handlers.finishing import finish
from handlers.proposals import number_of_proposal
from handlers.pulsing import Pulse, pulses
from handlers.scene import Scene
from handlers.sending import resend, seen
from handlers.verdicts import Verdict
from storage.reports import Reports
from storage.values import AccountState, Case, OutboxRow, OutboxState, Topic, TopicStatus
from storage.values_of_order import CaseState, Doer, Task, TaskKind, TaskState
from topics.mood import Mood

TITLE = Text(zh="今日", en="Today")
ASKED = {
    TaskKind.APPEAL: Text(zh="申诉", en="Appeal"),
    TaskKind.REPORT: Text(zh="举报", en="Report"),
    TaskKind.CONFIRM: Text(zh="待确认", en="To confirm"),
    TaskKind.REMOVE: Text(zh="请移出", en="To remove"),
    TaskKind.INVITE: Text(zh="请邀回", en="To invite"),
    TaskKind.MUTE: Text(zh="请禁言", en="To mute"),
    TaskKind.NOTICE: Text(zh="公告", en="Announcement"),
    TaskKind.TOPIC: Text(zh="推荐话题", en="Proposal"),
}
MOODS = {
    Mood.FLOODED: Text(zh="刷屏", en="flooded"),
    Mood.QUIET: Text(zh="比往常冷清", en="quieter than usual"),
    Mood.TALKING: Text(zh="在聊", en="talking"),
    Mood.RESTING: Text(zh="歇着", en="at rest"),
}
FEELS = {Mood.FLOODED: "badly", Mood.QUIET: "warn", Mood.TALKING: "well", Mood.RESTING: ""}
"""How a mood is coloured."""

_UNKNOWN = Text(zh="没有这个操作。", en="There is no such thing to do.")
_WAITING = (TaskState.OPEN, TaskState.OVERDUE)
_URGENT = (TaskKind.APPEAL, TaskKind.REPORT, TaskKind.CONFIRM)
_WELL = (GatewayState.LOGGED_IN, GatewayState.CONNECTING)
_MOST = 50
_LATELY = timedelta(hours=1)
_FEW = 3


@dataclass(frozen=True)
class Today:
    """What waits for a person; `decided` was decided a moment ago and can be taken back."""

    tasks: list[Task]
    proposals: Mapping[int, Topic]
    doubtful: list[OutboxRow]
    faults: list[AccountState]
    refused: str
    decided: list[Case]


def _look(account: str, reports: Reports, access: Access) -> Today:
    stores = reports.stores
    tasks = stores.tasks.list(account, _WAITING, _MOST)
    asked = any(task.kind is TaskKind.TOPIC for task in tasks)
    proposed = stores.topics.all(TopicStatus.PROPOSED) if asked else []
    upheld = stores.cases.recent(account, None, (CaseState.UPHELD,), _FEW)
    since = access.now() - _LATELY
    return Today(
        tasks=sorted(tasks, key=_urgency),
        proposals={number_of_proposal(topic): topic for topic in proposed},
        doubtful=stores.outbox.list(account, [OutboxState.UNCONFIRMED], _MOST),
        faults=list(_faults(reports.accounts(), account)),
        refused=access.in_force.refused,
        decided=[case for case in upheld if case.decided_at and case.decided_at >= since],
    )


def _urgency(task: Task) -> tuple[object, ...]:
    """What is overdue comes first, then what somebody waits for."""
    return task.state is not TaskState.OVERDUE, task.kind not in _URGENT, task.deadline


def _faults(accounts: Iterable[AccountState], account: str) -> Iterable[AccountState]:
    for each in accounts:
        if each.account == account and (each.stopped_at or each.state not in _WELL):
            yield each


async def _today(visit: Visit) -> dict[str, Any]:
    access = visit.access
    account = access.in_force.house().account
    today = await visit.read(lambda reports: _look(account, reports, access))
    return {"today": today, "asked": ASKED, "kind": TaskKind, "most": _MOST, "place": place}


async def feel(access: Access) -> list[Pulse]:
    """How every group is; worked out once for all who look."""

    async def read() -> list[Pulse]:
        return await access.read(lambda reports: pulses(access.scene(reports), reports))

    return await access.sharing.get("pulses", read)


async def _groups(visit: Visit) -> dict[str, Any]:
    felt = await feel(visit.access)
    moods = [*MOODS]
    return {
        "pulses": sorted(felt, key=lambda each: moods.index(each.mood))[:_MOST],
        "all": len(felt),
        "counts": Counter(each.mood for each in felt),
        "moods": MOODS,
        "feels": FEELS,
    }


@page()
async def show(visit: Visit) -> Response:
    """The whole page."""
    found = await _today(visit) | await _groups(visit)
    return visit.page("today.html", title=TITLE, seen="", **found)


@page()
async def waiting(visit: Visit) -> Response:
    """What waits for a person, by itself."""
    return visit.live("today_waiting.html", **await _today(visit))


@page()
async def groups(visit: Visit) -> Response:
    """The pulse of the groups, by itself."""
    return visit.live("today_groups.html", **await _groups(visit))


Way = Callable[[Scene, int, Doer, str], Verdict]

_WAYS: dict[str, Way] = {
    "uphold": uphold,
    "overturn": overturn,
    "false": lambda scene, number, by, why: overturn(scene, number, by, why, false_hit=True),
    "done": finish,
    "approve": lambda scene, number, by, why: approve(scene, number, why, by),
    "decline": lambda scene, number, by, why: decline(scene, number, why, by),
    "seen": lambda scene, number, by, _: vouch(scene, number, by, seen=True),
    "again": lambda scene, number, by, _: vouch(scene, number, by, seen=False),
    "resend": lambda scene, number, by, _: resend(scene, number, by),
    "there": lambda scene, number, by, _: seen(scene, number, by),
}
"""What can be decided of a case, a card or a row of the outbox, by its number."""


@page(Right.OPERATOR)
async def decide(visit: Visit) -> Response:
    """Decide something where it stands."""
    number, why = visit.request.path_params["number"], visit.field("why", 500)
    way = _WAYS.get(visit.field("what"))
    if way is None:
        return visit.told(visit.say(_UNKNOWN), well=False)
    return visit.told(await visit.decide(lambda scene, by: way(scene, number, by, why)))


ROUTES = [
    Route("/", show),
    Route("/today/waiting", waiting),
    Route("/today/groups", groups),
    Route("/today/{number:int}", decide, methods=["POST"]),
]
