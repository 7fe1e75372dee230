"""Asks the members, once a common goal is over, what they want next; nobody is removed by it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.actions import Action, Priority, Say
from bot.events import Event, Group, HourPassed, Identity
from bot.texts import Text
from handlers.operators import tell_operators
from handlers.progress import shown, today
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings
from handlers.wording import filled, harmless, say
from storage.values import OutboxRow, OutboxState
from storage.values_of_programmes import Choice
from topics.goal import Goal

ASK = Text(
    zh="{line}。谢谢一路同行。\n接下来想怎样？在群里回一个词就好：\n"
    "「前进」：一起做下一个目标\n「留下」：先在群里待着\n「结业」：以老朋友的身份告一段落\n"
    "{until} 以前都可以回，也可以改主意。不回也没关系，没有人会因此离开群。",
    en="{line}. Thank you for coming along.\nWhat next? Answer with one word here:\n"
    "“move on”: to the next goal together\n“stay”: in the group for now\n"
    "“alumnus”: to leave it at that, as an old friend\n"
    "Until the end of {until} you may answer, and change your mind. Not answering is fine too:"
    " nobody leaves the group because of this.",
)
HEARD = Text(
    zh="收到 {count} 位的选择：前进 {move_on}，留下 {stay}，结业 {alumnus}。"
    "{until} 以前都可以回，也可以改。",
    en="{count} have answered: move on {move_on}, stay {stay}, alumnus {alumnus}."
    " Until the end of {until} you may answer, and change your mind.",
)
SUMMARY = Text(
    zh="「{place}」的共同目标 {goal} 结束了，{count} 位成员说了接下来想怎样：\n"
    "前进 {move_on}\n留下 {stay}\n结业 {alumnus}\n没有回复 {silent} 位。没有人因此被移出群。",
    en="The common goal {goal} of “{place}” is over; {count} members said what they want next:\n"
    "move on {move_on}\nstay {stay}\nalumnus {alumnus}\n{silent} did not answer."
    " Nobody was removed because of it.",
)

_ASKED_ON = (1, 2)
"""So many days after the last one it is asked; the later one if it could not be said before."""
_LAST = 8
"""So many days after the last one answers are taken: for a week."""
_TOLD_UNTIL = 22
"""So many days after the last one the operators may still be told, after a stop of two weeks."""
_MORNING = range(9, 12)
_EVENING = time(20)
"""Hours by the group's clock; what was not said by the evening is not said at night."""
_NEVER_SAID = (
    OutboxState.PENDING,
    OutboxState.EXPIRED,
    OutboxState.REFUSED,
    OutboxState.CANCELLED,
    OutboxState.DRY,
)
_NAMES = 20


@deaf_to_messages
def conclude(event: Event, scene: Scene) -> Reply:
    """In the morning after a goal: the question; what came of it the days after. Each once.

    Looked at once an hour, and at the start; what was decided before is refused by its key.
    """
    if not isinstance(event, HourPassed):
        return Reply.NOTHING
    actions: list[Action] = []
    for group in scene.house.with_goal:
        settings = scene.settings(group)
        if settings is not None and settings.goal is not None:
            actions += _concluded(group, settings, settings.goal, scene)
    return Reply(actions=tuple(actions))


def takes_answers(scene: Scene, group: Group, settings: GroupSettings, at: datetime) -> bool:
    """Whether the group has been asked what it wants next, and may still answer at that time."""
    goal = settings.goal
    if goal is None or not 0 < _days_after(goal, today(settings, at)) <= _LAST:
        return False
    return any(_was_said(scene, group, goal, day) for day in _ASKED_ON)


def _concluded(group: Group, settings: GroupSettings, goal: Goal, scene: Scene) -> Iterator[Action]:
    wall = scene.now.astimezone(settings.time_zone)
    after = _days_after(goal, wall.date())
    if wall.hour not in _MORNING or not 0 < after <= _TOLD_UNTIL:
        return
    if after in _ASKED_ON and _may_ask(scene, group, goal, after):
        yield _question(group, settings, goal, after, scene)
    elif 1 < after <= _LAST:
        yield from _acknowledgement(group, settings, goal, scene)
    elif after > _LAST and any(_was_said(scene, group, goal, day) for day in _ASKED_ON):
        yield from _summary(group, goal, scene)


def _may_ask(scene: Scene, group: Group, goal: Goal, after: int) -> bool:
    """Whether it was not asked on an earlier day, or was too late to be said then."""
    earlier = (
        scene.work.outbox.of_key(group.account, _key(group, goal, day))
        for day in _ASKED_ON
        if day < after
    )
    return all(row is None or _is_dropped(row, scene.now) for row in earlier)


def _is_dropped(row: OutboxRow, now: datetime) -> bool:
    """Whether its time was over; after a stop the outbox may not have seen that yet."""
    over = row.action.expires_at is not None and row.action.expires_at <= now
    return row.state is OutboxState.EXPIRED or (row.state is OutboxState.PENDING and over)


def _was_said(scene: Scene, group: Group, goal: Goal, day: int) -> bool:
    row = scene.work.outbox.of_key(group.account, _key(group, goal, day))
    return row is not None and row.state not in _NEVER_SAID


def _question(
    group: Group, settings: GroupSettings, goal: Goal, after: int, scene: Scene
) -> Action:
    told = shown(scene, group, settings)
    return _say(
        group,
        settings,
        _key(group, goal, after),
        say(ASK, settings.language, line=told, until=_until(goal)),
        scene,
    )


def _acknowledgement(
    group: Group, settings: GroupSettings, goal: Goal, scene: Scene
) -> Iterator[Action]:
    """One for all who have answered so far, on the first morning after the first answer."""
    key = f"goal-heard:{group.id}:{goal.key}:{goal.end}"
    if scene.work.outbox.of_key(group.account, key) is not None:
        return
    choices = scene.work.goals.choices(group, goal.key)
    if not choices:
        return
    counts = {each.value: [*choices.values()].count(each) for each in Choice}
    words = say(HEARD, settings.language, count=len(choices), until=_until(goal), **counts)
    yield _say(group, settings, key, words, scene)


def _summary(group: Group, goal: Goal, scene: Scene) -> tuple[Action, ...]:
    choices = scene.work.goals.choices(group, goal.key)
    present = {*scene.work.memberships.present(group)} - {scene.me, *choices}
    return tell_operators(
        scene,
        f"goal-over:{group.id}:{goal.key}:{goal.end}",
        SUMMARY,
        tuple(choices),
        place=harmless(group.name),
        goal=goal.name,
        count=len(choices),
        silent=len(present),
        **{each.value: _names(choices, each) for each in Choice},
    )


def _names(choices: Mapping[Identity, Choice], choice: Choice) -> str:
    """How many, and who."""
    who = [harmless(each.name) or each.id for each, theirs in choices.items() if theirs is choice]
    if not who:
        return "0"
    more = "…" if len(who) > _NAMES else ""
    return f"{len(who)}：{'、'.join(who[:_NAMES])}{more}"


def _say(group: Group, settings: GroupSettings, key: str, words: str, scene: Scene) -> Action:
    wall = scene.now.astimezone(settings.time_zone)
    return Say(
        key=key,
        why=f"共同目标结束 the common goal is over: {settings.goal.name if settings.goal else ''}",
        priority=Priority.NOTICE,
        expires_at=datetime.combine(wall.date(), _EVENING, wall.tzinfo).astimezone(UTC),
        to=group,
        text=words,
    )


def _key(group: Group, goal: Goal, day: int) -> str:
    return f"goal-asked:{group.id}:{goal.key}:{goal.end}:{day}"


def _days_after(goal: Goal, day: date) -> int:
    return (day - goal.end).days


def _until(goal: Goal) -> Text:
    """The last day on which answers are taken."""
    last = goal.end + timedelta(days=_LAST)
    return filled(Text(zh="{month}月{day}日", en="{day}/{month}"), month=last.month, day=last.day)
