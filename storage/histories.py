"""Histories: which topics were posted in a group and how they went, there and everywhere."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Float, Integer, case, cast, func, literal_column, select

from bot.events import Group
from storage.groups import Groups
from storage.statements import among, portions
from storage.tables import posts, slots
from storage.tables_of_programmes import effects
from storage.transaction import Transaction
from storage.values import SlotState
from storage.values_of_topics import Used, Worth

_OF_GROUPS = (
    select(slots.c.group_id, slots.c.topic_key, slots.c.programme, slots.c.due_at, effects.c.people)
    .select_from(slots)
    .outerjoin(posts, posts.c.slot_id == slots.c.id)
    .outerjoin(effects, effects.c.post_id == posts.c.id)
    .where(
        among(slots.c.group_id, "groups"),
        slots.c.topic_key != literal_column("''"),
        slots.c.state != literal_column(f"'{SlotState.SKIPPED.value}'"),
    )
    .order_by(slots.c.due_at, slots.c.id)
)
_MEASURED = select(func.count(effects.c.post_id).label("measured"))
_usual = (
    select(posts.c.group_id, cast(func.avg(effects.c.people), Float).label("people"))
    .join_from(effects, posts, posts.c.id == effects.c.post_id)
    .group_by(posts.c.group_id)
    .subquery()
)
# As topics.worth.result, which is at least -1 by itself.
_result = (effects.c.people - _usual.c.people) / (_usual.c.people + 1)
# Whole numbers come out the same from both databases.
_WORTHS = (
    select(
        posts.c.topic_key,
        func.count(effects.c.post_id).label("posts"),
        cast(func.sum(effects.c.people), Integer).label("people"),
        cast(func.avg(case((_result > 1, 1.0), else_=_result)) * 10_000, Integer).label("result"),
    )
    .select_from(effects)
    .join(posts, posts.c.id == effects.c.post_id)
    .join(_usual, _usual.c.group_id == posts.c.group_id)
    .group_by(posts.c.topic_key)
)
_NEWS = 0.01
"""How topics went everywhere is computed anew when one in so many results is new."""


class Histories:
    """What was posted in each group, oldest first, what is only planned included."""

    def __init__(self, transaction: Transaction, groups: Groups) -> None:
        self._transaction = transaction
        self._groups = groups
        self._of: dict[str, dict[int, tuple[Used, ...]]] = {"now": {}}
        """Replaced as a whole when none of it may be relied on: each result of a slot says so."""
        self._expected: set[int] = set()

    def of(self, group: Group) -> Sequence[Used]:
        """The topics that were posted in a group or are about to be, by all its programmes."""
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return ()
        self._expected.discard(group_id)
        if group_id not in self._of["now"]:
            self._look({group_id, *self._expected - self._of["now"].keys()})
        return self._of["now"][group_id]

    def prepare(self, group_ids: Iterable[int]) -> None:
        """Look these up together; whatever is true of them no more is looked up together again."""
        wanted = {*group_ids}
        self._expected |= wanted
        self._look(wanted - self._of["now"].keys())

    def add(self, group_id: int, used: Used) -> None:
        """A topic has just been planned there."""
        known = self._of["now"].get(group_id)
        if known is not None:
            self._transaction.set(self._of["now"], group_id, (*known, used))

    def look_again(self) -> None:
        """A topic may have been posted that was not, or the other way round."""
        if self._of["now"]:
            self._transaction.set(self._of, "now", {})

    def worths(self) -> Mapping[str, Worth]:
        """How each topic went in all groups; the same object while there is hardly any news."""
        known = self._transaction.bank
        measured: int = self._transaction.stored(_MEASURED)[0].measured
        if abs(measured - known.measured) > known.measured * _NEWS:
            known.worths = {
                row.topic_key: Worth(row.posts, row.people / row.posts, row.result / 10_000)
                for row in self._transaction.stored(_WORTHS)
            }
            known.measured = measured
        return known.worths

    def _look(self, group_ids: Collection[int]) -> None:
        found: dict[int, list[Used]] = {group_id: [] for group_id in group_ids}
        for some in portions(group_ids):
            for row in self._transaction.read(_OF_GROUPS, {"groups": some}):
                found[row[0]].append(Used._make(row[1:]))
        self._transaction.learn(self._of["now"], {each: tuple(found[each]) for each in found})
