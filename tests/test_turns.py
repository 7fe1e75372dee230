"""Tests of bot/turns.py: whose turn it is, without a database."""

from datetime import time, timedelta
from random import Random
from typing import Any

import pytest
from builders import ACCOUNT, NOON, group, later, person
from hypothesis import given
from hypothesis import strategies as st
from outbox_stage import FAST, remove, say

from bot.actions import Action, Priority, place
from bot.pace import PaceSettings, QuietHours
from bot.turns import HELD_FOR_A_PERSON, Choice, Turns
from storage.values import OutboxRow, OutboxState

MIDDAY = QuietHours(**{"from": time(11), "to": time(21)})


def row(number: int, action: Action, **over: Any) -> OutboxRow:
    """A waiting row."""
    fields: dict[str, Any] = {"detail": "", "settled_at": None}
    return OutboxRow(number, ACCOUNT, action, OutboxState.PENDING, 0, NOON, NOON, **(fields | over))


def ask(turns: Turns, *rows: OutboxRow, pace: PaceSettings = FAST, **delta: float) -> Choice:
    """Whose turn it is so long after noon."""
    return turns.choose(rows, busy=(), now=later(**delta), pace=pace, told=lambda _: 0)


def test_one_of_each_place_at_a_time() -> None:
    """The first of a group, and the first of every other; the rest next time."""
    rows = [row(1, say("a")), row(2, say("b")), row(3, say("c", to=person("小林")))]
    choice = ask(Turns(Random(1)), *rows)
    assert [1, 3] == [one.id for one in choice.go]


def test_a_busy_place_is_passed_over() -> None:
    """What is in hand there must finish first."""
    turns = Turns(Random(1))
    choice = turns.choose([row(1, say("a"))], {group()}, NOON, FAST, lambda _: 0)
    assert [] == choice.go
    assert choice.ask_again is None


def test_it_says_when_to_ask_again() -> None:
    """When the typing is done, or the next token is there."""
    slow = PaceSettings(typing_per_character=1, typing_jitter=0, group_per_minute=1)
    turns = Turns(Random(1))
    assert later(seconds=2) == ask(turns, row(1, say("a", "两字")), pace=slow).ask_again
    assert [1] == [one.id for one in ask(turns, row(1, say("a", "两字")), pace=slow, seconds=2).go]
    again = ask(turns, row(2, say("b", "两字")), pace=slow, seconds=3)
    assert later(seconds=62) == again.ask_again


def test_typing_begins_anew_for_what_is_more_urgent() -> None:
    """Nobody sends a reminder in the time in which a topic was typed."""
    slow = PaceSettings(typing_per_character=1, typing_jitter=0)
    turns = Turns(Random(1))
    ask(turns, row(1, say("topic", "五个字的话")), pace=slow)
    urgent = row(2, say("reminder", "三个字", priority=Priority.MODERATION))
    choice = ask(turns, urgent, row(1, say("topic", "五个字的话")), pace=slow, seconds=4)
    assert later(seconds=7) == choice.ask_again


def test_who_overtakes_does_not_let_others_overtake() -> None:
    """What is tried again later keeps its place before what is behind it."""
    turns = Turns(Random(1))
    turns.try_again(row(1, say("a")), later(seconds=30))
    urgent = row(3, say("c", priority=Priority.MODERATION))
    assert [3] == [one.id for one in ask(turns, urgent, row(2, say("b"))).go]
    assert [] == ask(turns, row(2, say("b")), seconds=1).go
    assert [2] == [one.id for one in ask(turns, row(2, say("b")), seconds=30).go]


def test_a_clock_put_back_keeps_nobody_typing_for_hours() -> None:
    """The wait is never longer than the cap."""
    slow = PaceSettings(typing_per_character=1, typing_jitter=0)
    turns = Turns(Random(1))
    ask(turns, row(1, say("a", "两字")), pace=slow, hours=5)
    assert later(seconds=8) == ask(turns, row(1, say("a", "两字")), pace=slow).ask_again


def test_what_did_not_go_gives_its_tokens_back() -> None:
    """The account's, the place's, a removal's; and it need not be typed once more."""
    slow = PaceSettings(typing_per_character=1, typing_jitter=0, per_minute=2, removals_per_hour=1)
    turns = Turns(Random(1))
    rows = [row(1, say("a", "两字", to=group("花友"))), row(2, remove("r"))]
    ask(turns, rows[0], pace=slow)
    for _ in range(3):
        choice = ask(turns, *rows, pace=slow, seconds=2)
        assert [1, 2] == [one.id for one in choice.go]
        turns.give_back(choice.go)


def behind(turns: Turns, *rows: OutboxRow, pace: PaceSettings = FAST, told: int = 0) -> list[int]:
    """Who goes, of these, right after the first of them."""
    choice = ask(turns, rows[0], pace=pace)
    turns.follow(choice, rows[1:], NOON, pace, lambda _: told)
    return [one.id for one in choice.go]


@pytest.mark.parametrize(
    ("third", "pace", "told"),
    [
        (remove("c"), FAST, 0),
        (say("c"), FAST.model_copy(update={"group_per_minute": 2}), 0),
        (say("c"), FAST.model_copy(update={"per_minute": 2}), 0),
        (say("c", priority=Priority.TOPIC), FAST.model_copy(update={"quiet_hours": MIDDAY}), 0),
        (say("c", "说过"), FAST.model_copy(update={"same_text_groups": 1}), 0),
    ],
)
def test_one_that_anything_keeps_does_not_follow(
    third: Action, pace: PaceSettings, told: int
) -> None:
    """Nor does what is behind it; its turn comes when it is the first."""
    rows = [row(1, say("a", "甲")), row(2, say("b", "说过")), row(3, third), row(4, say("d"))]
    assert [1, 2] == behind(Turns(Random(1)), *rows, pace=pace, told=told)


def test_what_has_to_be_typed_does_not_follow() -> None:
    """Its typing begins when it is the first."""
    slow = PaceSettings(typing_per_character=1)
    turns = Turns(Random(1))
    ask(turns, row(1, say("a")), pace=slow)
    choice = ask(turns, row(1, say("a")), pace=slow, seconds=2)
    turns.follow(choice, [row(2, say("b"))], later(seconds=2), slow, lambda _: 0)
    assert [1] == [one.id for one in choice.go]


def test_those_who_follow_take_tokens_and_give_them_back() -> None:
    """As whoever goes first."""
    pace = FAST.model_copy(update={"group_per_minute": 2})
    turns, rows = Turns(Random(1)), [row(n, say(str(n))) for n in range(1, 4)]
    assert [1, 2] == behind(turns, *rows, pace=pace)
    assert [] == behind(turns, *rows, pace=pace)
    turns.give_back(rows[:2])
    assert [1, 2] == behind(turns, *rows, pace=pace)


def test_removals_of_before_the_restart_count() -> None:
    """What earlier processes did within the hour uses up the hour's removals."""
    turns = Turns(Random(1))
    turns.warm([row(n, remove(f"r{n}"), settled_at=later(minutes=-n)) for n in range(1, 6)])
    (hold,) = ask(turns, row(9, remove("r9"))).holds
    assert HELD_FOR_A_PERSON == hold.detail
    assert [] == ask(turns, row(9, remove("r9")), minutes=56).holds


def test_places_that_rest_are_forgotten() -> None:
    """Thousands of private talks do not stay in memory."""
    turns = Turns(Random(1))
    for number in range(100):
        ask(turns, row(number, say("a", to=person(str(number)))), minutes=number)
    ask(turns, minutes=200)
    assert {} == turns._places


@given(
    plan=st.lists(
        st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(Priority), st.integers(0, 30)),
        max_size=40,
    ),
    per_minute=st.integers(1, 6),
    seed=st.integers(),
)
def test_no_rate_is_exceeded_and_no_order_broken(
    plan: list[tuple[str, Priority, int]], per_minute: int, seed: int
) -> None:
    """Whenever whatever comes: the limits hold, and no row of a place passes a prior one."""
    pace = PaceSettings(per_minute=per_minute, group_per_minute=2)
    turns, now, waits, done = Turns(Random(seed)), NOON, [], []
    steps = iter(plan)
    for number in range(10 * len(plan) + 10):
        where, priority, seconds = next(steps, ("", Priority.TOPIC, 20))
        now += timedelta(seconds=seconds)
        if where:
            waits.append(row(number, say(str(number), priority=priority, to=group(where))))
        waits.sort(key=lambda one: (one.action.priority, one.id))
        for one in turns.choose(waits, (), now, pace, lambda _: 0).go:
            ahead = [w for w in waits if place(w.action) == place(one.action)]
            assert ahead[0] is one
            waits.remove(one)
            done.append((now, place(one.action)))
    for start, _ in done:
        minute = [where for at, where in done if start <= at < start + timedelta(minutes=1)]
        assert len(minute) <= per_minute
        assert all(minute.count(where) <= 2 for where in minute)
    assert min(len(plan), 1) <= len(done)
