"""People: our own key for each, and what the accounts call them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.events import Identity
from storage.columns import plain
from storage.known import Person
from storage.links import first_member, identities_of_person, link, unlink
from storage.people import doer
from storage.statements import among, portions
from storage.tables import forgotten, identities, members, memberships
from storage.transaction import Transaction
from storage.values import MemberCard
from storage.values_of_order import Doer

_INSERT = insert(members)
_INSERT_IDENTITY = insert(identities)
_RENAME = (
    update(identities)
    .where(
        identities.c.account == bindparam("of_account"), identities.c.platform_id == bindparam("id")
    )
    .values(name=bindparam("new_name"))
)
_FIND = select(
    identities.c.account, identities.c.platform_id, identities.c.member_id, identities.c.name
).where(
    identities.c.account == bindparam("account"),
    among(identities.c.platform_id, "ids"),
)
_FORGOTTEN = select(forgotten.c.digest).where(among(forgotten.c.digest, "digests"))
_CALLED = (
    select(identities.c.account, identities.c.platform_id, identities.c.name)
    .where(
        identities.c.account == bindparam("of_account"),
        (identities.c.name == bindparam("text"))
        | (identities.c.platform_id == bindparam("text"))
        | identities.c.member_id.in_(
            select(memberships.c.member_id).where(
                memberships.c.name == bindparam("text"), memberships.c.left_at.is_(None)
            )
        ),
    )
    .order_by(identities.c.first_seen, identities.c.member_id)
    .limit(50)
)


class Members:
    """The people of all accounts."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._new = transaction.buffer(_INSERT)
        self._new_identities = transaction.buffer(_INSERT_IDENTITY)
        self._renamed = transaction.buffer(_RENAME)
        self._absent: dict[tuple[str, str], bool] = {}
        self._made: dict[int, bool] = {}
        self._linked: dict[int, bool] = {}

    def id_of(self, identity: Identity, at: datetime) -> int | None:
        """Our own key of this person, made when they are new; None if they were forgotten."""
        person = self._transaction.people.get((identity.account, identity.id))
        if person is None:
            person = self._look(identity)
            if person is None:
                return self._add(identity, at)
        if identity.name in ("", person.name) or person.id is None:
            return person.id
        if person.name != (name := plain(identity.name)):
            key = (plain(identity.account), plain(identity.id))
            self._transaction.people.put(key, Person(person.id, name))
            self._renamed({"of_account": key[0], "id": key[1], "new_name": name})
        return person.id

    def is_new(self, member_id: int) -> bool:
        """Whether this very work met the person first: then there is nothing to look up."""
        return member_id in self._made

    def id_if_known(self, identity: Identity) -> int | None:
        """Our own key of this person; None if they are unknown or were forgotten."""
        person = self._transaction.people.get((identity.account, identity.id))
        if person is None:
            person = self._look(identity)
        return None if person is None else person.id

    def is_forgotten(self, identity: Identity) -> bool:
        """Whether this person asked to be deleted."""
        person = self._look(identity)
        return person is not None and person.id is None

    def name(self, identity: Identity) -> str:
        """What the person was last called, else the name the identity carries."""
        person = self._look(identity)
        return (person.name if person is not None else "") or plain(identity.name)

    def find(self, text: str) -> list[MemberCard]:
        """Up to 50 people by a part of a name, a platform id, or our own number."""
        from storage.cards import Cards  # what only operators ask for, the start need not wait for

        return Cards(self._transaction).find(text)

    def called(self, account: str, text: str) -> list[Identity]:
        """Up to 50 people of an account whose name, anywhere, or platform id is exactly this."""
        rows = self._transaction.read(_CALLED, {"of_account": account, "text": plain(text)})
        return [Identity(*row) for row in rows]

    def export(self, member_id: int) -> dict[str, object]:
        """Everything that is held about a person, ready for JSON; KeyError if there is no such."""
        from storage.export import export  # as above

        return export(self._transaction, member_id)

    def forget(self, member_id: int, at: datetime) -> dict[str, int]:
        """Delete a person for good; how many rows of which table were touched.

        What remains of them is anonymous, and a salted digest sees to it that a replay, a roster or
        a new message does not bring them back. KeyError if there is no such person.
        """
        from storage.erasure import Erasure  # as above

        return Erasure(self._transaction, member_id).run(at)

    def link(self, one: Identity, other: Identity, by: Doer, at: datetime) -> bool:
        """Two identities are one person from now on, with whoever they were linked to before.

        False if they were, or one of them was forgotten.
        """
        first, second = self.id_of(one, at), self.id_of(other, at)
        if first is None or second is None or first == second:
            return False
        self._transaction.set(self._linked, first, True)
        return link(self._transaction, (first, second), doer(self.id_of, by, at, "by"), at)

    def unlink(self, one: Identity, other: Identity) -> bool:
        """They were taken for one person by mistake: the other is somebody else from now on.

        Whoever was the other besides stays with the one. False if they were not one person, or one
        member under two names of the platform.
        """
        first, second = self.id_if_known(one), self.id_if_known(other)
        if first is None or second is None or first == second or not self.same(one, other):
            return False
        self._transaction.set(self._linked, second, True)
        unlink(self._transaction, second)
        return True

    @property
    def any_linked(self) -> bool:
        """Whether this very work linked or parted anybody: what was known before is old."""
        return bool(self._linked)

    def same(self, one: Identity, other: Identity) -> bool:
        """Whether two identities are one person, as far as anybody has said."""
        first, second = self.id_if_known(one), self.id_if_known(other)
        if first is None or second is None:
            return one == other
        return self.person_of(first) == self.person_of(second)

    def linked(self, identity: Identity) -> list[Identity]:
        """The other identities of the same person, oldest first."""
        member_id = self.id_if_known(identity)
        found = [] if member_id is None else identities_of_person(self._transaction, member_id)
        return [each for each in found if each != identity]

    def person_of(self, member_id: int) -> int:
        """A key that all members who are one person share."""
        return first_member(self._transaction, member_id)

    def prepare(self, wanted: Iterable[Identity]) -> None:
        """Look these up together."""
        people = self._transaction.people
        by_account: dict[str, set[str]] = {}
        for identity in wanted:
            if people.get((identity.account, identity.id)) is not None:
                continue
            key = (plain(identity.account), plain(identity.id))
            if key not in self._absent:
                by_account.setdefault(key[0], set()).add(key[1])
        for account, ids in by_account.items():
            for some in portions(ids):
                self._find(account, set(some))

    def _find(self, account: str, ids: set[str]) -> None:
        put = self._transaction.people.put
        for row in self._transaction.stored(_FIND, {"account": account, "ids": list(ids)}):
            put((row.account, row.platform_id), Person(row.member_id, row.name))
            ids.discard(row.platform_id)
        if ids and self._transaction.anybody_forgotten:
            digests = {self._transaction.digest(account, each): each for each in ids}
            for row in self._transaction.stored(_FORGOTTEN, {"digests": list(digests)}):
                put((account, digests[row.digest]), Person(None, ""))
                ids.discard(digests[row.digest])
        for each in ids:
            self._transaction.set(self._absent, (account, each), True)

    def _look(self, identity: Identity) -> Person | None:
        key = (plain(identity.account), plain(identity.id))
        person = self._transaction.people.get(key)
        if person is None and key not in self._absent:
            self._find(key[0], {key[1]})
            person = self._transaction.people.get(key)
        return person

    def _add(self, identity: Identity, at: datetime) -> int:
        member_id = self._transaction.number("members")
        name = plain(identity.name)
        self._transaction.set(self._made, member_id, True)
        self._new({"id": member_id, "first_seen": at})
        self._new_identities(
            {
                "account": identity.account,
                "platform_id": identity.id,
                "member_id": member_id,
                "name": name,
                "first_seen": at,
            }
        )
        key = (plain(identity.account), plain(identity.id))
        self._transaction.people.put(key, Person(member_id, name))
        return member_id
