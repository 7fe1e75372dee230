"""A group at the moment a topic is chosen for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from bot.texts import Language
from storage.values_of_topics import Bank, Used
from topics.calendar import day_kind
from topics.goal import Goal, aim
from topics.programme import Programme
from topics.shelf import shelf


@dataclass(frozen=True, slots=True)
class Situation:
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
    day = date.fromisoformat(wall[:10])
    served = aim(goal, day)
    stage = programme.stage or served.stage
    by_moon = shelf(bank, programme, stage, served.goal, language).by_moon
    return Situation(
        programme=name,
        at=at,
        day=day,
        holidays=day_kind(day, programme.country).holidays if by_moon else frozenset(),
        stage=stage,
        goal=served.goal,
        history=history,
        seed=crc32(f"{group_id}\n{name}\n{wall}".encode(errors="replace")),
        language=language,
    )
