"""Regular expressions that few configs need: compiled when they are first asked for.

Compiling one takes milliseconds, and every start would wait for all of them.
"""

import re
from typing import Any, cast


def late(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """What `re.compile` gives; whether the pattern is sound is seen when it is first used."""
    return cast("re.Pattern[str]", _Late(pattern, flags))


class _Late:
    def __init__(self, pattern: str, flags: int) -> None:
        self._asked = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """Asked for once: from then on it is an attribute of its own."""
        found = getattr(re.compile(*self._asked), name)
        setattr(self, name, found)
        return found
