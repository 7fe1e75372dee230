"""One form for all the ways a word can be written, and the way back to the original text."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""Also halves of characters, which broken senders send: nobody sees them, nothing encodes them."""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007"
    "\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """NFKC, then casefolded, then without the characters that nobody sees.

    Full-width, circled and mathematical letters become plain ones, capitals small ones.
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


def whole(folded: str, start: int, end: int) -> bool:
    """Whether what stands from start to end is a word of its own where its script has spaces.

    Chinese has none between words, so any place will do; `ad` in `read` is not the word `ad`.
    """
    cut_left = start > 0 and _joins(folded[start]) and _joins(folded[start - 1])
    cut_right = end < len(folded) and _joins(folded[end - 1]) and _joins(folded[end])
    return not (cut_left or cut_right)


def _joins(char: str) -> bool:
    """Whether a character holds on to its neighbours as letters in a word do."""
    if _UNSPACED.match(char):
        return False
    return char.isalnum() or unicodedata.category(char).startswith("M")


class Places:
    """Leads from places in `fold(text)` back to places in `text`."""

    def __init__(self, text: str) -> None:
        self._starts: Sequence[int] = range(len(text) + 1)
        self._folded_starts: Sequence[int] = self._starts
        if not _one_to_one(text):
            pieces = list(_pieces(text))
            self._starts = [0, *accumulate(len(piece) for piece in pieces)]
            self._folded_starts = [0, *accumulate(len(fold(piece)) for piece in pieces)]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the text whose folded form holds this (not empty) folded span."""
        first = bisect_right(self._folded_starts, start) - 1
        last = bisect_right(self._folded_starts, end - 1)
        return self._starts[first], self._starts[last]


def _one_to_one(text: str) -> bool:
    """Whether every character is a piece that folds into one: nearly all that is ever said."""
    apart = "".join(map(_alone, text))
    return len(apart) == len(text) and apart == fold(text)


@lru_cache(maxsize=8192)
def _alone(char: str) -> str:
    """What a character by itself folds into if that is one character, else nothing."""
    folded = fold(char)
    return folded if len(folded) == 1 and not _combines(char) else ""


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that fold independently: joining their folded forms folds the text."""
    piece = ""
    for char in text:
        if piece and not _continues(piece, char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _continues(piece: str, char: str) -> bool:
    """Whether normalising melts this character into the piece before it (accents, jamo, ﾞ)."""
    if _combines(char):
        return True
    melted = unicodedata.normalize("NFKC", piece + char)
    return len(melted) < len(unicodedata.normalize("NFKC", piece)) + len(
        unicodedata.normalize("NFKC", char)
    )


def _combines(char: str) -> bool:
    """Whether it goes on the character before it, as an accent does."""
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) > 0
