"""Feels the pulse of every group: how it is against its own usual, and what is posted next.

All groups together in a few queries, however many there are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from bot.events import Group
from bot.frozen import frozen
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.whom import looked_after
from storage.ahead import Ahead, Wall
from storage.reports import Reports
from storage.values_of_programmes import Chatter
from topics.mood import LATELY, Mood, mood
from topics.programme import Programme
from topics.usual import spans, usual

_HORIZONS = tuple(timedelta(days=days) for days in (1, 8, 40))
_MOST = 1500
"""More due times than a day has minutes."""
_FEW = 3
"""The next of a programme may be dealt with or left out; so many are looked at."""


@frozen
class Next:
    """What is posted next; `why` says why it waits where it is held back or was moved."""

    programme: str
    at: datetime
    why: str = ""


@frozen
class Pulse:
    """How one group is: what was said in the last hour, and what is usual for this one.

    `key` is our own number of the group; `messages` how many were heard there in all. `next` is
    None where nothing comes within forty days, or all of it is `paused`.
    """

    key: int
    group: Group
    settings: GroupSettings
    mood: Mood
    lately: Chatter
    usual: float | None
    next: Next | None
    paused: bool
    messages: int


@frozen
class _Place:
    group: Group
    settings: GroupSettings
    messages: int


def pulses(scene: Scene, reports: Reports) -> list[Pulse]:
    """Every group of members that is looked after, by name."""
    found = {place.group: place for place in _places(scene)}
    keys = reports.of_groups.keys(scene.house.account, found)
    lately = scene.work.pulse.heard(found, scene.now - LATELY, scene.now)
    usually = _usual(found, scene)
    scene.work.pauses.prepare(found)
    next_ = _next({key: found[group] for key, group in keys.items()}, scene, reports.ahead)
    felt = [
        _pulse(key, found[group], lately[group], usually.get(group), next_.get(key), scene)
        for key, group in keys.items()
    ]
    return sorted(felt, key=lambda each: (each.group.name, each.key))


def _pulse(  # noqa: PLR0917 all there is to know of a group
    key: int,
    place: _Place,
    lately: Chatter,
    usually: float | None,
    next_: Next | None,
    scene: Scene,
) -> Pulse:
    return Pulse(
        key=key,
        group=place.group,
        settings=place.settings,
        mood=mood(lately.messages, usually),
        lately=lately,
        usual=usually,
        next=next_,
        paused=bool(place.settings.programmes) and not [*_awake(place, scene)],
        messages=place.messages,
    )


def _places(scene: Scene) -> Iterator[_Place]:
    for known in scene.work.groups.all(scene.house.account):
        if known.managed and (settings := looked_after(known.group, scene)) is not None:
            yield _Place(known.group, settings, known.messages)


def _usual(found: Mapping[Group, _Place], scene: Scene) -> dict[Group, float | None]:
    zones: dict[ZoneInfo, list[Group]] = defaultdict(list)
    for group, place in found.items():
        zones[place.settings.time_zone].append(group)
    return {
        group: usual(counts)
        for zone, groups in zones.items()
        for group, counts in scene.work.pulse.weeks(groups, spans(scene.now, LATELY, zone)).items()
    }


def _next(places: Mapping[int, _Place], scene: Scene, ahead: Ahead) -> dict[int, Next]:
    """What comes next in each of these groups, what waits for its moment included."""
    due: dict[Wall, Next] = {
        (key, name, wall): Next(name, at)
        for key, place in places.items()
        for name, programme in _awake(place, scene)
        for wall, at in _due(programme, programme.time_zone or place.settings.time_zone, scene.now)
    }
    gone = ahead.gone(due)
    found: dict[int, list[Next]] = defaultdict(list)
    for wall, each in due.items():
        if wall not in gone:
            found[wall[0]].append(each)
    for key, waits in ahead.waiting(places.keys()).items():
        found[key].append(Next(waits.programme, waits.until, waits.why))
    return {key: min(some, key=attrgetter("at")) for key, some in found.items()}


def _awake(place: _Place, scene: Scene) -> Iterator[tuple[str, Programme]]:
    """The programmes of a group that are not paused."""
    for name, programme in place.settings.programmes.items():
        if scene.work.pauses.paused(place.group, name) is None:
            yield name, programme


def _due(programme: Programme, zone: ZoneInfo, now: datetime) -> list[tuple[str, datetime]]:
    """The next few due times: as many as are wanted, or all within the furthest horizon."""
    found: tuple[tuple[datetime, datetime], ...] = ()
    for horizon in _HORIZONS:
        found = programme.due(now, now + horizon, zone, _MOST)
        if len(found) >= _FEW:
            break
    return [(wall.isoformat(timespec="minutes"), at) for wall, at in found[:_FEW]]
