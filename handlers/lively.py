"""Whether a group is talking so that a topic had better wait."""

from datetime import datetime, timedelta

from bot.duration import show
from bot.events import Group
from handlers.scene import Scene
from handlers.settings import GroupSettings
from storage.values import SlotState
from storage.values_of_programmes import Chatter
from topics.liveliness import AtTheEnd, HoldBack
from topics.programme import Programme
from topics.usual import is_lively, spans, usual

_MINUTE = timedelta(minutes=1)
_SHORTEST = timedelta(minutes=2)
_HOUR = timedelta(hours=1)


def holds_back(  # noqa: PLR0917 in the order of a slot's story
    scene: Scene,
    slot_id: int,
    group: Group,
    settings: GroupSettings,
    programme: Programme,
    due_at: datetime,
) -> bool:
    """Whether this slot is not to be posted now, because a conversation is lively.

    Then it is held for another minute, with the reason, or in the last minute of its grace skipped
    if that is what the programme wants. A grace of two minutes or less leaves nothing to wait for.
    """
    wish = programme.hold_back
    if not wish.enabled or programme.grace <= _SHORTEST:
        return False
    chatter = scene.work.pulse.recent(group, wish.within, scene.now)
    if not _is_lively(scene, group, settings, programme, chatter):
        return False
    last = due_at + programme.grace - _MINUTE
    if scene.now < last:
        soon = scene.now.replace(second=0, microsecond=0) + _MINUTE
        scene.work.slots.hold(slot_id, min(soon, last), _waits(chatter, wish))
        return True
    if wish.at_the_end is AtTheEnd.POST:
        return False
    scene.work.slots.settle(slot_id, SlotState.SKIPPED, reason=_skipped(chatter, programme))
    return True


def _is_lively(
    scene: Scene, group: Group, settings: GroupSettings, programme: Programme, chatter: Chatter
) -> bool:
    wish = programme.hold_back
    if not is_lively(chatter.messages, chatter.speakers, None, wish):
        return False  # most groups, most of the time: their past need not be looked up
    zone = programme.time_zone or settings.time_zone
    hours = scene.work.pulse.weeks({group}, spans(scene.now, _HOUR, zone))[group]
    usually = usual(hours)
    if usually is not None:
        usually *= wish.within / _HOUR
    return is_lively(chatter.messages, chatter.speakers, usually, wish)


def _waits(chatter: Chatter, wish: HoldBack) -> str:
    return (
        f"大家聊得正热闹（{_said(chatter, wish)[0]}），等一等"
        f" a lively conversation ({_said(chatter, wish)[1]}): it waits"
    )


def _skipped(chatter: Chatter, programme: Programme) -> str:
    zh, en = _said(chatter, programme.hold_back)
    return (
        f"宽限 {show(programme.grace)} 里一直聊得热闹（最后 {zh}），不打断"
        f" lively until the end of the grace (at last {en}): not interrupted"
    )


def _said(chatter: Chatter, wish: HoldBack) -> tuple[str, str]:
    people, messages, within = chatter.speakers, chatter.messages, show(wish.within)
    return (
        f"{within} 内 {people} 人 {messages} 条",
        f"{people} people, {messages} messages in {within}",
    )
