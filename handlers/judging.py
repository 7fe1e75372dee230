"""Holds one message against the rules of its group: what is found, and what counts.

The same for what happens live, for a text that is tried and for history that is replayed.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from bot.events import Message
from bot.frozen import frozen
from handlers.docket import EVERYTHING, Foreseen, Judges, docket_of, judges
from rules.base import Finding, Past, Role, Rule
from rules.consequences import Consequence


@frozen
class Found:
    """A rule and what it found."""

    rule: Rule
    finding: Finding


@frozen
class Judged:
    """What became of a message: `counts` is what something follows from, if anything.

    `beside` was found, too, and is only written down: by rules in shadow, by rules that only note,
    and by those about the person rather than about what was said.
    """

    counts: Found | None = None
    beside: tuple[Found, ...] = ()


_IN_ORDER = Judged()


def judged(
    message: Message,
    rules: Sequence[Rule],
    past: Callable[[Rule], Past],
    spares: Callable[[Rule], bool],
    excuses: Callable[[Rule], bool] = lambda _: False,
    *,
    foreseen: Callable[[Message, Sequence[Rule]], Foreseen | None] = lambda *_: None,
) -> Judged:
    """The first finding from which something follows, in the order in which the rules are written.

    `past` tells a rule what it needs, `spares` whether a rule exempts this member. `excuses` says
    the same by what operators said in the chat; it is asked only about what was found.
    `foreseen` tells what is known beforehand of what they find (handlers/foresight.py).
    """
    beside: list[Found] = []
    plain: Past | None = None
    seen = foreseen(message, rules)
    known = None if seen is None else seen[1]
    for place, rule, judge, is_told in _of(message, rules, past, seen):
        if rule.exempt and spares(rule):
            continue
        if known and place in known:
            finding: Finding | None = known[place]
        elif is_told:
            finding = judge(message, past(rule))
        else:  # the same for all of them
            plain = plain or past(rule)
            finding = judge(message, plain)
        if finding is None or excuses(rule):
            continue
        found = Found(rule, finding)
        if not only_noted(rule):
            return Judged(found, tuple(beside))
        beside.append(found)
    return Judged(None, tuple(beside)) if beside else _IN_ORDER


def _of(
    message: Message,
    rules: Sequence[Rule],
    past: Callable[[Rule], Past],
    seen: Foreseen | None,
) -> Judges:
    """The rules that may find something, in order."""
    if seen is None and not (isinstance(rules, tuple) and len(rules) > 1):
        return judges(rules)  # a rule tried by itself
    docket = docket_of(rules)
    selection = docket.selects(message) if seen is None else seen[0]
    return docket.judges(selection, getattr(past, "holds", EVERYTHING))


def only_noted(rule: Rule) -> bool:
    """Whether the message goes on as if nothing had been found."""
    silent = rule.shadow or rule.consequence is Consequence.NOTE
    return silent or rule.message_is_in_order


def spares(
    rule: Rule, message: Message, roles: Callable[[], frozenset[Role]], zone: tzinfo
) -> bool:
    """Whether an exemption in force names the author, or a role of theirs.

    Exemptions of links are the matter of the rules that look at links.
    """
    author = message.author
    return any(
        (each.member in (author.id, author.name) if each.member else each.role in roles())
        for each in rule.exempt
        if not each.link and each.holds(message.at, zone)
    )
