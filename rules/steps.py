"""The steps of normalisation: each undoes one way of writing a word so that a machine misses it."""

from collections.abc import Iterable
from enum import StrEnum


class Step(StrEnum):
    """One way of writing the same thing otherwise; a rule may do without any of them."""

    INVISIBLE = "invisible"
    """Characters that nobody sees: zero-width, control, direction, halves of characters."""
    WIDTH = "width"
    """Full and half width, spaces of all kinds."""
    ORNATE = "ornate"
    """Circled, bracketed, mathematical, superscript, squared letters, digits and characters."""
    MARKS = "marks"
    """Accents and other marks on, under and through letters."""
    LOOKALIKES = "lookalikes"
    """Cyrillic, Greek and rarer letters that look like Latin ones."""
    CASE = "case"
    """Capitals."""
    TRADITIONAL = "traditional"
    """Traditional characters, one simplified character for each."""
    SEPARATORS = "separators"
    """Punctuation, signs and spaces inside a word."""
    EMOJI = "emoji"
    """Emoji inside a word, also those that WeChat writes as [微笑]."""
    DIGITS = "digits"
    """Chinese numerals in a row of at least five digits."""
    REPEATS = "repeats"
    """The same character three times or more, or each of several ones twice."""
    SPELLINGS = "spellings"
    """Characters taken apart (弓长) and others that sound alike (薇信), from a table."""


ALL = frozenset(Step)

OF_CHARACTERS = frozenset(
    {
        Step.INVISIBLE,
        Step.WIDTH,
        Step.ORNATE,
        Step.MARKS,
        Step.LOOKALIKES,
        Step.CASE,
        Step.TRADITIONAL,
    }
)
"""The steps that look at each character by itself."""


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Each once, in the order in which they are taken."""
    return tuple(sorted(set(steps), key=_ORDER.__getitem__))


_ORDER = {step: place for place, step in enumerate(Step)}
