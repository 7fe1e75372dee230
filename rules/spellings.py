"""Words written otherwise so that no list finds them: taken apart (弓长) or by sound (薇信).

The table that ships is rules/data/spellings.txt; a rule may add words of its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product

from ahocorasick_rs import AhoCorasick

from rules.characters import characters
from rules.edits import Edit, stage
from rules.steps import OF_CHARACTERS, Step
from rules.tables import entries

_PARTS = re.compile(r"\[([^\[\]]+)\]|([^\[\]]+)")
_LETTER = re.compile("[a-z]")
_TOKEN = re.compile("[a-z0-9]")


@dataclass(frozen=True, eq=True)
class Spellings:
    """Which spelling stands for which word. Equal tables are interchangeable."""

    pairs: tuple[tuple[str, str], ...] = field(repr=False)
    """Spelling, word; a spelling that stands for itself is left as it is."""

    def edits(self, text: str) -> list[Edit]:
        """The spellings in a text (rules/characters.py has been through it) and the words."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return list(self._edits(text, found)) if found else []

    def _edits(self, text: str, found: Iterable[tuple[int, int, int]]) -> Iterator[Edit]:
        """The first, and of those that begin together the longest."""
        done = 0
        for start, minus_end, which in sorted((start, -end, which) for which, start, end in found):
            spelling, word = self.pairs[which]
            if start >= done and _stands(text, start, -minus_end):
                done = -minus_end
                if word != spelling:
                    yield start, done, word, Step.SPELLINGS

    @cached_property
    def look(self) -> Callable[[str], object]:
        """Quickly says whether there may be one, by a character of it that is not in every text."""
        firsts = _one_of(self.first_signs)
        return re.compile(f"[{firsts}](?:{self.sign})").search

    @cached_property
    def first_signs(self) -> frozenset[str]:
        """What a sign of a spelling begins with."""
        return frozenset(each[0] for each in self._anchors)

    @cached_property
    def sign(self) -> str:
        """Stands behind the first character of a sign of a spelling."""
        rare = _one_of(each for each in self._anchors if len(each) == 1)
        firsts, seconds = (_one_of(each[at] for each in self._anchors if each[1:]) for at in (0, 1))
        return f"(?<=[{rare}])|(?<=[{firsts}])[{seconds}]"

    @cached_property
    def _anchors(self) -> frozenset[str]:
        return frozenset(_anchor(each) for each, word in self.pairs if each != word)

    @cached_property
    def reach(self) -> int:
        """How far from a change another spelling may stand that was hidden by what has gone."""
        return 3 * max(len(each) for each, _ in self.pairs)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick([each for each, _ in self.pairs])

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.pairs)


def _stands(text: str, start: int, end: int) -> bool:
    """`vx` not in `vxworks`, but before a number; `+v` not in `ctrl+v`."""
    first = _TOKEN if text[start] == "+" else _LETTER if text[start].isascii() else None
    if first and start and first.match(text[start - 1]):
        return False
    return not (end < len(text) and _LETTER.match(text[end - 1]) and _LETTER.match(text[end]))


def _one_of(chars: Iterable[str]) -> str:
    """The inside of a class; it always holds a character that no text does."""
    return "\ue000" + "".join(re.escape(char) for char in sorted(set(chars)))


def _anchor(spelling: str) -> str:
    """A rare character of it, or the first two where each is an everyday one or a letter."""
    return next((char for char in spelling if _is_rare(char)), spelling[:2])


def _is_rare(char: str) -> bool:
    return not char.isascii() and char not in _EVERYDAY


_EVERYDAY = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机"
    "十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加"
    "西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别"
    "打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科"
    "司五基眼书非则听白界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师"
)
"""Found in most messages: no sign of anything."""


@lru_cache(maxsize=1)
def shipped() -> Spellings:
    """The table that ships."""
    pairs: dict[str, str] = {}
    for line in entries("spellings.txt"):
        if line.startswith("!"):
            pairs |= {phrase: phrase for phrase in line[1:].split()}
        elif "=" in line:
            word, _, spellings = line.partition("=")
            pairs |= dict.fromkeys(_each(spellings.split()), word.strip())
    return Spellings(tuple(pairs.items()))


@lru_cache(maxsize=16)
def extended(more: tuple[tuple[str, tuple[str, ...]], ...]) -> Spellings:
    """The table that ships and these words with their spellings, which may hold [brackets]."""
    pairs = dict(shipped().pairs)
    for word, spellings in more:
        plain = _plain(word)
        pairs |= {_plain(each): plain for each in _each(spellings)}
    return Spellings(tuple(pairs.items()))


def trouble(more: Mapping[str, Iterable[str]]) -> str:
    """What is wrong with words and spellings of somebody's own; nothing if they are in order."""
    for word, spellings in more.items():
        for each in _each(spellings):
            if not _plain(each).strip() or not _plain(word).strip():
                return f"{word!r}：写法不能是空白 a spelling must not be blank"
            if _plain(each) in _plain(word):
                return f"「{each}」就在「{word}」里 “{each}” is part of “{word}”"
    return ""


def _each(spellings: Iterable[str]) -> Iterator[str]:
    """[薇溦]信 is 薇信 and 溦信."""
    for spelling in spellings:
        parts = [tuple(one or (all_,)) for one, all_ in _PARTS.findall(spelling)]
        yield from map("".join, product(*parts))


def _plain(text: str) -> str:
    return stage(text, characters(OF_CHARACTERS).edits(text)).new
