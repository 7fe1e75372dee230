"""Tests of bot/outcomes.py: what becomes of a row, for every status and every proof."""

from random import Random

import pytest
from builders import ACCOUNT, NOON, later
from outbox_stage import remove, say

from bot.actions import Action
from bot.gateway.base import Outcome, Status
from bot.outcomes import read_back, settlement, wants_a_human, wants_proof
from bot.pace import PaceSettings
from storage.values import OutboxRow, OutboxState, Settlement


def row(attempts: int = 0, state: OutboxState = OutboxState.CLAIMED) -> OutboxRow:
    """A row that was performed `attempts` times before."""
    return OutboxRow(1, ACCOUNT, remove("a"), state, attempts, NOON, NOON)


@pytest.mark.parametrize("proof", [True, False, None])
@pytest.mark.parametrize("status", list(Status))
def test_only_what_certainly_did_not_happen_is_tried_again(
    status: Status,
    proof: bool | None,  # noqa: FBT001 - as the gateway says it
) -> None:
    """UNSENT, or UNSURE that was read back as not done; nothing else is ever pending again."""
    done = settlement(
        row(), Outcome(status, "m1"), proof=proof, now=NOON, pace=PaceSettings(), random=Random(1)
    )
    again = not proof and (status is Status.UNSENT or (status is Status.UNSURE and proof is False))
    assert again == (done.state is OutboxState.PENDING)
    assert again == (done.not_before is not None)


def test_the_last_try_is_the_last() -> None:
    """Five tries by default, then refused, with the number and the platform's words."""
    outcome = Outcome(Status.UNSENT, detail="断线")
    fourth, fifth = (
        settlement(row(n), outcome, proof=None, now=NOON, pace=PaceSettings(), random=Random(1))
        for n in (3, 4)
    )
    assert OutboxState.PENDING is fourth.state
    assert OutboxState.REFUSED is fifth.state
    assert "5" in fifth.detail
    assert "断线" in fifth.detail


def test_what_is_proven_need_not_be_read_back() -> None:
    """Speech that was accepted waits for its echo; a removal that was accepted is read back."""
    spoken = OutboxRow(1, ACCOUNT, say("a"), OutboxState.CLAIMED, 0, NOON, NOON)
    assert not wants_proof(spoken, Outcome(Status.SENT))
    assert wants_proof(spoken, Outcome(Status.UNSURE))
    assert wants_proof(row(), Outcome(Status.SENT))
    assert not wants_proof(row(), Outcome(Status.DONE))


def test_reading_back_later_repeats_only_what_a_dead_process_left() -> None:
    """A claimed row that did not happen is done now; a sent one was ignored by the platform."""
    left = read_back(row(), proof=False, now=later(hours=1))
    assert (OutboxState.PENDING, later(hours=1)) == (left.state, left.not_before)
    ignored = read_back(row(state=OutboxState.SENT), proof=False, now=NOON)
    assert OutboxState.REFUSED is ignored.state


@pytest.mark.parametrize(
    ("action", "state", "wants"),
    [
        (say("details:1"), OutboxState.REFUSED, True),
        (say("details:1"), OutboxState.UNCONFIRMED, False),
        (remove("remove:1"), OutboxState.REFUSED, True),
        (remove("remove:1"), OutboxState.UNCONFIRMED, True),
        (remove("by hand"), OutboxState.UNCONFIRMED, False),
        (remove("remove:1"), OutboxState.DONE, False),
        (remove("remove:1"), OutboxState.PENDING, False),
    ],
)
def test_what_the_operators_have_to_hear_of(
    action: Action,
    state: OutboxState,
    wants: bool,  # noqa: FBT001 - from a table
) -> None:
    """What was not done, and a sanction of which nobody knows whether it took effect."""
    performed = OutboxRow(1, ACCOUNT, action, OutboxState.CLAIMED, 0, NOON, NOON)
    assert wants == wants_a_human(performed, Settlement(state))
    assert wants_a_human(performed, Settlement(state, incomplete=True))


def test_what_is_incomplete_is_done_all_the_same() -> None:
    """A topic without its picture is done, or on its way, and says what it lacks."""
    for status, state in ((Status.DONE, OutboxState.DONE), (Status.SENT, OutboxState.SENT)):
        outcome = Outcome(status, "m1", "没有图片", incomplete=True)
        became = settlement(
            row(), outcome, proof=None, now=NOON, pace=PaceSettings(), random=Random(1)
        )
        assert Settlement(state, "没有图片", "m1", incomplete=True) == became
