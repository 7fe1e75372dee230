"""Putting actions on their way: each cause acts once, whoever asks for it and however often."""

from collections.abc import Iterable
from datetime import datetime

from bot.actions import Action, Say, place
from bot.events import Group
from storage.actions import read, written
from storage.columns import plain
from storage.groups import Groups
from storage.outbox_rows import INSERT, THERE
from storage.statements import portions
from storage.transaction import Transaction
from storage.values import OutboxRow, OutboxState


class Staging:
    """The new rows of one work."""

    def __init__(self, transaction: Transaction, groups: Groups) -> None:
        self._transaction = transaction
        self._groups = groups
        self._new = transaction.buffer(INSERT[transaction.dialect], self._doubt)
        self._staged: dict[tuple[str, str], OutboxRow | None] = {}
        """By account and digested key; None where it was there before."""
        self._unproven: dict[tuple[str, str], bool] = {}
        self._doubtful = False
        """Whether anything that was put was there before."""
        self._digests = {"": ""}
        """Of the texts of this work: thousands of groups are told the same."""

    def stage(self, action: Action, now: datetime, not_before: datetime | None = None) -> bool:
        """Put an action on its way; False if there is one with its key already."""
        account = place(action).account
        key = self._transaction.digest(account, action.key)
        where = {"account": account, "keys": [key]}
        if (account, key) in self._staged or self._transaction.stored(THERE, where):
            return False
        self._stage(key, action, now, not_before or now)
        return True

    def put(self, actions: Iterable[Action], now: datetime) -> None:
        """Stage these; which of them were there already is found out for all together."""
        for action in actions:
            account = place(action).account
            key = self._transaction.digest(account, action.key)
            if (account, key) not in self._staged:
                self._transaction.set(self._unproven, (account, key), True)
                self._stage(key, action, now, now)

    def _stage(self, key: str, action: Action, now: datetime, not_before: datetime) -> None:
        where = place(action)
        text = action.text if isinstance(action, Say) else ""
        row_id, words = self._transaction.next_id(), written(action)
        self._new(
            {
                "id": row_id,
                "account": where.account,
                "key": key,
                "group_id": self._groups.key(where, now) if isinstance(where, Group) else None,
                "action": words,
                "text_digest": self._digest(text),
                "priority": int(action.priority),
                "state": OutboxState.PENDING.value,
                "attempts": 0,
                "created_at": now,
                "not_before": not_before,
                "expires_at": action.expires_at,
                "claimed_by": "",
                "detail": "",
                "platform_message_id": "",
            }
        )
        # What cannot be stored is replaced: who is handed the row gets what will be read.
        stored = action if plain(words) == words else read(plain(words))
        row = OutboxRow(
            id=row_id,
            account=where.account,
            action=stored,
            state=OutboxState.PENDING,
            attempts=0,
            created_at=now,
            not_before=not_before,
        )
        self._transaction.set(self._staged, (where.account, key), row)

    @property
    def staged(self) -> list[OutboxRow]:
        """What was staged in this work and was not there before."""
        self._prove_new()
        return [row for row in self._staged.values() if row is not None]

    def _digest(self, text: str) -> str:
        found = self._digests.get(text)
        if found is None:
            found = self._digests[text] = self._transaction.digest(text)
        return found

    def _doubt(self) -> None:
        """The database has not taken all that was put: from now on it is asked which of it."""
        self._doubtful = True

    def _prove_new(self) -> None:
        """Leave out what was put and was there before: the insert has left that alone."""
        self._transaction.flush()
        unproven: dict[str, list[str]] = {}
        for account, key in self._unproven:
            if self._unproven[account, key]:
                unproven.setdefault(account, []).append(key)
        for account, keys in unproven.items():
            there = self._there(account, keys) if self._doubtful else {}
            for key in keys:
                row = self._staged[account, key]
                if self._doubtful and row is not None and there.get(key) != row.id:
                    self._transaction.set(self._staged, (account, key), None)
                self._transaction.set(self._unproven, (account, key), False)

    def _there(self, account: str, keys: list[str]) -> dict[str, int]:
        """The numbers of the rows that have these keys."""
        return {
            row.key: row.id
            for some in portions(keys)
            for row in self._transaction.stored(THERE, {"account": account, "keys": some})
        }
