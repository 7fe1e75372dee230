"""The rules of a group, and which of them a message leaves nothing to find for."""

from collections.abc import Callable, Iterable, Sequence

from bot.events import Message
from rules.base import Finding, Past, Rule
from rules.keywords import Keywords
from rules.sheaf import Sheaf

Judges = Sequence[tuple[int, Rule, Callable[[Message, Past], Finding | None], bool]]
"""Rules with their places, their methods, and whether they are told of anything that is past."""

Known = dict[int, Finding]
"""What is known to be found in a message, by the place of the rule that finds it."""

Foreseen = tuple[int, Known]
"""Which rules may find something in a message, as `Docket` counts them, and what is known."""

EVERYTHING = 0b1111
"""Of what is past there may be times, texts, others and standing: a bit for each of `Asked`."""

_MOST_SELECTIONS = 256


class Docket:
    """The rules of a group. A selection of them is a number with a bit for each, in order."""

    __slots__ = ("_all", "_judges", "_look", "_mute", "_needs", "_selected", "_wordless", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self._judges = judges(rules)
        self._needs = [_bits(each) if each.takes else 0 for each in rules]
        self._look = {each.bound[0].search for each in rules if isinstance(each, Keywords)}
        self._all = self._where(lambda _: True)
        self._wordless = self._where(lambda each: not isinstance(each, Keywords))
        self._mute = self._where(lambda each: not each.of_content)
        self._selected: dict[int, Judges] = {}

    def _where(self, holds: Callable[[Rule], bool]) -> int:
        return sum(1 << place for place, each in enumerate(self.rules) if holds(each))

    def selects(self, message: Message) -> int:
        """Those that may find something in a message, seen by quick looks at it alone."""
        text = message.text
        if not (text or message.mentions or message.link or message.title or message.picture):
            return self._mute
        for search in self._look:
            if search(text):
                return self._all
        return self._wordless

    def select(self, sheaf: Sheaf) -> list[Foreseen]:
        """The same for each of many messages, seen by looks at all of them together.

        With what is known already.
        """
        count = len(sheaf.messages)
        selected, always = [0] * count, 0
        known: list[Known] = [{}] * count
        for place, rule in enumerate(self.rules):
            bit = 1 << place
            found = rule.may_find(sheaf)
            if isinstance(found, dict):
                for each, finding in found.items():
                    known[each] = known[each] | {place: finding}
            elif len(found) == count:
                always |= bit
                continue
            for each in found:
                selected[each] |= bit
        return [(each | always, what) for each, what in zip(selected, known, strict=True)]

    def judges(self, selection: int, holds: int) -> Judges:
        """Those selected that can find something in a past that holds so much, in order."""
        key = selection << 4 | holds
        found = self._selected.get(key)
        if found is None:
            if len(self._selected) >= _MOST_SELECTIONS:
                self._selected.clear()
            found = self._selected[key] = [
                judge
                for place, (judge, needs) in enumerate(zip(self._judges, self._needs, strict=True))
                if selection >> place & 1 and not needs & ~holds
            ]
        return found


def judges(rules: Iterable[Rule]) -> Judges:
    """Each rule, whatever the message."""
    return [
        (place, each, each.judge, each.asks_about is not None) for place, each in enumerate(rules)
    ]


def _bits(rule: Rule) -> int:
    asks = rule.asks_about
    return sum(asked << place for place, asked in enumerate(asks)) if asks else 0


_MOST = 256
_dockets: dict[int, Docket] = {}
"""By the identity of their rules, which are kept so that no others can have it."""


def docket_of(rules: Sequence[Rule]) -> Docket:
    """What is looked up once for these rules of a config."""
    docket = _dockets.get(id(rules))
    if docket is None:
        if len(_dockets) >= _MOST:
            _dockets.clear()
        docket = _dockets[id(rules)] = Docket(rules)
    return docket
