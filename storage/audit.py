"""The audit trail: who did what for the house, to whom or what, and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select

from storage.members import Members
from storage.people import doer, identity, named
from storage.tables_of_order import audit
from storage.transaction import Transaction
from storage.values_of_order import Deed, Doer

_INSERT = insert(audit)
_LIST: Select[Any] = (
    select(
        audit,
        *named(audit.c.by_id, audit.c.account, "by"),
        *named(audit.c.about_id, audit.c.account, "about"),
    )
    .where(audit.c.account == bindparam("of_account"))
    .order_by(audit.c.at.desc(), audit.c.id.desc())
    .limit(bindparam("limit"))
)

DeedList = list[Deed]  # the store has a method called `list`, which hides the type


class Audit:
    """The acts of all operators. Nothing is ever changed here, except that people are forgotten."""

    def __init__(self, transaction: Transaction, members: Members) -> None:
        self._transaction = transaction
        self._members = members
        self._new = transaction.buffer(_INSERT)

    def note(  # noqa: PLR0917 in the order of a sentence
        self, account: str, by: Doer, what: str, about: Doer, why: str, at: datetime
    ) -> None:
        """Note an act. A person it is about is given as an identity, anything else as a word."""
        acted = doer(self._members.id_of, by, at, "by")
        whom = doer(self._members.id_of, about, at, "about")
        forgotten = whom["about_id"] is None and not isinstance(about, str)
        row = {
            "id": self._transaction.next_id(),
            "account": account,
            "what": what,
            "why": "" if forgotten else why,
            "at": at,
        }
        self._new(row | acted | whom)

    def list(self, account: str, limit: int = 50) -> DeedList:
        """The newest acts, newest first."""
        rows = self._transaction.read(_LIST, {"of_account": account, "limit": limit})
        return [
            Deed(
                at=row.at,
                by=identity(row, "by") or row.by,
                what=row.what,
                about=identity(row, "about") or row.about,
                why=row.why,
            )
            for row in rows
        ]
