"""Complaints: what members report about others, each reporter once for a message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, text, update

from bot.events import Group, Identity
from storage.columns import Key
from storage.groups import Groups
from storage.members import Members
from storage.people import PERSON, identity, named
from storage.statements import among, insert_new
from storage.tables import groups
from storage.tables_of_order import complaints
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Complaint, ComplaintState

_OPEN = complaints.c.state == ComplaintState.OPEN.value
_INSERT_MESSAGE = insert_new(
    complaints,
    "group_id",
    "platform_message_id",
    "by_id",
    where=text("platform_message_id != ''"),
)
_INSERT_PERSON = insert_new(
    complaints,
    "group_id",
    "about_id",
    "by_id",
    where=text("platform_message_id = '' AND state = 'open'"),
)
_ALL: Select[Any] = (
    select(
        complaints,
        groups.c.account,
        groups.c.platform_id.label("group_platform_id"),
        groups.c.name.label("group_name"),
        *named(complaints.c.about_id, groups.c.account, "about"),
        *named(complaints.c.by_id, groups.c.account, "by"),
    )
    .join_from(complaints, groups, groups.c.id == complaints.c.group_id)
    .order_by(complaints.c.at, complaints.c.id)
)
_HERE = complaints.c.group_id == bindparam("group")
_ABOUT_MESSAGE = (
    _HERE,
    complaints.c.platform_message_id == bindparam("message"),
    text("platform_message_id != ''"),  # as the index says it
)
_ABOUT_PERSON = (_HERE, complaints.c.about_id.in_(PERSON))
_SINCE = complaints.c.at >= bindparam("since")
_COUNT_MESSAGE = _ALL.where(*_ABOUT_MESSAGE, _SINCE, _OPEN)
_COUNT_PERSON = _ALL.where(*_ABOUT_PERSON, _SINCE, _OPEN)
_OF_CASE = _ALL.where(complaints.c.case_number == bindparam("case"))
_ATTACH = (
    update(complaints)
    .where(_OPEN, complaints.c.case_number.is_(None))
    .values(case_number=bindparam("number", type_=Key))
)
_ATTACH_MESSAGE = _ATTACH.where(*_ABOUT_MESSAGE)
_ATTACH_PERSON = _ATTACH.where(*_ABOUT_PERSON)
_SETTLE = (
    update(complaints)
    .where(complaints.c.case_number == bindparam("case"), _OPEN)
    .values(state=bindparam("new_state"))
)
_RECORD = (
    select(complaints.c.state, func.count().label("times"))
    .where(complaints.c.by_id.in_(PERSON))
    .group_by(complaints.c.state)
)
_MADE = (
    select(func.count())
    .select_from(complaints)
    .where(complaints.c.by_id.in_(PERSON), complaints.c.at >= bindparam("since"))
)
_ERASE = (
    update(complaints)
    .where(
        among(complaints.c.group_id, "groups"),
        complaints.c.at < bindparam("before"),
        text("words != ''"),
    )
    .values(words="")
)

Target = str | Identity
"""A message, by its platform id, or a person."""


def _complaint(row: AnyRow) -> Complaint:
    return Complaint(
        id=row.id,
        group=Group(row.account, row.group_platform_id, row.group_name),
        platform_message_id=row.platform_message_id,
        about=identity(row, "about"),
        by=identity(row, "by"),
        at=row.at,
        words=row.words,
        case=row.case_number,
        state=ComplaintState(row.state),
    )


class Complaints:
    """The complaints in all groups."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def add(  # noqa: PLR0917 in the order of a sentence
        self,
        group: Group,
        platform_message_id: str | None,
        about: Identity,
        by: Identity,
        at: datetime,
        words: str,
    ) -> bool:
        """Note a report; False if this reporter has reported this message before.

        Without a message: if their report about the person is not settled yet. False also where
        the reporter was forgotten, or the person is and no message is named.
        """
        by_id = self._members.id_of(by, at)
        about_id = self._members.id_of(about, at)
        if by_id is None or (about_id is None and not platform_message_id):
            return False
        insert = _INSERT_MESSAGE if platform_message_id else _INSERT_PERSON
        row = {
            "id": self._transaction.next_id(),
            "group_id": self._groups.key(group, at),
            "platform_message_id": platform_message_id or "",
            "about_id": about_id,
            "by_id": by_id,
            "at": at,
            "words": words if about_id is not None else "",
            "case_number": None,
            "state": ComplaintState.OPEN.value,
        }
        return self._transaction.write(insert[self._transaction.dialect], row) == 1

    def count(self, group: Group, target: Target, since: datetime) -> list[Identity]:
        """Who has reported the message or the person since then and waits: each reporter once.

        Two identities of one person are one reporter. About a person all reports count, whatever
        the message.
        """
        statement = _COUNT_MESSAGE if isinstance(target, str) else _COUNT_PERSON
        rows = self._transaction.read(statement, self._where(group, target) | {"since": since})
        found: dict[int, Identity] = {}
        for row in rows:
            by = identity(row, "by")
            if by is not None:
                found.setdefault(self._members.person_of(row.by_id), by)
        return [*found.values()]

    def attach(self, group: Group, target: Target, case: int) -> int:
        """Open reports about the target that have no case yet belong to this one; how many."""
        statement = _ATTACH_MESSAGE if isinstance(target, str) else _ATTACH_PERSON
        return self._transaction.write(statement, self._where(group, target) | {"number": case})

    def of_case(self, case: int) -> list[Complaint]:
        """The reports behind a case, oldest first."""
        return [_complaint(row) for row in self._transaction.read(_OF_CASE, {"case": case})]

    def settle(self, case: int, *, upheld: bool) -> int:
        """Somebody decided on the case: so many reports were right, or not."""
        state = ComplaintState.UPHELD if upheld else ComplaintState.REJECTED
        return self._transaction.write(_SETTLE, {"case": case, "new_state": state.value})

    def record(self, by: Identity) -> tuple[int, int]:
        """How many reports of this person, under any identity, were upheld and rejected."""
        rows = self._transaction.read(_RECORD, {"member": self._members.id_if_known(by)})
        times = {row.state: row.times for row in rows}
        return (
            times.get(ComplaintState.UPHELD.value, 0),
            times.get(ComplaintState.REJECTED.value, 0),
        )

    def made(self, by: Identity, since: datetime) -> int:
        """How many reports this person, under any identity, has made since then."""
        where = {"member": self._members.id_if_known(by), "since": since}
        count: int = self._transaction.read(_MADE, where)[0][0]
        return count

    def erase_texts(self, before: Mapping[Group, datetime]) -> int:
        """Erase what each group's reporters wrote before its moment; how many."""
        return self._transaction.write(_ERASE, self._groups.keys_by(before))

    def _where(self, group: Group, target: Target) -> dict[str, Any]:
        where: dict[str, Any] = {"group": self._groups.key_if_known(group)}
        if isinstance(target, str):
            return where | {"message": target}
        return where | {"member": self._members.id_if_known(target)}
