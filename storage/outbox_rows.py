"""What is asked of the outbox table, and the value of its rows."""

from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from storage.actions import read
from storage.statements import insert_new
from storage.tables import outbox
from storage.transaction import AnyRow
from storage.values import OutboxRow, OutboxState

_RECENT = 200  # rows on their way in which an echo looks for its text
_ON_THE_WAY = tuple(
    state.value for state in (OutboxState.CLAIMED, OutboxState.SENT, OutboxState.UNCONFIRMED)
)
_TOLD = (*_ON_THE_WAY, OutboxState.DONE.value, OutboxState.DRY.value)
AGAIN = tuple(
    state.value
    for state in (
        OutboxState.PENDING,
        OutboxState.UNCONFIRMED,
        OutboxState.EXPIRED,
        OutboxState.REFUSED,
        OutboxState.CANCELLED,
        OutboxState.DRY,
    )
)
_C = outbox.c
INSERT = insert_new(outbox, "account", "key")
THERE = select(_C.id).where(_C.account == bindparam("account"), _C.key == bindparam("of_key"))
_ALL: Select[Any] = select(outbox)
_OF_ACCOUNT = _ALL.where(_C.account == bindparam("account"))
ONE = _ALL.where(_C.id == bindparam("row"))
IN_STATE = _OF_ACCOUNT.where(_C.state == bindparam("of_state")).order_by(_C.id)
WAITING = (
    _OF_ACCOUNT.where(_C.state == bindparam("of_state"), _C.not_before <= bindparam("now"))
    .order_by(_C.priority, _C.id)
    .limit(bindparam("limit"))
)
OVERDUE = IN_STATE.where(_C.expires_at <= bindparam("now"))
NEXT = select(func.min(_C.not_before)).where(
    _C.account == bindparam("account"), _C.state == bindparam("of_state")
)
SAME_TEXT = select(func.count(_C.group_id.distinct())).where(
    _C.account == bindparam("account"),
    _C.text_digest == bindparam("text"),
    _C.state.in_(_TOLD),
    func.coalesce(_C.settled_at, _C.claimed_at) >= bindparam("since"),
)
BY_MESSAGE = _OF_ACCOUNT.where(_C.platform_message_id == bindparam("message"))
SAID = (
    _OF_ACCOUNT.where(
        _C.state.in_(_ON_THE_WAY), _C.group_id.is_not_distinct_from(bindparam("group"))
    )
    .order_by(_C.id.desc())
    .limit(_RECENT)
)
LIST: Select[Any] = (
    _ALL.where(_C.state.in_(bindparam("states", expanding=True)))
    .order_by(_C.id.desc())
    .limit(bindparam("limit"))
)
LIST_OF_ACCOUNT = LIST.where(_C.account == bindparam("account"))
CLAIM = (
    update(outbox)
    .where(_C.id == bindparam("row"), _C.state == OutboxState.PENDING.value)
    .values(
        state=OutboxState.CLAIMED.value, claimed_by=bindparam("by"), claimed_at=bindparam("now")
    )
)
MOVE = (
    update(outbox)
    .where(_C.id == bindparam("row"), _C.state == bindparam("was"))
    .values(
        state=bindparam("new_state"),
        settled_at=bindparam("at"),
        detail=bindparam("why"),
        platform_message_id=bindparam("message"),
        not_before=bindparam("after"),
        attempts=bindparam("tried"),
    )
)
REWRITE = (
    update(outbox)
    .where(_C.id == bindparam("row"))
    .values(action=bindparam("new_action"), expires_at=None)
)


def outbox_row(row: AnyRow) -> OutboxRow:
    """The value of a row of the table."""
    return OutboxRow(
        id=row.id,
        account=row.account,
        action=read(row.action),
        state=OutboxState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        not_before=row.not_before,
        settled_at=row.settled_at,
        detail=row.detail,
        platform_message_id=row.platform_message_id,
    )
