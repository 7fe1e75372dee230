"""Invitations and friendship requests, kept until somebody acts on them."""

from typing import Any

from bot.events import FriendshipRequested, Identity, InvitationReceived
from storage.members import Members
from storage.statements import insert_new
from storage.tables import requests
from storage.transaction import Transaction

_INSERT = insert_new(requests, "account", "kind", "platform_id")


class Requests:
    """What others asked of the accounts."""

    def __init__(self, transaction: Transaction, members: Members) -> None:
        self._transaction = transaction
        self._members = members

    def add(self, event: InvitationReceived | FriendshipRequested) -> None:
        """Keep a request, once. Of someone forgotten nothing is kept but that a group invited."""
        if isinstance(event, InvitationReceived):
            self._keep("invitation", event, event.inviter, event.group_name, "")
        elif not self._members.is_forgotten(event.person):
            self._keep("friendship", event, event.person, "", event.hello)

    def _keep(
        self,
        kind: str,
        event: InvitationReceived | FriendshipRequested,
        person: Identity | None,
        group_name: str,
        hello: str,
    ) -> None:
        if person is not None and self._members.is_forgotten(person):
            person = None
        row: dict[str, Any] = {
            "id": self._transaction.next_id(),
            "account": event.account,
            "kind": kind,
            "platform_id": event.id,
            "person_id": None if person is None else person.id,
            "person_name": "" if person is None else person.name,
            "group_name": group_name,
            "hello": hello,
            "at": event.at,
        }
        self._transaction.write(_INSERT[self._transaction.dialect], row)
