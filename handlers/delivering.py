"""What operators decide about a slot that is there: send it again, cancel it, move it."""

from datetime import datetime, timedelta

from bot.actions import Action
from bot.events import Group
from bot.texts import Text
from handlers.coming import zone_of
from handlers.post import post_slot
from handlers.rights import no_right
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import Verdict
from handlers.wording import filled, harmless, moment
from storage.values import OutboxRow, OutboxState, Slot, SlotState
from storage.values_of_order import Doer
from storage.values_of_programmes import Arranged

AGAIN = Text(
    zh="好，{number} 再发一次（「{place}」）。", en="All right, {number} again (“{place}”)."
)
CANCELLED = Text(
    zh="{number} 取消了，「{place}」这一次不发。",
    en="{number} is cancelled: nothing in “{place}” this time.",
)
MOVED = Text(zh="{number} 移到 {at}（「{place}」）。", en="{number} is moved to {at} (“{place}”).")
IN_THE_GROUP = Text(
    zh="{number} 已经在「{place}」里了，不再重复。",
    en="{number} is in “{place}” already and is not repeated.",
)
ON_ITS_WAY = Text(
    zh="{number} 正在发往「{place}」，等一等再看。",
    en="{number} is on its way to “{place}”, look again in a while.",
)
NOT_THEN = Text(
    zh="只能移到从现在起 {days} 天以内的时间。",
    en="It can be moved to a time within {days} days from now.",
)
OVER = Text(zh="{number} 已经了结：{why}", en="{number} is over: {why}")
IN_DOUBT = Text(
    zh="{number} 发没发成没有把握，请到「{place}」看一眼；没有就写：话题 重发 {number}",
    en="Nobody knows whether {number} was posted: look into “{place}”; if it is not there, topic"
    " resend {number}",
)
LEFT = Text(zh="，还没发出的 {count} 个取消了", en=", and {count} on the way are cancelled")
NOT_AGAIN = Text(
    zh="{number} 这次还是没发：{why}", en="{number} was not posted this time either: {why}"
)

BY_AN_OPERATOR = "运营者取消了 cancelled by an operator"
_MOVED = "运营者移了时间 moved by an operator"
_GRACE = timedelta(minutes=30)
"""How late a post may be whose programme is gone."""
FURTHEST = timedelta(days=60)
"""So far ahead a post may be moved."""
_LATEST = 100
_WAITING = (SlotState.PLANNED, SlotState.HELD)
_DONE = {
    SlotState.POSTED: IN_THE_GROUP,
    SlotState.CONFIRMED: IN_THE_GROUP,
    SlotState.UNCONFIRMED: IN_DOUBT,
    SlotState.SKIPPED: OVER,
}


def number_of(slot: Slot) -> str:
    """The number by which people name a slot: five digits that follow from its key."""
    return f"{slot.id % NUMBERS:05}"


NUMBERS = 99_991
"""So many numbers there are: a prime, as the last digits of keys repeat too soon."""


def resend(scene: Scene, slot: Slot, by: Doer) -> Verdict:
    """Once more, however late: what failed, was skipped or cancelled, or is in doubt."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    if _DONE.get(slot.state) is IN_THE_GROUP:
        return _told(IN_THE_GROUP, slot)
    row = _row(scene, slot)
    if row is None:
        return _decide_anew(scene, slot, by)
    if row.state is OutboxState.PENDING or not scene.work.outbox.resend(row.id, scene.now):
        return _told(ON_ITS_WAY, slot)
    _note(scene, by, "话题 重发 topic resend", slot)
    return _told(AGAIN, slot, done=True)


def _decide_anew(scene: Scene, slot: Slot, by: Doer) -> Verdict:
    """It never got as far as the outbox: it is due now, and chosen for as if for the first time."""
    scene.work.arrangements.remove(slot.group, slot.programme, slot.wall, Arranged.SKIP)
    scene.work.slots.move(slot.id, scene.now, _MOVED)
    actions: tuple[Action, ...] = post_slot(
        scene,
        slot.group,
        slot.programme,
        slot.wall,
        scene.now,
        scene.now,
        slot_id=slot.id,
        hold=False,
    )
    _note(scene, by, "话题 重发 topic resend", slot)
    after = scene.work.slots.get(slot.id)
    if after is None or after.state is not SlotState.PLANNED:
        return _told(NOT_AGAIN, after or slot, actions=actions)
    return _told(AGAIN, slot, done=True, actions=actions)


def cancel(scene: Scene, slot: Slot, by: Doer) -> Verdict:
    """What waits is not posted; what is in the group is not taken back."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    if slot.state not in _WAITING:
        return _told(_DONE[slot.state], slot)
    row = _row(scene, slot)
    if row is not None and not scene.work.outbox.cancel(row.id, scene.now, BY_AN_OPERATOR):
        return _told(ON_ITS_WAY, slot)
    if row is None:
        scene.work.slots.settle(slot.id, SlotState.SKIPPED, reason=BY_AN_OPERATOR)
    _note(scene, by, "话题 取消 topic cancel", slot)
    return _told(CANCELLED, slot, done=True)


def cancel_waiting(scene: Scene, group: Group, programme: str, by: Doer) -> Text | str:
    """Cancel what is chosen of a programme, or of all, and not sent; how many, in words."""
    waiting = [
        slot
        for slot in scene.work.slots.list(group, _LATEST)
        if slot.state is SlotState.PLANNED and programme in ("", slot.programme)
    ]
    count = sum(cancel(scene, slot, by).done for slot in waiting)
    return filled(LEFT, count=count) if count else ""


def move_slot(scene: Scene, slot: Slot, to: datetime, by: Doer) -> Verdict:
    """What waits, waits until then."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    settings = scene.settings(slot.group) or GroupSettings()
    if not scene.now < to <= scene.now + FURTHEST:
        return Verdict(done=False, words=NOT_THEN, values={"days": FURTHEST.days})
    if slot.state not in _WAITING:
        return _told(_DONE[slot.state], slot)
    row = _row(scene, slot)
    if row is None:
        scene.work.slots.move(slot.id, to, _MOVED)
    else:
        programme = settings.programmes.get(slot.programme)
        expires = to + (programme.grace if programme else _GRACE)
        if not scene.work.outbox.postpone(row.id, to, expires):
            return _told(ON_ITS_WAY, slot)
        scene.work.slots.due(slot.id, to)
    _note(scene, by, "话题 移到 topic move", slot, to.isoformat(timespec="minutes"))
    at = moment(to, zone_of(settings, slot.programme), scene.now)
    return _told(MOVED, slot, done=True, at=at)


def _row(scene: Scene, slot: Slot) -> OutboxRow | None:
    """What of the slot is in the outbox."""
    return scene.work.outbox.of_key(slot.group.account, f"post:{slot.id}")


def _note(scene: Scene, by: Doer, what: str, slot: Slot, why: str = "") -> None:
    about = f"{number_of(slot)}「{harmless(slot.group.name)}」{slot.wall}"
    scene.work.audit.note(scene.house.account, by, what, about, why, scene.now)


def _told(
    words: Text,
    slot: Slot,
    *,
    done: bool = False,
    actions: tuple[Action, ...] = (),
    **values: object,
) -> Verdict:
    named = {
        "number": number_of(slot),
        "place": harmless(slot.group.name) or slot.group.id,
        "why": harmless(slot.reason, 200) or slot.state.value,
    }
    return Verdict(done=done, words=words, values=named | values, actions=actions)
