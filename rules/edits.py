"""A text changed here and there, and the way from places in the new text to places in the old."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.steps import Step

Edit = tuple[int, int, str, Step | None]
"""From where to where the old text is replaced, by what, and the step that asked for it.

None: character by character, each for a reason of its own. Where old and new are equally long,
they answer each other character by character.
"""


class Stage(NamedTuple):
    """One round of edits: `old` became `new`. Edits are in order and stand beside each other."""

    old: str
    new: str
    edits: Sequence[Edit]
    begins: Sequence[int]
    """Where in the old text each edit begins."""
    lands: Sequence[int]
    """Where in the new text each edit begins."""
    plain: bool
    """Whether only the steps that look at single characters had a part in it."""

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the old text that holds what this (not empty) new one came from."""
        return self._back(start)[0], self._back(end - 1)[1]

    def _back(self, place: int) -> tuple[int, int]:
        at = bisect_right(self.lands, place) - 1
        if at < 0:
            return place, place + 1
        old_start, old_end, new, _ = self.edits[at]
        within = place - self.lands[at]
        if within >= len(new):
            place = old_end + within - len(new)
        elif old_end - old_start == len(new):
            place = old_start + within
        else:
            return old_start, old_end
        return place, place + 1

    def forth(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the new text that holds what became of this old one."""
        return self._forth(start, 0), self._forth(end, 1)

    def _forth(self, place: int, side: int) -> int:
        at = (bisect_left if side else bisect_right)(self.begins, place) - 1
        if at < 0:
            return place
        old_start, old_end, new, _ = self.edits[at]
        if place >= old_end:
            return self.lands[at] + len(new) + place - old_end
        if old_end - old_start == len(new):
            return self.lands[at] + place - old_start
        return self.lands[at] + (len(new) if side else 0)

    def within(self, start: int, end: int) -> Sequence[Edit]:
        """The edits that touch this span of the old text."""
        first = bisect_right(self.begins, start) - 1
        if first < 0 or self.edits[first][1] <= start:
            first += 1
        return self.edits[first : bisect_left(self.begins, end)]

    def places(self, around: int) -> Iterator[tuple[int, int]]:
        """The parts of the new text in which something changed, with so much around each.

        In order; those that would overlap are one.
        """
        begin = until = 0
        for (_, _, new, _), land in zip(self.edits, self.lands, strict=True):
            if until and land - around > until:
                yield begin, until
                begin = land - around
            elif not until:
                begin = max(land - around, 0)
            until = land + len(new) + around
        yield begin, until


def stage(old: str, edits: Sequence[Edit], *, plain: bool = True) -> Stage:
    """Carry out edits."""
    if len(edits) == 1:
        start, end, new, _ = edits[0]
        return Stage(old, f"{old[:start]}{new}{old[end:]}", edits, (start,), (start,), plain)
    pieces: list[str] = []
    lands: list[int] = []
    done = length = 0
    for start, end, new, _ in edits:
        pieces += (old[done:start], new)
        length += start - done
        lands.append(length)
        length += len(new)
        done = end
    pieces.append(old[done:])
    return Stage(old, "".join(pieces), edits, [edit[0] for edit in edits], lands, plain)
