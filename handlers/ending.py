"""What a date brings: the end of sanctions, overdue cards; and who comes back before it."""

from bot.actions import Action
from bot.events import Event, MemberJoined, MinutePassed
from bot.texts import Text
from handlers.lifting import bring_back, is_there, settle_cards, withdraw_removal
from handlers.operators import tell_operators
from handlers.returning import came_back
from handlers.scene import Reply, Scene, deaf_to_messages
from rules.consequences import Consequence
from storage.values_of_order import CaseState, Sanction, Task, TaskKind, TaskState

OVERDUE = Text(zh="任务 {number} 过了时限还没有做：{what}", en="Task {number} is overdue: {what}")
LAPSED = Text(
    zh="案件 {case} 没有人在期限内确认，就不移出了。",
    en="Nobody confirmed case {case} in time, so nobody is removed.",
)

_OVER = "期满 its time is over"
_NOBODY_CONFIRMED = "没有人在期限内确认 nobody confirmed it in time"
WEILU = "weilu"
"""Who decides where time does."""


@deaf_to_messages
def end(event: Event, scene: Scene) -> Reply:
    """The stage for what a date brings.

    It waits for the login: before, nobody knows what the platform can do. Who is back too early is
    not welcomed.
    """
    if isinstance(event, MinutePassed) and scene.me is not None:
        return Reply(actions=_end_sanctions(scene) + _alarm(scene))
    if isinstance(event, MemberJoined):
        actions = came_back(event.group, event.member, event.at.isoformat(), scene)
        return Reply.NOTHING if actions is None else Reply(actions=actions, stop=True)
    return Reply.NOTHING


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
