"""How far back the rules of a group look, worked out once and asked for every message."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from rules.base import Rule

_NONE = timedelta(0)


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
    )
