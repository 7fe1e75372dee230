"""Pacts: the versions of a group's rules, when the group was told, and who agreed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, insert, select, update

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.people import MEMBER
from storage.statements import among, insert_new, portions
from storage.tables import groups
from storage.tables_of_order import acceptances, pact_rules, pacts
from storage.transaction import Transaction
from storage.values_of_order import Pact, PactRule

_INSERT = insert_new(pacts, "group_id", "version")
_NEWER = pacts.alias()
_INSERT_RULE = insert(pact_rules)
_HERE = pacts.c.group_id == bindparam("group")
_CURRENT = select(pacts).where(_HERE).order_by(pacts.c.version.desc()).limit(1)
# The newest of each, found from the newest on: not all that a group ever had are read.
_newest = (
    select(_NEWER.c.version)
    .where(_NEWER.c.group_id == groups.c.id)
    .order_by(_NEWER.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
_CURRENT_OF = (
    select(pacts)
    .join_from(groups, pacts, (pacts.c.group_id == groups.c.id) & (pacts.c.version == _newest))
    .where(among(groups.c.id, "groups"))
)
_POSTED = _CURRENT.where(pacts.c.posted_at.is_not(None))
_BEFORE = _POSTED.where(pacts.c.version < bindparam("than"))
_UNPOSTED = (
    select(groups.c.account, groups.c.platform_id, groups.c.name)
    .join_from(pacts, groups, groups.c.id == pacts.c.group_id)
    .where(
        groups.c.account == bindparam("account"),
        pacts.c.posted_at.is_(None),
        ~exists().where(_NEWER.c.group_id == pacts.c.group_id, _NEWER.c.version > pacts.c.version),
    )
    .order_by(pacts.c.made_at.desc())
    .limit(bindparam("most"))
)
_RULES = (
    select(pact_rules.c.name, pact_rules.c.title, pact_rules.c.reason, pact_rules.c.digest)
    .where(
        pact_rules.c.group_id == bindparam("group"),
        pact_rules.c.version == bindparam("of_version"),
    )
    .order_by(pact_rules.c.place)
)
_MARK = (
    update(pacts)
    .where(_HERE, pacts.c.version == bindparam("of_version"), pacts.c.posted_at.is_(None))
    .values(posted_at=bindparam("moment"))
)
_ACCEPT = insert_new(acceptances, "member_id", "group_id", "version")
_ACCEPTED = select(func.max(acceptances.c.version)).where(
    acceptances.c.member_id == MEMBER, acceptances.c.group_id == bindparam("group")
)


class _Row(NamedTuple):
    """A version that was changed in this work, as it will be stored."""

    group_id: int
    version: int
    made_at: datetime
    posted_at: datetime


class Pacts:
    """The pacts of all groups."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._marked = transaction.buffer(_MARK)
        self._known: dict[tuple[int, bool], tuple[Any] | None] = {}
        """The newest version (and the newest that was posted) of a group, as a row or None."""
        self._made: dict[int, tuple[Pact, Any]] = {}
        """The value of each of these rows, by its identity."""
        self._expected: list[Group] = []

    def prepare(self, wanted: Iterable[Group]) -> None:
        """These will be asked for, if any is: then they are looked up together."""
        self._expected.extend(wanted)

    def current(self, group: Group) -> Pact | None:
        """The newest version, posted or not; None if there never was one."""
        return self._find(group, posted=False)

    def posted(self, group: Group) -> Pact | None:
        """The newest version the group was told of; None if it never was."""
        return self._find(group, posted=True)

    def before(self, group: Group, version: int) -> Pact | None:
        """The newest version older than this one that the group was told of; None if none was."""
        if version <= 1:
            return None
        where = {"group": self._groups.key_if_known(group), "than": version}
        rows = self._transaction.stored(_BEFORE, where)
        return self._pact(group, rows[0]) if rows else None

    def unposted(self, account: str, most: int) -> list[Group]:
        """Groups that were not told of their newest version yet, the latest changed first."""
        rows = self._transaction.read(_UNPOSTED, {"account": account, "most": most})
        return [Group(row.account, row.platform_id, row.name) for row in rows]

    def propose(self, group: Group, rules: Iterable[PactRule], at: datetime) -> Pact:
        """These are the rules from now on: the current version, or a new one if they differ.

        The order of the rules alone makes no new version.
        """
        proposed, before = tuple(rules), self.current(group)
        if before is not None and {*before.rules} == {*proposed}:
            return before
        group_id = self._groups.key(group, at)
        version = 1 if before is None else before.version + 1
        row = {"group_id": group_id, "version": version, "made_at": at, "posted_at": None}
        if self._transaction.write(_INSERT[self._transaction.dialect], row):
            rows = [_row(group_id, version, place, rule) for place, rule in enumerate(proposed)]
            self._transaction.write(_INSERT_RULE, rows)
        self._changed(group_id)
        now = self.current(group)
        assert now is not None, "there is a version now"  # noqa: S101
        return now  # another process may have been quicker, with the same rules or newer ones

    def mark_posted(self, group: Group, version: int, at: datetime) -> bool:
        """The group has been told of this version; True the first time."""
        group_id = self._groups.key(group, at)
        row = {"group": group_id, "of_version": version, "moment": at}
        self._changed(group_id)
        return self._transaction.write(_MARK, row) == 1

    def note_posted(self, pact: Pact, at: datetime) -> Pact:
        """The same of the newest version, written together with what else lies in the buffers.

        The version as it is from now on. Announcements are heard of by the hundred after a start.
        """
        group_id = self._groups.key(pact.group, at)
        self._marked({"group": group_id, "of_version": pact.version, "moment": at})
        posted = replace(pact, posted_at=at)
        row = _Row(group_id, posted.version, posted.made_at, at)
        for key in ((group_id, False), (group_id, True)):
            self._transaction.set(self._known, key, (row,))
        return posted

    def accept(self, group: Group, version: int, member: Identity, at: datetime) -> bool:
        """A member agrees to a version; True the first time, False for someone forgotten."""
        member_id = self._members.id_of(member, at)
        if member_id is None:
            return False
        row = {
            "group_id": self._groups.key(group, at),
            "member_id": member_id,
            "version": version,
            "at": at,
        }
        return self._transaction.write(_ACCEPT[self._transaction.dialect], row) == 1

    def accepted(self, group: Group, member: Identity) -> int:
        """The newest version the member agreed to, 0 if none."""
        where = {
            "group": self._groups.key_if_known(group),
            "member": self._members.id_if_known(member),
        }
        version: int | None = self._transaction.stored(_ACCEPTED, where)[0][0]
        return version or 0

    def _find(self, group: Group, *, posted: bool) -> Pact | None:
        # Asked for every finding, so one look serves a whole batch.
        key = (self._groups.key_if_known(group) or 0, posted)
        known = self._known.get(key)
        if known is None:
            if posted:
                rows = self._transaction.stored(_POSTED, {"group": key[0]})
                self._transaction.set(self._known, key, (rows[0] if rows else None,))
            else:
                self._look(key[0])
            known = self._known[key] or (None,)
        row = known[0]
        if row is None:
            return None
        made = self._made.get(id(row))
        if made is None or made[0].group.name != group.name:
            made = self._made[id(row)] = (self._pact(group, row), row)
        return made[0]

    def _look(self, group_id: int) -> None:
        """The newest version of this group, and of those that will be asked for as well."""
        wanted = {self._groups.key_if_known(each) or 0 for each in self._expected}
        self._expected.clear()
        wanted = {each for each in wanted if self._known.get((each, False)) is None} | {group_id}
        for some in portions(wanted):
            rows = self._transaction.stored(_CURRENT_OF, {"groups": some})
            found = {row.group_id: row for row in rows}
            for each in some:
                self._transaction.set(self._known, (each, False), (found.get(each),))

    def _changed(self, group_id: int) -> None:
        for posted in (True, False):
            self._transaction.set(self._known, (group_id, posted), None)

    def _pact(self, group: Group, row: Any) -> Pact:
        return Pact(
            group=group,
            version=row.version,
            rules=self._rules(row.group_id, row.version),
            made_at=row.made_at,
            posted_at=row.posted_at,
        )

    def _rules(self, group_id: int, version: int) -> tuple[PactRule, ...]:
        """A version never changes, so its rules are read once, whatever works ask for them."""
        key = (group_id, version)
        rules = self._transaction.pacts.get(key)
        if rules is None:
            where = {"group": group_id, "of_version": version}
            rules = _same(tuple(_rule(*each) for each in self._transaction.stored(_RULES, where)))
            self._transaction.pacts.put(key, rules)
        return rules


@lru_cache(maxsize=256)
def _same(rules: tuple[PactRule, ...]) -> tuple[PactRule, ...]:
    """The same object for groups that have the same rules: what is worked out of it is so once."""
    return rules


@lru_cache(maxsize=1024)  # most groups share the rules of the defaults
def _rule(name: str, title: str, reason: str, digest: str) -> PactRule:
    return PactRule(name, title, reason, digest)


def _row(group_id: int, version: int, place: int, rule: PactRule) -> dict[str, Any]:
    return {
        "group_id": group_id,
        "version": version,
        "place": place,
        "name": rule.name,
        "title": rule.title,
        "reason": rule.reason,
        "digest": rule.digest,
    }
