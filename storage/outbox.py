"""The outbox as it is stored: actions on their way out, each claimed once and settled once."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions import Action, Say, place
from bot.events import Group, Message
from storage.actions import read, written
from storage.groups import Groups
from storage.outbox_rows import (
    AGAIN,
    BY_MESSAGE,
    CLAIM,
    IN_STATE,
    INSERT,
    LIST,
    LIST_OF_ACCOUNT,
    MOVE,
    NEXT,
    ONE,
    OVERDUE,
    REWRITE,
    SAID,
    SAME_TEXT,
    THERE,
    WAITING,
    outbox_row,
)
from storage.posts import Posts
from storage.transaction import AnyRow, Transaction
from storage.values import OutboxRow, OutboxState

Rows = list[OutboxRow]  # the store has a method called `list`, which hides the type


class Outbox:
    """The actions of all accounts."""

    def __init__(self, transaction: Transaction, groups: Groups, posts: Posts) -> None:
        self._transaction = transaction
        self._groups = groups
        self._posts = posts
        self._new = transaction.buffer(INSERT[transaction.dialect])
        self._staged: dict[tuple[str, str], bool] = {}

    def stage(self, action: Action, now: datetime, not_before: datetime | None = None) -> bool:
        """Put an action on its way; False if there is one with its key already."""
        where = place(action)
        key = self._transaction.digest(where.account, action.key)
        known = {"account": where.account, "of_key": key}
        if (where.account, key) in self._staged or self._transaction.stored(THERE, known):
            return False
        text = action.text if isinstance(action, Say) else ""
        self._new(
            {
                "id": self._transaction.next_id(),
                "account": where.account,
                "key": key,
                "group_id": self._groups.key(where, now) if isinstance(where, Group) else None,
                "action": written(action),
                "text_digest": self._transaction.digest(text) if text else "",
                "priority": int(action.priority),
                "state": OutboxState.PENDING.value,
                "attempts": 0,
                "created_at": now,
                "not_before": not_before or now,
                "expires_at": action.expires_at,
                "claimed_by": "",
                "detail": "",
                "platform_message_id": "",
            }
        )
        self._transaction.set(self._staged, (where.account, key), True)
        return True

    def waiting(self, account: str, now: datetime, limit: int = 500) -> Rows:
        """What may be done now, the most urgent first, then in the order it was decided."""
        where = {
            "account": account,
            "of_state": OutboxState.PENDING.value,
            "now": now,
            "limit": limit,
        }
        return [outbox_row(row) for row in self._transaction.read(WAITING, where)]

    def next_at(self, account: str) -> datetime | None:
        """When the next action may be done, None if none waits."""
        where = {"account": account, "of_state": OutboxState.PENDING.value}
        moment: datetime | None = self._transaction.read(NEXT, where)[0][0]
        return moment

    def claim(self, row_id: int, by: str, now: datetime) -> bool:
        """Take an action for one process; False if it no longer waits."""
        return self._transaction.write(CLAIM, {"row": row_id, "by": by, "now": now}) == 1

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
        for row in self._transaction.read(ONE, {"row": row_id}):
            if row.state != OutboxState.DONE.value:
                again = state is OutboxState.PENDING
                self._move(
                    row,
                    state,
                    at=None if again else now,
                    detail=detail,
                    message=platform_message_id,
                    not_before=not_before,
                    attempts=row.attempts + again,
                )
            elif platform_message_id and not row.platform_message_id:
                self._move(row, OutboxState.DONE, at=row.settled_at, message=platform_message_id)

    def hold(self, row_id: int, detail: str, not_before: datetime | None = None) -> None:
        """Write beside an action that waits why; it goes on waiting, until then if given."""
        for row in self._transaction.read(ONE, {"row": row_id}):
            if row.state == OutboxState.PENDING.value:
                self._move(row, OutboxState.PENDING, at=None, detail=detail, not_before=not_before)

    def expire(self, account: str, now: datetime) -> Rows:
        """What waited past its time; it is dropped and the reason kept."""
        where = {"account": account, "of_state": OutboxState.PENDING.value, "now": now}
        why = "过了时效，没有发出。 It waited past its time and was not sent."
        rows = self._transaction.read(OVERDUE, where)
        return [
            self._now(row.id)
            for row in rows
            if self._move(row, OutboxState.EXPIRED, at=now, detail=row.detail or why)
        ]

    def orphans(self, account: str) -> Rows:
        """Claimed actions; at the start of a process they are those of a dead one."""
        where = {"account": account, "of_state": OutboxState.CLAIMED.value}
        return [outbox_row(row) for row in self._transaction.read(IN_STATE, where)]

    def echo(self, message: Message) -> OutboxRow | None:
        """Our own message was heard: the action it proves is done. None if it proves none."""
        where = {"account": message.author.account, "message": message.id}
        rows = self._transaction.read(BY_MESSAGE, where) or self._same_words(message)
        if not rows:
            return None
        row = rows[0]
        if row.state != OutboxState.DONE.value:
            self._move(row, OutboxState.DONE, at=message.at, message=message.id)
        return self._now(row.id)

    def same_text(self, account: str, text: str, since: datetime) -> int:
        """How many groups were told this text since."""
        where = {"account": account, "text": self._transaction.digest(text), "since": since}
        count: int = self._transaction.read(SAME_TEXT, where)[0][0]
        return count

    def list(
        self,
        account: str | None = None,
        states: Collection[OutboxState] = (),
        limit: int = 50,
    ) -> Rows:
        """The newest actions, of one account or of all, in these states or in any."""
        where = {"states": [state.value for state in states or OutboxState], "limit": limit}
        if account is None:
            rows = self._transaction.read(LIST, where)
        else:
            rows = self._transaction.read(LIST_OF_ACCOUNT, where | {"account": account})
        return [outbox_row(row) for row in rows]

    def cancel(self, row_id: int, now: datetime, why: str) -> bool:
        """Drop an action that waits; False if it no longer does."""
        rows = self._transaction.read(ONE, {"row": row_id})
        return (
            bool(rows)
            and rows[0].state == OutboxState.PENDING.value
            and self._move(rows[0], OutboxState.CANCELLED, at=now, detail=why)
        )

    def resend(self, row_id: int, now: datetime) -> bool:
        """An operator wants it now, however late; False if it is in hand, sent or done."""
        rows = self._transaction.read(ONE, {"row": row_id})
        if not rows or rows[0].state not in AGAIN:
            return False
        action = replace(read(rows[0].action), expires_at=None)
        self._transaction.write(REWRITE, {"row": row_id, "new_action": written(action)})
        return self._move(rows[0], OutboxState.PENDING, at=None, not_before=now)

    def _same_words(self, message: Message) -> Sequence[AnyRow]:
        """The oldest action on its way there that said this; mentions may stand before it."""
        group = message.group and self._groups.key_if_known(message.group)
        if message.group is not None and group is None:
            return []
        where = {"account": message.author.account, "group": group}
        said = message.text.strip()
        for row in reversed(self._transaction.read(SAID, where)):
            action = read(row.action)
            words = action.text.strip() if isinstance(action, Say) else ""
            if words and said.endswith(words) and not row.platform_message_id:
                return [row]
        return []

    def _move(
        self,
        row: AnyRow,
        state: OutboxState,
        *,
        at: datetime | None,
        detail: str = "",
        message: str = "",
        not_before: datetime | None = None,
        attempts: int | None = None,
    ) -> bool:
        """Change a row if nobody else has; False if somebody had."""
        moved = self._transaction.write(
            MOVE,
            {
                "row": row.id,
                "was": row.state,
                "new_state": state.value,
                "at": at,
                "why": detail or row.detail,
                "message": message or row.platform_message_id,
                "after": not_before or row.not_before,
                "tried": row.attempts if attempts is None else attempts,
            },
        )
        if moved:
            self._posts.follow(row.key, state, at or row.created_at, detail, message)
        return moved == 1

    def _now(self, row_id: int) -> OutboxRow:
        return outbox_row(self._transaction.read(ONE, {"row": row_id})[0])
