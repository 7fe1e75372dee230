"""Programmes whose posts would wait for the end of the quiet hours and be too late by then."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.config import Config
from bot.duration import show
from bot.pace import QuietHours
from bot.shown import shown
from topics.programme import Programme

_AHEAD = timedelta(days=8)
_MOST = 2000
_DAY = timedelta(days=1)


def unsent(config: Config, now: datetime) -> Iterator[str]:
    """One line for each such programme, with a due time of the days ahead that would be lost."""
    quiet = config.pace.quiet_hours
    if quiet is None:
        return
    for entry in config.groups:
        for name, programme in entry.settings.programmes.items():
            zone = programme.time_zone or entry.settings.time_zone
            ahead = programme.due(now, now + _AHEAD, zone, _MOST)
            lost = next((wall for wall, at in ahead if _is_lost(at, programme, quiet)), None)
            if lost is not None:
                yield _line(f"{entry.match}", name, lost, programme, quiet)


def _is_lost(at: datetime, programme: Programme, quiet: QuietHours) -> bool:
    """Whether the quiet hours hold from the due time until the end of its grace."""
    wall = at.astimezone(quiet.time_zone).replace(tzinfo=None)
    end = datetime.combine(wall, quiet.end)
    if end <= wall:
        end += _DAY
    return quiet.holds(wall.time()) and wall + programme.grace < end


def _line(match: str, name: str, wall: datetime, programme: Programme, quiet: QuietHours) -> str:
    hours = f"{quiet.start:%H:%M}–{quiet.end:%H:%M}"
    return shown(
        f"{match} 的节目「{name}」：{wall:%H:%M} 在安静时段 {hours} 里，宽限"
        f" {show(programme.grace)} 过了才能发，所以发不出去。请改 at、grace 或 pace.quiet_hours。"
        f" The programme “{name}” of {match}: {wall:%H:%M} is within the quiet hours {hours}, which"
        " last longer than its grace, so it is never posted. Change at, grace or"
        " pace.quiet_hours."
    )
