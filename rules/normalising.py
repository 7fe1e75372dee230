"""One form for all the ways a text can be written, and the way back to the original.

`normalise` undoes, step by step (rules/steps.py), what people do to a word so that a machine misses
it. What comes out is for matching, never for showing: hits are shown in the original text.
"""

import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from rules.characters import characters
from rules.edits import Edit, Stage, stage
from rules.gaps import WORTH_A_LOOK, Gaps
from rules.glance import glance
from rules.late import late
from rules.runs import AGAIN, IN_A_ROW, numerals, repeats
from rules.spellings import Spellings, shipped
from rules.steps import ALL, Step, in_order

_UNSPACED = late(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007"
    "\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


class Normal:
    """A text, what it comes down to, and how the two belong together. Never changes."""

    __slots__ = ("original", "stages", "steps_taken", "text")

    def __init__(self, original: str, stages: tuple[Stage, ...], steps: frozenset[Step]) -> None:
        self.original = original
        self.text = stages[-1].new if stages else original
        self.stages = stages
        self.steps_taken = steps

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the original that holds what became `text[start:end]`.

        Where nothing is asked for (start == end) it holds nothing either.
        """
        if start >= end:
            return (0, 0) if start <= 0 else (self.span(start - 1, start)[1],) * 2
        return self.span_of(len(self.stages), start, end)

    def span_of(self, depth: int, start: int, end: int) -> tuple[int, int]:
        """The same for a (not empty) span of the text after `depth` stages."""
        for each in reversed(self.stages[:depth]):
            start, end = each.back(start, end)
        while end < len(self.original) and unicodedata.combining(self.original[end]):
            end += 1
        return start, end

    def steps(self, start: int, end: int) -> tuple[Step, ...]:
        """The steps that changed something inside this span of the original."""
        found: set[Step] = set()
        for each in self.stages if start < end else ():
            found.update(self._steps(each, start, end))
            start, end = each.forth(start, end)
        return in_order(found)

    def _steps(self, each: Stage, start: int, end: int) -> Iterator[Step]:
        for begin, until, _, step in each.within(start, end):
            if step is not None:
                yield step
            else:
                changed = each.old[max(begin, start) : min(until, end)]
                yield from characters(self.steps_taken).steps(changed)

    def plain(self) -> "Normal":
        """The same after the steps for single characters, and no further."""
        plain = self._plain
        if plain == len(self.stages):
            return self
        return Normal(self.original, self.stages[:plain], self.steps_taken)

    @property
    def _plain(self) -> int:
        """How many stages come before the first for which more was looked at."""
        plain = 0
        while plain < len(self.stages) and self.stages[plain].plain:
            plain += 1
        return plain

    def views(self) -> Iterator[tuple[str, int]]:
        """What to search: the text after the steps for characters, then after each further stage.

        Each with the number of stages that it took. What a stage hides is in an earlier view.
        """
        plain = self._plain
        yield (self.stages[plain - 1].new if plain else self.original), plain
        for depth, each in enumerate(self.stages[plain:], plain + 1):
            yield each.new, depth


class _Pass(NamedTuple):
    """Some steps that are taken together."""

    look: Callable[..., object]
    """Quickly says whether they may have something to do in a text, or in a part of it (pos and
    endpos of re.Pattern.search)."""
    edits: tuple[Callable[[str], list[Edit]], ...]
    """What they do there, one after another."""
    reach: int
    """How far from a change `look` finds all that only the change made possible."""
    plain: bool = False
    """Whether they look at single characters only."""


class Normaliser:
    """Takes certain steps, with the spellings that ship or others. Safe in several threads.

    The last text is remembered: all rules ask for the same message one after another.
    """

    def __init__(self, steps: frozenset[Step], spellings: Spellings | None = None) -> None:
        self._steps = steps
        spellings = spellings or shipped()
        self._spellings = spellings
        self._glance = glance(characters(steps), spellings, steps)
        self._last_look = AGAIN.search if Step.REPEATS in steps else None
        self._last = Normal("", (), steps)
        self._left = ""

    @cached_property
    def _passes(self) -> tuple[_Pass, ...]:
        """Made for the first text that has something to normalise: there is much to compile."""
        return tuple(_passes(self._steps, self._spellings))

    def __call__(self, text: str) -> Normal:
        """What a text comes down to. The `text` of it comes down to itself."""
        last = self._last
        if last.original == text:
            return last
        begin = self.first_look(text)
        return self.untouched(text) if begin < 0 else self.worked(text, begin)

    def untouched(self, text: str) -> Normal:
        """A text in which a look has found nothing to do."""
        return Normal(text, (), self._steps)

    def worked(self, text: str, begin: int) -> Normal:
        """The same for a text in which a quick look found something."""
        self._last = last = Normal(text, self._stages(text, begin), self._steps)
        return last

    def first_look(self, text: str) -> int:
        """From where on any step but repeats may have something to do; -1: none of all has."""
        if text == self._left:
            return -1
        if (found := self._glance(text)) is not None:
            return found.start()
        if self._last_look is not None and self._last_look(text):
            return len(text)
        self._left = text
        return -1

    def _stages(self, text: str, begin: int) -> tuple[Stage, ...]:
        """Round and round until none of the steps has changed anything since it was taken last.

        `settled` steps have nothing to do. Until something has changed, they look from `begin` on.
        Coming round again, a step looks only near the changes: so much at the `head` and the `tail`
        of the text has never changed.
        """
        stages: list[Stage] = []
        head = tail = len(text)
        place = settled = 0
        passes = self._passes
        unglanced = len(passes) - 1 if self._last_look else -1
        again = False
        while settled < len(passes) and len(stages) < _MOST:
            look, edits, reach, plain = passes[place]
            settled += 1
            if again:
                seen = look(text, max(head - reach, 0), len(text) - tail + reach)
            else:
                seen = look(text, 0 if place == unglanced else begin)
            if seen:
                for edits_of in edits:
                    if found := edits_of(text):
                        head = min(head, found[0][0])
                        tail = min(tail, len(text) - found[-1][1])
                        stages.append(stage(text, found, plain=plain))
                        text, begin = stages[-1].new, 0
                        # single characters are settled at once, other steps may have more to do
                        settled = 1 if plain else 0
            place += 1
            if place == len(passes):
                place, again = 0, True
        return tuple(stages)


_MOST = 40
"""More stages than any text has needed: no table may make one turn in a circle."""
_NEAR = 32
"""Further than from one end of the longest gap to the other, and what matters beside it."""


def _passes(steps: frozenset[Step], spellings: Spellings) -> Iterator[_Pass]:
    """The steps for characters, then those that look at more; these count on the former."""
    table = characters(steps)
    yield _Pass(table.look, (table.edits, table.together), _NEAR, plain=True)
    if Step.SPELLINGS in steps:
        yield _Pass(spellings.look, (spellings.edits,), spellings.reach)
    if not steps.isdisjoint({Step.SEPARATORS, Step.EMOJI}):
        yield _Pass(WORTH_A_LOOK.search, (Gaps(steps).edits,), _NEAR)
    if Step.DIGITS in steps:
        yield _Pass(IN_A_ROW.search, (numerals,), _NEAR)
    if Step.REPEATS in steps:
        yield _Pass(AGAIN.search, (repeats,), _NEAR)


_normaliser = lru_cache(maxsize=32)(Normaliser)


def normaliser(steps: frozenset[Step], spellings: Spellings | None = None) -> Normaliser:
    """The same one for the same steps and spellings, whoever asks: it remembers the last text."""
    return _normaliser(steps, spellings)


def normalise(text: str, steps: frozenset[Step] = ALL) -> Normal:
    """What a text comes down to by these steps. Its `text` comes down to itself.

    Asking again for the text asked for last costs nothing: every rule asks for itself.
    """
    return normaliser(steps)(text)


def plainly(text: str) -> Normal:
    """The same by the steps for single characters alone, of one pass that takes all."""
    return normaliser(ALL)(text).plain()


def whole(text: str, start: int, end: int) -> bool:
    """Whether what stands from start to end is a word of its own where its script has spaces.

    Chinese has none between words, so any place will do; `ad` in `read` is not the word `ad`.
    """
    cut_left = start > 0 and joins(text[start]) and joins(text[start - 1])
    cut_right = end < len(text) and joins(text[end - 1]) and joins(text[end])
    return not (cut_left or cut_right)


def joins(char: str) -> bool:
    """Whether a character holds on to its neighbours as letters in a word do."""
    if "\u4e00" <= char <= "\u9fff" or _UNSPACED.match(char):
        return False
    return char.isalnum() or unicodedata.category(char).startswith("M")
