"""Whether two identities are one person: said by an operator, and taken back after a mistake."""

from bot.actions import Action
from bot.events import Identity
from bot.texts import Text
from handlers.cards import named
from handlers.returning import recognise
from handlers.reviewing import may_not
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.verdicts import Verdict
from handlers.wording import writable
from storage.values_of_order import Doer, TaskKind, TaskState

LINKED = Text(
    zh="{one} 和 {other} 从现在起算同一个人，记录合在一起算。弄错了就写：取消关联 {a} {b}",
    en="{one} and {other} count as one person from now on, with one record."
    " If that is wrong: unlink {a} {b}",
)
LINKED_ALREADY = Text(
    zh="{one} 和 {other} 已经算同一个人。", en="{one} and {other} are one person already."
)
UNLINKED = Text(
    zh="{one} 和 {other} 从现在起是两个人，记录各算各的。因为弄错而处理过的案件，请撤销。",
    en="{one} and {other} are two people from now on, each with their own record. Please overturn"
    " the cases that followed from the mistake.",
)
NOT_LINKED = Text(
    zh="{one} 和 {other} 本来就没有算同一个人。", en="{one} and {other} are not one person."
)
TWO_OPERATORS = Text(
    zh="{one} 和 {other} 都是运营者，不能在聊天里关联：算同一个人，就不能互相复核了。"
    "真是同一个人，请管理员先用 weilu operators revoke 收回其中一个。",
    en="{one} and {other} are both operators and cannot be linked in the chat: as one person they"
    " could not review each other. If they are, have the admin run weilu operators revoke first.",
)
_PARTED = "不是同一个人 they are two people"
_REASON = "关联 link"
_ALL_CARDS = 1000


def link(scene: Scene, one: Identity, other: Identity, by: Doer, cause: str) -> Verdict:
    """They are one person from now on. Who is out by a case and in the group otherwise is noticed.

    `cause` names the order: the same one asks the operators once. Nobody makes one of two operators
    from the chat.
    """
    refusal = may_not(scene, by, _REASON, about=None)
    if refusal is not None:
        return refusal
    names = {"one": named(one), "other": named(other)}
    if isinstance(by, Identity) and _operates(one, scene) and _operates(other, scene):
        return Verdict(False, TWO_OPERATORS, names)
    if not scene.work.members.link(one, other, by, scene.now):
        return Verdict(False, LINKED_ALREADY, names)
    scene.work.audit.note(scene.house.account, by, _REASON, one, f"→ {other.id}", scene.now)
    names |= {"a": writable(names["one"]), "b": writable(names["other"])}
    return Verdict(True, LINKED, names, _back(scene, one, other, f"link:{cause}"))


def unlink(scene: Scene, one: Identity, other: Identity, by: Doer) -> Verdict:
    """They are two people again; cards about the one for what the other did are settled.

    Whoever the other was besides stays with the one.
    """
    refusal = may_not(scene, by, _REASON, about=None)
    if refusal is not None:
        return refusal
    names = {"one": named(one), "other": named(other)}
    if not scene.work.members.unlink(one, other):
        return Verdict(False, NOT_LINKED, names)
    _settle(scene, one, other)
    scene.work.audit.note(
        scene.house.account, by, "取消关联 unlink", one, f"≠ {other.id}", scene.now
    )
    return Verdict(True, UNLINKED, names)


def _operates(who: Identity, scene: Scene) -> bool:
    """Whether an operator is among the accounts of this person."""
    accounts = (who, *scene.work.members.linked(who))
    return any(role_of(scene, each) is not None for each in accounts)


def _back(scene: Scene, one: Identity, other: Identity, cause: str) -> tuple[Action, ...]:
    groups = {group: who for who in (one, other) for group in scene.work.memberships.groups_of(who)}
    return tuple(
        action for group, who in groups.items() for action in recognise(group, who, cause, scene)
    )


def _settle(scene: Scene, one: Identity, other: Identity) -> None:
    """Nobody needs to put out who is not the person that a case is about."""
    for task in scene.work.tasks.list(scene.house.account, limit=_ALL_CARDS):
        if task.kind is not TaskKind.REMOVE or task.member not in (one, other):
            continue
        case = scene.work.cases.get(task.case) if task.case else None
        if case is None or case.member is None or task.member is None:
            continue
        if not scene.work.members.same(case.member, task.member):
            scene.work.tasks.settle(task.number, TaskState.CANCELLED, scene.now, _PARTED)
