"""The exemptions that operators gave in the chat, as they are known to whoever judges the past."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from bot.events import Group, Identity
from rules.base import Rule
from storage.values_of_order import Exemption

if TYPE_CHECKING:
    from storage.reports import Reports


class Granted:
    """Each exemption with every account of the person that it spares."""

    def __init__(self, given: Iterable[tuple[Exemption, Sequence[Identity]]] = ()) -> None:
        self._of: defaultdict[tuple[Group, Identity], list[Exemption]] = defaultdict(list)
        for exemption, accounts in given:
            for account in accounts:
                self._of[exemption.group, account].append(exemption)

    def excuses(
        self, group: Group, member: Identity, at: datetime, zone: tzinfo
    ) -> Callable[[Rule], bool]:
        """Which rules spared the member at that moment, for an operator had said so by then."""
        return partial(_spares, self._of.get((group, member), ()), at, zone)

    def named(self, group: str, member: str) -> tuple[Group, Identity] | None:
        """Whom an operator ever exempted in the group, both by name or id; None if nobody."""
        for where, who in self._of:
            if member and group in {where.name, where.id} and member in {who.name, who.id}:
                return where, who
        return None


NONE = Granted()
"""Where nobody was exempted."""


def granted(reports: "Reports", account: str) -> Granted:
    """All exemptions there ever were, each for every account of the person."""
    stores = reports.stores
    return Granted(
        (each, (each.member, *stores.members.linked(each.member)))
        for each in stores.exemptions.history(account)
    )


def _spares(given: Sequence[Exemption], at: datetime, zone: tzinfo, rule: Rule) -> bool:
    return any(each.rule in ("", rule.called) and each.held(at, zone) for each in given)
