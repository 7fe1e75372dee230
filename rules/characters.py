"""What each character by itself comes down to: width, ornament, marks, case, script, look."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain, starmap

from rules.charsets import Charset
from rules.edits import Edit
from rules.late import late
from rules.steps import OF_CHARACTERS, Step
from rules.tables import entries

_INVISIBLE = late(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)
"""What nobody sees although its category does not say so."""
_MARKS = late(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302d\ufe20-\ufe2f]"
)
"""Marks that decorate; those that Thai or Hindi cannot be written without are left in peace."""
_CHINESE = frozenset("，！？：；（）～…")
"""Punctuation of every other Chinese sentence: it is no way of writing anything otherwise."""
_LINES = "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_LISTED = late(r"\(?(.{1,2})[).]")
"""What ⒱ and ⒈ come down to: (v) and 1."""
_APART = late("[\u1100-\u11ff]{2,}|[\u3040-\u30ff][\u3099\u309a]+")
"""Korean and Japanese written in parts that belong together."""


class Characters:
    """The steps that look at single characters, as one table."""

    def __init__(self, steps: frozenset[Step]) -> None:
        self._steps = [(step, _BY_STEP[step]) for step in _BY_STEP if step in steps]
        self._table = _Table(self._plain)
        self.quiet = _quiet(self._changes, steps)
        """What surely stays as it is."""

    @cached_property
    def _loud(self) -> re.Pattern[str]:
        """Takes long to compile, and is asked only about texts that have something to normalise."""
        return re.compile(f"[{self.quiet.others()}]+")

    @cached_property
    def look(self) -> Callable[..., re.Match[str] | None]:
        """Finds the first run of what may not stay as it is."""
        return self._loud.search

    def edits(self, text: str) -> list[Edit]:
        """What has to be replaced in a text."""
        return list(self._edits(text))

    @staticmethod
    def together(text: str) -> list[Edit]:
        """Joins what Korean and Japanese wrote in parts. Others than these change nothing."""
        if _APART.search(text) is None:
            return []
        found = ((run, unicodedata.normalize("NFC", run[0])) for run in _APART.finditer(text))
        return [(*run.span(), new, Step.WIDTH) for run, new in found if new != run[0]]

    def _edits(self, text: str) -> Iterator[Edit]:
        for run in self._loud.finditer(text):
            old, start = run[0], run.start()
            if old.isascii() and old.isalpha():  # capitals: by far the most frequent
                yield start, run.end(), old.lower(), None
                continue
            made = [self._table[char] for char in old]
            new = "".join(made)
            if new == old:
                continue
            if not new or all(len(each) == 1 for each in made):
                yield start, run.end(), new, None
                continue
            for place, (char, each) in enumerate(zip(old, made, strict=True), start):
                if each != char:
                    yield place, place + 1, each, None

    def steps(self, text: str) -> set[Step]:
        """The steps that change something in this text."""
        found: set[Step] = set()
        for char in set(text):
            found.update(step for step, _, _ in self._way(char))
        return found

    def _changes(self, char: str) -> bool:
        """Whether any of the steps has something to do."""
        return any(simpler(char) != char for _, simpler in self._steps)

    def _plain(self, char: str) -> str:
        """What is left of a character in the end; half a character is never left."""
        *_, (_, _, plain) = [(None, char, char), *self._way(char)]
        return "\ufffd" if "\ud800" <= plain <= "\udfff" else plain

    def _way(self, text: str) -> Iterator[tuple[Step, str, str]]:
        """Step by step, again until nothing changes any more."""
        changed = True
        while changed:
            changed = False
            for step, simpler in self._steps:
                new = "".join(map(simpler, text))
                if new != text:
                    yield step, text, new
                    text, changed = new, True


class _Table(dict[str, str]):
    """Filled as characters turn up; there are only so many."""

    def __init__(self, plain: Callable[[str], str]) -> None:
        super().__init__()
        self._made = plain

    def __missing__(self, char: str) -> str:
        made = self[char] = self._made(char)
        return made


@lru_cache(maxsize=16)
def characters(steps: frozenset[Step]) -> Characters:
    """The table for these steps; others than those of characters make no difference."""
    return _characters(steps & OF_CHARACTERS)


@lru_cache(maxsize=8)
def _characters(steps: frozenset[Step]) -> Characters:
    return Characters(steps)


def _invisible(char: str) -> str:
    if _INVISIBLE.match(char):
        return ""
    hidden = unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in _LINES
    return "" if hidden else char


def _width(char: str) -> str:
    if char in _LINES:
        return char if char in "\t\n" else "\n"
    if unicodedata.category(char) == "Zs":
        return " "
    wide = unicodedata.decomposition(char).startswith(("<wide>", "<narrow>"))
    return unicodedata.normalize("NFKC", char) if wide and char not in _CHINESE else char


def _ornate(char: str) -> str:
    """Also what Unicode does not call a form of the letter: 🅰, 🆎, 🇻."""
    if char in _CHINESE or unicodedata.decomposition(char).startswith(("<wide>", "<narrow>")):
        return char
    look = "" if char.isalpha() else _looks().get(char, "")
    plain = look or unicodedata.normalize("NFKC", char)
    listed = _LISTED.fullmatch(plain) if plain != char else None
    return listed[1] if listed else plain


def _marks(char: str) -> str:
    if char < "\u00c0":
        return char
    apart = unicodedata.normalize("NFD", char)
    bare = _MARKS.sub("", apart)
    return char if bare == apart else unicodedata.normalize("NFC", bare)


def _lookalikes(char: str) -> str:
    return _looks().get(char, char) if char.isalpha() else char


def _traditional(char: str) -> str:
    return _simplified().get(char, char) if char >= "\u3400" else char


_BY_STEP: Mapping[Step, Callable[[str], str]] = {
    Step.INVISIBLE: _invisible,
    Step.WIDTH: _width,
    Step.ORNATE: _ornate,
    Step.MARKS: _marks,
    Step.LOOKALIKES: _lookalikes,
    Step.CASE: str.casefold,
    Step.TRADITIONAL: _traditional,
}


@lru_cache(maxsize=1)
def _looks() -> Mapping[str, str]:
    return {char: look for look, chars in _pairs("lookalikes.txt") for char in chars}


@lru_cache(maxsize=1)
def _simplified() -> Mapping[str, str]:
    return dict(_pairs("traditional.txt"))


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """The lines of a table in rules/data."""
    for line in entries(name):
        left, _, right = line.partition("\t")
        yield left, right


_IN_NO_OTHER_TABLE = (
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xAC00, 0xD7A4),
    range(0x1F300, 0x1F650),
)
"""Ideographs, Korean syllables and emoji: only our own tables change any of them."""
_COMMON = ((0x20, 0x7F), (0x3000, 0x3099), (0x309B, 0x3100), (0xFF01, 0xFF5F), (0x1F900, 0x1FA00))


def _quiet(changes: Callable[[str], bool], steps: frozenset[Step]) -> Charset:
    """What nearly all messages are made of and what stays as it is.

    Anything else is looked up; it is a little slower and comes to the same.
    """
    tables = set(map(ord, _looks().keys() | _simplified().keys()))
    asked = set(chain.from_iterable(starmap(range, _COMMON))) | set(map(ord, "\n“”‘’—…·"))
    if not steps >= {Step.LOOKALIKES, Step.ORNATE, Step.TRADITIONAL}:  # else all of them change
        asked |= tables
    stays = {code for code in asked if not changes(chr(code))}
    listed = Charset(_IN_NO_OTHER_TABLE, but=frozenset(tables - stays), apart=frozenset())
    return replace(listed, apart=frozenset(code for code in stays if code not in listed))
