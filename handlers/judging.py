"""Holds one message against the rules of its group: what is found, and what counts.

The same for what happens live, for a text that is tried and for history that is replayed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.events import Message
from rules.base import Finding, Past, Role, Rule
from rules.consequences import Consequence
from rules.keywords import Keywords


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
    plain: Past | None = None
    for rule, judge, is_told in _of(message, rules):
        if rule.exempt and spares(rule):
            continue
        if is_told:
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


_Judges = list[tuple[Rule, Callable[[Message, Past], Finding | None], bool]]
"""Rules, their methods, and whether they are told of anything that is past."""


class _Docket:
    """The rules of a group, and which of them a message leaves nothing to find for."""

    __slots__ = ("_all", "_look", "_mute", "_wordless", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        keywords = [each for each in rules if isinstance(each, Keywords)]
        self._look = {each.bound[0].search for each in keywords}
        self._all = _judges(rules)
        self._wordless = _judges(each for each in rules if not isinstance(each, Keywords))
        self._mute = _judges(each for each in rules if not each.of_content)

    def of(self, message: Message) -> _Judges:
        """Those that may find something, in order."""
        text = message.text
        if not (text or message.mentions or message.link or message.title or message.picture):
            return self._mute
        for search in self._look:
            if search(text):
                return self._all
        return self._wordless


def _judges(rules: Iterable[Rule]) -> _Judges:
    return [(each, each.judge, each.asks_about is not None) for each in rules]


_MOST = 256
_dockets: dict[int, _Docket] = {}
"""By the identity of their rules, which are kept so that no others can have it."""


def _of(message: Message, rules: Sequence[Rule]) -> _Judges:
    """The rules that may find something, in order; what is looked up is so once a config."""
    if not isinstance(rules, tuple) or len(rules) < 2:  # noqa: PLR2004 - a rule tried by itself
        return _judges(rules)
    docket = _dockets.get(id(rules))
    if docket is None:
        if len(_dockets) >= _MOST:
            _dockets.clear()
        docket = _dockets[id(rules)] = _Docket(rules)
    return docket.of(message)


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
