"""How alike two texts are: 64 bits stand for a text, and texts that differ little in few of them.

A simhash over pairs of neighbouring letters in their plain forms; punctuation, spaces and emoji
say nothing. In a short text one letter is half the meaning, so short ones are alike only when
they are the same: their bits are those of a digest. The bits do not tell what was said.
"""

from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from bot.events import Kind, Message
from rules.normalising import normalise
from rules.small_talk import is_small_talk
from rules.steps import OF_CHARACTERS

NEAR = 10
"""Texts whose bits differ in no more places are nearly the same: one letter changed of 20, four
of 60, or a few put at either end. By chance two texts in a hundred million are."""

HANDLES = 4
"""A text has so many handles. Texts of which 70 of 100 runs of four letters are the same share one
99 times of 100."""

_SHORT = 12
_MOST = 4000  # letters: a longer text is known by its beginning
_BITS = 64
_WRITTEN = frozenset({Kind.TEXT, Kind.POST, Kind.URL, Kind.MINI_PROGRAM})


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
    written = letters.encode("utf-32-le", "surrogatepass")
    runs = {crc32(written[place : place + 16]) for place in range(0, len(written) - 12, 4)}
    return tuple(sorted(runs)[:most])


@lru_cache(maxsize=64)
def letters_of(text: str) -> str:
    """What of a text is compared: its first letters and digits, each in its plain form."""
    # Cut off twice: one character may come down to eighteen.
    return "".join(filter(str.isalnum, normalise(text[:_MOST], OF_CHARACTERS).text))[:_MOST]


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
# together. So the counts stand side by side in one large number, in lanes of 16 bits, and adding
# two numbers adds all 64. What is added last lets the highest bit of a lane tell whether more than
# half of the pairs have that bit.
_LANE = 16
_ONES = int("0001" * _BITS, 16)
_TOP = 1 << (_LANE - 1)
_IN_LANES = tuple(
    b"".join((byte >> bit & 1).to_bytes(_LANE // 8, "big") for bit in reversed(range(8)))
    for byte in range(256)
)
"""A byte as eight lanes."""
_AS_DIGITS = b"0" * 128 + b"1" * 128


def _simhash(letters: str) -> int:
    pairs = [letters[place : place + 2] for place in range(len(letters) - 1)]
    counts = sum(map(_lanes, pairs)) + _ONES * (_TOP - len(pairs) // 2 - 1)
    return int(counts.to_bytes(_BITS * _LANE // 8, "big")[::2].translate(_AS_DIGITS), 2)


@lru_cache(maxsize=16384)
def _lanes(pair: str) -> int:
    """The bits of a pair, each at the end of a lane of its own."""
    written = pair.encode("utf-8", "surrogatepass")
    digest = blake2b(written, digest_size=_BITS // 8).digest()
    return int.from_bytes(b"".join(map(_IN_LANES.__getitem__, digest)), "big")


def _digest(letters: str) -> int:
    written = letters.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=_BITS // 8).digest(), "big")
