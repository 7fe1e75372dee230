"""Which topic a programme posts at a due time: the same answer for whoever asks, and plans."""

from datetime import datetime

from bot.events import Group
from handlers.settings import GroupSettings
from storage.work import Work
from topics.choosing import Ranked, pinned, rank
from topics.planning import Course
from topics.situation import situation

_SLOTS = 1000
"""What was dealt with ahead of its time (moved, skipped) is among the latest so many."""


def choice(  # noqa: PLR0917 in the order of a question
    work: Work,
    group: Group,
    settings: GroupSettings,
    programme_name: str,
    wall: str,
    at: datetime,
) -> Ranked | None:
    """What the programme would post at this due time; None if nothing fits, or it is not there.

    What an operator has pinned goes first, if it may be posted at all. Nothing is written down.
    """
    programme = settings.programmes.get(programme_name)
    if programme is None:
        return None
    wanted = pinned(work.topics.bank(), work.arrangements.for_slot(group, programme_name, wall))
    if wanted is not None:
        return wanted
    best = choices(work, group, settings, programme_name, wall, at, most=1)
    return next(iter(best), None)


def choices(  # noqa: PLR0917 in the order of a question
    work: Work,
    group: Group,
    settings: GroupSettings,
    programme_name: str,
    wall: str,
    at: datetime,
    most: int,
) -> list[Ranked]:
    """The topics that fit this due time best, whatever is pinned; none if it is not there."""
    programme = settings.programmes.get(programme_name)
    if programme is None:
        return []
    bank, history = work.topics.bank(), work.histories.of(group)
    now = situation(
        bank,
        group.id,
        programme_name,
        programme,
        wall,
        at,
        history,
        settings.goal,
        settings.language,
    )
    return rank(bank, programme, now, most=most)


def course(work: Work, group: Group, settings: GroupSettings) -> Course:
    """All that a plan of the group's programmes follows from (topics/planning.plan)."""
    zones = {
        name: each.time_zone or settings.time_zone for name, each in settings.programmes.items()
    }
    return Course(
        group,
        {name: (each, zones[name]) for name, each in settings.programmes.items()},
        history=work.histories.of(group),
        arranged=work.arrangements.of_group(group),
        slots=work.slots.list(group, _SLOTS),
        paused=frozenset(each.programme for each in work.pauses.of(group)),
        goal=settings.goal,
        language=settings.language,
    )
