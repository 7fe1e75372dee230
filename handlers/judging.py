"""Holds one message against the rules of its group: what is found, and what counts.

The same for what happens live, for a text that is tried and for history that is replayed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.events import Message
from rules.base import Finding, Past, Role, Rule
from rules.consequences import Consequence


@dataclass(frozen=True, slots=True)
class Found:
    """A rule and what it found."""

    rule: Rule
    finding: Finding


@dataclass(frozen=True, slots=True)
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
) -> Judged:
    """The first finding from which something follows, in the order in which the rules are written.

    `past` tells a rule what it needs, `spares` whether a rule exempts this member. `excuses` says
    the same by what operators said in the chat; it is asked only about what was found.
    """
    beside: list[Found] = []
    for rule in rules:
        finding = None if rule.exempt and spares(rule) else rule.judge(message, past(rule))
        if finding is None or excuses(rule):
            continue
        found = Found(rule, finding)
        if not only_noted(rule):
            return Judged(found, tuple(beside))
        beside.append(found)
    return Judged(None, tuple(beside)) if beside else _IN_ORDER


def only_noted(rule: Rule) -> bool:
    """Whether the message goes on as if nothing had been found."""
    silent = rule.shadow or rule.consequence is Consequence.NOTE
    return silent or getattr(rule, "message_is_in_order", False)


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
