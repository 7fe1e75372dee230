"""What becomes of an outbox row after it was performed: pure decisions, no database, no clock."""

from datetime import datetime
from random import Random

from bot.actions import Mute, Remove, Say
from bot.gateway.base import Outcome, Status
from bot.pace import PaceSettings
from bot.pacing import back_off
from handlers.keys import case_of
from storage.values import OutboxRow, OutboxState, Settlement

FAILURES = (Status.UNSENT, Status.REFUSED)
"""What counts towards stopping the account when it comes several times in a row."""
SUCCESSES = (Status.DONE, Status.SENT)
SETTLED = (OutboxState.DONE, OutboxState.DRY)
"""Tuples, as hashing members of an enum takes longer than comparing them; asked for every act."""

_DRY = "演练，没有真的去做 dry run: nothing was done"
_NO_ECHO = (
    "平台已接受，但一直没有看到它 accepted, but never seen: look yourself, then resend or cancel"
)
_UNKNOWN = "中途断开，不知是否做成；不会自动重做 cut off midway: not repeated by itself"


DRY = Settlement(OutboxState.DRY, _DRY)


def wants_proof(row: OutboxRow, outcome: Outcome) -> bool:
    """Whether the platform should be asked, now, if the action has taken effect."""
    unproven = outcome.status is Status.SENT and not isinstance(row.action, Say)
    return unproven or outcome.status is Status.UNSURE


def wants_a_human(row: OutboxRow, became: Settlement) -> bool:
    """Whether the operators have to hear of it.

    It was not done, or not all of it, or nobody knows whether a sanction of a case took effect.
    """
    if became.incomplete:
        return True
    if became.state is OutboxState.UNCONFIRMED:
        return isinstance(row.action, Remove | Mute) and case_of(row.action.key) is not None
    return became.state is OutboxState.REFUSED


def settlement(
    row: OutboxRow,
    outcome: Outcome,
    *,
    proof: bool | None,
    now: datetime,
    pace: PaceSettings,
    random: Random,
) -> Settlement:
    """What becomes of a row whose action was performed just now.

    `proof` is what reading back said, None if it could not tell or was not asked. Nothing that may
    have happened is ever done again: only UNSENT, or UNSURE read back as not done, is retried.
    """
    if proof:
        return _settled(OutboxState.DONE, outcome)
    match outcome.status:
        case Status.DONE:
            return _settled(OutboxState.DONE, outcome)
        case Status.SENT:
            return _settled(OutboxState.SENT, outcome)
        case Status.REFUSED | Status.IGNORED:
            return Settlement(OutboxState.REFUSED, outcome.detail)
        case Status.UNSURE if proof is None:
            return Settlement(OutboxState.UNCONFIRMED, outcome.detail or _UNKNOWN)
    return _again(row, outcome, now, pace, random)


def _settled(state: OutboxState, outcome: Outcome) -> Settlement:
    return Settlement(state, outcome.detail, outcome.message_id, incomplete=outcome.incomplete)


def _again(
    row: OutboxRow, outcome: Outcome, now: datetime, pace: PaceSettings, random: Random
) -> Settlement:
    tried = row.attempts + 1
    if tried >= pace.tries:
        why = f"试了 {tried} 次未成 given up after {tried} tries"
        return Settlement(OutboxState.REFUSED, f"{why}: {outcome.detail}")
    return Settlement(
        OutboxState.PENDING, outcome.detail, not_before=now + back_off(tried, pace, random)
    )


def read_back(row: OutboxRow, *, proof: bool | None, now: datetime) -> Settlement:
    """What becomes of a row that was verified some time after it was performed.

    A claimed row is one that a dead process was performing: what was not done is done now. A sent
    one was accepted long ago: what has no effect by now was ignored.
    """
    if proof:
        return Settlement(OutboxState.DONE, "回读确认 confirmed by reading back")
    if proof is None:
        return Settlement(
            OutboxState.UNCONFIRMED, _UNKNOWN if row.state is OutboxState.CLAIMED else _NO_ECHO
        )
    if row.state is OutboxState.CLAIMED:
        return Settlement(OutboxState.PENDING, "重启后再做 tried again after a restart", "", now)
    return Settlement(
        OutboxState.REFUSED, "平台接受了却没有效果 the platform accepted it without effect"
    )
