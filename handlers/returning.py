"""Who comes back before their time: recognised under every name, and what follows by the config."""

from bot.actions import Action, Priority, Remove
from bot.events import Group, Identity
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.cards import named, open_card
from handlers.exempting import spared_by_any
from handlers.keys import Deed, key_of
from handlers.lifting import is_there
from handlers.reviewing import may_not
from handlers.rights import role_of
from handlers.sanctioning import done_or_asked, is_out, to_member
from handlers.scene import Scene
from handlers.settings import EarlyReturn, GroupSettings
from handlers.verdicts import Verdict
from handlers.wording import filled, harmless, moment, say
from storage.values_of_order import Doer, Sanction, Task, TaskKind

EARLY = Text(
    zh="{who} 回到了「{place}」，按案件 {case} 要到 {until} 才可以回来。"
    "要我再移出，回复「再移出」加任务号；可以留下，回复：解封 {case} 理由",
    en="{who} is back in “{place}”, but by case {case} not before {until}. To have them removed"
    " again, answer “remove again” and the number of the task; to let them stay: release {case}"
    " and why",
)
EARLY_BY_HAND = Text(
    zh="{who} 回到了「{place}」，按案件 {case} 要到 {until} 才可以回来。"
    "请移出，或者回复：解封 {case} 理由",
    en="{who} is back in “{place}”, but by case {case} not before {until}."
    " Please remove them, or answer: release {case} and why",
)
FOR_GOOD = Text(zh="（不再邀请）", en="(for good)")
TOLD = Text(
    zh="你在「{group}」的移出还没有结束（案件 {case}），所以又请你离开了，没有另记一次。"
    "{until}如有异议，私聊我：申诉 {case} 理由。",
    en="Your removal from “{group}” is not over yet (case {case}), so you had to leave again;"
    " nothing more is counted. {until}If you disagree, write to me in private: appeal {case} and"
    " why.",
)
UNTIL = Text(zh="到 {until} 我请你回来。", en="I will invite you back on {until}. ")
GOES = Text(
    zh="按案件 {case} 再移出 {who}，不另计次。",
    en="{who} is removed again by case {case}; no new strike.",
)
NOT_BACK = Text(
    zh="任务 {number} 说的不是提前回来的人，或者已经不必再移出。",
    en="Task {number} is not about somebody who is back early, or nobody has to go any more.",
)
CANNOT = Text(
    zh="平台不让我移出人。请你动手移出，做好了就写：完成 {number}",
    en="The platform does not let me remove anybody. Please do it, and then write: done {number}",
)
_REASON = "再移出 remove again"
_THIS_GROUP = Text(zh="这个群", en="this group")


def came_back(
    group: Group, member: Identity, cause: str, scene: Scene
) -> tuple[Action, ...] | None:
    """What follows from somebody's coming, named by `cause`; None if they may come.

    A card for the operators. Where the config says so, the very account that was put out is
    removed again by itself: under the same case, without a new strike, and within the removals an
    hour that need no human. Operators, and whom a rule exempts by now, are left to a human.
    """
    settings = scene.settings(group) or GroupSettings()
    kept_out = [
        each for each in scene.work.sanctions.in_force(group, member, scene.now) if is_out(each)
    ]
    if not kept_out:
        return None
    own = next((each for each in kept_out if each.member == member), None)
    if own is not None and _goes_by_itself(group, member, settings, scene):
        return _remove_again(own, member, cause, settings, scene)
    return _cards(kept_out, group, member, cause, scene)


def recognise(group: Group, member: Identity, cause: str, scene: Scene) -> tuple[Action, ...]:
    """A card for the operators if this person, under whatever name, is back before their time.

    `cause` names how it was noticed: for one there is one card.
    """
    in_force = scene.work.sanctions.in_force(group, member, scene.now)
    return _cards([each for each in in_force if is_out(each)], group, member, cause, scene)


def remove_again(scene: Scene, number: int, by: Doer) -> Verdict:
    """Whoever that card says is back early is removed by the same case, if that is in force."""
    refusal = may_not(scene, by, _REASON, about=None)
    if refusal is not None:
        return refusal
    task = scene.work.tasks.get(number)
    found = _who_is_back(task, scene) if task is not None else None
    if found is None:
        return _not_back(number)
    if Capability.REMOVE not in scene.capabilities:
        return Verdict(done=False, words=CANNOT, values={"number": number})
    sanction, member = found
    settings = scene.settings(sanction.group) or GroupSettings()
    actions = _remove_again(sanction, member, f"task:{number}", settings, scene)
    if not actions:
        return _not_back(number)
    case = f"案件 {sanction.case}"
    scene.work.audit.note(scene.house.account, by, _REASON, member, case, scene.now)
    values = {"case": sanction.case, "who": named(member)}
    return Verdict(done=True, words=GOES, values=values, actions=actions)


def _who_is_back(task: Task, scene: Scene) -> tuple[Sanction, Identity] | None:
    """Whom a card of this account is about, if they are there and kept out by its case."""
    ours = task.account == scene.house.account and task.kind is TaskKind.REMOVE
    if not ours or task.group is None or task.member is None:
        return None
    if not is_there(scene, task.group, task.member):
        return None
    in_force = scene.work.sanctions.in_force(task.group, task.member, scene.now)
    found = [each for each in in_force if is_out(each) and each.case == task.case]
    return (found[0], task.member) if found else None


def _not_back(number: int) -> Verdict:
    return Verdict(done=False, words=NOT_BACK, values={"number": number})


def _goes_by_itself(group: Group, member: Identity, settings: GroupSettings, scene: Scene) -> bool:
    return (
        settings.moderate.early_return is EarlyReturn.REMOVE
        and Capability.REMOVE in scene.capabilities
        and role_of(scene, member) is None
        and not spared_by_any(scene, group, settings, member)
    )


def _remove_again(
    sanction: Sanction, member: Identity, cause: str, settings: GroupSettings, scene: Scene
) -> tuple[Action, ...]:
    """Out again, and told why; once a cause, each time under a key of its own."""
    if not scene.work.sanctions.breach(sanction.id, f"back:{cause}"):
        return ()
    time = next(
        each.breaches
        for each in scene.work.sanctions.of_case(sanction.case)
        if each.id == sanction.id
    )
    why = f"案件 {sanction.case}：提前回来 case {sanction.case}: back early"
    act = Remove(
        key=key_of(Deed.REMOVE, sanction.case, time),
        why=why,
        priority=Priority.MODERATION,
        expires_at=sanction.until,
        about=(member,),
        group=sanction.group,
        member=member,
    )
    ends = UNTIL if sanction.until else Text(zh="", en="")
    until = moment(sanction.until, settings.time_zone, scene.now) if sanction.until else ""
    words = say(
        TOLD,
        settings.language,
        group=harmless(sanction.group.name) or _THIS_GROUP,
        case=sanction.case,
        until=filled(ends, until=until),
    )
    if Capability.SPEAK_IN_PRIVATE not in scene.capabilities:
        return done_or_asked(act, scene)  # nobody is told off before the group
    told = to_member(Deed.DETAILS, sanction.case, member, sanction.group, words, scene, time=time)
    return told + done_or_asked(act, scene)


def _cards(
    kept_out: list[Sanction], group: Group, member: Identity, cause: str, scene: Scene
) -> tuple[Action, ...]:
    settings = scene.settings(group) or GroupSettings()
    able = Capability.REMOVE in scene.capabilities
    return tuple(
        action
        for each in kept_out
        for action in open_card(
            scene,
            f"back:{each.id}:{member.id}:{cause}",
            TaskKind.REMOVE,
            EARLY if able else EARLY_BY_HAND,
            case=each.case,
            group=group,
            member=member,
            who=named(member),
            place=harmless(group.name) or group.id,
            until=moment(each.until, settings.time_zone, scene.now) if each.until else FOR_GOOD,
        )
    )
