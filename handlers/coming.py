"""The due times that lie ahead in a group, and which groups have any."""

from datetime import datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from bot.cron import instant
from bot.events import Group
from bot.frozen import frozen
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.whom import looked_after
from storage.values_of_programmes import Arranged
from topics.planning import HORIZONS
from topics.programme import Programme

_MOST = 1500
"""More due times than a day has minutes."""
_SLOTS = 200
_WALL = "%Y-%m-%dT%H:%M"


@frozen
class Coming:
    """A due time that nobody has dealt with yet; `skipped` where an operator wants it left out."""

    group: Group
    settings: GroupSettings
    programme: str
    wall: str
    at: datetime
    skipped: bool

    @property
    def zone(self) -> ZoneInfo:
        """In which its wall is read."""
        return zone_of(self.settings, self.programme)


def zone_of(settings: GroupSettings, programme: str) -> ZoneInfo:
    """The time zone of a programme, that of its group where it has none or is gone."""
    known = settings.programmes.get(programme)
    return (known and known.time_zone) or settings.time_zone


def coming(
    scene: Scene, group: Group, settings: GroupSettings, programme: str = "", most: int = 1
) -> list[Coming]:
    """The next due times of a programme, or of all of them, soonest first; moved ones are held."""
    taken = {(slot.programme, slot.wall) for slot in scene.work.slots.list(group, _SLOTS)}
    skipped = {
        (each.programme, each.wall)
        for each in scene.work.arrangements.of_group(group)
        if each.what is Arranged.SKIP
    }
    found: list[Coming] = []
    for name, each in settings.programmes.items():
        if programme not in ("", name):
            continue
        ahead = (
            (wall.isoformat(timespec="minutes"), at)
            for wall, at in _due(scene.now, each, zone_of(settings, name), most + len(taken))
        )
        found += [
            Coming(group, settings, name, wall, at, (name, wall) in skipped)
            for wall, at in ahead
            if (name, wall) not in taken
        ]
    return sorted(found, key=attrgetter("at"))[:most]


def coming_at(
    scene: Scene, group: Group, settings: GroupSettings, programme: str, wall: str
) -> Coming | None:
    """The due time of a programme at this time on the wall; None if it is past or dealt with."""
    known = settings.programmes.get(programme)
    if known is None or any(
        (slot.programme, slot.wall) == (programme, wall)
        for slot in scene.work.slots.list(group, _SLOTS)
    ):
        return None
    zone = zone_of(settings, programme)
    try:
        at = instant(datetime.strptime(wall, _WALL), zone)  # noqa: DTZ007 a time on the wall
    except (ValueError, OverflowError):
        return None
    if not scene.now < at <= scene.now + HORIZONS[-1]:
        return None
    due = known.due(at - timedelta(seconds=1), at, zone, _MOST)
    if not any(each.isoformat(timespec="minutes") == wall for each, _ in due):
        return None
    wanted = scene.work.arrangements.for_slot(group, programme, wall)
    skipped = any(each.what is Arranged.SKIP for each in wanted)
    return Coming(group, settings, programme, wall, at, skipped)


def _due(
    now: datetime, programme: Programme, zone: ZoneInfo, most: int
) -> list[tuple[datetime, datetime]]:
    """The first due times ahead: as many as wanted, or all within the furthest horizon."""
    found: tuple[tuple[datetime, datetime], ...] = ()
    for horizon in HORIZONS:
        found = programme.due(now, now + horizon, zone, _MOST)
        if len(found) >= most:
            break
    return list(found[:most])


def places(scene: Scene) -> list[tuple[Group, GroupSettings]]:
    """The groups of members that are looked after, by name."""
    every = (known.group for known in scene.work.groups.all(scene.house.account) if known.managed)
    found = [(group, settings) for group in every if (settings := looked_after(group, scene))]
    return sorted(found, key=lambda place: place[0].name)
