"""Tests of bot/outbox.py: everything is done once, slowly, in order, and written down."""

import asyncio
import contextlib
import threading
from collections import defaultdict
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from itertools import chain, groupby, repeat
from typing import Any

import pytest
from builders import ACCOUNT, group, later, person
from claiming import claim, waiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_stage import FAST, Stage, invite, remove, running, say

import storage.outbox
from bot import hands, outbox
from bot.aboard import Along
from bot.actions import Action, Priority, place
from bot.events import GatewayState, Group
from bot.gateway.base import Outcome, Status
from bot.pace import PaceSettings, QuietHours
from bot.rounds import Rounds
from bot.turns import HELD_FOR_A_PERSON, QUIET, SAME_TEXT
from storage.database import Database
from storage.trouble import DatabaseBroken, DatabaseUnavailable
from storage.values import OutboxRow, OutboxState
from storage.work import Work

DONE, PENDING, SENT = OutboxState.DONE, OutboxState.PENDING, OutboxState.SENT
UNCONFIRMED, REFUSED = OutboxState.UNCONFIRMED, OutboxState.REFUSED


async def test_what_was_committed_is_done_and_written_down(database: Database) -> None:
    """On both databases: performed once, then done."""
    async with running(Stage(database)) as stage:
        await stage.stage(say("a"))
        await stage.settle()
        await stage.settle()
        assert ["a"] == stage.gateway.keys
        assert {"a": DONE} == await stage.states()


async def test_in_a_group_the_order_is_kept_and_moderation_goes_first(
    sqlite_database: Database,
) -> None:
    """By priority, then by age."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.stage(
            say("topic", priority=Priority.TOPIC), say("first"), say("second"), remove("remove")
        )
        await stage.go_to(later(minutes=1))
        assert ["remove", "first", "second", "topic"] == stage.gateway.keys


async def test_groups_do_not_wait_for_each_other(sqlite_database: Database) -> None:
    """While an action hangs in one group, the other groups go on."""
    async with running(Stage(sqlite_database, patience=0)) as stage:
        stage.gateway.hangs = hanging = asyncio.Event()
        await stage.stage(say("hangs"), say("behind"))
        await stage.gateway.began.wait()
        stage.gateway.hangs = None
        await stage.stage(say("elsewhere", to=group("茶馆")))
        stage.gateway.began.clear()
        stage.outbox.wake()
        await stage.gateway.began.wait()
        assert ["hangs", "elsewhere"] == stage.gateway.keys
        hanging.set()
        await stage.settle()
        assert ["hangs", "elsewhere", "behind"] == stage.gateway.keys


async def test_a_group_and_the_account_have_their_limits(sqlite_database: Database) -> None:
    """Two a minute in a group, three in all: no minute sees more."""
    pace = PaceSettings(typing_per_character=0, per_minute=3, group_per_minute=2)
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        for number in range(4):
            await stage.stage(*(say(f"{name}{number}", to=group(name)) for name in "甲乙"))
        await stage.go_to(later(minutes=5))
        times = [at for at, _ in stage.gateway.performed]
        assert 8 == len(times)
        for start in times:
            minute = [
                place(action).id
                for at, action in stage.gateway.performed
                if start <= at < start + timedelta(minutes=1)
            ]
            assert len(minute) <= 3
            assert max(minute.count(name) for name in minute) <= 2


async def test_a_text_is_typed_before_it_is_sent(sqlite_database: Database) -> None:
    """Ten characters at half a second each, give or take nothing: after five seconds."""
    pace = PaceSettings(typing_per_character=0.5, typing_jitter=0)
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        await stage.stage(say("a", "一二三四五六七八九十"))
        await stage.go_to(later(seconds=4.9))
        assert [] == stage.gateway.keys
        await stage.go_to(later(seconds=5))
        assert ["a"] == stage.gateway.keys


async def test_moderation_does_not_wait_for_a_topic_that_took_the_last_token(
    sqlite_database: Database,
) -> None:
    """A token is kept for the reminder that is still being typed."""
    pace = PaceSettings(typing_per_character=0.5, typing_jitter=0, per_minute=1)
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        await stage.stage(
            say("topic", "短", priority=Priority.TOPIC, to=group("甲")),
            say("reminder", "十个字的提醒在这里", priority=Priority.MODERATION, to=group("乙")),
        )
        await stage.go_to(later(seconds=10))
        assert ["reminder"] == stage.gateway.keys
        await stage.go_to(later(seconds=70))
        assert ["reminder", "topic"] == stage.gateway.keys


async def test_quiet_hours_hold_all_but_moderation_and_answers(sqlite_database: Database) -> None:
    """What is held says why, and goes when the night is over; what cannot wait expires."""
    quiet = QuietHours(start=time(11), end=time(14))
    pace = PaceSettings(typing_per_character=0, quiet_hours=quiet)
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        await stage.stage(
            say("topic", priority=Priority.TOPIC),
            say("welcome", priority=Priority.WELCOME, expires_at=later(hours=1)),
            say("answer"),
            say("reminder", priority=Priority.MODERATION),
        )
        await stage.settle()
        assert ["reminder", "answer"] == stage.gateway.keys
        assert QUIET == (await stage.rows())["welcome"].detail
        await stage.go_to(later(hours=3))
        assert ["reminder", "answer", "topic"] == stage.gateway.keys
        assert later(hours=2) == stage.gateway.performed[-1][0]
        assert OutboxState.EXPIRED is (await stage.states())["welcome"]


async def test_what_has_expired_is_never_said(sqlite_database: Database) -> None:
    """A welcome hours late is dropped, with a reason."""
    stage = Stage(sqlite_database)
    await stage.stage(say("late", expires_at=later(hours=2)))
    stage.clock.move_to(later(hours=2))
    async with running(stage):
        await stage.settle()
        assert [] == stage.gateway.keys
        assert (await stage.rows())["late"].detail


async def test_sent_is_done_when_the_echo_comes(sqlite_database: Database) -> None:
    """Accepted without an id, then heard: done; later nothing changes that."""
    async with running(Stage(sqlite_database, Status.SENT)) as stage:
        await stage.stage(say("a", "你好"))
        await stage.settle()
        assert {"a": SENT} == await stage.states()
        await stage.echo("你好")
        await stage.go_to(later(minutes=10))
        assert {"a": DONE} == await stage.states()
        assert ["a"] == stage.gateway.keys


async def test_an_echo_before_the_answer_counts(sqlite_database: Database) -> None:
    """The echo may overtake the gateway's own answer."""
    async with running(Stage(sqlite_database, Status.SENT)) as stage:
        stage.gateway.meanwhile = lambda _: stage.echo("你好")
        await stage.stage(say("a", "你好"))
        await stage.go_to(later(minutes=10))
        assert {"a": DONE} == await stage.states()


async def test_sent_without_an_echo_is_unconfirmed_and_not_repeated(
    sqlite_database: Database,
) -> None:
    """After two minutes; an echo that is later still confirms it."""
    async with running(Stage(sqlite_database, Status.SENT)) as stage:
        await stage.stage(say("a", "你好"))
        await stage.go_to(later(seconds=119))
        assert {"a": SENT} == await stage.states()
        await stage.go_to(later(seconds=120))
        assert {"a": UNCONFIRMED} == await stage.states()
        await stage.go_to(later(hours=1))
        assert ["a"] == stage.gateway.keys
        await stage.echo("你好")
        assert {"a": DONE} == await stage.states()


async def test_unsent_is_tried_again_later_and_what_is_behind_it_waits(
    sqlite_database: Database,
) -> None:
    """With growing waits; the order in the group is kept meanwhile."""
    stage = Stage(sqlite_database, Status.UNSENT, Status.UNSENT)
    async with running(stage):
        await stage.stage(say("a"), say("b"))
        await stage.settle()
        assert ["a"] == stage.gateway.keys
        assert PENDING is (await stage.rows())["a"].state
        await stage.go_to(later(minutes=1))
        assert ["a", "a", "a", "b"] == stage.gateway.keys
        first, second, third, _ = (at for at, _ in stage.gateway.performed)
        assert timedelta(seconds=2.5) <= second - first <= timedelta(seconds=5)
        assert timedelta(seconds=5) <= third - second <= timedelta(seconds=10)


async def test_moderation_overtakes_what_is_tried_again(sqlite_database: Database) -> None:
    """What is more urgent does not wait behind somebody else's failure."""
    async with running(Stage(sqlite_database, Status.UNSENT)) as stage:
        await stage.stage(say("a"))
        await stage.settle()
        await stage.stage(say("reminder", priority=Priority.MODERATION))
        await stage.settle()
        assert ["a", "reminder"] == stage.gateway.keys


async def test_it_gives_up_after_so_many_tries_and_tells_the_operators(
    sqlite_database: Database,
) -> None:
    """Three tries, then refused; the operators hear where and why."""
    pace = PaceSettings(typing_per_character=0, tries=3)
    async with running(Stage(sqlite_database, *[Status.UNSENT] * 3, pace=pace)) as stage:
        await stage.stage(say("a"))
        await stage.go_to(later(minutes=5))
        assert ["a", "a", "a"] == stage.gateway.keys[:3]
        assert {"a": REFUSED} == await stage.states()
        (word,) = await stage.words()
        assert "读书会" in word
        assert "测试" in word


@pytest.mark.parametrize("status", [Status.REFUSED, Status.IGNORED])
async def test_refused_and_ignored_are_not_repeated_and_told(
    status: Status, sqlite_database: Database
) -> None:
    """The platform said no, or did nothing: a person has to know."""
    async with running(Stage(sqlite_database, status)) as stage:
        await stage.stage(remove("a"))
        await stage.go_to(later(minutes=10))
        assert 1 == stage.gateway.keys.count("a")
        assert {"a": REFUSED} == await stage.states()
        assert 1 == len(await stage.words())


async def test_a_topic_without_its_picture_is_told_once(sqlite_database: Database) -> None:
    """The words count and are not repeated; the operators hear what is missing."""
    async with running(Stage(sqlite_database)) as stage:
        lacks = Outcome(Status.DONE, "m1", "图片没有发出", incomplete=True)
        stage.gateway.script.append(lacks)
        await stage.stage(say("a"))
        await stage.go_to(later(minutes=10))
        assert {"a": DONE} == await stage.states()
        (word,) = await stage.words()
        assert "图片没有发出" in word
        assert 1 == stage.gateway.keys.count("a")


async def test_a_refused_word_to_operators_makes_no_further_word(
    sqlite_database: Database,
) -> None:
    """Nobody is told that somebody could not be told."""
    async with running(Stage(sqlite_database, Status.REFUSED, Status.REFUSED)) as stage:
        await stage.stage(say("a"))
        await stage.go_to(later(minutes=10))
        assert 2 == len(stage.gateway.keys)
        assert 1 == len(await stage.words())


@pytest.mark.parametrize(
    ("proof", "state", "times"), [(True, DONE, 1), (False, DONE, 2), (None, UNCONFIRMED, 1)]
)
async def test_unsure_is_read_back(
    proof: bool | None,  # noqa: FBT001 - as the gateway says it
    state: OutboxState,
    times: int,
    sqlite_database: Database,
) -> None:
    """Seen to be done it is done; seen not to be, it is tried again; else it is left alone."""
    async with running(Stage(sqlite_database, Status.UNSURE)) as stage:
        stage.gateway.proof = proof
        await stage.stage(remove("a"))
        await stage.go_to(later(minutes=10))
        assert {"a": state} == await stage.states()
        assert times == len(stage.gateway.keys)


@pytest.mark.parametrize(("proof", "state"), [(True, DONE), (False, REFUSED), (None, UNCONFIRMED)])
async def test_an_accepted_removal_is_read_back_once_more(
    proof: bool | None,  # noqa: FBT001 - as the gateway says it
    state: OutboxState,
    sqlite_database: Database,
) -> None:
    """Without proof at once it is asked again after two minutes, never repeated."""
    async with running(Stage(sqlite_database, Status.SENT)) as stage:
        await stage.stage(remove("a"))
        await stage.settle()
        assert {"a": SENT} == await stage.states()
        stage.gateway.proof = proof
        await stage.go_to(later(minutes=2))
        assert {"a": state} == await stage.states()
        assert 1 == stage.gateway.keys.count("a")


async def test_a_gateway_that_raises_leaves_the_row_unconfirmed(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Against its promise, and nobody knows whether it happened."""

    async def breaks(_: Action) -> None:
        raise RuntimeError

    async with running(Stage(sqlite_database)) as stage:
        stage.gateway.meanwhile = breaks
        await stage.stage(say("a"))
        await stage.go_to(later(minutes=5))
        assert {"a": UNCONFIRMED} == await stage.states()
        assert "网关出错" in caplog.text


async def test_the_sixth_removal_of_an_hour_waits_for_a_person(sqlite_database: Database) -> None:
    """It says so and does not hold up others; once a person lets it go, it goes."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.stage(*(remove(f"r{n}", person(f"甲{n}")) for n in range(6)), say("behind"))
        await stage.go_to(later(minutes=5))
        assert ["r0", "r1", "r2", "r3", "r4", "behind"] == stage.gateway.keys[:6]
        held = (await stage.rows())["r5"]
        assert (PENDING, HELD_FOR_A_PERSON) == (held.state, held.detail)
        assert 1 == len(await stage.words())
        await stage.go_to(later(hours=9))
        assert "r5" not in stage.gateway.keys
        await stage.writer.run(lambda work: work.outbox.resend(held.id, stage.clock.now()))
        await stage.settle()
        assert "r5" == stage.gateway.keys[-1]


async def test_the_same_text_is_not_told_to_a_sixth_group(sqlite_database: Database) -> None:
    """It waits until the ten minutes are over; other words in that group go on."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.stage(*(say(f"g{n}", "同一段话", to=group(f"群{n}")) for n in range(6)))
        await stage.stage(say("other", to=group("群5")))
        await stage.settle()
        assert ["g0", "g1", "g2", "g3", "g4", "other"] == stage.gateway.keys
        assert SAME_TEXT == (await stage.rows())["g5"].detail
        await stage.go_to(later(minutes=9))
        assert "g5" not in stage.gateway.keys
        await stage.go_to(later(minutes=12))
        assert "g5" == stage.gateway.keys[-1]


async def test_after_five_failures_in_a_row_everything_stops_until_resumed(
    sqlite_database: Database,
) -> None:
    """In the database, so that a restart changes nothing; an operator lets it go on."""
    stage = Stage(sqlite_database, *[Status.REFUSED] * 5)
    async with running(stage):
        await stage.stage(*(say(f"a{n}", to=group(f"群{n}")) for n in range(5)))
        await stage.settle()
        await stage.stage(say("later"))
        await stage.go_to(later(hours=1))
        account = await stage.account()
        assert account is not None
        assert "5 failures in a row" in account.stopped_why
        assert 5 == len(stage.gateway.keys)
        await stage.resume()
        await stage.settle()
        assert "later" in stage.gateway.keys


async def test_while_not_connected_nothing_is_tried(sqlite_database: Database) -> None:
    """An outage uses up no tries and stops nothing for good."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.gateway_is(GatewayState.OFFLINE)
        await stage.stage(say("a"))
        await stage.go_to(later(hours=1))
        assert [] == stage.gateway.keys
        await stage.gateway_is(GatewayState.LOGGED_IN)
        await stage.settle()
        assert {"a": DONE} == await stage.states()


async def test_a_dry_run_records_and_says_nothing(sqlite_database: Database) -> None:
    """Everything is decided; the gateway is not asked."""
    async with running(Stage(sqlite_database, dry_run=True)) as stage:
        await stage.stage(say("a"), remove("b"))
        await stage.go_to(later(minutes=1))
        assert [] == stage.gateway.keys
        assert {"a": OutboxState.DRY, "b": OutboxState.DRY} == await stage.states()


async def claimed(database: Database, *actions: Action) -> None:
    """A process died while it performed these."""
    stage = Stage(database)
    await stage.stage(*actions)

    def take(work: Work) -> None:
        for row in waiting(work, ACCOUNT, later()):
            assert claim(work, row.id, "dead", later())

    await stage.writer.run(take)
    await stage.gateway_is(GatewayState.LOGGED_IN)
    await stage.writer.close()


async def test_speech_of_a_dead_process_is_unconfirmed(database: Database) -> None:
    """On both databases: it is not repeated, and its echo still confirms it."""
    await claimed(database, say("a", "你好"))
    async with running(Stage(database, start=later(minutes=1)), recover=True) as stage:
        await stage.gateway_is(GatewayState.LOGGED_IN)
        await stage.go_to(later(minutes=10))
        assert {"a": UNCONFIRMED} == await stage.states()
        await stage.echo("你好")
        assert {"a": DONE} == await stage.states()
        assert [] == stage.gateway.keys


@pytest.mark.parametrize(
    ("proof", "state", "times"), [(True, DONE, 0), (False, DONE, 1), (None, UNCONFIRMED, 0)]
)
async def test_a_removal_of_a_dead_process_is_read_back_once_connected(
    proof: bool | None,  # noqa: FBT001 - as the gateway says it
    state: OutboxState,
    times: int,
    sqlite_database: Database,
) -> None:
    """What was not done is done now; what cannot be told is left to a person."""
    await claimed(sqlite_database, remove("a"))
    async with running(Stage(sqlite_database, start=later(minutes=1)), recover=True) as stage:
        stage.gateway.proof = proof
        await stage.settle()
        assert [] == stage.gateway.asked
        await stage.gateway_is(GatewayState.LOGGED_IN)
        await stage.go_to(later(minutes=2))
        assert {"a": state} == await stage.states()
        assert times == len(stage.gateway.keys)


@pytest.mark.parametrize("proof", [True, False])
async def test_nothing_happens_in_a_place_that_is_read_back(
    proof: bool,  # noqa: FBT001 - as the gateway says it
    sqlite_database: Database,
) -> None:
    """Once somebody is invited again nobody can see any more that they had been removed."""
    await claimed(sqlite_database, remove("a", person("小林")))
    async with running(Stage(sqlite_database, start=later(minutes=1)), recover=True) as stage:
        done_when_asked: list[list[str]] = []

        async def confirm(_: Action) -> bool:
            await asyncio.sleep(0)
            done_when_asked.append(stage.gateway.keys)
            return proof

        stage.gateway.confirm = confirm  # type: ignore[method-assign]
        await stage.stage(invite("b"))
        await stage.gateway_is(GatewayState.LOGGED_IN)
        await stage.go_to(later(minutes=5))
        assert [[]] == done_when_asked
        assert (["b"] if proof else ["a", "b"]) == stage.gateway.keys


async def test_what_was_not_done_in_time_is_not_done_after_a_restart(
    sqlite_database: Database,
) -> None:
    """Found undone by reading back, it waits again, and its time is over."""
    await claimed(sqlite_database, replace(remove("a"), expires_at=later(seconds=30)))
    async with running(Stage(sqlite_database, start=later(minutes=1)), recover=True) as stage:
        stage.gateway.proof = False
        await stage.gateway_is(GatewayState.LOGGED_IN)
        await stage.go_to(later(minutes=5))
        assert {"a": OutboxState.EXPIRED} == await stage.states()
        assert [] == stage.gateway.keys


async def test_a_restart_makes_the_account_no_faster(sqlite_database: Database) -> None:
    """What the process before did this minute counts."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.stage(*(say(f"a{n}") for n in range(6)))
        await stage.settle()
        assert 6 == len(stage.gateway.keys)
    async with running(Stage(sqlite_database), recover=True) as stage:
        await stage.stage(say("b"))
        await stage.go_to(later(seconds=59))
        assert [] == stage.gateway.keys
        await stage.go_to(later(seconds=60))
        assert ["b"] == stage.gateway.keys


async def test_closing_lets_what_is_in_hand_finish(sqlite_database: Database) -> None:
    """And begins nothing more."""
    stage = Stage(sqlite_database)
    stage.gateway.hangs = asyncio.Event()
    async with running(stage):
        await stage.stage(say("a"), say("b"))
        await stage.gateway.began.wait()
        closing = asyncio.create_task(stage.outbox.close())
        await asyncio.sleep(0)
        stage.gateway.hangs.set()
        await closing
        assert {"a": DONE, "b": PENDING} == await stage.states()


@pytest.mark.parametrize("rudely", [False, True])
async def test_what_does_not_finish_is_unconfirmed(
    rudely: bool,  # noqa: FBT001 - closed, or cancelled
    sqlite_database: Database,
) -> None:
    """Nothing is left half done, however it is stopped."""
    stage = Stage(sqlite_database, patience=0)
    stage.gateway.hangs = asyncio.Event()
    task = asyncio.create_task(stage.outbox.run())
    await stage.stage(say("a"))
    stage.outbox.wake()
    await stage.gateway.began.wait()
    if rudely:
        task.cancel()
        await asyncio.wait({task})
    else:
        await stage.outbox.close()
        await task
    assert {"a": UNCONFIRMED} == await stage.states()
    await stage.writer.close()


async def test_a_crowd_in_one_group_hides_no_other(sqlite_database: Database) -> None:
    """Five hundred reminders there do not keep a topic here from going."""
    async with running(Stage(sqlite_database)) as stage:
        crowd = [say(f"m{n}", priority=Priority.MODERATION) for n in range(520)]
        await stage.stage(*crowd, say("topic", priority=Priority.TOPIC, to=group("茶馆")))
        await stage.settle()
        assert "topic" in stage.gateway.keys


async def test_what_another_process_changed_is_noticed_without_being_woken(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`weilu outbox resume` is said in another process: it looks every few seconds."""
    monkeypatch.setattr(outbox, "POLL", 0)
    async with running(Stage(sqlite_database)) as stage:
        await stage.writer.run(lambda work: work.accounts.stop(ACCOUNT, "测试", later()))
        await stage.stage(say("a"))
        await stage.settle()
        assert [] == stage.gateway.keys
        await stage.resume()
        await stage.gateway.began.wait()
        assert ["a"] == stage.gateway.keys


async def test_while_the_database_is_busy_nothing_is_lost(
    sqlite_database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither a look nor a result; it is said once."""
    async with running(Stage(sqlite_database)) as stage:
        run, busy = stage.writer.run, [DatabaseUnavailable("数据库正忙 busy")] * 2

        async def sometimes(job: Any) -> Any:
            if busy:
                raise busy.pop()
            return await run(job)

        monkeypatch.setattr(stage.writer, "run", sometimes)
        await stage.settle()
        await stage.settle()
        assert 1 == caplog.text.count("数据库正忙")

        async def gets_busy(_: Action) -> None:
            busy.append(DatabaseUnavailable("数据库正忙 busy"))

        stage.gateway.meanwhile = gets_busy
        await stage.stage(say("a"))
        stage.outbox.wake()
        while stage.clock.next_waking() is None:  # noqa: ASYNC110 - a clock tells nobody
            await asyncio.sleep(0)
        stage.clock.move_to(later(seconds=2))
        await stage.settle()
        assert {"a": DONE} == await stage.states()
        assert ["a"] == stage.gateway.keys


async def commits(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each transaction from now on."""
    run, counted = stage.writer.run, list[int]()

    async def count(job: Any) -> Any:
        counted.append(1)
        return await run(job)

    monkeypatch.setattr(stage.writer, "run", count)
    return counted


async def handed_over(stage: Stage, *actions: Action) -> None:
    """Commit actions and hand the rows over, as the pipeline does."""

    def job(work: Work) -> list[OutboxRow]:
        for action in actions:
            work.outbox.stage(action, stage.clock.now())
        return work.outbox.staged

    stage.outbox.wake(await stage.writer.run(job))


async def done(stage: Stage, count: int) -> None:
    """Return once so many actions were performed."""
    while len(stage.gateway.performed) < count:
        stage.gateway.began.clear()
        await stage.gateway.began.wait()


async def test_at_rest_one_commit_comes_before_the_act_and_one_after(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim and the result; nothing else is written or looked at for one answer."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.settle()
        counted = await commits(stage, monkeypatch)
        stage.gateway.hangs = asyncio.Event()
        await handed_over(stage, say("a"))
        await done(stage, 1)
        assert 1 + 1 == len(counted)
        stage.gateway.hangs.set()
        await stage.outbox.close()
        assert 1 + 1 + 1 == len(counted)
        assert {"a": DONE} == await stage.states()


async def test_a_crowd_shares_its_commits(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results and claims of all groups go together: far fewer commits than actions."""
    pace = FAST.model_copy(update={"per_minute": 1000})
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        counted = await commits(stage, monkeypatch)
        await handed_over(stage, *(say(str(n), to=group(f"群{n % 40}")) for n in range(200)))
        await stage.settle()
        assert 200 == len(stage.gateway.performed)
        assert len(counted) <= 40


async def test_so_many_are_in_hand_at_a_time(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash leaves no more than these in doubt; what takes long holds up nobody else."""
    pace = FAST.model_copy(update={"per_minute": 1000})
    async with running(Stage(sqlite_database, pace=pace)) as stage:
        stage.gateway.hangs = asyncio.Event()
        monkeypatch.setattr(hands, "SLOW", 3600)
        await handed_over(stage, *(say(str(n), to=group(f"群{n}")) for n in range(80)))
        await done(stage, hands.HANDS)
        states = [*(await stage.states()).values()]
        assert (64, 16) == (states.count(OutboxState.CLAIMED), states.count(PENDING))
        monkeypatch.setattr(hands, "SLOW", 0)
        stage.outbox.wake()
        await done(stage, 80)
        stage.gateway.hangs.set()
        await stage.settle()
        assert {DONE} == {*(await stage.states()).values()}


async def test_rows_of_another_account_are_left_to_it(sqlite_database: Database) -> None:
    """Also where they are handed over."""
    async with running(Stage(sqlite_database)) as stage:
        await handed_over(stage, say("a", to=Group("另一个", "1")))
        await stage.settle()
        assert [] == stage.gateway.keys


async def test_a_claim_that_was_not_committed_is_as_if_it_had_not_been(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is done, the texts count as told to nobody, and it is claimed again."""
    async with running(Stage(sqlite_database)) as stage:
        commit, full = Work.commit, [True]

        def fails(work: Work) -> None:
            if full and work.outbox.orphans(ACCOUNT):
                full.pop()
                raise DatabaseUnavailable("磁盘满了 full")
            commit(work)

        monkeypatch.setattr(Work, "commit", fails)
        await handed_over(stage, *(say(f"g{n}", "同一段话", to=group(f"群{n}")) for n in range(5)))
        await stage.settle()
        await stage.settle()
        assert [] == full
        assert ["g0", "g1", "g2", "g3", "g4"] == stage.gateway.keys
        assert {DONE} == {*(await stage.states()).values()}


async def together(stage: Stage, *actions: Action) -> None:
    """Stage actions in a transaction that a round goes along with, as the pipeline does."""

    def job(work: Work) -> None:
        for action in actions:
            work.outbox.stage(action, stage.clock.now())
        along(work, bool(actions))

    with stage.outbox.aboard() as along:
        await stage.writer.run(job)


async def test_what_is_staged_is_claimed_in_the_same_transaction(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On both databases: one commit before the act, with the results of others in it."""
    async with running(Stage(database)) as stage:
        await stage.settle()
        counted = await commits(stage, monkeypatch)
        stage.gateway.hangs = asyncio.Event()
        await together(stage, say("a"), say("b", to=group("茶馆")))
        await done(stage, 2)
        assert 1 == len(counted)
        stage.gateway.hangs.set()
        await asyncio.sleep(0)
        await together(stage, say("c"))
        await stage.settle()
        assert {"a": DONE, "b": DONE, "c": DONE} == await stage.states()


async def test_a_claim_that_nobody_waited_for_is_put_back_and_done_once(
    sqlite_database: Database,
) -> None:
    """Whoever took the round along was cancelled while it was committed: it did not arrive."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.settle()
        begun, go_on = threading.Event(), threading.Event()

        def job(along: Along, work: Work) -> None:
            work.outbox.stage(say("a"), stage.clock.now())
            along(work, True)
            begun.set()
            go_on.wait(10)

        async def with_it() -> None:
            with stage.outbox.aboard() as along:
                await stage.writer.run(partial(job, along))

        going = asyncio.create_task(with_it())
        await asyncio.to_thread(begun.wait, 10)
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going
        go_on.set()
        await stage.settle()
        await stage.settle()
        assert ["a"] == stage.gateway.keys


async def test_a_transaction_in_which_nothing_happens_is_left_alone(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever only says something costs the outbox nothing."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.settle()
        looks = []
        monkeypatch.setattr(Rounds, "go", lambda *_, **__: looks.append(1))
        await together(stage)
        assert [] == looks
        assert stage.outbox.is_settled


async def test_before_it_runs_and_while_it_stops_nothing_is_claimed(
    sqlite_database: Database,
) -> None:
    """What is staged then waits, and is done by whoever runs next."""
    stage = Stage(sqlite_database)
    await together(stage, say("a"))
    assert {"a": PENDING} == await stage.states()
    async with running(stage):
        await stage.settle()
        await stage.outbox.close()
        await together(stage, say("b"))
        assert {"a": DONE, "b": PENDING} == await stage.states()


@pytest.mark.parametrize("at_the_end", [False, True])
async def test_when_its_transaction_fails_all_is_as_it_was(
    at_the_end: bool,  # noqa: FBT001 - in the commit, or already in the round
    sqlite_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Time and again: no row, no token and no result is lost, nothing is done twice."""
    pace = FAST.model_copy(update={"removals_per_hour": 2})
    async with running(Stage(sqlite_database, Status.DONE, pace=pace)) as stage:
        where, what = (Work, "commit") if at_the_end else (storage.outbox.Outbox, "claim_all")
        works = getattr(where, what)
        fails = [True] * 5

        def sometimes(self: Any, *args: Any) -> Any:
            if at_the_end and not work_claims(self):
                return works(self, *args)
            if fails:
                fails.pop()
                raise DatabaseUnavailable("磁盘满了 full")
            return works(self, *args)

        monkeypatch.setattr(where, what, sometimes)
        while fails:
            with contextlib.suppress(DatabaseUnavailable):
                await together(stage, remove("a"), remove("b", person("别人")))
            await stage.settle()
        await together(stage, remove("a"), remove("b", person("别人")))
        await stage.go_to(later(seconds=5))
        assert ["a", "b"] == stage.gateway.keys
        assert {"a": DONE, "b": DONE} == await stage.states()
        assert [] == await stage.words()


def work_claims(work: Work) -> bool:
    """Whether anything is claimed in it."""
    return bool(work.outbox.orphans(ACCOUNT))


async def test_a_commit_that_was_cut_off_and_made_is_put_right(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line broke before the answer: the claim is noticed, put back, and done once."""
    async with running(Stage(sqlite_database)) as stage:
        await stage.settle()
        commit, cut = Work.commit, [True]

        def cut_off(work: Work) -> None:
            claims = work_claims(work)
            commit(work)
            if claims and cut:
                cut.pop()
                raise DatabaseUnavailable("连接断了 cut off")

        monkeypatch.setattr(Work, "commit", cut_off)
        with pytest.raises(DatabaseUnavailable):
            await together(stage, say("a"))
        await stage.settle()
        await stage.settle()
        assert ["a"] == stage.gateway.keys
        assert {"a": DONE} == await stage.states()


async def test_a_broken_database_ends_it(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not waited for: what was done could not be written down for ever."""
    stage = Stage(sqlite_database)

    async def broken(_: object) -> None:
        raise DatabaseBroken("坏了 broken")

    monkeypatch.setattr(stage.writer, "run", broken)
    with pytest.raises(DatabaseBroken):
        await stage.outbox.run()
    await stage.writer.close()


STATUSES = list(Status)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    script=st.lists(st.sampled_from(STATUSES), max_size=25),
    wheres=st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=12),
    jumps=st.lists(st.integers(0, 400), max_size=5),
)
async def test_whatever_comes_of_it_nothing_is_done_twice(
    script: list[Status], wheres: str, jumps: list[int], new_sqlite: object
) -> None:
    """Unless it certainly did not get through; and what got through did so in order."""
    database = Database(new_sqlite())  # type: ignore[operator]
    stage = Stage(database, *script, pace=FAST)
    async with running(stage):
        for number, where in enumerate(wheres):
            await stage.stage(say(f"{number}", f"话{number}", to=group(where)))
        moment = later()
        for jump in (*jumps, *[3600] * 8):  # five failures in a row stop it, until it is resumed
            moment += timedelta(seconds=jump)
            await stage.go_to(moment)
            await stage.resume()
        came_of_it = defaultdict(list)
        for key, status in zip(
            stage.gateway.keys, chain(script, repeat(Status.DONE)), strict=False
        ):
            came_of_it[key].append(status)
        for statuses in came_of_it.values():
            assert {Status.UNSENT} >= set(statuses[:-1])
        for where in set(wheres):
            told = [a.key for _, a in stage.gateway.performed if place(a) == group(where)]
            order = [key for key, _ in groupby(told)]
            assert sorted(order, key=int) == order
        assert PENDING not in (await stage.states()).values()
    database.close()
