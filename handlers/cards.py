"""Task cards: what a human has to do, told to the operators, and checked by itself where it can."""

from datetime import timedelta

from bot.actions import Action, Invite, Mute, Remove
from bot.events import Event, Group, Identity, MemberJoined, MemberLeft
from bot.texts import Text
from handlers.keys import case_of
from handlers.operators import tell_operators
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings
from handlers.wording import filled, harmless, moment, plain_lines, say
from storage.values_of_order import TaskKind, TaskState

WITHIN = timedelta(days=1)
"""So long the operators have; then they are told once more."""

CARD = Text(
    zh="任务 {number}：{what}\n请在 {deadline} 前处理。",
    en="Task {number}: {what}\nPlease see to it by {deadline}.",
)
REMOVE = Text(
    zh="请把 {who} 移出「{place}」（案件 {case}），我自己没能做到：{why}",
    en="Please remove {who} from “{place}” (case {case}); I could not: {why}",
)
INVITE = Text(
    zh="请把 {who} 请回「{place}」（案件 {case}），我自己没能做到：{why}",
    en="Please invite {who} back to “{place}” (case {case}); I could not: {why}",
)
MUTE = Text(
    zh="请在「{place}」禁言 {who}（案件 {case}），我自己没能做到：{why}",
    en="Please mute {who} in “{place}” (case {case}); I could not: {why}",
)
UNMUTE = Text(
    zh="请在「{place}」解除 {who} 的禁言（案件 {case}），我自己没能做到：{why}",
    en="Please unmute {who} in “{place}” (case {case}); I could not: {why}",
)
DONE = Text(zh="已经看到做好了", en="seen to be done")

Act = Remove | Invite | Mute
"""What a human can do in the bot's place."""

_MOST_WORDS = 200


def open_card(
    scene: Scene,
    key: str,
    kind: TaskKind,
    text: Text,
    *,
    case: int | None = None,
    group: Group | None = None,
    member: Identity | None = None,
    within: timedelta = WITHIN,
    **values: object,
) -> tuple[Action, ...]:
    """Open a card and tell the operators; the same key again tells nobody anything.

    `values` and the case fill the text. It has to be done within that time from now.
    """
    language = scene.house.language
    told = values | {"case": case}
    deadline = scene.now + within
    number = scene.work.tasks.open(
        scene.house.account,
        key,
        kind,
        say(text, language, **told),
        deadline,
        scene.now,
        case=case,
        group=group,
        member=member,
    )
    settings = (scene.settings(group) if group else None) or GroupSettings()
    return tell_operators(
        scene,
        f"task:{number}",
        CARD,
        (member,) if member else (),
        number=number,
        what=filled(text, **told),
        deadline=moment(deadline, settings.time_zone, scene.now),
    )


def cannot(scene: Scene, action: Act, why: str) -> tuple[Action, ...]:
    """A card for what could not be done; none while there is one for the same thing.

    None either for keeping somebody out, or quiet, to whom nothing applies any more.
    """
    kind, text = _asked_for(action)
    if text in (REMOVE, MUTE) and not scene.work.sanctions.in_force(
        action.group, action.member, scene.now
    ):
        return ()
    if scene.work.tasks.open_for(action.group, action.member, kind) is not None:
        return ()
    return open_card(
        scene,
        f"cannot:{action.key}",
        kind,
        text,
        case=case_of(action.key),
        group=action.group,
        member=action.member,
        who=named(action.member),
        place=harmless(action.group.name) or action.group.id,
        why=plain_lines(why)[:_MOST_WORDS],
    )


def named(who: Identity) -> str:
    """How operators are told of somebody."""
    return harmless(who.name) or who.id


@deaf_to_messages
def check(event: Event, scene: Scene) -> Reply:
    """The stage that sees that what was asked for has been done."""
    if isinstance(event, MemberLeft):
        _settle(event.group, event.member, TaskKind.REMOVE, scene)
    elif isinstance(event, MemberJoined):
        for who in (event.member, *scene.work.members.linked(event.member)):
            _settle(event.group, who, TaskKind.INVITE, scene)
    return Reply.NOTHING


def _settle(group: Group, member: Identity, kind: TaskKind, scene: Scene) -> None:
    task = scene.work.tasks.open_for(group, member, kind)
    if task is not None:
        done = say(DONE, scene.house.language)
        scene.work.tasks.settle(task.number, TaskState.DONE, scene.now, done)


def _asked_for(action: Act) -> tuple[TaskKind, Text]:
    match action:
        case Remove():
            return TaskKind.REMOVE, REMOVE
        case Invite():
            return TaskKind.INVITE, INVITE
        case Mute(until=None):
            return TaskKind.MUTE, UNMUTE
    return TaskKind.MUTE, MUTE
