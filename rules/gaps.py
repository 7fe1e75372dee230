"""Separators and emoji inside a word: which of them are taken out, and when that is believed.

Taking a separator out may make a word that nobody wrote (`我参加，微信说`). So it is done twice as
carefully: `edits` takes out only what may stand inside a word at all, and rules/believing.py looks
at the place again where that made a forbidden word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache

from rules.edits import Edit
from rules.late import late
from rules.steps import Step
from rules.tables import entries

_HAN = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_IS_HAN = late(f"[{_HAN}]")
_DECORATION = frozenset("*^_$\\`§※★☆●○◎◇◆□■△▲▽▼♢♦♧♣♤♠•▪▫◦∙°¨|│┃║▌█▏▎¦†‡")
_CLAUSE = frozenset(",.!?;:。、~，！？；：～…—–@#\"'“”‘’「」『』《》〈〉")
_ENGLISH = frozenset("aio")
"""Letters that are words."""
_LONGEST = 24
"""A longer gap separates whatever it is made of."""


class Gap(IntEnum):
    """How much something between two characters separates them, the least first."""

    DECORATION = 1
    """What no sentence needs: 加*微."""
    PAUSE = 2
    """Spaces, strokes, brackets, emoji: between words as well as inside one."""
    CLAUSE = 3
    """Punctuation between sentences and clauses."""
    LINE = 4
    """A new line."""


def _one_of(chars: Iterable[str]) -> str:
    return "".join(map(re.escape, sorted(chars)))


_PAUSE = rf"[^\w\n{_one_of(_CLAUSE | _DECORATION)}]"
_DECORATED = f"[{_one_of(_DECORATION)}]"
GAP = rf"""(?<=\w[\W_])(?!\Z)  # where a gap begins
    (?!(?:(?<=\[)|(?<=\s)\[)[^\[\]]{{1,6}}\](?:\Z|[,.!?，。！？\s]))(?:  # but no [强] at an end
        (?:(?<=[\W_]\w.)|(?<=^\w.)|(?<=[\W_][a-z0-9]{{2}}.)|(?<=^[a-z0-9]{{2}}.))[\W_]*(?=\w)
        |[\W_]*(?=(?:\w|[a-z0-9]{{2}})(?:[\W_]|$))  # one character, two letters, on a side
        |(?<=[^\x00-\x7f]{_PAUSE}){_PAUSE}*(?=[^\W\x00-\x7f])  # or no punctuation in it
        |(?<=[a-z0-9]\ )\ +(?=[a-z0-9])  # or more spaces than one
        |(?:(?<={_DECORATED})|[\W_]*?{_DECORATED})[\W_]*(?=\w)  # or decoration
    )"""
"""Stands behind the first character of a gap."""
WORTH_A_LOOK = late(rf"[\W_]{GAP}", re.VERBOSE | re.DOTALL)
"""Finds quickly that a text has no gap that could ever be taken out, which is the rule."""


@lru_cache(maxsize=1)
def _in_brackets() -> re.Pattern[str]:
    """The emoji that WeChat writes in brackets."""
    said = set(" ".join(entries("wechat_emoji.txt")).split())
    names = "|".join(map(re.escape, sorted(said, key=len, reverse=True)))
    return re.compile(rf"\[(?:{names})\]")


def drawn(text: str) -> str:
    """With emoji where WeChat writes words in brackets for them, each as long as before."""
    return _in_brackets().sub(lambda code: _SMILE * len(code[0]), text) if "[" in text else text


_SMILE = "\N{SLIGHTLY SMILING FACE}"


@lru_cache(maxsize=2048)
def nature(gap: str) -> tuple[Gap, frozenset[Step], Step]:
    """How much a gap separates, the steps that it takes to remove it, and the chief of them."""
    steps = {_step(char) for char in gap} - {None}
    needed = frozenset(step for step in steps if step) or frozenset({Step.SEPARATORS})
    chief = Step.EMOJI if Step.EMOJI in needed else Step.SEPARATORS
    return _separates(gap), needed, chief


def _separates(gap: str) -> Gap:
    if "\n" in gap:
        return Gap.LINE
    if not _DECORATION.isdisjoint(gap):
        return Gap.DECORATION
    if gap.strip() == "..":
        return Gap.PAUSE
    return Gap.PAUSE if _CLAUSE.isdisjoint(gap) else Gap.CLAUSE


def _step(char: str) -> Step | None:
    """Spaces belong to what stands beside them."""
    if char.isspace():
        return None
    emoji = unicodedata.category(char) in ("So", "Sk") and char not in _DECORATION
    return Step.EMOJI if emoji else Step.SEPARATORS


class Gaps:
    """The steps `separators` and `emoji`."""

    def __init__(self, steps: frozenset[Step]) -> None:
        self._steps = steps

    def edits(self, text: str) -> list[Edit]:
        """The gaps that may stand inside a word, to be taken out."""
        text = drawn(text)
        found: list[Edit] = []
        spelt: list[Edit] = []
        for gap in WORTH_A_LOOK.finditer(text):  # each with something before and after it
            start, end = gap.span()
            if end - start > _LONGEST:
                continue
            how, needed, step = nature(gap[0])
            if not needed <= self._steps:
                continue
            if text[start - 1].isascii() and text[end].isascii():
                if how == _LINES:
                    continue
                kept = _between_letters(text, start, end, how)
                if kept is not None:
                    found.append((start, end, kept, step))
                elif _alone(text, start, end):
                    spelt.append((start, end, "", step))
            elif _inside(text, start, end, how):
                found.append((start, end, "", step))
        return sorted([*found, *_spelt(text, spelt)]) if spelt else found


def _inside(text: str, start: int, end: int, how: Gap) -> bool:
    """Whether this may stand inside a word of which at least one side is Chinese."""
    left, right = _IS_HAN.match(text, start - 1), _IS_HAN.match(text, end)
    if left and right:
        if how <= _PAUSES:
            return True
        both = how == _LINES
    else:
        letter = (left and _is_ascii_word(text[end])) or (right and _is_ascii_word(text[start - 1]))
        if not letter or how == _LINES:
            return False
        both = how > _PAUSES
    first = short(text, start, left=True)
    return short(text, end, left=False) if first == both else first


_PAUSES, _LINES = Gap.PAUSE, Gap.LINE  # asking an enum for a member takes longer than the rest


def _between_letters(text: str, start: int, end: int, how: Gap) -> str | None:
    """What is left of a gap between Latin letters or digits; None if that depends on others."""
    gap = text[start:end]
    if gap.isspace() and len(gap) > 1:
        return " "
    decorated = how is Gap.DECORATION and "_" not in gap and text[start - 1].isalpha()
    return "" if decorated else None


def short(text: str, place: int, *, left: bool) -> bool:
    """Whether the piece that ends (or begins) there is one character, or two letters or digits."""
    return (_SHORT_LEFT if left else _SHORT_RIGHT).match(text, place) is not None


_SHORT_LEFT = late(
    rf"(?<=[{_HAN}])(?<![{_HAN}]{{2}})|(?<![{_HAN}])(?<![A-Za-z0-9]{{2}}.)", re.DOTALL
)
_SHORT_RIGHT = late(rf"(?=[{_HAN}])(?![{_HAN}]{{2}})|(?![{_HAN}])(?!.[A-Za-z0-9]{{2}})", re.DOTALL)


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a letter or digit stands alone on each side."""
    if not (text[start - 1].isalnum() and text[end].isalnum()):
        return False
    before, after = text[start - 2 : start - 1] if start > 1 else "", text[end + 1 : end + 2]
    return not (_is_ascii_word(before or " ") or _is_ascii_word(after or " "))


def _spelt(text: str, gaps: list[Edit]) -> Iterator[Edit]:
    """Of the gaps between single letters those that spell a word out: f r e e, but not a b."""
    run: list[Edit] = []
    for gap in gaps:
        if run and gap[0] != run[-1][1] + 1:
            yield from run if _spells(text, run) else ()
            run = []
        run.append(gap)
    yield from run if run and _spells(text, run) else ()


def _spells(text: str, run: list[Edit]) -> bool:
    letters = [text[run[0][0] - 1], *(text[edit[1]] for edit in run)]
    if all(letter.isdigit() for letter in letters):
        return len(letters) >= 5  # noqa: PLR2004 - as numerals: shorter numbers are scores, dates
    if len(letters) > 2:  # noqa: PLR2004 - two letters may be words, three alone are not
        return True
    return _ENGLISH.isdisjoint(letters) and not any(letter.isdigit() for letter in letters)


def piece_ends(text: str, start: int, end: int) -> bool:
    """Whether no word goes on to the left or the right of this in the same script."""
    left, right = text[start - 1] if start else " ", text[end] if end < len(text) else " "
    return not (_alike(left, text[start]) or _alike(text[end - 1], right))


def _alike(one: str, other: str) -> bool:
    han = _IS_HAN.match
    return bool((han(one) and han(other)) or (_is_ascii_word(one) and _is_ascii_word(other)))
