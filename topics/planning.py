"""What a group's programmes will post in days to come: pure, its own choices played forward."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from bot.events import Group
from bot.frozen import frozen
from bot.texts import Language, Text
from storage.values import Slot, SlotState, Topic
from storage.values_of_programmes import Arranged, Arrangement
from storage.values_of_topics import Bank, Used
from topics.calendar import is_known
from topics.choosing import Ranked, pinned, rank
from topics.goal import Goal
from topics.programme import Programme
from topics.reasons import Reason
from topics.situation import situation

SKIPPED = Text(zh="运营者让这一次跳过", en="an operator wants this one skipped")
PAUSED = Text(zh="节目暂停中", en="the programme is paused")
NOTHING = Text(zh="没有合适的话题", en="no topic fits")
MOVED = Text(zh="改到这个时间", en="moved to this time")
WAITS = Text(zh="大家正聊得热闹，等聊完", en="it waits until a lively conversation calms")

HORIZONS = tuple(timedelta(days=days) for days in (1, 8, 40, 400))
"""Most programmes are due within a day; how far ahead is looked where they are not."""

_MOST = 100_000
"""A programme is due once a minute at most: more than two months of that."""


@frozen
class Course:
    """A group, its programmes by name with their time zones, and all that is known of it.

    `slots` are its latest slots: what was dealt with is not planned again, what is held is still
    to come. `paused` names the programmes that rest, "" stands for all of them.
    """

    group: Group
    programmes: Mapping[str, tuple[Programme, ZoneInfo]]
    history: Sequence[Used] = ()
    arranged: Sequence[Arrangement] = ()
    slots: Sequence[Slot] = ()
    paused: Collection[str] = ()
    goal: Goal | None = None
    language: Language = Language.BOTH


@frozen
class Planned:
    """One due time: what will be posted and why, or no topic and the note that says why not.

    `known` is whether the public holidays of that year have been published.
    """

    group: Group
    programme: str
    wall: str
    at: datetime
    topic: Topic | None
    reasons: tuple[Reason, ...]
    note: Text | None
    known: bool


@frozen
class _Due:
    name: str
    wall: str
    at: datetime
    note: Text | None = None


def plan(bank: Bank, course: Course, after: datetime, until: datetime) -> list[Planned]:
    """Every due time later than `after`, not later than `until`, the soonest first.

    Each choice is made as if all those before it had been posted.
    """
    return [*ahead(bank, course, after, until)]


def ahead(bank: Bank, course: Course, after: datetime, until: datetime) -> Iterator[Planned]:
    """The plan one by one: whoever wants only the first has only that chosen."""
    history = [*course.history]
    for due in sorted(_due(course, after, until), key=attrgetter("at", "name")):
        programme, _ = course.programmes[due.name]
        chosen, note = _chosen(bank, course, due, history)
        if chosen is not None:
            history.append(Used(chosen.topic.key, due.name, due.at))
        yield Planned(
            group=course.group,
            programme=due.name,
            wall=due.wall,
            at=due.at,
            topic=chosen.topic if chosen else None,
            reasons=chosen.reasons if chosen else (),
            note=note,
            known=is_known(int(due.wall[:4]), programme.country),
        )


def _due(course: Course, after: datetime, until: datetime) -> Iterator[_Due]:
    taken = set()
    for slot in course.slots:
        taken.add((slot.programme, slot.wall))
        waits = slot.state is SlotState.HELD and slot.programme in course.programmes
        at = max(after, slot.not_before or slot.due_at)
        if waits and at <= until:
            note = WAITS if slot.not_before != slot.due_at else MOVED
            yield _Due(slot.programme, slot.wall, at, note)
    for name, (programme, zone) in course.programmes.items():
        for time, at in programme.due(after, until, zone, _MOST):
            wall = time.isoformat(timespec="minutes")
            if (name, wall) not in taken:
                yield _Due(name, wall, at)


def _chosen(
    bank: Bank, course: Course, due: _Due, history: Sequence[Used]
) -> tuple[Ranked | None, Text | None]:
    """The topic, or none; and what is to be said of the due time."""
    arranged = _of(course.arranged, due)
    if any(each.what is Arranged.SKIP for each in arranged):
        return None, SKIPPED
    if not {"", due.name}.isdisjoint(course.paused):
        return None, PAUSED
    programme, _ = course.programmes[due.name]
    chosen = pinned(bank, arranged)
    if chosen is None:
        group = course.group.id
        now = situation(
            bank,
            group,
            due.name,
            programme,
            due.wall,
            due.at,
            history,
            goal=course.goal,
            language=course.language,
        )
        chosen = next(iter(rank(bank, programme, now, most=1)), None)
    return (None, NOTHING) if chosen is None else (chosen, due.note)


def _of(arranged: Iterable[Arrangement], due: _Due) -> list[Arrangement]:
    return [each for each in arranged if (each.programme, each.wall) == (due.name, due.wall)]
