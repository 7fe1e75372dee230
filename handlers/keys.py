"""The keys of what is done because of a case: one case does each of them once.

But it removes again whoever comes back before their time, and says so.
"""

import re
from enum import StrEnum


class Deed(StrEnum):
    """What may be done because of a case."""

    REMIND = "remind"
    IN_GROUP = "in-group"
    DETAILS = "details"
    MUTE = "mute"
    UNMUTE = "unmute"
    REMOVE = "remove"
    INVITE = "invite"
    LIFTED = "lifted"
    RELEASED = "released"
    UPHELD = "upheld"


BITES = (Deed.REMIND, Deed.IN_GROUP, Deed.DETAILS, Deed.MUTE, Deed.REMOVE)
"""What follows from a case, and need not any more once it was overturned."""

_KEY = re.compile(r"([a-z-]+):(\d+)(?::\d+)?")


def key_of(deed: Deed, case: int, time: int = 0) -> str:
    """The key of an action because of a case; `time` counts those after the first, from 1."""
    return f"{deed}:{case}:{time}" if time else f"{deed}:{case}"


def case_of(key: str) -> int | None:
    """The case that an action of this key is done for; None if it is for none."""
    match = _KEY.fullmatch(key)
    return int(match[2]) if match and match[1] in set(Deed) else None
