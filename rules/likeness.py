"""How alike two texts are: 64 bits stand for a text, and texts that differ little in few of them.

A simhash over pairs of neighbouring letters in their plain forms; punctuation, spaces and emoji
say nothing. In a short text one letter is half the meaning, so short ones are alike only when
they are the same: their bits are those of a digest. The bits do not tell what was said.
"""

import re
from functools import lru_cache
from hashlib import blake2b, shake_128

from bot.events import Kind, Message
from rules.normalising import plainly
from rules.small_talk import is_small_talk

NEAR = 10
"""Texts whose bits differ in no more places are nearly the same: one letter changed of 20, four
of 60, or a few put at either end. By chance two texts in a hundred million are."""

HANDLES = 4
"""A text has so many handles. Texts of which 70 of 100 runs of four letters are the same share one
99 times of 100."""

_SHORT = 12
_MOST = 4000  # letters: a longer text is known by its beginning
_BITS = 64
_NO_LETTERS = re.compile(r"[\W_]+")
_WRITTEN = (Kind.TEXT, Kind.POST, Kind.URL, Kind.MINI_PROGRAM)


def likeness(text: str) -> int:
    """The 64 bits of a text: the same for the same text, today and after a restart."""
    letters = letters_of(text)
    return _simhash(letters) if len(letters) >= _SHORT else _digest(letters)


def handles_of(message: Message) -> tuple[int, ...]:
    """By what a message is looked up among others: what is nearly the same shares one of them."""
    return handles(words_of(message))


def handles(text: str, most: int = HANDLES) -> tuple[int, ...]:
    """At most so many handles of a text: the more, the less alike are those that share one.

    A handle is one of the runs of four letters, the same few being chosen in any text: those whose
    checksums are smallest. A short text has one, itself.
    """
    letters = letters_of(text)
    if len(letters) < _SHORT:
        return (_digest(letters),)
    return tuple(sorted(_runs(letters))[:most])


@lru_cache(maxsize=64)
def letters_of(text: str) -> str:
    """What of a text is compared: its first letters and digits, each in its plain form."""
    # Cut off twice: one character may come down to eighteen.
    plain = plainly(text[:_MOST]).text.replace("，", "")  # in most texts that is all
    return (plain if plain.isalnum() else _NO_LETTERS.sub("", plain))[:_MOST]


def distance(one: int, other: int) -> int:
    """In how many places two likenesses differ: 0 for equal texts, about 32 for unlike ones."""
    return (one ^ other).bit_count()


def likeness_of(message: Message) -> int | None:
    """What a message is like; None where it may be like another and mean nothing by it.

    That is what holds no words (stickers, pictures, voice) and small talk. A card is known by what
    it is called and where it leads.
    """
    return _unless_small_talk(words_of(message)) if message.kind in _WRITTEN else None


def words_of(message: Message) -> str:
    """What a message says: its text, or the text, title and address of a card."""
    if not message.link and not message.title:
        return message.text
    return f"{message.text} {message.title} {message.link}"


@lru_cache(maxsize=64)
def _unless_small_talk(words: str) -> int | None:
    """Kept for a moment: the past is assembled and two rules judge with it."""
    return None if is_small_talk(words) else likeness(words)


# Counting 64 bits over hundreds of pairs one by one would take longer than all other rules
# together. So the counts stand side by side in one large number, in lanes of 8 bits, and adding
# two numbers adds all 64. What is added last lets the highest bit of a lane tell whether more than
# half of the pairs have that bit.
_LANE = 8
_FULL = 240
"""So many pairs fit into lanes of 8 bits, with what is added last."""
_ONES = int("01" * _BITS, 16)
_TOP = 1 << (_LANE - 1)
_AS_DIGITS = b"0" * 128 + b"1" * 128
_FIRST, _SECOND = 0x5E2D, 0x3B89
"""By these the two letters of a pair are multiplied: what their sum leaves modulo 65,536 is the
number of the pair. Two letters of the basic plane and their factors make less than 32 bits."""
_LEFT, _RIGHT = 0x5A17D0C5, 0x3C6EF35F
"""And by these the two pairs of a run: what their sum leaves modulo 2^32 is its checksum."""
_EVERY_OTHER = int("00000000ffffffff" * (_MOST // 2 + 2), 16)
_KINDS = 4093
"""So many kinds of pairs there are, each with bits of its own: hardly any two pairs of two texts
are of one kind by chance. A prime, so that every bit of the number tells."""


def _simhash(letters: str) -> int:
    most = (len(letters) - 1) // 2
    if len(letters) > _FULL + 1:
        return _simhash_of_long(letters, most)
    counts = _counts(letters) + _ONES * (_TOP - most - 1)
    return int(counts.to_bytes(_BITS, "big").translate(_AS_DIGITS), 2)


def _simhash_of_long(letters: str, most: int) -> int:
    """The same where a count may be too large for its lane."""
    counted = [
        _counts(letters[place : place + _FULL + 1]).to_bytes(_BITS, "big")
        for place in range(0, len(letters) - 1, _FULL)
    ]
    bits = ("01"[sum(lane) > most] for lane in zip(*counted, strict=True))
    return int("".join(bits), 2)


def _counts(letters: str) -> int:
    """How many of at most `_FULL` pairs have each bit."""
    count = len(letters) - 1
    numbers = memoryview(_pairs(letters).to_bytes(4 * count + 12, "little"))
    return sum(map(_lanes().__getitem__, numbers[: 4 * count].cast("H")[::2]))


@lru_cache(maxsize=2)
def _pairs(letters: str) -> int:
    """The sum of each pair of letters, in 32 bits of its own: all are multiplied at once."""
    written = int.from_bytes(letters.encode("utf-32-le", "surrogatepass"), "little")
    return written * _FIRST + (written >> 32) * _SECOND


def _runs(letters: str) -> set[int]:
    """The checksum of each run of four letters; also here all are multiplied at once."""
    pairs = _pairs(letters)
    count = len(letters) - 3
    found: set[int] = set()
    for first in (0, 1):  # every other pair, in 64 bits of its own, with the one after the next
        every_other = (pairs >> (32 * first)) & _EVERY_OTHER
        runs = every_other * _LEFT + (every_other >> 64) * _RIGHT
        of_these = (count + 1 - first) // 2
        written = memoryview(runs.to_bytes(8 * of_these + 32, "little"))
        found.update(written[: 8 * of_these].cast("I")[::2])
    return found


@lru_cache(maxsize=1)
def _lanes() -> list[int]:
    """The bits of every pair by its number, each at the end of a lane of its own."""
    drawn = shake_128(b"pairs of letters").digest(_KINDS * _BITS)
    kinds = [
        int.from_bytes(drawn[place : place + _BITS], "big") & _ONES
        for place in range(0, len(drawn), _BITS)
    ]
    return (kinds * (65536 // _KINDS + 1))[:65536]


@lru_cache(maxsize=64)
def _digest(letters: str) -> int:
    written = letters.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=_BITS // 8).digest(), "big")
