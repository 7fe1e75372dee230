"""Sanctions: what was imposed, until when, what broke it, and how it ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, update

from bot.events import Group, Identity
from rules.consequences import Consequence
from storage.columns import Moment
from storage.groups import Groups
from storage.members import Members
from storage.people import PERSON, identity, named
from storage.statements import among, insert_new, portions
from storage.tables import groups
from storage.tables_of_order import breaches, links, sanctions
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Sanction

_INSERT = insert_new(sanctions, "case_number", "kind")
_BREACH = insert_new(breaches, "sanction_id", "platform_message_id")
_open = (sanctions.c.lifted_at.is_(None), sanctions.c.closed_at.is_(None))
_ALL: Select[Any] = select(
    sanctions,
    groups.c.account,
    groups.c.platform_id.label("group_platform_id"),
    groups.c.name.label("group_name"),
    *named(sanctions.c.member_id, groups.c.account, "member"),
).join_from(sanctions, groups, groups.c.id == sanctions.c.group_id)
_OF_CASE = _ALL.where(sanctions.c.case_number == bindparam("case")).order_by(sanctions.c.kind)
_EVERYWHERE = _ALL.where(
    *_open,
    sanctions.c.member_id.in_(PERSON),
    sanctions.c.since <= bindparam("now"),
    or_(sanctions.c.until.is_(None), sanctions.c.until > bindparam("now")),
).order_by(sanctions.c.kind.desc(), sanctions.c.id)
_IN_FORCE = _EVERYWHERE.where(sanctions.c.group_id == bindparam("group"))
_STANDING = _ALL.where(
    *_open, sanctions.c.member_id.in_(PERSON), sanctions.c.group_id == bindparam("group")
).order_by(sanctions.c.kind.desc(), sanctions.c.id)
_ENDED = (
    _ALL.where(*_open, sanctions.c.until <= bindparam("now"))
    .where(groups.c.account == bindparam("account"))
    .order_by(sanctions.c.until, sanctions.c.id)
    .limit(bindparam("limit"))
)
# Which of these members, or of those who are the same person, have anything open at all.
_linked = links.alias()
_ANYTHING = (
    select(sanctions.c.member_id)
    .where(*_open, among(sanctions.c.member_id, "ids"))
    .union(
        select(links.c.member_id)
        .join_from(links, _linked, _linked.c.person_id == links.c.person_id)
        .join(sanctions, sanctions.c.member_id == _linked.c.member_id)
        .where(*_open, among(links.c.member_id, "ids"))
    )
)
_ANYTHING_OF_ONE = select(sanctions.c.id).where(*_open, sanctions.c.member_id.in_(PERSON)).limit(1)
_ONE = (sanctions.c.id == bindparam("sanction"), *_open)
_until = bindparam("new_until", type_=Moment)
_COUNT = update(sanctions).where(*_ONE).values(breaches=sanctions.c.breaches + 1)
_LENGTHEN = update(sanctions).where(*_ONE, sanctions.c.until < _until).values(until=_until)
_LIFT = (
    update(sanctions).where(*_ONE).values(lifted_at=bindparam("at"), lifted_why=bindparam("why"))
)
_CLOSE = (
    update(sanctions).where(*_ONE).values(closed_at=bindparam("at"), closed_why=bindparam("why"))
)


def _sanction(row: AnyRow) -> Sanction:
    return Sanction(
        id=row.id,
        case=row.case_number,
        group=Group(row.account, row.group_platform_id, row.group_name),
        member=identity(row, "member"),
        kind=Consequence(row.kind),
        since=row.since,
        until=row.until,
        lifted_at=row.lifted_at,
        lifted_why=row.lifted_why,
        breaches=row.breaches,
    )


class Sanctions:
    """The sanctions of all groups."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._expected: list[Identity] = []
        self._anything: dict[int, bool] = {}

    def impose(  # noqa: PLR0917 in the order of a sentence
        self,
        case: int,
        group: Group,
        member: Identity,
        kind: Consequence,
        since: datetime,
        until: datetime | None,
    ) -> int:
        """Impose something because of a case; its id. Once for each case and kind.

        Later calls change nothing and give the id of the first. `until` None is for good. On
        someone who was forgotten it is closed at once: nobody could be told from others by it.
        """
        member_id = self._members.id_of(member, since)
        row = {
            "id": self._transaction.next_id(),
            "case_number": case,
            "group_id": self._groups.key(group, since),
            "member_id": member_id,
            "kind": int(kind),
            "since": since,
            "until": until,
            "lifted_at": None,
            "lifted_why": "",
            "closed_at": since if member_id is None else None,
            "closed_why": "",
            "breaches": 0,
        }
        self._transaction.write(_INSERT[self._transaction.dialect], row)
        for known in tuple(self._anything):  # whoever is the same person, too
            self._transaction.set(self._anything, known, True)
        return next(each.id for each in self.of_case(case) if each.kind is kind)

    def in_force(self, group: Group, member: Identity, now: datetime) -> list[Sanction]:
        """What the person is under in the group at that moment, harshest first.

        Imposed on any identity of the same person. What is over but not closed is not in force.
        """
        member_id = self._members.id_if_known(member)
        if member_id is None or not self._has_anything(member_id):
            return []
        where = {"member": member_id, "group": self._groups.key_if_known(group), "now": now}
        return [_sanction(row) for row in self._transaction.read(_IN_FORCE, where)]

    def everywhere(self, member: Identity, now: datetime) -> list[Sanction]:
        """What the person is under at that moment in any group, harshest first."""
        where = {"member": self._members.id_if_known(member), "now": now}
        return [_sanction(row) for row in self._transaction.read(_EVERYWHERE, where)]

    def standing(self, group: Group, member: Identity) -> list[Sanction]:
        """What of the person is neither lifted nor closed there, whatever the clock shows."""
        where = {
            "member": self._members.id_if_known(member),
            "group": self._groups.key_if_known(group),
        }
        return [_sanction(row) for row in self._transaction.read(_STANDING, where)]

    def of_case(self, case: int) -> list[Sanction]:
        """All that was imposed because of a case, mildest first."""
        return [_sanction(row) for row in self._transaction.read(_OF_CASE, {"case": case})]

    def breach(
        self, sanction_id: int, platform_message_id: str, new_until: datetime | None = None
    ) -> bool:
        """Count a message that broke it; True once for each message.

        The end moves to `new_until` if that is later. False also where it was lifted or closed.
        """
        one = {"sanction": sanction_id}
        row = {"sanction_id": sanction_id, "platform_message_id": platform_message_id}
        new = self._transaction.write(_BREACH[self._transaction.dialect], row)
        if not new or not self._transaction.write(_COUNT, one):
            return False
        if new_until is not None:
            self._transaction.write(_LENGTHEN, one | {"new_until": new_until})
        return True

    def lift(self, case: int, at: datetime, why: str) -> list[Sanction]:
        """Take back what is still open of a case; what this very call took back."""
        lifted = [
            each
            for each in self.of_case(case)
            if self._transaction.write(_LIFT, {"sanction": each.id, "at": at, "why": why})
        ]
        ids = {each.id for each in lifted}
        return [each for each in self.of_case(case) if each.id in ids]

    def ended(self, account: str, now: datetime, limit: int = 100) -> list[Sanction]:
        """Those whose end has come and that are neither lifted nor closed, soonest first."""
        where = {"account": account, "now": now, "limit": limit}
        return [_sanction(row) for row in self._transaction.read(_ENDED, where)]

    def close(self, sanction_id: int, at: datetime, why: str) -> bool:
        """It is over and dealt with. True for exactly one caller; False where it was lifted."""
        row = {"sanction": sanction_id, "at": at, "why": why}
        return self._transaction.write(_CLOSE, row) == 1

    def prepare(self, people: Iterable[Identity]) -> None:
        """These will be asked for, if any is: then they are looked up together."""
        self._expected.extend(people)

    def _has_anything(self, member_id: int) -> bool:
        if self._members.any_linked:
            return True  # what was looked up before may be about half a person
        known = self._anything.get(member_id)
        return self._look(member_id) if known is None else known

    def _look(self, member_id: int) -> bool:
        """Whether they have, looked up together with those who will be asked for."""
        id_if_known = self._members.id_if_known
        expected = {known for each in self._expected if (known := id_if_known(each)) is not None}
        self._expected.clear()
        if not expected:
            where = {"member": member_id}
            asked = ("sanctions", member_id)
            there = self._transaction.lasting(asked, _ANYTHING_OF_ONE, bool, where)
            self._transaction.set(self._anything, member_id, there)
            return there
        for some in portions((expected - self._anything.keys()) | {member_id}):
            found = {row[0]: True for row in self._transaction.stored(_ANYTHING, {"ids": some})}
            self._transaction.learn(self._anything, dict.fromkeys(some, False) | found)
        return self._anything[member_id]
