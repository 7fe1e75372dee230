"""How far back the rules of a group look, worked out once and asked for every message."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from rules.base import Rule

TIMES, TEXTS, OTHERS, STANDING = 1, 2, 4, 8
"""Bits for what of the past there may be enough of, for a rule to find something in it."""

_NONE = timedelta(0)


class Enough(NamedTuple):
    """What it takes before any of some rules can find something: so much, in such a time."""

    least: int
    within: timedelta


class Outlook(NamedTuple):
    """What of the past is kept and looked up; nothing else is."""

    anything: bool
    texts: bool
    """Whether it matters what a text is like."""
    member: timedelta
    """How far back what a member says is kept; zero: not at all."""
    others: timedelta | None
    """The same for what everybody says; None: it does not matter."""
    standing: bool
    times_said: Enough
    """What it takes of when the member spoke."""
    texts_said: Enough
    """And of what they said. Rules that may find something without any past are not asked."""


def outlook(rules: Sequence[Rule]) -> Outlook:
    """What these rules need together."""
    asked = [(each.asks_about, each.looks_back) for each in rules if each.asks_about]
    others = [looks_back for about, looks_back in asked if about.others]
    member = [looks_back for about, looks_back in asked if about.times or about.texts]
    return Outlook(
        anything=bool(asked),
        texts=bool(others) or any(about.texts for about, _ in asked),
        member=max(member, default=_NONE),
        others=max(others, default=None),
        standing=any(about.standing for about, _ in asked),
        times_said=_enough(each for each in rules if each.asks_about and each.asks_about.times),
        texts_said=_enough(each for each in rules if each.asks_about and each.asks_about.texts),
    )


def _enough(rules: Iterable[Rule]) -> Enough:
    taking = [each for each in rules if each.takes]
    least = min((each.takes for each in taking), default=0)
    return Enough(least, max((each.looks_back for each in taking), default=_NONE))
