"""How far a group is with its common goal: told by operators, shown to everybody in one line."""

from datetime import date, datetime

from bot.events import Group, Identity
from bot.texts import Language, Text, named
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import NO_RIGHT, Verdict
from handlers.wording import filled, harmless
from storage.values_of_order import Doer
from topics.goal import Goal, line

MOST = 1_000_000_000
"""What the storage can count to; no goal is further away."""
_LATELY = 50
"""No group gets more topics a day."""

NO_GOAL = Text(
    zh="「{place}」没有共同目标。目标写在 config.yaml 的 goal 里。",
    en="“{place}” has no common goal. It is written in config.yaml, under goal.",
)
NO_NUMBER = Text(
    zh="数目要在 0 到 {most} 之间，现在是 {reached}。",
    en="It has to be from 0 to {most}; it is {reached} now.",
)
NOTED = Text(zh="记下了。{line}", en="Noted. {line}")


def report(
    scene: Scene, group: Group, settings: GroupSettings, by: Doer, count: int, *, more: bool
) -> Verdict:
    """An operator tells what was reached: so many in all or, with `more`, so many more (or less).

    Who may is checked here, whoever asks for it.
    """
    if isinstance(by, Identity) and role_of(scene, by) is None:
        return Verdict(done=False, words=NO_RIGHT)
    goal = settings.goal
    if goal is None:
        place = harmless(group.name)
        return Verdict(done=False, words=NO_GOAL, values={"place": place})
    before = scene.work.goals.reached(group, goal.key) or 0
    reached = before + count if more else count
    if not 0 <= reached <= MOST:
        return Verdict(done=False, words=NO_NUMBER, values={"most": MOST, "reached": before})
    scene.work.goals.tell(group, goal.key, reached, by, scene.now)
    about = f"{goal.name} · {harmless(group.name)}"
    scene.work.audit.note(
        group.account, by, "目标 进展 goal progress", about, f"{before} → {reached}", scene.now
    )
    words = filled(NOTED, line=_both(goal, today(settings, scene.now), reached))
    return Verdict(done=True, words=words)


def shown(scene: Scene, group: Group, settings: GroupSettings) -> str:
    """How far the group is; empty where it has no goal."""
    goal = settings.goal
    if goal is None:
        return ""
    reached = scene.work.goals.reached(group, goal.key)
    return line(goal, today(settings, scene.now), reached, settings.language)


def below_topic(scene: Scene, group: Group, settings: GroupSettings, at: datetime) -> str:
    """The line that closes the first topic of a day while there is a goal; else empty."""
    goal = settings.goal
    if goal is None:
        return ""
    day = today(settings, at)
    if not goal.aim_on(day).goal:
        return ""
    lately = scene.work.histories.of(group)[-_LATELY:]
    if any(today(settings, used.at) == day for used in lately):
        return ""
    return line(goal, day, scene.work.goals.reached(group, goal.key), settings.language)


def today(settings: GroupSettings, at: datetime) -> date:
    """The day by the group's clock."""
    return at.astimezone(settings.time_zone).date()


def _both(goal: Goal, day: date, reached: int) -> Text:
    zh, en = (named(line(goal, day, reached, each)) for each in (Language.ZH, Language.EN))
    return Text(zh=zh.zh, en=en.en)
