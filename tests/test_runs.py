"""Tests of bot/runs.py: what is said in one group right after another."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import chain, repeat
from typing import Any

import pytest
from builders import ACCOUNT, BOT, group, later
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_stage import FAST, Stage, remove, running, say

from bot import hands
from bot.aboard import Along
from bot.actions import Action, Priority, place
from bot.events import GatewayChanged, GatewayState
from bot.gateway.base import Status
from bot.queues import Queues
from bot.runs import CLAIMED, RUN, behind, by_place
from storage.database import Database
from storage.outbox import Outbox as Rows
from storage.values import OutboxRow, OutboxState
from storage.work import Work

DONE, PENDING, UNCONFIRMED = OutboxState.DONE, OutboxState.PENDING, OutboxState.UNCONFIRMED
UNPACED = FAST.model_copy(update={"per_minute": 1000, "group_per_minute": 1000})


def row(number: int, where: str) -> OutboxRow:
    """Something to say, waiting."""
    action = say(str(number), to=group(where))
    return OutboxRow(number, ACCOUNT, action, PENDING, 0, later(), later())


def lined_up(rows: list[OutboxRow]) -> Queues:
    """They stand in line."""
    queues = Queues()
    for each in rows:
        queues.put(each, later())
    return queues


def test_the_longest_line_is_served_first() -> None:
    """So many rows in all, and no more than a run in one place."""
    crowd = [row(number, "甲") for number in range(20)]
    others = [row(number, "乙") for number in range(20, 24)]
    found = behind([others[0], crowd[0]], lined_up([*crowd, *others]), 9, lambda _: [])

    ids = [[each.id for each in rows] for rows in found]
    assert [[*range(1, RUN)], [21, 22]] == ids


def test_each_place_is_a_run_of_its_own() -> None:
    """In the order in which they were chosen."""
    mixed = [row(1, "甲"), row(2, "乙"), row(3, "甲")]

    assert [[1, 3], [2]] == [[each.id for each in run] for run in by_place(mixed)]


async def claims(stage: Stage, monkeypatch: pytest.MonkeyPatch, *actions: Action) -> list[int]:
    """How many rows were claimed together each time while all of these were done."""
    sizes: list[int] = []
    claim_all = Rows.claim_all

    def counted(self: Any, row_ids: list[int], *args: Any) -> set[int]:
        sizes.append(len(row_ids))
        return claim_all(self, row_ids, *args)

    monkeypatch.setattr(Rows, "claim_all", counted)
    await stage.stage(*actions)
    await stage.settle()
    return sizes


async def test_a_line_in_one_group_is_claimed_by_eights(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, and as many commits fewer."""
    async with running(Stage(sqlite_database, pace=UNPACED)) as stage:
        sizes = await claims(stage, monkeypatch, *(say(str(n)) for n in range(20)))
        assert [RUN, RUN, 4] == sizes
        assert [str(n) for n in range(20)] == stage.gateway.keys


async def test_no_run_is_faster_than_the_pace(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of the minute's allowance goes at once, the rest in its time."""
    pace = FAST.model_copy(update={"group_per_minute": 3})
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        sizes = await claims(stage, monkeypatch, *(say(str(n)) for n in range(5)))
        assert [3] == sizes
        await stage.go_to(later(minutes=1))
        assert 5 == len(stage.gateway.performed)


async def test_what_has_to_be_typed_goes_alone(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who types does not say two things at once."""
    pace = UNPACED.model_copy(update={"typing_per_character": 1, "typing_jitter": 0})
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        sizes = await claims(stage, monkeypatch, say("a"), say("b"))
        await stage.go_to(later(seconds=5))
        assert {1} == {*sizes}


async def test_no_act_but_words_is_claimed_behind_another(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it begins, a removal can be called off."""
    async with running(Stage(sqlite_database, pace=UNPACED)) as stage:
        removal = remove("b")
        urgent = [say(key, priority=Priority.MODERATION) for key in "ac"]
        sizes = await claims(stage, monkeypatch, urgent[0], removal, urgent[1])
        assert [1, 1, 1] == sizes
        assert ["a", "b", "c"] == stage.gateway.keys


async def wait_again(stage: Stage, *rest: str) -> None:
    """What is left of a run waits as it did, as if it had not been claimed."""
    rows = await stage.rows()
    assert {(PENDING, 0)} == {(rows[key].state, rows[key].attempts) for key in rest}


@pytest.mark.parametrize("status", [Status.UNSENT, Status.REFUSED, Status.UNSURE])
async def test_after_a_failure_the_rest_waits_again(
    status: Status, sqlite_database: Database
) -> None:
    """What is tried again keeps its place before it."""
    stage = Stage(sqlite_database, Status.DONE, status, pace=UNPACED)
    async with running(stage):
        await stage.stage(*(say(key, priority=Priority.NOTICE) for key in "abcd"))
        await stage.go_to(later(minutes=1))
        tried = "abbcd" if status is Status.UNSENT else "abcd"
        assert [*tried] == stage.gateway.keys


async def test_five_failures_stop_the_account_within_a_run(sqlite_database: Database) -> None:
    """Not one more is tried."""
    stage = Stage(sqlite_database, *[Status.REFUSED] * 9, pace=UNPACED)
    async with running(stage):
        await stage.stage(*(say(str(n), priority=Priority.NOTICE) for n in range(9)))
        await stage.settle()
        assert [*"01234"] == stage.gateway.keys


def told_and_claimed(event: GatewayChanged, along: Along, work: Work) -> None:
    """As the pipeline does it."""
    work.accounts.state(event)
    along(work, True)


async def test_when_it_stops_what_has_not_begun_waits_again(sqlite_database: Database) -> None:
    """After a logout nothing more is said, and nothing is in doubt."""
    stage = Stage(sqlite_database, pace=UNPACED)

    async def logout(_: Action) -> None:
        if len(stage.gateway.performed) == 2:
            event = GatewayChanged(
                account=ACCOUNT, state=GatewayState.LOGGED_OUT, at=stage.clock.now(), me=BOT
            )
            with stage.outbox.aboard() as along:
                await stage.writer.run(partial(told_and_claimed, event, along))

    async with running(stage):
        stage.gateway.meanwhile = logout
        await stage.stage(*(say(key) for key in "abcd"))
        await stage.settle()
        assert ["a", "b"] == stage.gateway.keys
        await wait_again(stage, "c", "d")


async def test_closing_lets_only_what_has_begun_finish(sqlite_database: Database) -> None:
    """The rest is there at the next start, in no doubt."""
    stage = Stage(sqlite_database, pace=UNPACED)
    stage.gateway.hangs = asyncio.Event()
    async with running(stage):
        await stage.stage(*(say(key) for key in "abc"))
        stage.outbox.wake()
        await stage.gateway.began.wait()
        closing = asyncio.create_task(stage.outbox.close())
        await asyncio.sleep(0)
        stage.gateway.hangs.set()
        await closing
        assert ["a"] == stage.gateway.keys
        assert DONE is (await stage.rows())["a"].state
        await wait_again(stage, "b", "c")


async def test_broken_off_leaves_one_in_doubt(sqlite_database: Database) -> None:
    """Only what had begun may have happened."""
    stage = Stage(sqlite_database, pace=UNPACED, patience=0)
    stage.gateway.hangs = asyncio.Event()
    async with running(stage):
        await stage.stage(*(say(key) for key in "abc"))
        stage.outbox.wake()
        await stage.gateway.began.wait()
        await stage.outbox.close()
        assert UNCONFIRMED is (await stage.rows())["a"].state
        await wait_again(stage, "b", "c")


async def test_what_expires_during_a_run_is_not_said(sqlite_database: Database) -> None:
    """The clock is looked at again before each."""
    stage = Stage(sqlite_database, pace=UNPACED)

    async def time_passes(_: Action) -> None:
        stage.clock.move_to(later(minutes=len(stage.gateway.performed)))

    async with running(stage):
        stage.gateway.meanwhile = time_passes
        await stage.stage(say("a"), say("b", expires_at=later(seconds=30)), say("c"))
        await stage.settle()
        assert ["a", "c"] == stage.gateway.keys
        assert OutboxState.EXPIRED is (await stage.rows())["b"].state


async def test_what_is_more_urgent_goes_before_the_rest(sqlite_database: Database) -> None:
    """A reminder does not wait for all topics that were claimed with the one in hand."""
    stage = Stage(sqlite_database, pace=UNPACED)

    async def urgent(_: Action) -> None:
        if len(stage.gateway.performed) == 1:
            await stage.stage(say("!", priority=Priority.MODERATION))
            rows = await stage.writer.run(lambda work: work.outbox.list(ACCOUNT, limit=1))
            stage.outbox.wake(rows)

    async with running(stage):
        stage.gateway.meanwhile = urgent
        await stage.stage(*(say(key, priority=Priority.TOPIC) for key in "abc"))
        await stage.settle()
        assert ["a", "!", "b", "c"] == stage.gateway.keys


async def test_a_run_that_takes_long_is_over(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has not begun after that may be cancelled again, and is not: it goes on."""
    monkeypatch.setattr(hands, "SLOW", -1)
    async with running(Stage(sqlite_database, pace=UNPACED)) as stage:
        sizes = await claims(stage, monkeypatch, say("a"), say("b"), say("c"))
        assert [3, 2, 1] == sizes
        assert ["a", "b", "c"] == stage.gateway.keys


async def test_so_many_are_claimed_at_a_time(sqlite_database: Database) -> None:
    """A crash leaves no more than these in doubt, and no more than eight of a group."""
    stage = Stage(sqlite_database, pace=UNPACED, patience=0)
    stage.gateway.hangs = asyncio.Event()
    async with running(stage):
        await stage.stage(*(say(f"{n}", to=group(f"群{n % 20}")) for n in range(400)))
        stage.outbox.wake()
        await stage.gateway.began.wait()
        rows = (await stage.rows()).values()
        claimed = [each for each in rows if each.state is OutboxState.CLAIMED]
        assert CLAIMED == len(claimed)
        assert max(Counter(place(each.action) for each in claimed).values()) <= RUN


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    script=st.lists(st.sampled_from([Status.DONE, Status.SENT, Status.UNSENT]), max_size=20),
    plan=st.lists(
        st.tuples(st.sampled_from("甲乙"), st.sampled_from([*Priority])), min_size=1, max_size=20
    ),
)
async def test_unpaced_the_order_holds_and_all_is_done_once(
    script: list[Status], plan: list[tuple[str, Priority]], new_sqlite: Any
) -> None:
    """Everything is staged at once: what got through did so by priority and age, once."""
    database = Database(new_sqlite())
    stage = Stage(database, *script, pace=UNPACED)
    async with running(stage):
        await stage.stage(
            *(
                say(str(number), to=group(where), priority=priority)
                for number, (where, priority) in enumerate(plan)
            )
        )
        for _ in range(9):  # failures may have stopped it
            await stage.go_to(stage.clock.now() + timedelta(hours=1))
            await stage.resume()
        came_of_it = zip(stage.gateway.keys, chain(script, repeat(Status.DONE)), strict=False)
        got_through = [key for key, status in came_of_it if status is not Status.UNSENT]
        through = [key for key in got_through if key.isdecimal()]  # others tell the operators
        assert len({*through}) == len(through)
        for where in "甲乙":
            said = [(plan[int(key)], int(key)) for key in through if plan[int(key)][0] == where]
            assert sorted(said) == said
        assert PENDING not in (await stage.states()).values()
    database.close()
