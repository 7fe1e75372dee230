"""Operators: who may act for the house, tied to a chat account by a one-time code."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from bot.events import Identity
from storage.columns import Key, plain
from storage.members import Members
from storage.people import doer, identity, named
from storage.tables_of_order import operator_codes, operators
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Doer, Operator, OperatorRole

_INVITE = insert(operator_codes)
_USE = (
    update(operator_codes)
    .where(
        operator_codes.c.digest == bindparam("code"),
        operator_codes.c.used_at.is_(None),
        operator_codes.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"), used_by_id=bindparam("user", type_=Key))
)
_ROLE = select(operator_codes.c.role).where(operator_codes.c.digest == bindparam("code"))
_INSERT = insert(operators)
_ALL: Select[Any] = (
    select(operators, *named(operators.c.member_id, operators.c.account, "member"))
    .where(operators.c.account == bindparam("of_account"), operators.c.revoked_at.is_(None))
    .order_by(operators.c.since, operators.c.id)
)
_REVOKE = (
    update(operators)
    .where(
        operators.c.account == bindparam("of_account"),
        operators.c.member_id == bindparam("of_member", type_=Key),
        operators.c.revoked_at.is_(None),
    )
    .values(
        revoked_at=bindparam("now"),
        revoked_by_id=bindparam("by_id", type_=Key),
        revoked_by=bindparam("by"),
    )
)


class Operators:
    """The operators of all accounts."""

    def __init__(self, transaction: Transaction, members: Members) -> None:
        self._transaction = transaction
        self._members = members
        self._known: dict[str, dict[Identity, Operator] | None] = {}

    def invite(
        self, role: OperatorRole, code: str, expires: datetime, by: Doer, at: datetime
    ) -> None:
        """Whoever says this code before `expires` gets the role; only a digest of it is kept."""
        row = {
            "digest": self._digest(code),
            "role": role.value,
            "expires_at": expires,
            "at": at,
            "used_at": None,
            "used_by_id": None,
        }
        self._transaction.write(_INVITE, row | doer(self._members.id_of, by, at, "by"))

    def redeem(self, code: str, identity: Identity, now: datetime) -> Operator | None:
        """The code was said by somebody, who is an operator of their account from now on.

        None if there is no such code, it was used or has expired, or the person was forgotten. Who
        has another role already gets the new one instead.
        """
        member_id = self._members.id_of(identity, now)
        digest = self._digest(code)
        if member_id is None:
            return None
        if not self._transaction.write(_USE, {"code": digest, "now": now, "user": member_id}):
            return None
        role = self._transaction.read(_ROLE, {"code": digest})[0].role
        self.revoke(identity, now, identity)
        row = {
            "id": self._transaction.next_id(),
            "account": identity.account,
            "member_id": member_id,
            "role": role,
            "since": now,
            "revoked_at": None,
            "revoked_by_id": None,
            "revoked_by": "",
        }
        self._transaction.write(_INSERT, row)
        return self.get(identity)

    def void(self, code: str, now: datetime) -> bool:
        """Nobody may use this code any more; False if nobody could."""
        return (
            self._transaction.write(_USE, {"code": self._digest(code), "now": now, "user": None})
            > 0
        )

    def all(self, account: str) -> list[Operator]:
        """The operators of an account, longest standing first."""
        return [*self._of(account).values()]

    def get(self, identity: Identity) -> Operator | None:
        """The operator behind an identity, None if they are none. Free after the first look."""
        return self._of(identity.account).get(identity)

    def revoke(self, identity: Identity, at: datetime, by: Doer) -> bool:
        """They are an operator no longer; False if they were none."""
        row = {
            "of_account": identity.account,
            "of_member": self._members.id_if_known(identity),
            "now": at,
        }
        acted = doer(self._members.id_of, by, at, "by")
        revoked = self._transaction.write(_REVOKE, row | acted) > 0
        self._transaction.set(self._known, identity.account, None)
        return revoked

    def _of(self, account: str) -> dict[Identity, Operator]:
        known = self._known.get(account)
        if known is None:
            # Not what is buffered: who becomes an operator, or stops being one, is written at once.
            rows = self._transaction.stored(_ALL, {"of_account": account})
            found = [_operator(row) for row in rows]
            known = {each.identity: each for each in found}
            self._transaction.set(self._known, account, known)
        return known

    def _digest(self, code: str) -> str:
        return self._transaction.digest("operator code", plain(code))


def _operator(row: AnyRow) -> Operator:
    who = identity(row, "member")
    assert who is not None, "an operator is deleted with their identity"  # noqa: S101
    return Operator(identity=who, name=who.name, role=OperatorRole(row.role), since=row.since)
