"""What is asked of the outbox table, the value of its rows, and how a row changes."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from bot.frozen import frozen
from storage.actions import read
from storage.prepared import ROWS_DIFFER
from storage.statements import among, insert_new
from storage.tables import groups, outbox, posts
from storage.transaction import AnyRow
from storage.values import OutboxRow, OutboxState, Settlement

OF_POST = (posts.c.id.label("post_id"), posts.c.slot_id, posts.c.window)
"""What is asked of a post that moves along with its row; no id where a row is none."""
RECENT = 200  # rows on their way in which an echo looks for its text


def _one_of(*states: OutboxState) -> list[ColumnElement[str]]:
    """States as words of the statement itself, so that it can be prepared."""
    return [literal_column(f"'{state.value}'") for state in states]


_ON_THE_WAY = (OutboxState.CLAIMED, OutboxState.SENT, OutboxState.UNCONFIRMED)
_OUT = (OutboxState.SENT, OutboxState.DONE, OutboxState.UNCONFIRMED)
_TOLD = (*_ON_THE_WAY, OutboxState.DONE, OutboxState.DRY)
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
SAID_STATES = (OutboxState.SENT.value, OutboxState.DONE.value)
"""The platform has taken it."""
_C = outbox.c
INSERT = insert_new(outbox, "account", "key")
THERE = select(_C.id, _C.key).where(_C.account == bindparam("account"), among(_C.key, "keys"))
_ALL: Select[Any] = select(outbox)
_OF_ACCOUNT = _ALL.where(_C.account == bindparam("account"))
OF_KEY = _OF_ACCOUNT.where(_C.key == bindparam("of_key"))
ONE = _ALL.where(_C.id == bindparam("row"))
# Locked where rows can be, so that what is read still holds when it is changed. What is done is
# left out: that is most of a row. The posts that some of them are come along.
SOME = (
    select(
        _C.id,
        _C.key,
        _C.state,
        _C.attempts,
        _C.created_at,
        _C.not_before,
        _C.settled_at,
        _C.detail,
        _C.platform_message_id,
        *OF_POST,
    )
    .outerjoin_from(outbox, posts, posts.c.outbox_key == _C.key)
    .where(among(_C.id, "rows"))
    .order_by(_C.id)
    .with_for_update(of=outbox)
)
STILL = (
    select(_C.id)
    .where(
        among(_C.id, "rows"),
        _C.state == OutboxState.PENDING.value,
        _C.not_before <= bindparam("now"),  # it may have been put off by somebody else
    )
    .order_by(_C.id)
    .with_for_update()
)
IN_STATE = _OF_ACCOUNT.where(_C.state == bindparam("of_state")).order_by(_C.id)
CLAIMED_BY = select(_C.id).where(
    _C.account == bindparam("account"),
    _C.state == OutboxState.CLAIMED.value,
    _C.claimed_by == bindparam("by"),
)
OVERDUE = IN_STATE.where(_C.expires_at <= bindparam("now"))
PENDING = (
    select(_C.id, _C.not_before)
    .where(_C.account == bindparam("account"), _C.state == OutboxState.PENDING.value)
    .order_by(_C.priority, _C.id)
)
THESE = _ALL.where(
    _C.account == bindparam("account"),
    _C.state == OutboxState.PENDING.value,
    among(_C.id, "rows"),
)
NEXT_EXPIRY = select(func.min(_C.expires_at)).where(
    _C.account == bindparam("account"), _C.state == OutboxState.PENDING.value
)
# Joined to nothing, so that no index is taken by it: nearly every row there ever was is one of this
# account that is done. What is looked for is found by its text, its message, or from the newest on.
_account, _state = _C.account.concat(""), _C.state.concat("")
_told_at = func.coalesce(_C.settled_at, _C.claimed_at)
TOLD = (
    select(
        _C.text_digest,
        groups.c.account,
        groups.c.platform_id,
        groups.c.name,
        func.max(_told_at).label("at"),
    )
    .join_from(outbox, groups, groups.c.id == _C.group_id)
    .where(
        _account == bindparam("account"),
        among(_C.text_digest, "texts"),
        _state.in_(_one_of(*_TOLD)),
        _told_at >= bindparam("since"),
    )
    .group_by(_C.text_digest, groups.c.account, groups.c.platform_id, groups.c.name)
)
BY_MESSAGE = _ALL.where(
    _account == bindparam("account"),
    among(_C.platform_message_id, "messages"),
).with_for_update()
SAID = (
    _OF_ACCOUNT.where(
        _C.state.in_(_one_of(*_ON_THE_WAY)),
        _C.platform_message_id.concat("") == literal_column("''"),
        or_(
            among(_C.group_id, "groups"),
            and_(bindparam("private", type_=Boolean()), _C.group_id.is_(None)),
        ),
    )
    .order_by(_C.id.desc())
    .limit(bindparam("limit"))
    .with_for_update()
)
LIST: Select[Any] = (
    _ALL.where(_C.state.in_(bindparam("states", expanding=True)))
    .order_by(_C.id.desc())
    .limit(bindparam("limit"))
)
# Most of all there ever was is done: by the state, all of it would be sorted for the newest few.
NEWEST = (
    _ALL.where(
        _C.state.concat("").in_(bindparam("states", expanding=True)),
        _C.account.concat("") == bindparam("account"),
    )
    .order_by(_C.id.desc())
    .limit(bindparam("limit"))
)
PERFORMED = (
    _ALL.where(_account == bindparam("account"), _state.in_(_one_of(*_OUT)))
    .order_by(_C.id.desc())
    .limit(bindparam("limit"))
)
LIST_OF_ACCOUNT = LIST.where(_C.account == bindparam("account"))
CLAIM = (
    update(outbox)
    .where(
        among(_C.id, "rows"),
        _C.state == OutboxState.PENDING.value,
        _C.not_before <= bindparam("now"),
    )
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
    .execution_options(**{ROWS_DIFFER: True})
)
REWRITE = (
    update(outbox)
    .where(_C.id == bindparam("row"))
    .values(action=bindparam("new_action"), expires_at=None)
)
POSTPONE = (
    update(outbox)
    .where(_C.id == bindparam("row"), _C.state == OutboxState.PENDING.value)
    .values(
        action=bindparam("new_action"),
        expires_at=bindparam("expires"),
        not_before=bindparam("after"),
    )
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


class Moved(NamedTuple):
    """An outbox row by its digested key, what it became, and when; empty is what nobody knows."""

    key: str
    state: OutboxState
    at: datetime
    detail: str
    message_id: str


@frozen
class Move:
    """A row that becomes something else; what is left empty stays as it was."""

    row: AnyRow
    to: Settlement
    at: datetime | None
    attempts: int = 0

    def changes(self) -> dict[str, Any]:
        """What MOVE is given."""
        row, to = self.row, self.to
        return {
            "row": row.id,
            "was": row.state,
            "new_state": to.state.value,
            "at": self.at,
            "why": to.detail or row.detail,
            "message": to.message_id or row.platform_message_id,
            "after": to.not_before or row.not_before,
            "tried": row.attempts + self.attempts,
        }

    def moved(self) -> Moved:
        """What it tells the post that the row may be."""
        row, to = self.row, self.to
        return Moved(row.key, to.state, self.at or row.created_at, to.detail, to.message_id)


def settling(row: AnyRow, to: Settlement, now: datetime) -> Move | None:
    """How a row is settled, None if nothing about it changes.

    What is done stays done: an echo that came earlier is not overruled, only its missing message
    id is filled in.
    """
    if row.state != OutboxState.DONE.value:
        again = to.state is OutboxState.PENDING
        return Move(row, to, at=None if again else now, attempts=int(again))
    if to.message_id and not row.platform_message_id:
        filled_in = Settlement(OutboxState.DONE, message_id=to.message_id)
        return Move(row, filled_in, at=row.settled_at)
    return None
