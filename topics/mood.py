"""How a group is at the moment, against its own usual: talking, quiet, flooded, or at rest."""

from datetime import timedelta
from enum import StrEnum

from topics.liveliness import OnSilence
from topics.usual import is_quiet

LATELY = timedelta(hours=1)
"""So long a time is looked at."""

_FLOOD = 60
"""Fewer messages in that time can be read."""
_TIMES = 4
"""A flood is so many times what is usual."""
_FLOOD_ANYWHERE = 300
"""So many are a flood where nothing is usual yet."""
_AS_USUAL = OnSilence()


class Mood(StrEnum):
    """How a group is."""

    FLOODED = "flooded"
    QUIET = "quiet"
    TALKING = "talking"
    RESTING = "resting"
    """Nothing was said, and that is usual at this hour, or nothing is known to be usual."""


def mood(messages: int, usually: float | None) -> Mood:
    """How a group is in which so much was said within LATELY; `usually` is for as long."""
    if messages >= _flood(usually):
        return Mood.FLOODED
    if is_quiet(messages, usually, _AS_USUAL):
        return Mood.QUIET
    return Mood.TALKING if messages else Mood.RESTING


def _flood(usually: float | None) -> float:
    return _FLOOD_ANYWHERE if usually is None else max(_FLOOD, _TIMES * usually)
