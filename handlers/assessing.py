"""Assesses how a rule did: too strict, too loose, fine, or too little to say.

docs/rules.md tells these rules to people; whoever changes one changes the other. All of them are
made for few numbers: a share counts only as far as it can be told from chance.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from math import comb, sqrt
from statistics import median

from bot.frozen import frozen
from bot.texts import Text
from storage.values_of_order import Around, RuleRecord

TOO_OFTEN = 0.1
"""One finding in ten that was wrong is too many."""
WRONG_AT_LEAST = 3
"""Fewer wrong ones say nothing about the rule."""
AGAIN_AND_AGAIN = 3.0
"""Told so often a head, people do not mind the rule."""
TOLD_AT_LEAST = 10
"""Being told less often says nothing about that."""
ACTS_AT_LEAST = 6
"""Of fewer acts even a drop after each could be chance."""
WORDS_AT_LEAST = 10
"""An act with fewer messages around it says nothing."""
QUIETER = 0.8
"""A median below it is a drop worth mentioning."""
APART = timedelta(hours=48)
"""Acts nearer to each other would count the same messages twice."""

_Z = 1.645  # one-sided, 5 %
_CHANCE = 0.05


class Verdict(StrEnum):
    """How a rule did."""

    TOO_STRICT = "too strict"
    TOO_LOOSE = "too loose"
    FINE = "fine"
    TOO_LITTLE = "too little to say"


VERDICTS = {
    Verdict.TOO_STRICT: Text(zh="太严", en="too strict"),
    Verdict.TOO_LOOSE: Text(zh="太松", en="too loose"),
    Verdict.FINE: Text(zh="合适", en="fine"),
    Verdict.TOO_LITTLE: Text(zh="还说不准", en="too little to say"),
}
"""What each is called, on the command line and in the console."""


class Ground(StrEnum):
    """What a verdict rests on."""

    OFTEN_WRONG = "often wrong"
    BYSTANDERS_FELL_SILENT = "bystanders fell silent"
    SAME_PEOPLE_AGAIN = "same people again"
    SELDOM_WRONG = "seldom wrong"
    FEW_CASES = "few cases"


@frozen
class Bystanders:
    """Whether others wrote less after the rule acted than before.

    `acts` are those with enough messages around them, `quieter` those after which others wrote
    less; `ratio` is the median of after to before (None without acts). `fell_silent` is None where
    there are too few acts to say.
    """

    acts: int
    quieter: int
    ratio: float | None
    fell_silent: bool | None


@frozen
class Weighed:
    """A rule, its record, and what is to be thought of it."""

    record: RuleRecord
    bystanders: Bystanders
    verdict: Verdict
    grounds: tuple[Ground, ...]


def weigh(record: RuleRecord, around: Sequence[Around]) -> Weighed:
    """The verdict on a rule; the `around` of its acts are at least APART from one another."""
    bystanders = heard(around)
    strict = []
    if record.wrong >= WRONG_AT_LEAST and _least(record.wrong, _found(record)) > TOO_OFTEN:
        strict.append(Ground.OFTEN_WRONG)
    if bystanders.fell_silent:
        strict.append(Ground.BYSTANDERS_FELL_SILENT)
    if strict:
        return Weighed(record, bystanders, Verdict.TOO_STRICT, tuple(strict))
    return Weighed(record, bystanders, *_otherwise(record))


def _otherwise(record: RuleRecord) -> tuple[Verdict, tuple[Ground, ...]]:
    a_head = record.told / record.members if record.members else 0.0
    if record.told >= TOLD_AT_LEAST and a_head >= AGAIN_AND_AGAIN:
        return Verdict.TOO_LOOSE, (Ground.SAME_PEOPLE_AGAIN,)
    if _most(record.wrong, record.hits) < TOO_OFTEN:
        return Verdict.FINE, (Ground.SELDOM_WRONG,)
    return Verdict.TOO_LITTLE, (Ground.FEW_CASES,)


def heard(around: Sequence[Around]) -> Bystanders:
    """A sign test over acts: how many were followed by less, and is that more than chance?"""
    told = [each for each in around if each.before + each.after >= WORDS_AT_LEAST]
    quieter = sum(each.after < each.before for each in told)
    changed = sum(each.after != each.before for each in told)
    ratio = median((each.after + 1) / (each.before + 1) for each in told) if told else None
    if ratio is None or len(told) < ACTS_AT_LEAST:
        return Bystanders(len(told), quieter, ratio, None)
    silent = _by_chance(quieter, changed) < _CHANCE and ratio < QUIETER
    return Bystanders(len(told), quieter, ratio, silent)


def _by_chance(heads: int, of: int) -> float:
    """How likely so many heads, or more, are with a fair coin."""
    return sum(comb(of, each) for each in range(heads, of + 1)) / 2.0**of


def _found(record: RuleRecord) -> int:
    return record.hits + record.shadow


def _least(count: int, of: int) -> float:
    """The share is hardly smaller than this: the lower end of Wilson's interval."""
    return _wilson(count, of, -1)


def _most(count: int, of: int) -> float:
    """The share is hardly larger than this: the upper end; 1 where nothing is known."""
    return _wilson(min(count, of), of, 1)


def _wilson(count: int, of: int, side: int) -> float:
    if not of:
        return 1.0 if side > 0 else 0.0
    share, z2 = count / of, _Z**2
    middle = share + z2 / (2 * of)
    width = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return (middle + side * width) / (1 + z2 / of)
