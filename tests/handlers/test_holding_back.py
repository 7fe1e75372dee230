"""Tests of handlers/lively.py and handlers/holding_back.py: a topic waits for a conversation."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from builders import ACCOUNT, NOON, group, later, said
from claiming import waiting
from hall import Hall, speech
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import Action
from bot.events import MinutePassed, SlotDue
from storage.database import Database, DatabaseTrouble
from storage.values import Slot, SlotState, Topic
from topics.liveliness import AtTheEnd, HoldBack
from topics.programme import Programme

GROUP = group()
DUE = SlotDue(group=GROUP, programme="每日", wall="2026-11-20T12:00", due_at=NOON, at=NOON)


@pytest.fixture
def fed(hall: Hall) -> Hall:
    """The hall with a daily programme and one topic."""
    of_the_day(hall)
    hall.work.topics.put(Topic(key="now", title="正在读的那本", text="读到哪里了？"))
    return hall


def of_the_day(hall: Hall, **over: Any) -> None:
    """What is in force: one programme at noon."""
    hall.rule(programmes={"每日": Programme(at="每天 12:00", **over)})


def talk(hall: Hall, until: datetime = NOON, speakers: int = 4, each: int = 2) -> None:
    """A conversation in the minutes before."""
    for number in range(each):
        for who in range(speakers):
            at = until - timedelta(seconds=20 * number + who)
            hall.happens(said("在聊", by=f"成员{who}", at=at))


def minute(hall: Hall, **delta: float) -> list[Action]:
    """Another minute on the clock."""
    hall.now = later(**delta)
    return hall.happens(MinutePassed(at=hall.now))


def slot(hall: Hall) -> Slot:
    """The one slot there is."""
    (only,) = hall.work.slots.list()
    return only


def test_a_topic_waits_for_a_conversation(fed: Hall) -> None:
    """Held with the reason while it is lively, posted once it calms down."""
    talk(fed)
    assert [] == fed.happens(DUE)
    assert SlotState.HELD is slot(fed).state
    assert "（5m 内 4 人 8 条）" in slot(fed).reason

    talk(fed, until=later(minutes=1))
    assert [] == minute(fed, minutes=1)
    assert SlotState.HELD is slot(fed).state
    assert ["【话题】正在读的那本\n读到哪里了？"] == speech(minute(fed, minutes=7))
    assert SlotState.PLANNED is slot(fed).state
    assert [] == minute(fed, minutes=8)


def test_a_quiet_group_is_not_waited_for(fed: Hall) -> None:
    """Two who chat are no conversation of the group."""
    talk(fed, speakers=2, each=9)
    assert 1 == len(fed.happens(DUE))


def test_our_own_words_do_not_count(fed: Hall) -> None:
    """What the account says keeps nothing from being posted."""
    for number in range(9):
        fed.happens(said("提醒", by=f"号{number}", ours=True))
    assert 1 == len(fed.happens(DUE))


def test_a_group_that_is_always_like_that(fed: Hall) -> None:
    """Lively is what is more than usual here: a talkative group gets its topic."""
    for week in range(1, 5):
        for number in range(200):
            at = NOON - timedelta(days=7 * week, seconds=10 + 15 * number)
            fed.work.messages.add(said("在聊", by=f"成员{number % 5}", at=at), keep_text=False)
    talk(fed)
    assert 1 == len(fed.happens(DUE))


def lively_until_the_end(hall: Hall) -> list[Action]:
    """Half an hour of talk; what was said by us meanwhile."""
    talk(hall)
    decided = hall.happens(DUE)
    for number in range(1, 35):
        talk(hall, until=later(minutes=number), each=3)
        decided += minute(hall, minutes=number)
    return decided


def test_skipped_at_the_end_of_the_grace(fed: Hall) -> None:
    """A conversation of half an hour is its own topic: nothing is posted, and it says why."""
    assert [] == lively_until_the_end(fed)
    assert SlotState.SKIPPED is slot(fed).state
    assert "宽限 30m 里一直聊得热闹" in slot(fed).reason


def test_posted_at_the_end_of_the_grace(fed: Hall) -> None:
    """If the programme wants it so, it is posted before the grace is over, with time to go out."""
    of_the_day(fed, hold_back=HoldBack(at_the_end=AtTheEnd.POST))
    (posted,) = lively_until_the_end(fed)
    assert later(minutes=34) == posted.expires_at


@pytest.mark.parametrize(
    "over", [{"hold_back": HoldBack(enabled=False)}, {"grace": timedelta(minutes=2)}]
)
def test_what_never_waits(fed: Hall, over: dict[str, Any]) -> None:
    """A programme that does not want to, and one that has no time to."""
    of_the_day(fed, **over)
    talk(fed)
    assert 1 == len(fed.happens(DUE))


def test_down_until_after_the_grace(fed: Hall) -> None:
    """A held one is found again after a restart; too late then, it is skipped with the reason."""
    talk(fed)
    fed.happens(DUE)
    assert [] == minute(fed, hours=2)
    assert SlotState.SKIPPED is slot(fed).state
    assert "late by 2h" in slot(fed).reason


def test_a_programme_that_is_gone_meanwhile(fed: Hall) -> None:
    """What waits for a programme that the config dropped is skipped."""
    talk(fed)
    fed.happens(DUE)
    fed.rule()
    assert [] == minute(fed, minutes=1)
    assert SlotState.SKIPPED is slot(fed).state


def test_a_clock_put_back_while_it_waits(fed: Hall) -> None:
    """The minutes that come again change nothing; it is posted once."""
    talk(fed)
    fed.happens(DUE)
    assert [] == minute(fed, minutes=-30)
    assert 1 == len(minute(fed, minutes=8))
    assert [] == minute(fed, minutes=-1) + minute(fed, minutes=9) + fed.happens(DUE)


def test_a_minute_costs_one_query(fed: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing held: nothing else is looked at."""
    asked: list[str] = []

    def held(_: object, account: str, _now: datetime) -> list[Slot]:
        asked.append(account)
        return []

    monkeypatch.setattr(type(fed.work.slots), "held", held)
    assert [] == minute(fed, minutes=1)
    assert [ACCOUNT] == asked


@given(st.lists(st.tuples(st.integers(-20, 120), st.booleans()), max_size=40), st.booleans())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_however_minutes_pass_it_is_dealt_with_once(
    sqlite_database: Database,
    some: list[tuple[int, bool]],
    post: bool,  # noqa: FBT001 given by hypothesis
) -> None:
    """Never two posts, never in the middle of a conversation while it may wait, never for ever."""
    with sqlite_database.work() as work:
        hall = Hall(work)
        end = AtTheEnd.POST if post else AtTheEnd.SKIP
        of_the_day(hall, hold_back=HoldBack(at_the_end=end))
        for key in ("a", "b"):
            work.topics.put(Topic(key=key, title=f"题 {key}", text="你呢？"))
        talk(hall)
        moment, posted = NOON, hall.happens(DUE)
        assert [] == posted
        for seconds, lively in some:
            moment += timedelta(seconds=seconds)
            if lively:
                talk(hall, until=moment)
            hall.now = moment
            new = hall.happens(MinutePassed(at=moment), DUE)
            assert not (new and lively and (not post or moment < later(minutes=29)))
            posted += new
        hall.now = later(hours=3)
        posted += hall.happens(MinutePassed(at=hall.now))
        assert (len(posted) == 1) == (slot(hall).state is SlotState.PLANNED)
        assert slot(hall).state in (SlotState.PLANNED, SlotState.SKIPPED)


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes, or one before and one after a restart, with a topic held."""
    databases = Database(database_url), Database(database_url)
    with databases[0].work() as work:
        hall = Hall(work)
        of_the_day(hall)
        for key in ("a", "b"):
            work.topics.put(Topic(key=key, title=f"题 {key}", text="你呢？"))
        talk(hall)
        assert [] == hall.happens(DUE)
        work.commit()
    yield databases
    for database in databases:
        database.close()


def released(database: Database, minutes: float) -> list[Action]:
    """What a process posts when it looks then; nothing where it could not commit."""
    with suppress(DatabaseTrouble), database.work() as work:
        hall = Hall(work)
        of_the_day(hall)
        decided = minute(hall, minutes=minutes)
        work.commit()
        return decided
    return []


def test_restarted_while_it_waits(two: tuple[Database, Database]) -> None:
    """What one process held another posts when it is calm."""
    assert [] == released(two[1], 0.9)
    assert 1 == len(released(two[1], 10))
    assert [] == released(two[0], 11)


def test_two_processes_release_it_at_once(two: tuple[Database, Database]) -> None:
    """Both see that it is calm; one posts, and there is one post."""
    start, decided = Barrier(2), list[Action]()

    def run(database: Database) -> None:
        start.wait(10)
        decided.extend(released(database, 10))

    threads = [Thread(target=run, args=(database,)) for database in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with two[0].work() as work:
        assert 1 == len(decided) == len(waiting(work, ACCOUNT, later(minutes=11)))
        assert [SlotState.PLANNED] == [each.state for each in work.slots.list()]
