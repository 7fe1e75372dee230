"""The end of a goal across restarts and two processes, each with a database object of its own."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import ACCOUNT, group, joined, person, said
from hall import Hall
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.events import HourPassed
from handlers.goal_end import conclude
from handlers.settings import House
from storage.database import Database, DatabaseTrouble
from storage.values import OutboxState
from storage.values_of_programmes import Choice
from topics.goal import Goal, Measure

GOAL = Goal(
    name="《活着》共读",
    start=date(2026, 11, 10),
    end=date(2026, 11, 30),
    measure=Measure(unit="页", target=300),
)
MORNING = datetime(2026, 12, 1, 1, tzinfo=UTC)
"""Nine in the morning in Shanghai, on the day after the goal."""
DESK = group("运营群")


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes, as far as the database can tell."""
    databases = Database(database_url), Database(database_url)
    with databases[0].work() as work:
        hall = open_hall(work)
        hall.happens(joined("小林"), joined("阿青"))
        settle(hall)
        work.commit()
    yield databases
    for database in databases:
        database.close()


def open_hall(work: object) -> Hall:
    """A process that looks after 读书会."""
    hall = Hall(work)  # type: ignore[arg-type]
    hall.rule(goal=GOAL)
    hall.house = House(account=ACCOUNT, operators_group_id=DESK.id)
    return hall


def settle(hall: Hall) -> None:
    """What waits is said."""
    for row in hall.work.outbox.list(ACCOUNT, [OutboxState.PENDING]):
        hall.work.outbox.settle(row.id, OutboxState.DONE, hall.now)


def hour(database: Database, at: datetime, *, says: str = "") -> list[str]:
    """A process starts, somebody says something, the hour passes; the keys of what was staged."""
    with database.work() as work:
        hall = open_hall(work)
        hall.now = at
        if says:
            hall.happens(said(says, at=at))
        before = {row.id for row in work.outbox.list(ACCOUNT)}
        hall.happens(HourPassed(at=at))
        staged = [row for row in work.outbox.list(ACCOUNT) if row.id not in before]
        settle(hall)
        work.commit()
    return [row.action.key.partition(":")[0] for row in staged]


def test_across_restarts(two: tuple[Database, Database]):
    """Asked, acknowledged and summed up once each, however often the process is started anew."""
    told = {
        day: [
            key
            for _ in range(2)
            for key in hour(two[0], MORNING + timedelta(days=day), says="前进" if day == 1 else "")
        ]
        for day in range(-1, 12)
    }

    assert {0: ["goal-asked"], 1: ["goal-heard"], 8: ["operators"]} == {
        day: keys for day, keys in told.items() if keys
    }


def test_two_processes(two: tuple[Database, Database]):
    """At the same moment they ask once; a choice that both hear is one choice, the last one."""
    start = threading.Barrier(2)

    def run(database: Database, word: str) -> None:
        start.wait(10)
        for _ in range(20):
            try:
                hour(database, MORNING, says=word)
            except DatabaseTrouble:  # the other one was quicker: tried again, as the pipeline does
                continue
            break

    hour(two[0], MORNING)
    threads = [
        threading.Thread(target=run, args=pair) for pair in zip(two, ("前进", "留下"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with two[1].work() as work:
        rows = [row.action.key for row in work.outbox.list(ACCOUNT)]
        choices = dict(work.goals.choices(group(), GOAL.key))

    assert 1 == len([key for key in rows if key.startswith("goal-asked")])
    assert [person("小林")] == [*choices]
    assert choices[person("小林")] in {Choice.MOVE_ON, Choice.STAY}


@given(st.lists(st.integers(-48, 30 * 24), max_size=30), st.booleans())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whenever_it_runs(sqlite_database: Database, hours: list[int], said_in_time: bool):  # noqa: FBT001
    """Whichever hours it is awake: asked once by day, and never after its two mornings.

    One database does for all examples: nothing of them is committed.
    """
    with sqlite_database.work() as work:
        hall = open_hall(work)
        hall.happens(joined("小林"))
        settle(hall)
        asked = []
        for offset in sorted(hours):
            hall.now = MORNING + timedelta(hours=offset)
            work.outbox.expire(ACCOUNT, hall.now)
            actions = hall.happens(HourPassed(at=hall.now))
            asked += [hall.now for each in actions if each.key.startswith("goal-asked")]
            if said_in_time:
                settle(hall)

    walls = [(each + timedelta(hours=8)) for each in asked]
    assert all(each.hour in range(9, 12) for each in walls)
    assert {each.date() for each in walls} <= {date(2026, 12, 1), date(2026, 12, 2)}
    assert len({each.date() for each in walls}) == len(walls) <= (1 if said_in_time else 2)


def test_it_hears_no_messages():
    """Messages come by the thousand."""
    assert getattr(conclude, "deaf_to_messages", False)
