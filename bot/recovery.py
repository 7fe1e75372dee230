"""What is owed from before: rows of a dead process, echoes that never came, words to operators."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions import Action, Priority, Say, place
from bot.events import GatewayChanged, GatewayState
from bot.gateway.base import Gateway
from bot.outcomes import read_back
from bot.pacing import HOUR
from bot.texts import Text
from bot.turns import HELD_FOR_A_PERSON
from handlers.cards import Act, cannot
from handlers.keys import case_of
from handlers.operators import tell_operators
from handlers.scene import Scene
from handlers.settings import House
from handlers.wording import harmless, plain_lines
from storage.values import AccountState, OutboxRow, OutboxState
from storage.work import Work

log = logging.getLogger(__name__)

ECHO_WITHIN = timedelta(minutes=2)
"""So long the echo of our own message may take; after that it is unconfirmed."""
NOT_DONE = Text(
    zh="有一件事没有做成。去处：{where}；缘由：{why}；结果：{detail}（发件箱第 {row} 行）",
    en="Something was not done. Where: {where}; why: {why}; result: {detail} (outbox row {row})",
)

_MOST = 1000


def prepare(work: Work, account: str, now: datetime) -> tuple[list[OutboxRow], Sequence[OutboxRow]]:
    """Before the first round: the orphans that can be verified, and what was done this last hour.

    Orphaned speech is unconfirmed at once. The account is as good as disconnected until its
    gateway says otherwise, whatever the dead process wrote last.
    """
    known = work.accounts.get(account)
    if known is not None and known.state == GatewayState.LOGGED_IN:
        work.accounts.state(GatewayChanged(account=account, state=GatewayState.CONNECTING, at=now))
    orphans = work.outbox.orphans(account)
    for row in orphans:
        if isinstance(row.action, Say):
            done = read_back(row, proof=None, now=now)
            work.outbox.settle(row.id, done.state, now, done.detail)
    recent = [
        row
        for row in work.outbox.performed(account, _MOST)
        if row.settled_at is not None and row.settled_at > now - HOUR
    ]
    return [row for row in orphans if not isinstance(row.action, Say)], recent


def barrier(known: AccountState | None) -> tuple[str, bool]:
    """Why nothing may be done now (empty: nothing is in the way), and whether it is connected."""
    if known is None:
        return "", True
    connected = known.state in {GatewayState.LOGGED_IN, ""}
    if known.stopped_at is not None:
        how = "恢复请运行 weilu outbox resume to go on, run `weilu outbox resume`"
        return f"发送已停止 sending is stopped: {known.stopped_why}; {how}", connected
    return ("" if connected else "账号未连接，先等着 not connected, actions wait"), connected


def overdue(work: Work, account: str, now: datetime) -> tuple[list[OutboxRow], datetime | None]:
    """Sent rows whose echo has not come in time, and when the next one's time is up."""
    late, ahead = [], []
    for row in work.outbox.list(account, (OutboxState.SENT,), limit=_MOST):
        deadline = (row.settled_at or row.created_at) + ECHO_WITHIN
        if deadline <= now:
            late.append(row)
        else:
            ahead.append(deadline)
    return late[::-1], min(ahead, default=None)


async def proven(gateway: Gateway, row: OutboxRow) -> bool | None:
    """What reading back says; None where it fails, against the gateway's promise."""
    try:
        return await gateway.confirm(row.action)
    except Exception:
        log.exception("网关回读出错 the gateway failed to read back row %d", row.id)
        return None


def tell(work: Work, house: House, row: OutboxRow, detail: str, now: datetime) -> None:
    """Stage a word to the operators about what was not done; never about such a word itself.

    What a human can do in our place becomes a task card.
    """
    if row.action.priority is Priority.NOTICE:
        return
    scene = Scene(work, house, None, now, None, frozenset())
    action = row.action
    if isinstance(action, Act) and case_of(action.key) and detail != HELD_FOR_A_PERSON:
        words = cannot(scene, action, detail)
    else:
        words = _not_done(scene, row, detail)
    for word in words:
        work.outbox.stage(word, now)


def _not_done(scene: Scene, row: OutboxRow, detail: str) -> tuple[Action, ...]:
    where = place(row.action)
    return tell_operators(
        scene,
        f"not-done:{row.id}",
        NOT_DONE,
        row.action.about,
        where=harmless(where.name or where.id),
        why=plain_lines(row.action.why),
        detail=plain_lines(detail),
        row=row.id,
    )
