"""One round of the outbox as values: what it is asked, what came of rows, what it has decided."""

import os
import secrets
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.frozen import frozen
from bot.gateway.base import Outcome
from bot.pace import PaceSettings
from bot.turns import Place
from storage.values import OutboxRow

BY = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
"""This very process, as it claims: in a container, names and numbers come again."""


@frozen
class Result:
    """What came of a row: performed with an outcome, or only read back (None).

    One that was claimed and not `begun` waits again.
    """

    row: OutboxRow
    outcome: Outcome | None
    proof: bool | None
    begun: bool = True


@frozen(kw_only=True)
class Asked:
    """What a round is to write down and to look at.

    `busy` are the places, and `in_hand` the rows, of what is going on still. In `most` places
    something may be begun, `rows` of them in all.
    `look_all`: compare with the database what is known of it. `staged` were just committed; what
    the round's own transaction has staged it sees by itself.
    """

    results: Sequence[Result] = ()
    staged: Sequence[OutboxRow] = ()
    busy: Collection[Place] = ()
    in_hand: Collection[int] = ()
    most: int = 0
    rows: int = 0
    look_all: bool = False
    pace: PaceSettings
    closing: bool = False


@dataclass(slots=True)
class Round:
    """What was claimed, what is to be verified, what was staged, and when to look again.

    Of `go` what is in one place is done one after another in this order. `noticed` waits by now.
    """

    go: Sequence[OutboxRow] = ()
    noticed: Sequence[OutboxRow] = ()
    verify: Sequence[OutboxRow] = ()
    look_again: datetime | None = None
    moved: bool = False
    """Something is out of the way of others: look again at once."""
    barred: str = ""
    connected: bool = False
    failures: int = 0
    staged: Sequence[OutboxRow] = ()
    took: float = 0.0
    """Seconds of real time, the commit left out."""
