"""What one look over all messages of a batch tells, before the first of them is handled."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeGuard

from bot.events import Message
from handlers.docket import Foreseen, docket_of
from handlers.past import Pasts, Telling
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.sheaf import LONGEST, Sheaf

Coming = Sequence[tuple[Message, GroupSettings]]
"""Messages of members, in order, each with what is in force in its group."""

_FEW = 6
"""With fewer messages under the same rules it is quicker to look at each by itself."""


class LooksAhead(Protocol):
    """A handler that wants to know what comes."""

    def expect(self, coming: Coming) -> None:
        """These come next. Nothing: they have all been handled, and nothing of them is kept."""


def looks_ahead(handler: object) -> TypeGuard[LooksAhead]:
    """Whether it does; asked of each handler for each batch, where a protocol would take long."""
    return hasattr(handler, "expect")


def sheaves(coming: Coming) -> Iterator[tuple[Sheaf, GroupSettings]]:
    """The messages under the same rules together; without those that are better left alone."""
    alike: defaultdict[int, list[Message]] = defaultdict(list)
    settings: dict[int, GroupSettings] = {}
    for message, in_force in coming:
        if len(message.text) <= LONGEST and not message.title:
            alike[id(in_force)].append(message)
            settings[id(in_force)] = in_force
    for key, messages in alike.items():
        if len(messages) >= _FEW:
            yield Sheaf(messages, settings[key].time_zone), settings[key]


def look_ahead(coming: Coming, foresight: "Foresight", pasts: Pasts) -> None:
    """Find out all that can be of the messages that come, in place of those before."""
    foresight.forget()
    pasts.forget()
    for sheaf, settings in sheaves(coming):
        foresight.look(sheaf, settings.rules)
        pasts.expect(settings, sheaf)


class Foresight:
    """What the rules may find in the messages that come, as far as the messages alone tell."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Message, Sequence[Rule], Foreseen]] = {}

    def look(self, sheaf: Sheaf, rules: Sequence[Rule]) -> None:
        """Find out of all these messages what their rules may find."""
        if isinstance(rules, tuple):
            for message, seen in zip(sheaf.messages, docket_of(rules).select(sheaf), strict=True):
                self._seen[id(message)] = (message, rules, seen)

    def forget(self) -> None:
        """Nothing of what was looked at is kept."""
        self._seen.clear()

    def __call__(self, message: Message, rules: Sequence[Rule]) -> Foreseen | None:
        """What was foreseen of this message; None: nothing was."""
        seen = self._seen.get(id(message))
        return seen[2] if seen is not None and seen[1] is rules else None

    def nothing(self, message: Message, rules: Sequence[Rule], past: Telling) -> bool:
        """Whether it is known that no rule finds anything in this message with this past."""
        seen = self(message, rules)
        return seen is not None and not docket_of(rules).judges(seen[0], past.holds)
