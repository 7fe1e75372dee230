"""Who turned to whom: mentions, replies, welcomes that were answered."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.statements import insert_new
from storage.tables import interactions
from storage.transaction import Transaction
from storage.values import InteractionKind

_INSERT = insert_new(interactions, "message_id", "to_id", "kind")
_COUNT = select(func.count()).where(interactions.c.group_id == bindparam("group"))
_TURNED = _COUNT.where(interactions.c.from_id == bindparam("member"))
_WAS_TURNED_TO = _COUNT.where(interactions.c.to_id == bindparam("member"))


class Interactions:
    """From one member to another."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._new = transaction.buffer(_INSERT[transaction.dialect])

    def add(  # noqa: PLR0917 callers name them
        self,
        group: Group,
        from_: Identity,
        to: Identity,
        kind: InteractionKind,
        at: datetime,
        message_id: int,
    ) -> None:
        """One turned to another, counted once a message, person and kind.

        Nothing if they are the same person, or if either was forgotten.
        """
        from_id = self._members.id_of(from_, at)
        to_id = self._members.id_of(to, at)
        if from_id is None or to_id is None or from_id == to_id:
            return
        self._new(
            {
                "message_id": message_id,
                "to_id": to_id,
                "kind": kind.value,
                "group_id": self._groups.key(group, at),
                "from_id": from_id,
                "at": at,
            }
        )

    def of_member(self, group: Group, identity: Identity) -> tuple[int, int]:
        """How often they turned to others in the group, and were turned to."""
        where = {
            "group": self._groups.key_if_known(group),
            "member": self._members.id_if_known(identity),
        }
        turned, was = (
            self._transaction.read(statement, where)[0][0]
            for statement in (_TURNED, _WAS_TURNED_TO)
        )
        return turned, was
