"""Accounts: what each connection is doing, and whether all sending is stopped."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.events import GatewayChanged, Identity
from storage.statements import insert_new
from storage.tables import accounts
from storage.transaction import AnyRow, Transaction
from storage.values import AccountState

_INSERT = insert_new(accounts, "account")
_OF = accounts.c.account == bindparam("of_account")
_STATE = (
    update(accounts)
    .where(_OF)
    .values(state=bindparam("new_state"), detail=bindparam("new_detail"), since=bindparam("at"))
)
_ME = update(accounts).where(_OF).values(me_id=bindparam("id"), me_name=bindparam("name"))
_STOP = update(accounts).where(_OF).values(stopped_at=bindparam("at"), stopped_why=bindparam("why"))
_ALL = select(accounts).order_by(accounts.c.account)
_ONE = _ALL.where(_OF)


def _state(row: AnyRow) -> AccountState:
    return AccountState(
        account=row.account,
        state=row.state,
        detail=row.detail,
        since=row.since,
        me=None if row.me_id is None else Identity(row.account, row.me_id, row.me_name),
        stopped_at=row.stopped_at,
        stopped_why=row.stopped_why,
    )


class Accounts:
    """The accounts that were ever connected."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def state(self, event: GatewayChanged) -> None:
        """The connection changed; `since` stays where only the detail did."""
        self._make(event.account, event.at)
        before = self.get(event.account)
        since = event.at
        if before is not None and before.state == event.state.value:
            since = before.since
        self._transaction.write(
            _STATE,
            {
                "of_account": event.account,
                "new_state": event.state.value,
                "new_detail": event.detail,
                "at": since,
            },
        )
        if event.me is not None:
            self._transaction.write(
                _ME, {"of_account": event.account, "id": event.me.id, "name": event.me.name}
            )

    def get(self, account: str) -> AccountState | None:
        """What is known of an account, None if it was never connected or stopped.

        Asked before anything is done at all, and it hardly ever changes.
        """
        return self._transaction.lasting(
            ("account", account),
            _ONE,
            lambda rows: _state(rows[0]) if rows else None,
            {"of_account": account},
        )

    def all(self) -> list[AccountState]:
        """What is known of every account."""
        return [_state(row) for row in self._transaction.read(_ALL)]

    def stop(self, account: str, why: str, at: datetime) -> None:
        """Stop all sending; an account that is stopped already keeps its first reason."""
        self._make(account, at)
        if (known := self.get(account)) is not None and known.stopped_at is None:
            self._transaction.write(_STOP, {"of_account": account, "at": at, "why": why})

    def resume(self, account: str, at: datetime) -> None:  # noqa: ARG002 the contract names it
        """Let sending go on."""
        self._transaction.write(_STOP, {"of_account": account, "at": None, "why": ""})

    def _make(self, account: str, at: datetime) -> None:
        self._transaction.write(
            _INSERT[self._transaction.dialect],
            {
                "account": account,
                "state": "",
                "detail": "",
                "since": at,
                "me_name": "",
                "stopped_why": "",
            },
        )
