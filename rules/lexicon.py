"""One automaton for the words of all groups: a message is searched once, whoever asks.

Rules that normalise alike share one; what one message holds is remembered while it is judged.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Protocol, runtime_checkable

from ahocorasick_rs import AhoCorasick

from bot.frozen import frozen
from rules.believing import believable, changed
from rules.edits import Stage
from rules.normalising import Normal, joins, normaliser, whole
from rules.sheaf import Bundle, Sheaf
from rules.spellings import Spellings
from rules.steps import Step


class Role(IntEnum):
    """What a phrase is to a list of words."""

    WORD = 0
    ALLOWED = 1
    """Words inside it do not count."""
    NEIGHBOUR = 2
    """Some words count only near it."""


@frozen
class Words:
    """What one rule looks for. Equal lists are searched for once."""

    words: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    part: bool = False
    """Whether Latin letters count inside longer words."""


class Hit(NamedTuple):
    """A phrase was found: which of its list, and where in the original text."""

    role: Role
    which: int
    span: tuple[int, int]


Hits = Mapping[int, Sequence[Hit]]
"""What was found, by the place of the list among those of the lexicon."""


@frozen
class _Use:
    """A list that looks for a pattern.

    `other`: it is how a phrase comes out after all steps, and counts only where those that look at
    more than characters changed something.
    """

    list: int
    role: Role
    which: int
    other: bool


@dataclass(slots=True)
class _Pattern:
    whole: bool
    """Whether it may have to stand alone: it begins or ends with a letter."""
    uses: list[_Use] = field(default_factory=list)


class Lexicon:
    """Lists of words that are searched for together. Safe to use from several threads."""

    def __init__(
        self, lists: Sequence[Words], steps: frozenset[Step], spellings: Spellings | None = None
    ) -> None:
        self.lists = lists
        self.normal = normaliser(steps, spellings)
        """The text as it is searched."""
        patterns = self._patterns()
        self._known = list(patterns.values())
        self._longest = max(map(len, patterns), default=0)
        self._find = AhoCorasick(list(patterns), store_patterns=False).find_matches_as_indexes
        self._last: tuple[str, Hits] = ("", {})

    def search(self, text: str) -> Hits:
        """What a text holds."""
        last, hits = self._last
        if last != text:
            begin = self.normal.first_look(text)
            if begin >= 0:
                hits = self._search(self.normal.worked(text, begin))
            elif matches := self._find(text, overlapping=True):
                hits = self._group(self._hits(self.normal(text), text, 0, matches))
            else:
                hits = _NOTHING
            self._last = (text, hits)
        return hits

    def among(self, sheaf: Sheaf) -> dict[int, tuple[Normal, Hits]]:
        """What many texts hold: the places of those that hold anything, and what it is."""
        loud = sheaf.normal(self.normal)
        found = {n: (each, hits) for n, each in loud.items() if (hits := self._search(each))}
        quiet = Bundle(["" if n in loud else text for n, text in enumerate(sheaf.texts)], "\n")
        spans = ((start, end) for _, start, end in self.find(quiet.joined))
        for place in quiet.across(spans) - loud.keys():
            normal = self.normal.untouched(sheaf.texts[place])
            if hits := self._search(normal):
                found[place] = (normal, hits)
        return found

    def _search(self, normal: Normal) -> Hits:
        if not normal.stages or normal.stages[-1].plain:
            matches = self._find(normal.text, overlapping=True)
            depth = len(normal.stages)
            return (
                self._group(self._hits(normal, normal.text, depth, matches))
                if matches
                else _NOTHING
            )
        found: list[tuple[int, Hit]] = []
        for place, (text, depth) in enumerate(normal.views()):
            if place:  # what did not change was found in an earlier view
                matches = self.near_edits(normal.stages[depth - 1])
                matches = [each for each in matches if changed(normal, *each[1:], depth)]
            else:
                matches = self.find(text)
            if matches:
                found += self._hits(normal, text, depth, matches, later=place > 0)
        return self._group(found) if found else _NOTHING

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """The patterns that stand in a text as it is: which, from where, to where."""
        return self._find(text, overlapping=True)

    def near_edits(self, each: Stage) -> list[tuple[int, int, int]]:
        """What stands where this stage changed the text, or touches that."""
        return [
            (which, begin + start, begin + end)
            for begin, until in each.places(self._longest)
            for which, start, end in self.find(each.new[begin:until])
        ]

    def _hits(
        self,
        normal: Normal,
        text: str,
        depth: int,
        matches: Sequence[tuple[int, int, int]],
        *,
        later: bool = False,
    ) -> Iterator[tuple[int, Hit]]:
        """Whose phrases these matches are, as far as they count."""
        for which, start, end in matches:
            pattern = self._known[which]
            alone = not pattern.whole or whole(text, start, end)
            sure = not later or believable(normal, start, end, depth)
            span = normal.span_of(depth, start, end) if depth else (start, end)
            for use in pattern.uses:
                counts = sure and (later or not use.other) and (alone or self.lists[use.list].part)
                if counts or use.role is Role.ALLOWED:
                    yield use.list, Hit(use.role, use.which, span)

    @staticmethod
    def _group(found: Iterable[tuple[int, Hit]]) -> Hits:
        hits: dict[int, list[Hit]] = defaultdict(list)
        for number, hit in found:
            hits[number].append(hit)
        return hits

    def _patterns(self) -> dict[str, _Pattern]:
        patterns: dict[str, _Pattern] = {}
        for number, words in enumerate(self.lists):
            for role, phrases in (
                (Role.WORD, words.words),
                (Role.ALLOWED, words.allowed),
                (Role.NEIGHBOUR, words.neighbours),
            ):
                for which, (plain, *others) in enumerate(self._forms(phrases)):
                    _use(patterns, plain, _Use(number, role, which, other=False))
                    if others != [plain, plain]:
                        for other in {*others} - {"", plain}:
                            _use(patterns, other, _Use(number, role, which, other=True))
        return patterns

    def _forms(self, phrases: Sequence[str]) -> Iterable[tuple[str, ...]]:
        """Each phrase after the steps for characters, after all of them, and without doubles."""
        if not phrases:
            return []
        every = frozenset("".join(phrases))
        border = next(char for char in map(chr, range(0xA000, 0xA48D)) if char not in every)
        lines = border.join(" ".join(phrase.split()) for phrase in phrases)
        normal = self.normal(lines)
        plain, _ = next(normal.views())
        forms = (plain, normal.text, _TWICE.sub(r"\1", normal.text))
        return zip(*(form.split(border) for form in forms), strict=True)


_NOTHING: Hits = {}

Way = tuple[frozenset[Step], Spellings | None]
"""How texts are normalised: by which steps, and by which table in place of the one that ships."""


@runtime_checkable
class LooksForWords(Protocol):
    """A rule that searches by a lexicon."""

    @property
    def vocabulary(self) -> Words:
        """What it looks for."""

    @property
    def way(self) -> Way:
        """How it has texts normalised."""


def share(rules: Iterable[object]) -> None:
    """Lets all keyword rules among these search a message together, whatever group has them.

    Builds what it needs and only then hands it over: rules that are judging meanwhile, of an older
    config, are not touched. Raises nothing; takes a second of CPU for some hundred thousand words.
    """
    ways: dict[Way, list[LooksForWords]] = defaultdict(list)
    for rule in rules:
        if isinstance(rule, LooksForWords):
            ways[rule.way].append(rule)
    for alike in ways.values():
        numbers: dict[Words, int] = {}
        places = [numbers.setdefault(rule.vocabulary, len(numbers)) for rule in alike]
        lexicon = Lexicon(list(numbers), *alike[0].way)
        for rule, place in zip(alike, places, strict=True):
            vars(rule)["bound"] = (lexicon, place)  # in place of the one it would make itself


_TWICE = re.compile(r"([^\W\d_])\1+")
"""What is left of `free` in freeee."""


def _use(patterns: dict[str, _Pattern], text: str, use: _Use) -> None:
    pattern = patterns.get(text)
    if pattern is None:
        pattern = patterns[text] = _Pattern(joins(text[0]) or joins(text[-1]))
    pattern.uses.append(use)
