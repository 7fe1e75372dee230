"""Takes back what followed from a case: what is in force, what waits, and what was asked for."""

from datetime import timedelta

from bot.actions import Action, Invite, Mute, Priority
from bot.events import Group, Identity
from bot.gateway.base import Capability
from handlers.keys import BITES, Deed, key_of
from handlers.sanctioning import done_or_asked, is_out
from handlers.scene import Scene
from rules.consequences import Consequence
from storage.values import OutboxRow, OutboxState
from storage.values_of_order import Sanction, TaskKind, TaskState

_CALLED_OFF = "案件已经撤销 the case was taken back"
_IN_HAND = (OutboxState.CLAIMED, OutboxState.SENT)
_OUT = (*_IN_HAND, OutboxState.DONE, OutboxState.UNCONFIRMED)
_UNHEARD = timedelta(minutes=10)
"""So long it may take until we hear that somebody whom we removed has left."""
_ALL_CARDS = 1000


def lift(scene: Scene, case: int, why: str) -> tuple[Action, ...]:
    """Lift what is still in force because of a case; the acts that make it so."""
    lifted = scene.work.sanctions.lift(case, scene.now, why)
    acts: tuple[Action, ...] = ()
    for each in lifted:
        if each.member is not None:
            acts += _undo(each, each.member, scene)
    return acts


def call_off(scene: Scene, case: int) -> None:
    """What was decided because of a case and still waits is not done any more."""
    for deed in BITES:
        for time in _times(scene, case):
            _withdraw(scene, deed, case, time)


def settle_cards(scene: Scene, case: int, *kinds: TaskKind, done: bool, why: str) -> None:
    """Cards of these kinds because of a case need nobody any more."""
    state = TaskState.DONE if done else TaskState.CANCELLED
    for task in scene.work.tasks.list(scene.house.account, limit=_ALL_CARDS):
        if task.case == case and task.kind in kinds:
            scene.work.tasks.settle(task.number, state, scene.now, why)


def bring_back(
    scene: Scene, case: int, group: Group, member: Identity, why: str
) -> tuple[Action, ...]:
    """Invite somebody back into the group, unless something else keeps them out."""
    others = scene.work.sanctions.in_force(group, member, scene.now)
    if any(is_out(each) for each in others):
        return ()
    act = Invite(
        key=key_of(Deed.INVITE, case),
        why=why,
        priority=Priority.MODERATION,
        about=(member,),
        group=group,
        member=member,
    )
    return done_or_asked(act, scene)


def is_there(scene: Scene, group: Group, member: Identity) -> bool:
    """Whether they are in the group, as far as we know."""
    return group in scene.work.memberships.groups_of(member)


def withdraw_removal(scene: Scene, case: int) -> bool:
    """Cancel removals that wait. True if somebody who is still there may be out in a moment."""
    rows = [_withdraw(scene, Deed.REMOVE, case, time) for time in _times(scene, case)]
    return any(_goes(row, scene) for row in rows if row is not None)


def _times(scene: Scene, case: int) -> range:
    """0 for what followed first, and one more for each time somebody came back too early."""
    out = [each.breaches for each in scene.work.sanctions.of_case(case) if is_out(each)]
    return range(max(out, default=0) + 1)


def _goes(row: OutboxRow, scene: Scene) -> bool:
    if row.state not in _OUT:
        return False
    lately = row.settled_at is None or row.settled_at > scene.now - _UNHEARD
    return row.state in _IN_HAND or lately


def _undo(sanction: Sanction, member: Identity, scene: Scene) -> tuple[Action, ...]:
    why = f"案件 {sanction.case} 解除 case {sanction.case} is lifted"
    if sanction.kind is Consequence.QUIET:
        settle_cards(scene, sanction.case, TaskKind.MUTE, done=False, why=why)
        muted = _withdraw(scene, Deed.MUTE, sanction.case)
        if muted is None or muted.state not in _OUT or Capability.MUTE not in scene.capabilities:
            return ()
        return (_unmute(sanction, member, why),)
    settle_cards(scene, sanction.case, TaskKind.REMOVE, done=False, why=why)
    goes = withdraw_removal(scene, sanction.case)
    if is_there(scene, sanction.group, member) and not goes:
        return ()
    return bring_back(scene, sanction.case, sanction.group, member, why)


def _unmute(sanction: Sanction, member: Identity, why: str) -> Mute:
    return Mute(
        key=key_of(Deed.UNMUTE, sanction.case),
        why=why,
        priority=Priority.MODERATION,
        expires_at=sanction.until,
        about=(member,),
        group=sanction.group,
        member=member,
        until=None,
    )


def _withdraw(scene: Scene, deed: Deed, case: int, time: int = 0) -> OutboxRow | None:
    """Cancel an action if it waits; what is left of it if it does not, or is in hand or over."""
    row = scene.work.outbox.of_key(scene.house.account, key_of(deed, case, time))
    waits = row is not None and row.state is OutboxState.PENDING
    if row is None or (waits and scene.work.outbox.cancel(row.id, scene.now, _CALLED_OFF)):
        return None
    return row
