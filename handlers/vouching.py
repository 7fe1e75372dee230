"""Asks operators whether an announcement was seen of which nobody knows, and does what they say.

A crash, or a line that broke, may have come between saying it and hearing it back. It is never said
again by itself: the group would be told twice. Until somebody knows, nobody is sanctioned by it.
"""

from datetime import timedelta

from bot.actions import Action
from bot.events import Group
from bot.texts import Text
from handlers.cards import open_card
from handlers.pact import current, key
from handlers.reviewing import may_not
from handlers.scene import Scene
from handlers.verdicts import Verdict
from handlers.wording import harmless
from storage.values import OutboxRow, OutboxState
from storage.values_of_order import Doer, Pact, Task, TaskKind, TaskState

SETTLED = timedelta(minutes=10)
"""So long after its row was called unconfirmed the echo of an announcement comes no more: what the
gateway heard before it broke off was told by then."""

SEEN = Text(
    zh="「{place}」的群规（第 {version} 版）发出去了，却没有回音，可能正好断线。请到群里看一眼："
    "看得到，回复「已公布」加任务号；看不到，回复「再发」加任务号。在那之前这一版只提醒，不处理人。",
    en="The rules of “{place}” (version {version}) were sent, but never heard back: the line may"
    " have broken. Please look into the group: if they are there, answer “posted” and the number"
    " of the task; if not, “say again” and the number. Until then there are reminders only.",
)
POSTED = Text(
    zh="「{place}」的群规第 {version} 版记为已公布，从现在起生效。",
    en="Version {version} of the rules of “{place}” counts as posted, and is in force from now on.",
)
AGAIN = Text(
    zh="「{place}」的群规第 {version} 版会再发一次。",
    en="Version {version} of the rules of “{place}” is said once more.",
)
NOT_ASKED = Text(
    zh="没有等人确认的群规公告。", en="No announcement of rules waits for anybody to confirm it."
)
WHICH = Text(
    zh="不止一个群在等，请写上任务号：{numbers}",
    en="More than one group waits, please give the number of the task: {numbers}",
)
_HEARD = "群里已经看到，或者群规又改了 it was seen, or the rules changed again"
_BY_AN_OPERATOR = "运营者在群里看到了 an operator saw it in the group"
_REASON = "群规公告 announcement"
_MOST = 200
_ALL_CARDS = 1000


def ask_if_seen(scene: Scene) -> tuple[Action, ...]:
    """A card for each announcement that nobody knows of; cards that need nobody are settled."""
    for task in _cards(scene):
        if _doubted(task, scene) is None:
            scene.work.tasks.settle(task.number, TaskState.CANCELLED, scene.now, _HEARD)
    return tuple(
        action
        for group in scene.work.pacts.unposted(scene.house.account, _MOST)
        if (found := _in_doubt(group, scene)) is not None
        for action in _ask(*found, scene)
    )


def vouch(scene: Scene, number: int, by: Doer, *, seen: bool) -> Verdict:
    """The announcement that a card asks about counts as posted, or is said once more.

    `number` is that of the card; 0 where there is only one. Of two who answer at once the first
    counts.
    """
    refusal = may_not(scene, by, _REASON, about=None)
    if refusal is not None:
        return refusal
    asked = [each for each in _cards(scene) if number in (0, each.number)]
    if len(asked) > 1:
        numbers = "、".join(str(each.number) for each in asked)
        return Verdict(done=False, words=WHICH, values={"numbers": numbers})
    found = _doubted(asked[0], scene) if asked else None
    if found is None:
        return Verdict(done=False, words=NOT_ASKED)
    return _settled(asked[0], *found, by, scene, seen=seen)


def _settled(
    task: Task, pact: Pact, row: OutboxRow, by: Doer, scene: Scene, *, seen: bool
) -> Verdict:
    what = "已公布 posted" if seen else "再发 say again"
    if not scene.work.tasks.settle(task.number, TaskState.DONE, scene.now, what):
        return Verdict(done=False, words=NOT_ASKED)
    if seen:
        scene.work.outbox.settle(row.id, OutboxState.DONE, scene.now, _BY_AN_OPERATOR)
        current(scene, pact.group)  # its row says so now, and the pact with it
    else:
        scene.work.outbox.resend(row.id, scene.now)
    about = f"{pact.group.id} 第 {pact.version} 版"
    scene.work.audit.note(scene.house.account, by, what, about, "", scene.now)
    values = {"place": harmless(pact.group.name) or pact.group.id, "version": pact.version}
    return Verdict(True, POSTED if seen else AGAIN, values)


def _ask(pact: Pact, row: OutboxRow, scene: Scene) -> tuple[Action, ...]:
    if row.settled_at is None or scene.now - row.settled_at < SETTLED:
        return ()
    return open_card(
        scene,
        f"seen:{key(pact)}:{row.settled_at.isoformat()}",
        TaskKind.NOTICE,
        SEEN,
        group=pact.group,
        place=harmless(pact.group.name) or pact.group.id,
        version=pact.version,
    )


def _cards(scene: Scene) -> list[Task]:
    found = scene.work.tasks.list(scene.house.account, limit=_ALL_CARDS)
    return [each for each in found if each.kind is TaskKind.NOTICE]


def _doubted(task: Task, scene: Scene) -> tuple[Pact, OutboxRow] | None:
    """What a card asks about, if that is in doubt still: no older attempt, no older version."""
    found = _in_doubt(task.group, scene) if task.group else None
    if found is None or found[1].settled_at is None or task.opened_at < found[1].settled_at:
        return None
    return found


def _in_doubt(group: Group, scene: Scene) -> tuple[Pact, OutboxRow] | None:
    """The newest version, if it was sent and nobody knows whether it arrived."""
    pact = current(scene, group)
    if pact is None or pact.posted_at is not None:
        return None
    row = scene.work.outbox.of_key(group.account, key(pact))
    return (pact, row) if row is not None and row.state is OutboxState.UNCONFIRMED else None
