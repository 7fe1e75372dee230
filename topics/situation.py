"""A group at the moment a topic is chosen for it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zlib import crc32

from bot.texts import Language
from storage.values_of_topics import Bank, Used
from topics.calendar import day_kind
from topics.goal import Goal, aim
from topics.programme import Programme
from topics.shelf import keep, shelf


class Situation(NamedTuple):
    """What choosing may depend on besides the bank and the programme.

    `day` is the local one, `holidays` those of topics/season.HOLIDAYS it belongs to. `history` is
    what was posted in the group by all programmes, oldest first. `language` is that of
    the group.
    """

    programme: str
    at: datetime
    day: date
    holidays: frozenset[str] = frozenset()
    stage: str = ""
    goal: str = ""
    history: Sequence[Used] = ()
    seed: int = 0
    language: Language = Language.BOTH


def situation(  # noqa: PLR0917 in the order of a question
    bank: Bank,
    group_id: str,
    name: str,
    programme: Programme,
    wall: str,
    at: datetime,
    history: Sequence[Used],
    goal: Goal | None = None,
    language: Language = Language.BOTH,
) -> Situation:
    """The situation of a group, by its platform id, when a programme is due there.

    The seed follows from group, programme and wall: whoever asks gets the same answer. The stage
    is that of the programme; where it has none, that of the group's common goal on that day.
    """
    asked = id(programme), id(goal), wall[:10], language
    known = bank.kept["days"].get(asked)
    if known is None:  # groups that are due together share all of it
        day = _day(bank, programme, wall[:10], goal, language)
        known = keep(bank.kept["days"], asked, (day, programme, goal))
    day, holidays, stage, served = known[0]
    return Situation(
        programme=name,
        at=at,
        day=day,
        holidays=holidays,
        stage=stage,
        goal=served,
        history=history,
        seed=crc32(f"{group_id}\n{name}\n{wall}".encode(errors="replace")),
        language=language,
    )


def _day(
    bank: Bank, programme: Programme, written: str, goal: Goal | None, language: Language
) -> tuple[date, frozenset[str], str, str]:
    """The day with its holidays, and the stage and goal that topics may serve on it."""
    day = date.fromisoformat(written)
    served = aim(goal, day)
    stage = programme.stage or served.stage
    by_moon = shelf(bank, programme, stage, served.goal, language).by_moon
    holidays = day_kind(day, programme.country).holidays if by_moon else frozenset()
    return day, holidays, stage, served.goal
