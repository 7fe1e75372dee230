"""Links: members that an operator declared to be one person.

What is recorded of each stays with each, so that a mistaken link spoils nothing; strikes,
sanctions, forgetting and export look at all members of the person.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.events import Identity
from storage.columns import Key
from storage.people import MEMBER, PERSON
from storage.tables import identities, members
from storage.tables_of_order import links
from storage.transaction import Transaction

_INSERT = insert(links)
_OF = select(links.c.person_id).where(links.c.member_id == MEMBER)
_MOVE = (
    update(links)
    .where(links.c.person_id == bindparam("before", type_=Key))
    .values(person_id=bindparam("after", type_=Key))
)
_DELETE = delete(links).where(links.c.member_id == MEMBER)
_LEFT = (
    select(links.c.member_id)
    .where(links.c.person_id == bindparam("of_person", type_=Key))
    .order_by(links.c.member_id)
)
_ALL = select(members.c.id).where(members.c.id.in_(PERSON)).order_by(members.c.id)
_FIRST = select(func.min(members.c.id)).where(members.c.id.in_(PERSON))
_IDENTITIES = (
    select(identities.c.account, identities.c.platform_id, identities.c.name)
    .where(identities.c.member_id.in_(PERSON))
    .order_by(identities.c.member_id, identities.c.first_seen)
)


def everyone(transaction: Transaction, member_id: int) -> list[int]:
    """The member and all that are the same person; empty if there is no such member."""
    return [row.id for row in transaction.read(_ALL, {"member": member_id})]


def first_member(transaction: Transaction, member_id: int) -> int:
    """The oldest member of the same person: equal for all that are one person."""
    found: int = transaction.read(_FIRST, {"member": member_id})[0][0]
    return found


def identities_of_person(transaction: Transaction, member_id: int) -> list[Identity]:
    """What the accounts call the person, under all their members, oldest first."""
    rows = transaction.read(_IDENTITIES, {"member": member_id})
    return [Identity(row.account, row.platform_id, row.name) for row in rows]


def link(
    transaction: Transaction, pair: tuple[int, int], acted: dict[str, Any], at: datetime
) -> bool:
    """Make two members and whoever they are linked to one person; False if they were."""
    person, other = (_person(transaction, member_id, acted, at) for member_id in pair)
    if person == other:
        return False
    transaction.write(_MOVE, {"before": other, "after": person})
    return True


def unlink(transaction: Transaction, member_id: int) -> None:
    """The member is nobody else any more; the others of the person stay together."""
    rows = transaction.read(_OF, {"member": member_id})
    if not rows:
        return
    person_id: int = rows[0].person_id
    transaction.write(_DELETE, {"member": member_id})
    left = [row.member_id for row in transaction.read(_LEFT, {"of_person": person_id})]
    if len(left) == 1:
        transaction.write(_DELETE, {"member": left[0]})
    elif person_id == member_id:  # they were called after who leaves
        transaction.write(_MOVE, {"before": person_id, "after": left[0]})


def _person(transaction: Transaction, member_id: int, acted: dict[str, Any], at: datetime) -> int:
    rows = transaction.read(_OF, {"member": member_id})
    if rows:
        person_id: int = rows[0].person_id
        return person_id
    row = {"member_id": member_id, "person_id": member_id, "at": at}
    transaction.write(_INSERT, row | acted)
    return member_id
