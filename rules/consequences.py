"""What follows from a finding, mildest first."""

from enum import IntEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema


class Consequence(IntEnum):
    """What follows; the order is that of harshness. In config.yaml the small name is written."""

    NOTE = 0
    """The operators can read it; the member hears nothing."""
    REMIND = 1
    """The member is told which rule and why. No strike."""
    WARN = 2
    """The same, and it counts: a strike."""
    QUIET = 3
    """A recorded quiet period; a real mute where the platform has one."""
    REMOVE = 4
    """Out of the group, with a date of return."""
    BAN = 5
    """Out of the group, for good."""

    @property
    def word(self) -> str:
        """How config.yaml and the database name it."""
        return self.name.lower()

    @property
    def strikes(self) -> bool:
        """Whether it counts as a strike, and is a sanction that needs a posted rule."""
        return self >= Consequence.WARN


def by_word(value: Any) -> Any:
    """The consequence of that name. Raises ValueError for a word that names none."""
    words = {each.word: each for each in Consequence}
    if isinstance(value, Consequence):
        return value
    if not isinstance(value, str) or value not in words:
        known = "、".join(words)
        raise ValueError(f"只能是 {known} must be one of {known}")
    return words[value]


Written = Annotated[
    Consequence,
    BeforeValidator(by_word),
    PlainSerializer(lambda value: value.word, return_type=str),
    WithJsonSchema({"type": "string", "enum": [each.word for each in Consequence]}),
]
"""A consequence as config.yaml writes it."""
