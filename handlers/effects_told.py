"""Tells in words what came of a group's topics, for the chat and for the command line."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from bot.events import Group
from bot.texts import Text
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import filled, harmless, length, say
from topics.worked import Tally, Worked, differ, worked

HEAD = Text(
    zh="「{group}」{first} 到 {last} 发过 {posts} 个话题，{answered} 个有人接，平均 {people} 人、"
    "{answers} 句。",
    en="“{group}”, {first} to {last}: {posts} topics, {answered} of them answered, {people} people"
    " and {answers} answers on average.",
)
NONE = Text(
    zh="「{group}」还没有可看的效果：话题发出、过了回应时间才算数。",
    en="“{group}”: nothing to tell yet; a topic counts once the time for answers is over.",
)
FEW = Text(zh="只有 {count} 次，还看不出", en="only {count}, too few to tell")
TOO_FEW = Text(zh="{few}什么最好。", en="{few} what works best.")
MORE = Text(zh="半数在 {wait} 内有人接话。", en="Half were answered within {wait}.")
DRIFT = Text(zh="跑题约 {drift}%。", en="About {drift}% of the talk was about something else.")
FIRST_TIMERS = Text(
    zh="{count} 人次第一次接话题。", en="{count} people answered for the first time."
)
BEST = Text(zh="最受欢迎：{list}", en="Best: {list}")
FLATTEST = Text(zh="最冷清：{list}", en="Flattest: {list}")
TAGS = Text(zh="标签：{list}", en="Tags: {list}")
HOURS = Text(zh="时间：{list}", en="Hours: {list}")
ONE = Text(zh="{name} {people} 人（{count} 次）", en="{name} {people} people ({count}×)")
OF_FEW = Text(zh="{name}（{few}）", en="{name} ({few})")
HOUR = Text(zh="{hour} 点", en="{hour}:00")
KINDS = (Text(zh="万能", en="universal"), Text(zh="专业", en="professional"))
CAST = (Text(zh="点了人", en="with mentions"), Text(zh="没点人", en="without"))
PAIR = Text(zh="{one}；{other}。{verdict}", en="{one}; {other}. {verdict}")
REAL = Text(zh="差别看得出来。", en="The difference is real.")
CHANCE = Text(zh="差别还可能是碰巧。", en="The difference may be chance.")

SINCE = timedelta(days=180)
"""So far back the chat looks."""

_LISTED = 3


def told(scene: Scene, group: Group) -> str:
    """What works in a group, in the language of the house."""
    settings = scene.settings(group) or GroupSettings()
    outcomes = scene.work.effects.of_group(group, scene.now - SINCE)
    found = worked(outcomes, settings.time_zone)
    return "\n".join(
        say(line, scene.house.language) for line in lines(group, found, settings.time_zone)
    )


def lines(group: Group, found: Worked | None, zone: tzinfo) -> list[Text]:
    """What works in a group, line by line; where too little was tried, that is all it says."""
    if found is None:
        return [filled(NONE, group=harmless(group.name))]
    head = filled(
        HEAD,
        group=harmless(group.name),
        first=_day(found.first, zone),
        last=_day(found.last, zone),
        posts=found.all.posts,
        answered=found.answered,
        people=_mean(found.all.people),
        answers=_mean(found.all.answers),
    )
    if found.all.few:
        return [head, filled(TOO_FEW, few=_few(found.all))]
    best, flattest = _ends(found)
    return [
        head,
        *_further(found),
        *_listed(BEST, best),
        *_listed(FLATTEST, flattest),
        *_pair(KINDS, found.universal, found.professional),
        *_pair(CAST, found.cast, found.uncast),
        *_listed(TAGS, [_told(each, harmless(each.name)) for each in _many_first(found.tags)]),
        *_listed(HOURS, [_told(each, _hour(each)) for each in _many_first(found.hours)]),
    ]


def _further(found: Worked) -> list[Text]:
    said = []
    if found.first_after is not None:
        said.append(filled(MORE, wait=length(_rounded(found.first_after))))
    if found.drift is not None:
        said.append(filled(DRIFT, drift=found.drift))
    if found.first_timers:
        said.append(filled(FIRST_TIMERS, count=found.first_timers))
    return said


def _ends(found: Worked) -> tuple[list[Text], list[Text]]:
    """The topics above and below what is usual here, those furthest from it first."""
    usual = found.all.people
    above = [each for each in found.topics if each.people > usual]
    below = [each for each in reversed(found.topics) if each.people < usual]
    best, flattest = (
        [_counted(each, harmless(each.name)) for each in some[:_LISTED]] for some in (above, below)
    )
    return best, flattest


def _many_first(tallies: Sequence[Tally]) -> list[Tally]:
    """What was tried often enough, the best first; then what was not."""
    return sorted(tallies, key=lambda each: each.few)[: 2 * _LISTED]


def _pair(names: tuple[Text, Text], one: Tally, other: Tally) -> list[Text]:
    """Two sides of a comparison; nothing where one of them was never tried."""
    if not one.posts or not other.posts:
        return []
    verdict = {True: REAL, False: CHANCE, None: ""}[differ(one, other)]
    sides = [_told(each, name) for each, name in zip((one, other), names, strict=True)]
    return [filled(PAIR, one=sides[0], other=sides[1], verdict=verdict)]


def _listed(head: Text, entries: Sequence[Text]) -> list[Text]:
    if not entries:
        return []
    joined = Text(
        zh="、".join(each.zh for each in entries), en=", ".join(each.en for each in entries)
    )
    return [filled(head, list=joined)]


def _told(tally: Tally, name: Text | str) -> Text:
    return filled(OF_FEW, name=name, few=_few(tally)) if tally.few else _counted(tally, name)


def _counted(tally: Tally, name: Text | str) -> Text:
    return filled(ONE, name=name, people=_mean(tally.people), count=tally.posts)


def _few(tally: Tally) -> Text:
    return filled(FEW, count=tally.posts)


def _hour(tally: Tally) -> Text:
    return filled(HOUR, hour=int(tally.name))


def _mean(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"


def _rounded(wait: timedelta) -> timedelta:
    """Up to the minute."""
    return timedelta(minutes=-(-wait // timedelta(minutes=1)))
