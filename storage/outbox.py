"""The outbox as it is stored: actions on their way out, each claimed once and settled once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Executable

from bot.actions import Action
from bot.events import Group, Message
from storage.actions import ERASED, read, written
from storage.echoes import Echoes
from storage.groups import Groups
from storage.outbox_rows import (
    AGAIN,
    CLAIM,
    CLAIMED_BY,
    IN_STATE,
    LIST,
    LIST_OF_ACCOUNT,
    MOVE,
    NEWEST,
    NEXT_EXPIRY,
    OF_KEY,
    ONE,
    OVERDUE,
    PENDING,
    PERFORMED,
    POSTPONE,
    REWRITE,
    SAID_STATES,
    SOME,
    STILL,
    THESE,
    TOLD,
    Move,
    outbox_row,
    settling,
)
from storage.posts import Posts
from storage.staging import Staging
from storage.statements import portions
from storage.transaction import AnyRow, Transaction
from storage.values import OutboxRow, OutboxState, Settlement

Rows = list[OutboxRow]  # the store has a method called `list`, which hides the type


class Outbox:
    """The actions of all accounts."""

    def __init__(self, transaction: Transaction, groups: Groups, posts: Posts) -> None:
        self._transaction = transaction
        self._groups = groups
        self._posts = posts
        self._staging = Staging(transaction, groups)
        self._unsaid: set[str] = set()  # digests of keys looked for; nothing has moved since
        self._echoes = Echoes(transaction, groups, self._move_all)
        transaction.before_commit(self._echoes.prove)
        transaction.at_end(self._echoes.let_go)
        posts.before_active(self._echoes.prove)

    def stage(self, action: Action, now: datetime, not_before: datetime | None = None) -> bool:
        """Put an action on its way; False if there is one with its key already."""
        return self._staging.stage(action, now, not_before)

    def put(self, actions: Iterable[Action], now: datetime) -> None:
        """Stage these; which of them were there already is found out for all together."""
        self._staging.put(actions, now)

    @property
    def staged(self) -> Rows:
        """What was staged in this work and was not there before."""
        return self._staging.staged

    def pending(self, account: str) -> list[tuple[int, datetime]]:
        """Every row that waits, the most urgent first, and before when it may not be done."""
        rows = self._read(PENDING, {"account": account})
        return [(row.id, row.not_before) for row in rows]

    def rows(self, account: str, row_ids: Iterable[int]) -> Rows:
        """Those of these rows that wait, in no order."""
        return [
            outbox_row(row)
            for some in portions(row_ids)
            for row in self._read(THESE, {"account": account, "rows": some})
        ]

    def get(self, row_id: int) -> OutboxRow | None:
        """One row, whatever became of it; None if there is none."""
        rows = self._read(ONE, {"row": row_id})
        return outbox_row(rows[0]) if rows else None

    def next_expiry(self, account: str) -> datetime | None:
        """When the next row that waits will have waited too long."""
        moment: datetime | None = self._read(NEXT_EXPIRY, {"account": account})[0][0]
        return moment

    def claim_all(self, row_ids: Sequence[int], by: str, now: datetime) -> set[int]:
        """Take these actions for one process; those that still waited."""
        still = row_ids  # of one it is enough to know whether the change has found it
        if len(row_ids) != 1:
            still = [row.id for row in self._read(STILL, {"rows": row_ids, "now": now})]
        self._echoes.prove()
        changed = self._transaction.write(CLAIM, {"rows": still, "by": by, "now": now})
        return {*still[:changed]}

    def put_back(self, row_ids: Sequence[int]) -> None:
        """Claimed actions that were not begun wait again, as if they had not been claimed."""
        waits = Settlement(OutboxState.PENDING)
        rows = self._read(SOME, {"rows": row_ids})
        claimed = [row for row in rows if row.state == OutboxState.CLAIMED.value]
        self._become([Move(row, waits, at=None) for row in claimed])

    def settle(  # noqa: PLR0917 callers name them
        self,
        row_id: int,
        state: OutboxState,
        now: datetime,
        detail: str = "",
        platform_message_id: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """Write down what became of an action; its post and slot move along.

        PENDING with `not_before` means: try again then, one attempt more. What is done stays done:
        an echo that came earlier is not overruled, only its missing message id is filled in.
        """
        self.settle_all({row_id: Settlement(state, detail, platform_message_id, not_before)}, now)

    def settle_all(self, settled: Mapping[int, Settlement], now: datetime) -> None:
        """Write down what became of these rows, by their numbers; each as `settle` does it."""
        self._become(
            [
                move
                for some in portions(settled)
                for row in self._read(SOME, {"rows": some})
                if (move := settling(row, settled[row.id], now)) is not None
            ]
        )

    def hold(self, row_id: int, detail: str, not_before: datetime | None = None) -> None:
        """Write beside an action that waits why; it goes on waiting, until then if given."""
        for row in self._read(ONE, {"row": row_id}):
            if row.state == OutboxState.PENDING.value:
                held = Settlement(OutboxState.PENDING, detail, not_before=not_before)
                self._move(Move(row, held, at=None))

    def expire(self, account: str, now: datetime) -> Rows:
        """What waited past its time; it is dropped and the reason kept."""
        where = {"account": account, "of_state": OutboxState.PENDING.value, "now": now}
        why = "过了时效，没有发出。 It waited past its time and was not sent."
        rows = self._read(OVERDUE, where)
        return [
            self._now(row.id)
            for row in rows
            if self._move(Move(row, Settlement(OutboxState.EXPIRED, row.detail or why), at=now))
        ]

    def orphans(self, account: str) -> Rows:
        """Claimed actions; at the start of a process they are those of a dead one."""
        where = {"account": account, "of_state": OutboxState.CLAIMED.value}
        return [outbox_row(row) for row in self._read(IN_STATE, where)]

    def claimed(self, account: str, by: str) -> list[int]:
        """The actions that this process has claimed and nothing has come of yet."""
        return [row.id for row in self._read(CLAIMED_BY, {"account": account, "by": by})]

    def echo(self, message: Message) -> OutboxRow | None:
        """Our own message was heard: the action it proves is done. None if it proves none."""
        return self._echoes.prove_by([message])[0]

    def heard(self, message: Message) -> None:
        """The same, together with what else is heard until somebody looks or it is committed."""
        self._echoes.hear(message)

    def hear_early(self, messages: Sequence[Message]) -> None:
        """The same for all that will be heard in this work, before anything else of it happens.

        They were said before it began. Proven one by one between other people's messages, each
        would be some look-ups and a savepoint of its own.
        """
        if messages:
            self._echoes.hear_early(messages)

    def told(
        self, account: str, texts: Iterable[str], since: datetime
    ) -> dict[str, dict[Group, datetime]]:
        """Of each text the groups that were told it since, and when they last were."""
        by_digest = {self._transaction.digest(text): text for text in texts}
        told: dict[str, dict[Group, datetime]] = {text: {} for text in by_digest.values()}
        where = {"account": account, "texts": list(by_digest), "since": since}
        for row in self._read(TOLD, where):
            group = Group(row.account, row.platform_id, row.name)
            told[by_digest[row.text_digest]][group] = row.at
        return told

    def list(
        self,
        account: str | None = None,
        states: Collection[OutboxState] = (),
        limit: int = 50,
    ) -> Rows:
        """The newest actions, of one account or of all, in these states or in any."""
        where = {"states": [state.value for state in states or OutboxState], "limit": limit}
        if account is None:
            rows = self._read(LIST, where)
        else:
            newest = not states or OutboxState.DONE in states
            statement = NEWEST if newest else LIST_OF_ACCOUNT
            rows = self._read(statement, where | {"account": account})
        return [outbox_row(row) for row in rows]

    def performed(self, account: str, limit: int) -> Rows:
        """The newest actions that went out: sent, done, or nobody knows."""
        where = {"account": account, "limit": limit}
        return [outbox_row(row) for row in self._read(PERFORMED, where)]

    def of_key(self, account: str, key: str) -> OutboxRow | None:
        """The action of that key, whatever became of it; None if there was none."""
        digest = self._transaction.digest(account, key)
        rows = self._read(OF_KEY, {"account": account, "of_key": digest})
        return outbox_row(rows[0]) if rows else None

    def said(self, account: str, key: str) -> OutboxRow | None:
        """The action of that key once the platform has taken it; None before that.

        Asked for every finding while the announcement of a group waits. What was staged in this
        very work was not said, so nothing that lies in the buffers has to be written for it.
        """
        self._echoes.prove()
        digest = self._transaction.digest(account, key)
        if digest not in self._unsaid:
            rows = self._transaction.stored(OF_KEY, {"account": account, "of_key": digest})
            if rows and rows[0].state in SAID_STATES:
                return outbox_row(rows[0])
            self._unsaid.add(digest)
        return None

    def cancel(self, row_id: int, now: datetime, why: str) -> bool:
        """Drop an action that waits; False if it no longer does."""
        rows = self._read(ONE, {"row": row_id})
        return (
            bool(rows)
            and rows[0].state == OutboxState.PENDING.value
            and self._move(Move(rows[0], Settlement(OutboxState.CANCELLED, why), at=now))
        )

    def resend(self, row_id: int, now: datetime) -> bool:
        """An operator wants it now, however late; False if it is in hand, sent, done or erased."""
        rows = self._read(ONE, {"row": row_id})
        if not rows or rows[0].state not in AGAIN:
            return False
        action = replace(read(rows[0].action), expires_at=None)
        if action.key.startswith(ERASED):
            return False
        self._transaction.write(REWRITE, {"row": row_id, "new_action": written(action)})
        again = Settlement(OutboxState.PENDING, not_before=now)
        return self._move(Move(rows[0], again, at=None))

    def postpone(self, row_id: int, until: datetime, expires_at: datetime | None) -> bool:
        """It waits until then, and for so long at most; False if it no longer waits."""
        rows = self._read(ONE, {"row": row_id})
        if not rows:
            return False
        action = written(replace(read(rows[0].action), expires_at=expires_at))
        row = {"row": row_id, "new_action": action, "expires": expires_at, "after": until}
        return self._transaction.write(POSTPONE, row) == 1

    def _read(self, statement: Executable, params: Mapping[str, Any]) -> Sequence[AnyRow]:
        self._echoes.prove()
        return self._transaction.read(statement, params)

    def _move_all(self, moves: Iterable[Move]) -> None:
        """Change rows that nobody else changes meanwhile."""
        every = [*moves]
        self._write(every)
        self._posts.follow(move.moved() for move in every)

    def _become(self, moves: Sequence[Move]) -> None:
        """The same for rows that were read together with their posts."""
        self._write(moves)
        self._posts.become((move.row, move.moved()) for move in moves)

    def _write(self, moves: Sequence[Move]) -> None:
        if moves:
            self._unsaid.clear()
            self._transaction.write(MOVE, [move.changes() for move in moves])

    def _move(self, move: Move) -> bool:
        """Change a row if nobody else has; False if somebody had."""
        self._unsaid.clear()
        moved = self._transaction.write(MOVE, move.changes()) == 1
        if moved:
            self._posts.follow([move.moved()])
        return moved

    def _now(self, row_id: int) -> OutboxRow:
        return outbox_row(self._read(ONE, {"row": row_id})[0])
