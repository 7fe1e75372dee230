"""Tests of bot/recovery.py: what is owed from before, and what stands in the way."""

from datetime import datetime

import pytest
from builders import ACCOUNT, NOON, group, later, person
from claiming import claim, waiting
from order_stage import opened
from outbox_stage import remove, say

from bot.events import GatewayState
from bot.recovery import barrier, overdue, tell
from bot.turns import HELD_FOR_A_PERSON
from handlers.settings import House
from rules.consequences import Consequence
from storage.database import Database
from storage.values import AccountState, OutboxState
from storage.values_of_order import TaskKind


def state(name: str, stopped_at: datetime | None = None) -> AccountState:
    """An account, connected or not, stopped or not."""
    return AccountState(ACCOUNT, name, "", NOON, None, stopped_at, "为了安全" if stopped_at else "")


@pytest.mark.parametrize(
    ("known", "barred", "connected"),
    [
        (None, False, True),
        (state(""), False, True),
        (state(GatewayState.LOGGED_IN), False, True),
        (state(GatewayState.DEAF), True, False),
        (state(GatewayState.LOGGED_IN, NOON), True, True),
        (state(GatewayState.LOGGED_OUT, NOON), True, False),
    ],
)
def test_nothing_is_done_while_stopped_or_not_connected(
    known: AccountState | None,
    barred: bool,  # noqa: FBT001 - the expected answer
    connected: bool,  # noqa: FBT001 - the expected answer
) -> None:
    """An account never heard of is not in the way of anything."""
    why, online = barrier(known)
    assert (barred, connected) == (bool(why), online)


def test_a_stopped_account_says_why_and_how_to_go_on() -> None:
    """The reason, and the command."""
    why, _ = barrier(state(GatewayState.LOGGED_IN, NOON))
    assert "为了安全" in why
    assert "weilu outbox resume" in why


def test_sent_rows_are_overdue_after_two_minutes(sqlite_database: Database) -> None:
    """The oldest first; and it says when the next one is."""
    with sqlite_database.work() as work:
        for number in range(3):
            work.outbox.stage(say(str(number)), NOON)
        for number, row in enumerate(waiting(work, ACCOUNT, NOON)):
            claim(work, row.id, "us", NOON)
            work.outbox.settle(row.id, OutboxState.SENT, later(minutes=number))
        late, ahead = overdue(work, ACCOUNT, later(minutes=3))
        assert ["0", "1"] == [row.action.key for row in late]
        assert later(minutes=4) == ahead


def test_a_word_to_the_operators_is_about_whom_it_names(sqlite_database: Database) -> None:
    """So that erasing the person finds it; it is said once, and harmless."""
    house = House(account=ACCOUNT, operator_ids=frozenset({"op"}))
    someone = person("小林")
    with sqlite_database.work() as work:
        work.outbox.stage(remove("a", someone), NOON)
        (row,) = waiting(work, ACCOUNT, NOON)
        for _ in range(2):
            tell(work, house, row, "平台说不\x1b[2J", NOON)
        words = [one for one in waiting(work, ACCOUNT, NOON) if one.id != row.id]
        assert 1 == len(words)
        assert row.action.about == words[0].action.about
        assert "\x1b" not in getattr(words[0].action, "text", "\x1b")


def test_a_removal_of_a_case_becomes_a_card(sqlite_database: Database) -> None:
    """A human can do it: once, however often it fails; not where a person is asked to let it go."""
    house = House(account=ACCOUNT, operator_ids=frozenset({"op"}))
    someone = person("小林")
    with sqlite_database.work() as work:
        number = opened(work)
        work.sanctions.impose(number, group(), someone, Consequence.REMOVE, NOON, None)
        work.outbox.stage(remove(f"remove:{number}", someone), NOON)
        (row,) = waiting(work, ACCOUNT, NOON)
        tell(work, house, row, HELD_FOR_A_PERSON, NOON)
        assert [] == work.tasks.list(ACCOUNT)
        for detail in ("不是群主", "还是不是"):
            tell(work, house, row, detail, NOON)
        assert [(TaskKind.REMOVE, number, someone)] == [
            (each.kind, each.case, each.member) for each in work.tasks.list(ACCOUNT)
        ]
