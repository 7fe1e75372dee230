"""Recorded messages as they can be judged again: what was not recorded refuses to be looked at."""

from enum import StrEnum
from functools import cache
from typing import cast

from bot.events import Group, Kind, Message
from storage.values_of_order import Said


class Part(StrEnum):
    """What of a message may not have been recorded."""

    TEXT = "text"
    """Texts are kept for some days, or never."""
    LINK = "link"
    """Where a card or a mini-program leads."""
    TITLE = "title"
    """What a card is called."""
    PICTURE = "picture"
    """Pictures are never kept."""


class UnrecordedError(Exception):
    """A rule looked at a part of the message that was not recorded."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.part = part


_Lacking = tuple[tuple[str, Part], ...]
"""Which fields of a message refuse to be looked at, and for want of what."""

_TEXT: _Lacking = (("text", Part.TEXT),)
# What a card is called is judged together with its text (handlers/reading.py).
_CARD: _Lacking = (("link", Part.LINK), ("title", Part.TITLE), ("text", Part.TITLE))
_LACKING: dict[Kind, _Lacking] = {
    Kind.URL: _CARD,
    Kind.MINI_PROGRAM: _CARD,
    Kind.IMAGE: (("picture", Part.PICTURE),),
}


def recorded(said: Said, group: Group) -> tuple[Message, Message] | None:
    """A message as it was heard, as far as that is known, twice; None where nobody said it.

    The first is empty where nothing was recorded: that is what the past is made of. The second
    raises UnrecordedError there: that is what is judged. Nobody is a person who was forgotten.
    """
    if said.author is None:
        return None
    lost = said.text is None and said.length > 0
    lacking = (*_LACKING.get(said.kind, ()), *(_TEXT if lost else ()))
    heard = Message(
        id=said.platform_id,
        group=group,
        author=said.author,
        at=said.at,
        kind=said.kind,
        text=said.text or "",
        mentions=said.mentions,
    )
    return (heard, _partly(heard, lacking)) if lacking else (heard, heard)


def _partly(heard: Message, lacking: _Lacking) -> Message:
    return _kind_that_lacks(lacking)(
        id=heard.id,
        group=heard.group,
        author=heard.author,
        at=heard.at,
        kind=heard.kind,
        text=heard.text,
        mentions=heard.mentions,
    )


@cache
def _kind_that_lacks(lacking: _Lacking) -> type[Message]:
    """A message without these parts: there are as many kinds as combinations."""
    body = {"__slots__": (), **{name: _refusing(part) for name, part in lacking}}
    return cast("type[Message]", type("PartlyRecorded", (Message,), body))


def _refusing(part: Part) -> property:
    def refuse(_: Message) -> None:
        raise UnrecordedError(part)

    return property(refuse, lambda _message, _value: None)
