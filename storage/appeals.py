"""Appeals: objections to cases, one at a time for each, each decided once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, text, update

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.people import PERSON, doer, identity, named, shown
from storage.statements import among, insert_new
from storage.tables import cases, groups
from storage.tables_of_order import appeals
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Appeal, AppealState, Doer

_INSERT = insert_new(appeals, "case_number", where=text("state = 'open'"))
_GROUP = select(cases.c.group_id).where(cases.c.number == bindparam("case"))
_ALL: Select[Any] = (
    select(
        appeals,
        groups.c.account,
        *named(appeals.c.member_id, groups.c.account, "member"),
        *named(appeals.c.decided_by_id, groups.c.account, "decided_by"),
    )
    .join_from(appeals, groups, groups.c.id == appeals.c.group_id)
    .order_by(appeals.c.at, appeals.c.id)
)
_OF_CASE = _ALL.where(appeals.c.case_number == bindparam("case"))
_OF_MEMBER = _ALL.where(appeals.c.member_id.in_(PERSON), appeals.c.at >= bindparam("since"))
_WAITING = _ALL.where(
    appeals.c.state == AppealState.OPEN.value,
    appeals.c.at < bindparam("before"),
    groups.c.account == bindparam("account"),
)
_DECIDE = (
    update(appeals)
    .where(appeals.c.case_number == bindparam("case"), appeals.c.state == AppealState.OPEN.value)
    .values(
        state=bindparam("new_state"),
        decided_by_id=bindparam("by_id"),
        decided_by=bindparam("by"),
        decided_at=bindparam("moment"),
        why=bindparam("because"),
    )
)
_ERASE = (
    update(appeals)
    .where(
        among(appeals.c.group_id, "groups"),
        appeals.c.at < bindparam("before"),
        text("text != ''"),
        appeals.c.state != AppealState.OPEN.value,
    )
    .values(text="")
)


def _appeal(row: AnyRow) -> Appeal:
    return Appeal(
        id=row.id,
        case=row.case_number,
        member=identity(row, "member"),
        text=row.text,
        at=row.at,
        state=AppealState(row.state),
        decided_by=shown(row, "decided_by"),
        decider=identity(row, "decided_by"),
        decided_at=row.decided_at,
        why=row.why,
    )


class Appeals:
    """The appeals of all groups."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def open(self, case: int, member: Identity, text: str, at: datetime) -> Appeal | None:
        """Object to a case. None if an appeal waits already, or there is no such case.

        None also for someone who was forgotten: no case is theirs.
        """
        where = self._transaction.read(_GROUP, {"case": case})
        member_id = self._members.id_of(member, at)
        if not where or member_id is None:
            return None
        row = {
            "id": self._transaction.next_id(),
            "case_number": case,
            "group_id": where[0].group_id,
            "member_id": member_id,
            "text": text,
            "at": at,
            "state": AppealState.OPEN.value,
            "decided_by_id": None,
            "decided_by": "",
            "decided_at": None,
            "why": "",
        }
        if not self._transaction.write(_INSERT[self._transaction.dialect], row):
            return None
        return next(each for each in self.of_case(case) if each.id == row["id"])

    def of_case(self, case: int) -> list[Appeal]:
        """All objections to a case, oldest first."""
        return [_appeal(row) for row in self._transaction.read(_OF_CASE, {"case": case})]

    def of_member(self, member: Identity, since: datetime) -> list[Appeal]:
        """What the person objected to since then, under any identity, oldest first."""
        where = {"member": self._members.id_if_known(member), "since": since}
        return [_appeal(row) for row in self._transaction.read(_OF_MEMBER, where)]

    def waiting(self, account: str, before: datetime) -> list[Appeal]:
        """Those that came before that moment and are not decided, oldest first."""
        where = {"account": account, "before": before}
        return [_appeal(row) for row in self._transaction.read(_WAITING, where)]

    def decide(self, case: int, state: AppealState, by: Doer, at: datetime, why: str) -> bool:
        """Decide the appeal that waits; True for exactly one caller.

        The other one reads in `of_case` who was quicker.
        """
        acted = doer(self._members.id_of, by, at, "by")
        row = {"case": case, "new_state": state.value, "moment": at, "because": why}
        return self._transaction.write(_DECIDE, row | acted) == 1

    def erase_texts(self, before: Mapping[Group, datetime]) -> int:
        """Erase each group's words from before its moment in appeals that are decided; how many."""
        return self._transaction.write(_ERASE, self._groups.keys_by(before))
