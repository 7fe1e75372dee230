"""Who is in which group, since when, through whom, and who has left."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from bot.events import Group, Identity, MemberJoined, MemberLeft, RosterRead
from storage.columns import plain
from storage.groups import Groups
from storage.known import Stay
from storage.members import Members
from storage.statements import among, portions
from storage.tables import groups, identities, memberships
from storage.transaction import Transaction
from storage.values import Difference

_INSERT = insert(memberships)
_RENAME = (
    update(memberships)
    .where(
        memberships.c.group_id == bindparam("of_group"),
        memberships.c.member_id == bindparam("member"),
        memberships.c.left_at.is_(None),
    )
    .values(name=bindparam("new_name"))
)
# Found by the members: by both lists together, every group would be tried with every member.
_PRESENT = select(
    memberships.c.group_id, memberships.c.member_id, memberships.c.name, memberships.c.joined_at
).where(
    among(memberships.c.member_id, "members"),
    among(memberships.c.group_id + literal_column("0", memberships.c.group_id.type), "groups"),
    memberships.c.left_at.is_(None),
)
_STAYS = (
    select(memberships)
    .where(
        memberships.c.group_id == bindparam("group"), memberships.c.member_id == bindparam("member")
    )
    .order_by(memberships.c.id.desc())
    .limit(1)
)
_LEAVE = (
    update(memberships)
    .where(memberships.c.id == bindparam("stay"))
    .values(
        left_at=bindparam("at"), left_noticed=bindparam("noticed"), remover_id=bindparam("remover")
    )
)
_LAST_LEFT = select(func.max(memberships.c.left_at)).where(
    memberships.c.group_id == bindparam("group"), memberships.c.member_id == bindparam("member")
)
# The account is joined to nothing, so that no index is taken by it: nearly everybody there ever was
# is of this account, and all of them would be gone through for each group.
_ALL_PRESENT = (
    select(identities.c.account, identities.c.platform_id, memberships.c.name)
    .join_from(memberships, identities, identities.c.member_id == memberships.c.member_id)
    .where(
        memberships.c.group_id == bindparam("group"),
        memberships.c.left_at.is_(None),
        identities.c.account.concat("") == bindparam("account"),
    )
    .order_by(memberships.c.id)
)
_GROUPS_OF = (
    select(groups.c.account, groups.c.platform_id, groups.c.name)
    .join_from(memberships, groups, groups.c.id == memberships.c.group_id)
    .where(
        memberships.c.member_id == bindparam("member"),
        memberships.c.left_at.is_(None),
        groups.c.account.concat("") == bindparam("account"),
    )
    .order_by(memberships.c.id)
)


class Memberships:
    """The stays of members in groups."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._new = transaction.buffer(_INSERT)
        self._renamed = transaction.buffer(_RENAME)
        self._absent: dict[tuple[int, int], bool] = {}

    def join(self, event: MemberJoined) -> bool:
        """Somebody came in. False if they are there already, or if that is an old story.

        False also for someone who was forgotten: nothing is kept of them, so a replay could not be
        told from a return.
        """
        group_id = self._groups.key(event.group, event.at)
        member_id = self._members.id_of(event.member, event.at)
        if member_id is None or self._present(group_id, member_id) is not None:
            return False
        last = self._last_stay(group_id, member_id)
        if last is not None and (event.at < last.left_at or event.at == last.joined_at):
            return False
        inviter = event.inviter and self._members.id_of(event.inviter, event.at)
        self._begin(
            (group_id, member_id),
            event.member.name,
            known_at=event.at,
            joined_at=event.at,
            joined_noticed=event.noticed.value,
            inviter_id=inviter,
        )
        return True

    def leave(self, event: MemberLeft) -> bool:
        """Somebody left. False if they were not there, or have come back since."""
        group_id = self._groups.key(event.group, event.at)
        member_id = self._members.id_if_known(event.member)
        if member_id is None or self._present(group_id, member_id) is None:
            return False
        stay = self._last_stay(group_id, member_id)
        if stay is None or (stay.joined_at is not None and event.at < stay.joined_at):
            return False
        remover = event.remover and self._members.id_of(event.remover, event.at)
        self._transaction.write(
            _LEAVE,
            {"stay": stay.id, "at": event.at, "noticed": event.noticed.value, "remover": remover},
        )
        self._transaction.stays.put((group_id, member_id), None)
        return True

    def seen(self, group: Group, identity: Identity, at: datetime) -> None:
        """They spoke, so they are members; when they came is not known."""
        group_id = self._groups.key(group, at)
        member_id = self._members.id_of(identity, at)
        if member_id is not None:
            self.stays(group_id, member_id, identity.name, at)

    def stays(self, group_id: int, member_id: int, name: str, at: datetime) -> None:
        """The same, by the keys of group and member."""
        pair = (group_id, member_id)
        stay = self._transaction.stays.get(pair) or self._present(group_id, member_id)
        if stay is None:
            self._begin(pair, name, known_at=at)
        elif name not in ("", stay.name) and stay.name != (now := plain(name)):
            self._transaction.stays.put(pair, Stay(now, stay.joined_at))
            self._renamed({"of_group": group_id, "member": member_id, "new_name": now})

    def reconcile(self, event: RosterRead) -> Difference:
        """Compare a roster with what is remembered, without changing it.

        Only the first reading of a group records: everybody is there, and when they came is not
        known, so nobody has joined. Forgotten people are in no difference.
        """
        group_id = self._groups.key(event.group, event.at)
        first = self._groups.roster_read(group_id, event.at)
        if first:
            self._members.prepare(event.members)
            self.prepare((event.group, each) for each in event.members)
            for each in event.members:
                self.seen(event.group, each, event.at)
            return Difference(first=True, joined=(), left=())
        # Of those who are there still, nothing is looked up: hardly anybody comes or goes, and a
        # login reads all rosters.
        before = self.present(event.group)
        was, now = set(before), set(event.members)
        new = [each for each in dict.fromkeys(event.members) if each not in was]
        self._members.prepare(new)
        return Difference(
            first=False,
            joined=tuple(each for each in new if not self._members.is_forgotten(each)),
            left=tuple(each for each in before if each not in now),
        )

    def present(self, group: Group) -> list[Identity]:
        """Who is there, as far as we know, in the order we came to know them."""
        group_id = self._groups.key_if_known(group)
        rows = self._transaction.read(_ALL_PRESENT, {"group": group_id, "account": group.account})
        return [Identity(row.account, row.platform_id, row.name) for row in rows]

    def last_left(self, group: Group, identity: Identity) -> datetime | None:
        """When they last left the group, None if they never did."""
        rows = self._transaction.read(_LAST_LEFT, self._pair(group, identity))
        moment: datetime | None = rows[0][0]
        return moment

    def joined_at(self, group: Group, identity: Identity) -> datetime | None:
        """When their present stay began; None if they are not there or that is not known."""
        group_id = self._groups.key_if_known(group)
        member_id = self._members.id_if_known(identity)
        if group_id is None or member_id is None:
            return None
        stay = self._present(group_id, member_id)
        return None if stay is None else stay.joined_at

    def groups_of(self, identity: Identity) -> list[Group]:
        """The groups of this account where they are now, in the order they became known there."""
        where = {"member": self._members.id_if_known(identity), "account": identity.account}
        return [Group(*row) for row in self._transaction.read(_GROUPS_OF, where)]

    def prepare(self, pairs: Iterable[tuple[Group, Identity]]) -> None:
        """Look these up together; their groups and people have been looked up before."""
        known = self._transaction.stays
        wanted = set()
        for group, identity in pairs:
            group_id = self._groups.key_if_known(group)
            member_id = self._members.id_if_known(identity)
            if (
                group_id is None
                or member_id is None
                or known.get((group_id, member_id)) is not None
            ):
                continue
            wanted.add((group_id, member_id))
        for some in portions(wanted):
            self._find(some)

    def _find(self, pairs: Collection[tuple[int, int]]) -> None:
        absent = set(pairs)
        where = {
            "groups": {group_id for group_id, _ in absent},
            "members": {member_id for _, member_id in absent},
        }
        for row in self._transaction.stored(_PRESENT, where):
            pair = (row.group_id, row.member_id)
            if pair in absent:
                self._transaction.stays.put(pair, Stay(row.name, row.joined_at))
                absent.discard(pair)
        for pair in absent:
            self._transaction.set(self._absent, pair, True)

    def _present(self, group_id: int, member_id: int) -> Stay | None:
        """Their present stay in the group, None if they are not there."""
        pair = (group_id, member_id)
        stay = self._transaction.stays.get(pair)
        if stay is None and pair not in self._absent and not self._members.is_new(member_id):
            self._find([pair])
            stay = self._transaction.stays.get(pair)
        return stay

    def _begin(self, pair: tuple[int, int], name: str, **over: Any) -> None:
        row: dict[str, Any] = {
            "id": self._transaction.next_id(),
            "group_id": pair[0],
            "member_id": pair[1],
            "name": name,
            "joined_at": None,
            "joined_noticed": None,
            "inviter_id": None,
            "left_at": None,
        }
        self._new(row | over)
        self._transaction.stays.put(pair, Stay(plain(name), over.get("joined_at")))

    def _last_stay(self, group_id: int, member_id: int) -> Any:
        """The newest stay, over or not."""
        rows = self._transaction.read(_STAYS, {"group": group_id, "member": member_id})
        return rows[0] if rows else None

    def _pair(self, group: Group, identity: Identity) -> dict[str, int | None]:
        return {
            "group": self._groups.key_if_known(group),
            "member": self._members.id_if_known(identity),
        }
