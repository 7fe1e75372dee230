"""How much is said in groups: counted over many messages at once, never per message."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from bot.events import Group
from storage.columns import plain
from storage.groups import Groups
from storage.statements import among, portions
from storage.tables import groups as groups_table
from storage.tables import messages, slots
from storage.transaction import Transaction
from storage.values import SlotState
from storage.values_of_programmes import Chatter

_COUNT = (
    select(
        messages.c.group_id,
        func.count().label("messages"),
        func.count(messages.c.author_id.distinct()).label("speakers"),
    )
    .where(
        among(messages.c.group_id, "groups"),
        messages.c.at > bindparam("since"),
        messages.c.at <= bindparam("until"),
        messages.c.ours.is_(False),
    )
    .group_by(messages.c.group_id)
)
_FIRST = select(
    groups_table.c.id,
    select(func.min(messages.c.at))
    .where(messages.c.group_id == groups_table.c.id)
    .scalar_subquery()
    .label("first"),
).where(among(groups_table.c.id, "groups"))
_LAST_SLOT = (
    select(slots.c.group_id, func.max(slots.c.due_at).label("last"))
    .where(
        among(slots.c.group_id, "groups"),
        among(slots.c.programme, "programmes"),
        slots.c.wall >= bindparam("wall"),
        (slots.c.state != SlotState.SKIPPED.value) | (slots.c.programme == bindparam("own")),
    )
    .group_by(slots.c.group_id)
)

Span = tuple[datetime, datetime]
_NOTHING = Chatter(0, 0)


class Pulse:
    """What others than this account said in groups, and when a topic was last due there."""

    def __init__(self, transaction: Transaction, groups: Groups) -> None:
        self._transaction = transaction
        self._groups = groups
        self._together: set[int] = set()
        self._lately: dict[timedelta, tuple[datetime, dict[int, Chatter]]] = {}

    def prepare(self, groups: Iterable[Group]) -> None:
        """These will be asked about together: whoever asks for one of them looks up all."""
        ids = map(self._groups.key_if_known, groups)
        self._together.update(group_id for group_id in ids if group_id is not None)

    def recent(self, group: Group, within: timedelta, now: datetime) -> Chatter:
        """What was said so lately until now, as it was when it was first asked for."""
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return _NOTHING
        known = self._lately.get(within)
        if known is None or known[0] != now:
            known = self._lately[within] = now, {}
        if group_id not in known[1]:
            known[1].update(self._count({group_id, *self._together}, now - within, now))
        return known[1][group_id]

    def heard(
        self, groups: Collection[Group], since: datetime, until: datetime
    ) -> dict[Group, Chatter]:
        """What was said in each of these after `since` and until `until`; one query."""
        ids = self._ids(groups)
        counted = self._count(ids, since, until)
        return dict.fromkeys(groups, _NOTHING) | {ids[each]: counted[each] for each in ids}

    def _count(
        self, group_ids: Collection[int], since: datetime, until: datetime
    ) -> dict[int, Chatter]:
        counted = dict.fromkeys(group_ids, _NOTHING)
        for some in portions(group_ids):
            where = {"groups": some, "since": since, "until": until}
            for row in self._transaction.read(_COUNT, where):
                counted[row.group_id] = Chatter(row.messages, row.speakers)
        return counted

    def weeks(
        self, groups: Collection[Group], spans: tuple[Span, ...]
    ) -> dict[Group, tuple[int, ...]]:
        """How much was said in each of these spans, as far as somebody listened then.

        What was counted is remembered across works: nobody says anything in the past.
        """
        known = self._transaction.pulses.of(spans)
        ids = self._ids(groups)
        if missing := [group_id for group_id in ids if group_id not in known]:
            known |= self._look_back({each: ids[each] for each in missing}, spans)
        counts = {ids[group_id]: known[group_id] for group_id in ids}
        return {group: counts.get(group, ()) for group in groups}

    def last_due(
        self, groups: Collection[Group], programmes: Collection[str], own: str, wall: str
    ) -> dict[Group, datetime]:
        """When a topic of one of these programmes was last due in each group, from that wall on.

        Those that were skipped are passed over, but for the programme's `own`.
        """
        ids = self._ids(groups)
        where = {"programmes": [*map(plain, programmes)], "own": plain(own), "wall": wall}
        return {
            ids[row.group_id]: row.last
            for some in portions(ids)
            for row in self._transaction.read(_LAST_SLOT, where | {"groups": some})
        }

    def _ids(self, groups: Collection[Group]) -> dict[int, Group]:
        self._groups.prepare(groups)
        ids = ((self._groups.key_if_known(group), group) for group in groups)
        return {group_id: group for group_id, group in ids if group_id is not None}

    def _look_back(
        self, groups: dict[int, Group], spans: tuple[Span, ...]
    ) -> dict[int, tuple[int, ...]]:
        first = {
            row.id: row.first
            for some in portions(groups)
            for row in self._transaction.read(_FIRST, {"groups": some})
        }
        counted = [(since, self.heard(groups.values(), since, until)) for since, until in spans]
        return {
            group_id: tuple(
                counts[group].messages
                for since, counts in counted
                if first[group_id] is not None and first[group_id] <= since
            )
            for group_id, group in groups.items()
        }
