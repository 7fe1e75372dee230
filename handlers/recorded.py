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
_LINK: _Lacking = (("link", Part.LINK),)
# What a card is called is judged together with its text (handlers/reading.py).
_TITLE: _Lacking = (("title", Part.TITLE), ("text", Part.TITLE))
_CARDS = (Kind.URL, Kind.MINI_PROGRAM)


def recorded(said: Said, group: Group) -> tuple[Message, Message] | None:
    """A message as it was heard, as far as that is known, twice; None where nobody said it.

    The first is empty where nothing was recorded: that is what the past is made of. The second
    raises UnrecordedError there: that is what is judged, with the title of a card in its text.
    Nobody is a person who was forgotten.
    """
    if said.author is None:
        return None
    heard = Message(
        id=said.platform_id,
        group=group,
        author=said.author,
        at=said.at,
        kind=said.kind,
        text=said.text if said.text and said.length else "",
        mentions=said.mentions,
    )
    lacking = _lacking(said)
    if not lacking and (said.text or "") == heard.text:
        return heard, heard
    kind = _kind_that_lacks(lacking) if lacking else Message
    return heard, _as_judged(heard, said.text or "", kind)


def _lacking(said: Said) -> _Lacking:
    if said.kind is Kind.IMAGE:
        lacking: _Lacking = (("picture", Part.PICTURE),)
    elif said.kind in _CARDS:
        lacking = _LINK if said.text and not said.length else (*_LINK, *_TITLE)
    else:
        lacking = ()
    return (*lacking, *_TEXT) if said.text is None and said.length else lacking


def _as_judged(heard: Message, text: str, kind: type[Message]) -> Message:
    return kind(
        id=heard.id,
        group=heard.group,
        author=heard.author,
        at=heard.at,
        kind=heard.kind,
        text=text,
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
