"""What is left of letters: 64 bits, and the checksums of a few runs. Of many texts in one go.

Counting 64 bits over hundreds of pairs one by one would take longer than all rules together. So
the letters of many texts stand side by side in one large number, and all pairs of them are
multiplied at once; where one text ends and the next begins the products are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b, shake_128
from operator import itemgetter
from typing import NamedTuple

HANDLES = 4
"""A text has so many handles. Texts of which 70 of 100 runs of four letters are the same share one
99 times of 100."""

MOST = 4000
"""So many letters of a text count, and so many of several texts are multiplied at once."""

_SHORT = 12
_BITS = 64


class Trace(NamedTuple):
    """What is left of a text: what it is like, and by what it is looked up."""

    likeness: int
    handles: tuple[int, ...]


_made = tuple.__new__  # a named tuple's own way takes three times as long


def traces(texts: Sequence[str], most: int = HANDLES) -> list[Trace]:
    """What is left of each text, with at most so many handles. They are letters, at most `MOST`.

    The same whatever other texts are among them.
    """
    long = [text for text in texts if len(text) >= _SHORT]
    of_long = iter([each for bundle in _bundles(long) for each in _of_bundle(bundle, most)])
    return [next(of_long) if len(text) >= _SHORT else _digest(text) for text in texts]


def _digest(letters: str) -> Trace:
    """In a short text one letter is half the meaning: it is like itself only."""
    written = letters.encode("utf-8", "surrogatepass")
    bits = int.from_bytes(blake2b(written, digest_size=_BITS // 8).digest(), "big")
    return _made(Trace, (bits, (bits,)))


def _bundles(texts: Iterable[str]) -> Iterator[list[str]]:
    """In order, so many together that their numbers stay in the processor's nearest caches."""
    bundle: list[str] = []
    size = 0
    for text in texts:
        size += len(text)
        if size > MOST and bundle:
            yield bundle
            bundle, size = [], len(text)
        bundle.append(text)
    if bundle:
        yield bundle


_FIRST, _SECOND = 0x5E2D, 0x3B89
"""By these the two letters of a pair are multiplied: what their sum leaves modulo 65,536 is the
number of the pair. Two letters of the basic plane and their factors make less than 32 bits."""
_LEFT, _RIGHT = 0x5A17D0C5, 0x3C6EF35F
"""And by these the two pairs of a run: what their sum leaves modulo 2^30 is its checksum; numbers
as small as that are sorted twice as quickly."""
_EVERY_OTHER = int("00000000ffffffff" * (MOST // 2 + 2), 16)
_CHECKSUMS = int("000000003fffffff" * (MOST // 2 + 4), 16)


def _of_bundle(texts: list[str], most: int) -> list[Trace]:
    """What is left of texts that are long enough, `MOST` letters in all."""
    letters = "".join(texts)
    if len(texts) > 1 and len(letters.encode("utf-16-le", "surrogatepass")) > 2 * len(letters):
        # beyond the basic plane: what is too large for 32 bits must not change the text behind it
        return [each for text in texts for each in _of_bundle([text], most)]
    lanes, runs = _multiplied(letters)
    found = []
    start = 0
    for text in texts:  # a pair begins with each letter but the last, a run but with three
        end = start + len(text)
        handles = sorted(runs[start : end - 3])[:most]
        if len({*handles}) < len(handles):
            handles = sorted({*runs[start : end - 3]})[:most]
        found.append(_made(Trace, (_bits(lanes[start : end - 1]), tuple(handles))))
        start = end
    return found


def _multiplied(letters: str) -> tuple[tuple[int, ...], list[int]]:
    """The bits of each pair in lanes, and the checksum of each run; in order of where they begin.

    There are a few more of both than there are pairs and runs.
    """
    written = int.from_bytes(letters.encode("utf-32-le", "surrogatepass"), "little")
    pairs = written * _FIRST + (written >> 32) * _SECOND  # each in 32 bits of its own
    size = 4 * len(letters) + 32
    numbers = memoryview(pairs.to_bytes(size, "little")).cast("H")[::2].tolist()
    sums = (_every_other_run(pairs >> 32) << 32) | _every_other_run(pairs)
    runs = memoryview(sums.to_bytes(size, "little")).cast("I").tolist()
    return itemgetter(*numbers)(_lanes()), runs


def _every_other_run(pairs: int) -> int:
    """The checksums of every other run, in 64 bits each: of a pair and the next but one."""
    every_other = pairs & _EVERY_OTHER
    return (every_other * _LEFT + (every_other >> 64) * _RIGHT) & _CHECKSUMS


# The counts of the bits stand side by side in one large number, in lanes of 8 bits, and adding two
# numbers adds all 64. What is added first lets the highest bit of a lane tell whether more than
# half of the pairs have that bit.
_LANE = 8
_FULL = 240
"""So many pairs fit into lanes of 8 bits, with what is added first."""
_ONES = int("01" * _BITS, 16)
_MORE_THAN_HALF = [_ONES * ((1 << (_LANE - 1)) - most - 1) for most in range(_FULL // 2 + 1)]
_AS_DIGITS = b"0" * 128 + b"1" * 128
_KINDS = 4093
"""So many kinds of pairs there are, each with bits of its own: hardly any two pairs of two texts
are of one kind by chance. A prime, so that every bit of the number tells."""


def _bits(lanes: tuple[int, ...]) -> int:
    """The bits that more than half of the pairs have."""
    count = len(lanes)
    if count > _FULL:
        return _bits_of_many(lanes, count // 2)
    counts = sum(lanes, _MORE_THAN_HALF[count // 2])
    return int(counts.to_bytes(_BITS, "big").translate(_AS_DIGITS), 2)


def _bits_of_many(lanes: tuple[int, ...], most: int) -> int:
    """The same where a count may be too large for its lane."""
    counted = [
        sum(lanes[place : place + _FULL]).to_bytes(_BITS, "big")
        for place in range(0, len(lanes), _FULL)
    ]
    bits = ("01"[sum(lane) > most] for lane in zip(*counted, strict=True))
    return int("".join(bits), 2)


@lru_cache(maxsize=1)
def _lanes() -> list[int]:
    """The bits of every pair by its number, each at the end of a lane of its own."""
    drawn = shake_128(b"pairs of letters").digest(_KINDS * _BITS)
    kinds = [
        int.from_bytes(drawn[place : place + _BITS], "big") & _ONES
        for place in range(0, len(drawn), _BITS)
    ]
    return (kinds * (65536 // _KINDS + 1))[:65536]
