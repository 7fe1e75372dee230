"""Groups: which were seen, and how much was heard in each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, bindparam, case, insert, select, update

from bot.events import Group
from storage.columns import plain
from storage.known import GroupRow
from storage.prepared import ROWS_DIFFER
from storage.statements import among, portions
from storage.tables import groups
from storage.transaction import AnyRow, Transaction
from storage.values import KnownGroup

_INSERT = insert(groups)
# A group that is taken up again starts with its next roster as if it were new: who came while it
# was left alone is no newcomer.
_UPDATE = (
    update(groups)
    .where(groups.c.id == bindparam("group"))
    .values(
        name=bindparam("new_name"),
        managed=bindparam("new_managed", type_=Boolean),
        roster_at=case(
            (groups.c.managed.is_(False) & bindparam("new_managed", type_=Boolean), None),
            else_=groups.c.roster_at,
        ),
    )
)
_ROSTER_READ = (
    update(groups)
    .where(groups.c.id == bindparam("group"), groups.c.roster_at.is_(None))
    .values(roster_at=bindparam("at"))
)
_HEARD = (
    update(groups)
    .where(groups.c.id == bindparam("group"))
    .values(messages=groups.c.messages + bindparam("more"))
    .execution_options(**{ROWS_DIFFER: True})
)
_FIND = select(groups).where(
    groups.c.account == bindparam("account"),
    among(groups.c.platform_id, "ids"),
)
_ALL = select(groups).order_by(groups.c.id)
_NAMED = select(groups.c.platform_id, groups.c.name).where(groups.c.account == bindparam("account"))
_OF_ACCOUNT = _ALL.where(groups.c.account == bindparam("account"))


class Groups:
    """The groups of all accounts."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._new = transaction.buffer(_INSERT)
        self._changed = transaction.buffer(_UPDATE)
        self._heard: dict[int, int] = {}
        self._made: dict[int, bool] = {}
        self._absent: dict[tuple[str, str], bool] = {}
        transaction.before_commit(self._write_counts)

    def see(self, group: Group, managed: bool, at: datetime) -> int:  # noqa: FBT001
        """Keep the group's name, and whether the config names it; our own key of it."""
        row = self._transaction.groups.get((group.account, group.id))
        if row is None or row.name != group.name or row.managed is not managed:
            row = self._stored(group, at, managed=managed)
        return row.id

    def count(self, group: Group, at: datetime) -> None:
        """One more message in a group that is left alone: its name and a count, nothing else."""
        self.heard(self._stored(group, at, managed=False).id)

    def heard(self, group_id: int) -> None:
        """One more message was heard there."""
        self._transaction.set(self._heard, group_id, self._heard.get(group_id, 0) + 1)

    def key(self, group: Group, at: datetime) -> int:
        """Our own key of the group, made when it is new."""
        row = self._transaction.groups.get((group.account, group.id))
        if row is None or row.name != group.name:
            row = self._stored(group, at)
        return row.id

    def key_if_known(self, group: Group) -> int | None:
        """Our own key of the group, None if it was never seen."""
        row = self._transaction.groups.get((group.account, group.id)) or self._look(group)
        return None if row is None else row.id

    def keys_by(self, moments: Mapping[Group, datetime]) -> list[dict[str, Any]]:
        """Our own keys of the `groups` that share a moment `before`, in few rows."""
        keys: dict[datetime, list[int]] = {}
        for group, moment in moments.items():
            group_id = self.key_if_known(group)
            if group_id is not None:
                keys.setdefault(moment, []).append(group_id)
        return [
            {"groups": some, "before": moment}
            for moment, every in keys.items()
            for some in portions(every)
        ]

    def is_new(self, group_id: int) -> bool:
        """Whether this very work saw the group first: then there is nothing to look up."""
        return group_id in self._made

    def roster_read(self, group_id: int, at: datetime) -> bool:
        """Note that the group's roster was read; True the first time."""
        return self._transaction.write(_ROSTER_READ, {"group": group_id, "at": at}) > 0

    def all(self, account: str | None = None) -> list[KnownGroup]:
        """Every group that was seen, of one account or of all, oldest first."""
        rows = (
            self._transaction.read(_ALL)
            if account is None
            else self._transaction.read(_OF_ACCOUNT, {"account": account})
        )
        return [self._known(row) for row in rows]

    def every(self, account: str) -> list[Group]:
        """Every group of an account that was seen, by its name alone: quicker than `all`."""
        rows = self._transaction.read(_NAMED, {"account": account})
        return [Group(account, row.platform_id, row.name) for row in rows]

    def find(self, account: str, platform_id: str) -> KnownGroup | None:
        """One group, None if it was never seen."""
        rows = self._transaction.read(_FIND, {"account": account, "ids": [platform_id]})
        return self._known(rows[0]) if rows else None

    def prepare(self, wanted: Iterable[Group]) -> None:
        """Look these up together."""
        known = self._transaction.groups
        by_account: dict[str, set[str]] = {}
        for group in wanted:
            if known.get((group.account, group.id)) is None:
                key = (plain(group.account), plain(group.id))
                if key not in self._absent:
                    by_account.setdefault(key[0], set()).add(key[1])
        for account, ids in by_account.items():
            for some in portions(ids):
                self._find(account, set(some))

    def _find(self, account: str, ids: set[str]) -> None:
        for row in self._transaction.stored(_FIND, {"account": account, "ids": ids}):
            found = GroupRow(row.id, row.name, row.managed)
            self._transaction.groups.put((row.account, row.platform_id), found)
            ids.discard(row.platform_id)
        for each in ids:
            self._transaction.set(self._absent, (account, each), True)

    def _look(self, group: Group) -> GroupRow | None:
        row = self._transaction.groups.get((group.account, group.id))
        if row is None:
            self.prepare([group])
            row = self._transaction.groups.get((plain(group.account), plain(group.id)))
        return row

    def _stored(self, group: Group, at: datetime, *, managed: bool | None = None) -> GroupRow:
        row = self._look(group)
        if row is None:
            return self._add(group, at, managed=bool(managed))
        if row.name == group.name and (managed is None or row.managed is managed):
            return row
        now = GroupRow(
            row.id,
            plain(group.name) or row.name,
            row.managed if managed is None else managed,
        )
        if now != row:
            self._changed({"group": now.id, "new_name": now.name, "new_managed": now.managed})
            self._transaction.groups.put((plain(group.account), plain(group.id)), now)
        return now

    def _add(self, group: Group, at: datetime, *, managed: bool) -> GroupRow:
        row = GroupRow(self._transaction.number("groups"), plain(group.name), managed)
        self._transaction.set(self._made, row.id, True)
        self._new(
            {
                "id": row.id,
                "account": group.account,
                "platform_id": group.id,
                "name": row.name,
                "managed": managed,
                "messages": 0,
                "first_seen": at,
                "roster_at": None,
            }
        )
        self._transaction.groups.put((plain(group.account), plain(group.id)), row)
        return row

    def _known(self, row: AnyRow) -> KnownGroup:
        return KnownGroup(
            Group(row.account, row.platform_id, row.name),
            managed=row.managed,
            messages=row.messages + self._heard.get(row.id, 0),
            first_seen=row.first_seen,
        )

    def _write_counts(self) -> None:
        if counts := sorted(self._heard.items()):
            self._transaction.write(
                _HEARD, [{"group": group, "more": more} for group, more in counts if more]
            )
