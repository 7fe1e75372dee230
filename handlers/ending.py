"""What ends by the clock, and who comes back before it: sanctions, deadlines, early returns."""

from bot.actions import Action
from bot.events import Event, Group, Identity, MemberJoined, MinutePassed
from bot.texts import Text
from handlers.cards import named, open_card
from handlers.lifting import bring_back, is_there, settle_cards, withdraw_removal
from handlers.operators import tell_operators
from handlers.sanctioning import is_out
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings
from handlers.wording import harmless, moment
from rules.consequences import Consequence
from storage.values_of_order import CaseState, Sanction, Task, TaskKind, TaskState

EARLY = Text(
    zh="{who} 回到了「{place}」，按案件 {case} 要到 {until} 才可以回来。"
    "请移出，或者回复：解封 {case} 理由",
    en="{who} is back in “{place}”, but by case {case} not before {until}."
    " Please remove them, or answer: release {case} and why",
)
FOR_GOOD = Text(zh="（不再邀请）", en="(for good)")
OVERDUE = Text(zh="任务 {number} 过了时限还没有做：{what}", en="Task {number} is overdue: {what}")
LAPSED = Text(
    zh="案件 {case} 没有人在期限内确认，就不移出了。",
    en="Nobody confirmed case {case} in time, so nobody is removed.",
)

_OVER = "期满 its time is over"
_NOBODY_CONFIRMED = "没有人在期限内确认 nobody confirmed it in time"
WEILU = "weilu"
"""Who decides where time does."""


def end(event: Event, scene: Scene) -> Reply:
    """The stage for what a date brings.

    It waits for the login: before, nobody knows what the platform can do.
    """
    if isinstance(event, MinutePassed) and scene.me is not None:
        return Reply(actions=_end_sanctions(scene) + _alarm(scene))
    if isinstance(event, MemberJoined):
        return Reply(actions=recognise(event.group, event.member, event.at.isoformat(), scene))
    return Reply.NOTHING


def recognise(group: Group, member: Identity, cause: str, scene: Scene) -> tuple[Action, ...]:
    """A card for the operators if this person, under whatever name, is back before their time.

    `cause` names the return: one return is one card.
    """
    settings = scene.settings(group) or GroupSettings()
    return tuple(
        action
        for each in scene.work.sanctions.in_force(group, member, scene.now)
        if is_out(each)
        for action in open_card(
            scene,
            f"back:{each.id}:{member.id}:{cause}",
            TaskKind.REMOVE,
            EARLY,
            case=each.case,
            group=group,
            member=member,
            who=named(member),
            place=harmless(group.name) or group.id,
            until=moment(each.until, settings.time_zone, scene.now) if each.until else FOR_GOOD,
        )
    )


def _end_sanctions(scene: Scene) -> tuple[Action, ...]:
    """Each is closed by one caller only, so that nobody is invited twice, whatever the clock."""
    return tuple(
        action
        for each in scene.work.sanctions.ended(scene.house.account, scene.now)
        if scene.work.sanctions.close(each.id, scene.now, _OVER)
        for action in _after(each, scene)
    )


def _after(sanction: Sanction, scene: Scene) -> tuple[Action, ...]:
    settle_cards(scene, sanction.case, TaskKind.REMOVE, TaskKind.MUTE, done=False, why=_OVER)
    if sanction.kind is not Consequence.REMOVE or sanction.member is None:
        return ()
    group, member = sanction.group, sanction.member
    goes = withdraw_removal(scene, sanction.case)
    if scene.settings(group) is None or (is_there(scene, group, member) and not goes):
        return ()
    why = f"案件 {sanction.case} 期满 the time of case {sanction.case} is over"
    return bring_back(scene, sanction.case, group, member, why)


def _alarm(scene: Scene) -> tuple[Action, ...]:
    late = scene.work.tasks.overdue(scene.house.account, scene.now)
    return tuple(
        action
        for task in late
        for action in (_lapse if task.kind is TaskKind.CONFIRM else _remind)(task, scene)
    )


def _remind(task: Task, scene: Scene) -> tuple[Action, ...]:
    return tell_operators(
        scene,
        f"overdue:{task.number}",
        OVERDUE,
        (task.member,) if task.member else (),
        number=task.number,
        what=task.text,
    )


def _lapse(task: Task, scene: Scene) -> tuple[Action, ...]:
    """Nobody confirmed in time: nothing follows, and the operators hear of it."""
    scene.work.tasks.settle(task.number, TaskState.CANCELLED, scene.now, _NOBODY_CONFIRMED)
    lapsed = task.case is not None and scene.work.cases.decide(
        task.case,
        CaseState.OVERTURNED,
        WEILU,
        scene.now,
        _NOBODY_CONFIRMED,
        was=(CaseState.CONFIRMING,),
    )
    if not lapsed:
        return ()
    return tell_operators(scene, f"lapsed:{task.case}", LAPSED, case=task.case)
