"""How alike two texts are: 64 bits stand for a text, and texts that differ little in few of them.

A simhash over pairs of neighbouring letters in their plain forms; punctuation, spaces and emoji
say nothing. In a short text one letter is half the meaning, so short ones are alike only when
they are the same: their bits are those of a digest. The bits do not tell what was said.
"""

import re
from functools import lru_cache

from bot.events import Kind, Message
from rules.normalising import plainly
from rules.sheaf import Sheaf
from rules.simhash import HANDLES, MOST, Trace, traces
from rules.small_talk import is_small_talk, looking, small_talk_in

NEAR = 10
"""Texts whose bits differ in no more places are nearly the same: one letter changed of 20, four
of 60, or a few put at either end. By chance two texts in a hundred million are."""

_LETTERS = re.compile(r"[^\W_]+")
_WRITTEN = (Kind.TEXT, Kind.POST, Kind.URL, Kind.MINI_PROGRAM)


def likeness(text: str) -> int:
    """The 64 bits of a text: the same for the same text, today and after a restart."""
    return traces([letters_of(text)])[0].likeness


def handles(text: str, most: int = HANDLES) -> tuple[int, ...]:
    """At most so many handles of a text: the more, the less alike are those that share one.

    A handle is one of the runs of four letters, the same few being chosen in any text: those whose
    checksums are smallest. A short text has one, itself.
    """
    return traces([letters_of(text)], most)[0].handles


@lru_cache(maxsize=64)
def letters_of(text: str) -> str:
    """What of a text is compared: its first letters and digits, each in its plain form."""
    # Cut off twice: one character may come down to eighteen.
    return _letters(plainly(text[:MOST]).text)


def _letters(plain: str) -> str:
    plain = plain.replace("，", "")  # in most texts that is all
    return (plain if plain.isalnum() else "".join(_LETTERS.findall(plain)))[:MOST]


def distance(one: int, other: int) -> int:
    """In how many places two likenesses differ: 0 for equal texts, about 32 for unlike ones."""
    return (one ^ other).bit_count()


def likeness_of(message: Message) -> int | None:
    """What a message is like; None where it may be like another and mean nothing by it.

    That is what holds no words (stickers, pictures, voice) and small talk. A card is known by what
    it is called and where it leads.
    """
    trace = trace_of(message)
    return None if trace is None else trace.likeness


def trace_of(message: Message) -> Trace | None:
    """The same, and by what it is looked up among others: what is nearly the same shares a handle.

    Kept for a moment: the past is assembled and two rules judge with it.
    """
    return _trace(words_of(message)) if message.kind in _WRITTEN else None


@lru_cache(maxsize=64)
def _trace(words: str) -> Trace | None:
    plain = looking()(words) is None
    if is_small_talk(words, plain=plain):
        return None
    return traces([_letters(words[:MOST] if plain else plainly(words[:MOST]).text)])[0]


def traces_of(sheaf: Sheaf) -> list[Trace | None]:
    """The same of many messages, in less than half the time."""
    found: list[Trace | None] = [None] * len(sheaf.texts)
    written: list[int] = []
    for place, message in enumerate(sheaf.messages):
        if message.kind not in _WRITTEN:
            continue
        if message.link or message.title:
            found[place] = trace_of(message)
        elif message.text:
            written.append(place)
    small, plain = small_talk_in(sheaf, written), sheaf.plain
    telling = [place for place in written if place not in small]
    letters = [_letters(plain[place]) for place in telling]
    for place, trace in zip(telling, traces(letters), strict=True):
        found[place] = trace
    return found


def words_of(message: Message) -> str:
    """What a message says: its text, or the text, title and address of a card."""
    if not message.link and not message.title:
        return message.text
    return f"{message.text} {message.title} {message.link}"
