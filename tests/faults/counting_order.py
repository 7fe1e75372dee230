"""Counting what the ladder made: cases, sanctions, words, removals and invitations."""

from collections.abc import Iterable
from typing import Any

from faults.far_side import FarSide
from faults.traffic import FRAUD
from sqlalchemy import Connection, text

from bot.actions import Action, Invite, Remove
from rules.consequences import Consequence
from storage.actions import read
from storage.values import OutboxState

_LASTS = (Consequence.QUIET, Consequence.REMOVE)
_DOUBT = {OutboxState.SENT, OutboxState.UNCONFIRMED}
_OF_LADDER = ("remove:", "invite:")


def order(connection: Connection, far: FarSide) -> dict[str, list[str]]:
    """What is wrong with the sanctions, after all of them had the time to end."""
    cases = _all(connection, "SELECT * FROM cases WHERE rule = '诈骗'")
    sanctions = _all(connection, "SELECT * FROM sanctions")
    rows = _all(connection, "SELECT action, state FROM outbox")
    states = {read(row.action).key: OutboxState(row.state) for row in rows}
    return {
        **_each_once(connection, cases),
        **_imposed(cases, sanctions, states),
        **_ended(sanctions, states, _missing(connection, far)),
        "removals or invitations left in doubt": [
            key for key, state in states.items() if key.startswith(_OF_LADDER) and state in _DOUBT
        ],
        "removed or invited twice": _twice(far.done),
    }


def seen_of_order(connection: Connection, done: list[Action]) -> dict[str, int]:
    """How much of the ladder was climbed."""
    sanctions = _all(connection, "SELECT kind FROM sanctions")
    kinds = [Consequence(row.kind) for row in sanctions]
    warned = _all(connection, "SELECT number FROM cases WHERE consequence = 'warn'")
    return {
        "warnings": len(warned),
        "quiet periods": kinds.count(Consequence.QUIET),
        "  breaches of these": len(_all(connection, "SELECT sanction_id FROM breaches")),
        "removals with a date of return": kinds.count(Consequence.REMOVE),
        "  invited back": sum(isinstance(each, Invite) for each in done),
    }


def _all(connection: Connection, statement: str) -> list[Any]:
    return list(connection.execute(text(statement)))


def _each_once(connection: Connection, cases: list[Any]) -> dict[str, list[str]]:
    """A fraud is a case or the breach of a quiet period, and once."""
    said = _all(connection, f"SELECT * FROM messages WHERE text LIKE '%{FRAUD}' AND NOT ours")  # noqa: S608 our own words
    breaches = _all(connection, "SELECT platform_message_id FROM breaches")
    answered = [each.platform_message_id for each in (*cases, *breaches)]
    return {
        "frauds without a case or a breach, or the other way": sorted(
            {each.platform_id for each in said} ^ set(answered)
        ),
        "frauds with two": sorted({each for each in answered if answered.count(each) > 1}),
    }


def _imposed(
    cases: list[Any], sanctions: list[Any], states: dict[str, OutboxState]
) -> dict[str, list[str]]:
    """What a case says followed is there: the sanction, the word, the removal."""
    wanted = {(case.number, kind.word) for case in cases for kind in _LASTS if _is(case, kind)}
    imposed = {(each.case_number, Consequence(each.kind).word) for each in sanctions}
    strikes = [case.number for case in cases if case.strike]
    out = {f"remove:{case.number}" for case in cases if _is(case, Consequence.REMOVE)}
    return {
        "sanctions at odds with their case": sorted(map(str, wanted ^ imposed)),
        "sanctioned and not told": [
            str(number) for number in strikes if f"details:{number}" not in states
        ],
        "removals at odds with their case": sorted(
            out ^ {key for key in states if key.startswith("remove:")}
        ),
    }


def _ended(
    sanctions: list[Any], states: dict[str, OutboxState], missing: set[int]
) -> dict[str, list[str]]:
    """What is over is dealt with, and who was out is invited back: once, and never before."""
    closed = {each.case_number for each in sanctions if each.closed_at is not None}
    still_out = {
        each.member_id
        for each in sanctions
        if each.kind == Consequence.REMOVE and each.closed_at is not None
    }
    invited = {int(key.partition(":")[2]) for key in states if key.startswith("invite:")}
    return {
        "sanctions that never ended": [
            str(each.id) for each in sanctions if each.closed_at is None
        ],
        "over, and not invited back": [str(member) for member in still_out & missing],
        "invited before their time": [str(number) for number in invited - closed],
    }


def _missing(connection: Connection, far: FarSide) -> set[int]:
    """Our keys of those who are in no group at the far side."""
    there = {id_ for members in far.rooms.values() for id_ in members}
    known = _all(connection, "SELECT member_id, platform_id FROM identities")
    return {each.member_id for each in known if each.platform_id not in there}


def _twice(done: Iterable[Action]) -> list[str]:
    """Nobody is put out who is out, nor invited back twice for one removal.

    Whose removal was given up after their invitation was decided is invited although they never
    left: that is allowed.
    """
    acts = [each for each in done if isinstance(each, (Remove, Invite))]
    removed = {each.key for each in acts if isinstance(each, Remove)}
    out: set[tuple[str, str]] = set()
    wrong = []
    for each in acts:
        is_out = _whose(each) in out
        if isinstance(each, Remove):
            wrong += [each.key] if is_out else []
            out.add(_whose(each))
        elif not is_out and each.key.replace("invite:", "remove:") in removed:
            wrong.append(each.key)
        else:
            out.discard(_whose(each))
    return wrong


def _whose(action: Remove | Invite) -> tuple[str, str]:
    return action.group.id, action.member.id


def _is(case: Any, kind: Consequence) -> bool:
    return bool(case.consequence == kind.word)
