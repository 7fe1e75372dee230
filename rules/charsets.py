"""Sets of characters by their codes, and the classes of expressions that are made of them.

Of tens of thousands that stand side by side only the exceptions are written out: a class of single
characters is compiled in half the time that one of the spans between them takes.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from bot.frozen import frozen


@frozen
class Charset:
    """The characters of some spans `but` for a few, and some that stand `apart` from these."""

    spans: tuple[range, ...]
    but: frozenset[int]
    apart: frozenset[int]

    def __contains__(self, code: int) -> bool:
        """Whether the character with this code is in it."""
        return code in self.apart or (
            code not in self.but and any(code in span for span in self.spans)
        )

    def without(self, codes: Iterable[int]) -> "Charset":
        """The others of them."""
        gone = frozenset(codes)
        return Charset(self.spans, self.but | gone, self.apart - gone)

    def where(self, holds: Callable[[str], bool]) -> "Charset":
        """Those of which it holds; asked of many characters, it holds if it does of each."""
        spans = tuple(span for span in self.spans if holds("".join(map(chr, span))))
        loose = {code for span in self.spans if span not in spans for code in span} - self.but
        return Charset(
            spans, self.but, frozenset(code for code in loose | self.apart if holds(chr(code)))
        )

    def beyond(self, less: "Charset") -> set[int]:
        """Its characters that are not in one made `without` some of them, or of those `where`."""
        loose = {code for span in self.spans if span not in less.spans for code in span}
        asked = loose | self.apart | (less.but - self.but)
        return {code for code in asked if code in self and code not in less}

    def others(self) -> str:
        """The inside of a class of all characters that are not in it."""
        spans = ((span.start, span.stop) for span in self.spans)
        known = sorted([*spans, *((code, code + 1) for code in self.apart)])
        ends = [0, *(stop for _, stop in known)]
        starts = [*(start for start, _ in known), 0x110000]
        gaps = ((end, start) for end, start in zip(ends, starts, strict=True) if end < start)
        # Only those inside a span: others are in a gap already, and each of them beyond the basic
        # plane would be tried for every character of every text.
        few = (code for code in self.but - self.apart if any(code in one for one in self.spans))
        return one_of(few) + "".join(
            f"{_escaped(end)}-{_escaped(start - 1)}" for end, start in gaps
        )


def one_of(codes: Iterable[int]) -> str:
    """The inside of a class of these characters.

    Beyond the basic plane there are no tables: what stands there is tried piece by piece for each
    character of a text, so that there spans are written out.
    """
    ordered = sorted(codes)
    few = bisect_right(ordered, _BASIC)
    return re.escape("".join(map(chr, ordered[:few]))) + "".join(_spans(ordered[few:]))


_BASIC = 0xFFFF


def _spans(ordered: Sequence[int]) -> Iterator[str]:
    """Those that stand side by side as one."""
    for _, each in groupby(enumerate(ordered), lambda placed: placed[1] - placed[0]):
        codes = [code for _, code in each]
        yield f"{_escaped(codes[0])}-{_escaped(codes[-1])}"


def _escaped(code: int) -> str:
    return re.escape(chr(code))
