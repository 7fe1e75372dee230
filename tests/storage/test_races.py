"""Two processes on one database, each with its own Database object."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from builders import ACCOUNT, NOON, group, person, said
from claiming import claim, waiting
from order_stage import opened

from bot.actions import Priority, Say
from bot.events import SlotDue
from rules.consequences import Consequence
from storage.database import Database, DatabaseTrouble
from storage.values_of_order import AppealState, CaseState, OperatorRole, TaskKind, TaskState
from storage.work import Work

SAY = Say(key="k", why="", priority=Priority.ANSWER, to=group(), text="你好")
DUE = SlotDue(group=group(), programme="午间", wall="12:00", due_at=NOON, at=NOON)


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes, as far as the database can tell."""
    databases = Database(database_url), Database(database_url)
    yield databases
    for database in databases:
        database.close()


def at_once(two: tuple[Database, Database], job: Callable[[Work], object]) -> list[object]:
    """Both do the job in a committed work at the same moment; what came of it, or the trouble."""
    start, results = threading.Barrier(2), []

    def run(database: Database) -> None:
        start.wait(10)
        try:
            with database.work() as work:
                result = job(work)
                work.commit()
            results.append(result)
        except DatabaseTrouble as trouble:
            results.append(trouble)

    threads = [threading.Thread(target=run, args=(database,)) for database in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.parametrize("_round", range(3))
def test_one_claim_wins(two: tuple[Database, Database], _round: int):
    """A row is claimed by exactly one of two processes."""
    with two[0].work() as work:
        for number in range(5):
            work.outbox.stage(Say(**(fields() | {"key": f"k{number}"})), NOON)
        work.commit()

    def claim_all(work: Work) -> list[int]:
        rows = waiting(work, ACCOUNT, NOON)
        return [row.id for row in rows if claim(work, row.id, "me", NOON)]

    won = at_once(two, claim_all)
    claimed = [row for part in won if isinstance(part, list) for row in part]

    assert 5 == len(claimed) == len(set(claimed))


def fields() -> dict[str, object]:
    """What SAY is made of."""
    return {name: getattr(SAY, name) for name in ("key", "why", "priority", "to", "text")}


def test_one_slot_is_opened(two: tuple[Database, Database]):
    """Two processes tick at once: one of them posts."""
    slots = at_once(two, lambda work: work.slots.open(DUE))
    with two[0].work() as work:
        (slot,) = work.slots.list()

    assert 1 == slots.count(slot.id)
    assert 1 == sum(result is None or isinstance(result, DatabaseTrouble) for result in slots)


def test_one_action_is_staged(two: tuple[Database, Database]):
    """Two processes decide the same: it is done once."""
    at_once(two, lambda work: work.outbox.stage(SAY, NOON))
    with two[0].work() as work:
        assert 1 == len(work.outbox.list())


def test_one_message_is_recorded(two: tuple[Database, Database]):
    """Two processes hear the same: it is one message and one case, the other has to look again."""
    message = said("早", id="m1")

    def hear(work: Work) -> int | None:
        work.prepare([message])
        key = work.messages.add(message, keep_text=True)
        work.memberships.seen(group(), message.author, message.at)
        return key

    results = at_once(two, hear)
    again = [at_once((two[0], two[1]), hear)] if any_trouble(results) else []
    keys = [result for result in results if isinstance(result, int)]

    assert 1 == len(keys)
    assert [[None, None]] * len(again) == again
    with two[0].work() as work:
        assert [1] == [known.messages for known in work.groups.all()]
        assert 1 == len(work.members.find("小林"))


def winners(results: list[object]) -> int:
    """How many were told that it was them; nobody may meet trouble."""
    assert not any_trouble(results), results
    return sum(bool(result) for result in results)


@pytest.mark.parametrize("_round", range(3))
def test_one_decision_wins(two: tuple[Database, Database], _round: int):
    """Two operators decide one appeal and its case at once: one does, the other reads who did."""
    with two[0].work() as work:
        case = opened(work, consequence="quiet")
        work.sanctions.impose(case, group(), person("小林"), Consequence.QUIET, NOON, None)
        assert work.appeals.open(case, person("小林"), "误会", NOON)
        for by in ("小王", "小李"):
            work.members.id_of(person(by), NOON)
        work.commit()
    names = iter(("小王", "小李"))

    def decide(work: Work) -> tuple[str, bool, bool, int]:
        name = next(names)
        by = person(name)
        appeal = work.appeals.decide(case, AppealState.OVERTURNED, by, NOON, "误判")
        decided = work.cases.decide(case, CaseState.OVERTURNED, by, NOON, "误判")
        return name, appeal, decided, len(work.sanctions.lift(case, NOON, "误判"))

    results = at_once(two, decide)
    assert not any_trouble(results), results
    won, lost = sorted(results, key=lambda each: not each[1])  # type: ignore[index]
    with two[0].work() as work:
        found = work.cases.get(case)
        (appeal,) = work.appeals.of_case(case)
    assert (True, True, 1) == won[1:]  # type: ignore[index]
    assert (False, False, 0) == lost[1:]  # type: ignore[index]
    assert found is not None
    assert won[0] == found.decided_by == appeal.decided_by  # type: ignore[index]


def test_one_of_everything(two: tuple[Database, Database]):
    """What two processes do at once is done once: tasks, appeals, codes, breaches, reports."""
    with two[0].work() as work:
        case = opened(work, consequence="quiet")
        by = person("小林")
        sanction = work.sanctions.impose(case, group(), by, Consequence.QUIET, NOON, None)
        task = work.tasks.open(ACCOUNT, "first", TaskKind.MUTE, "", NOON, NOON)
        work.operators.invite(OperatorRole.OPERATOR, "暗号", NOON + timedelta(1), "cli", NOON)
        work.pacts.propose(group(), [], NOON)
        work.members.id_of(person("小吴"), NOON)
        work.commit()
    jobs: dict[str, Callable[[Work], object]] = {
        "appeal": lambda work: work.appeals.open(case, by, "误会", NOON),
        "code": lambda work: work.operators.redeem("暗号", by, NOON),
        "breach": lambda work: work.sanctions.breach(sanction, "m9", None),
        "close": lambda work: work.sanctions.close(sanction, NOON, "到期"),
        "overdue": lambda work: work.tasks.overdue(ACCOUNT, NOON),
        "settle": lambda work: work.tasks.settle(task, TaskState.DONE, NOON, ""),
        "posted": lambda work: work.pacts.mark_posted(group(), 1, NOON),
        "accept": lambda work: work.pacts.accept(group(), 1, by, NOON),
        "report": lambda work: work.complaints.add(group(), "m1", by, person("小吴"), NOON, ""),
        "report2": lambda work: work.complaints.add(group(), None, by, person("小吴"), NOON, ""),
    }

    assert dict.fromkeys(jobs, 1) == {
        name: winners(at_once(two, job)) for name, job in jobs.items()
    }


def test_the_same_thing_for_both(two: tuple[Database, Database]):
    """Two processes open the same card, sanction and pact at once: both get the one there is."""
    with two[0].work() as work:
        case = opened(work, consequence="quiet")
        work.commit()

    def both(work: Work) -> object:
        return (
            work.tasks.open(ACCOUNT, "k", TaskKind.MUTE, "", NOON, NOON),
            work.sanctions.impose(case, group(), person("小林"), Consequence.QUIET, NOON, None),
            work.pacts.propose(group(), [], NOON).version,
        )

    first, second = at_once(two, both)
    assert isinstance(first, tuple)
    assert first == second


def any_trouble(results: list[object]) -> bool:
    """Whether one of them has to do it again."""
    return any(isinstance(result, DatabaseTrouble) for result in results)


def test_numbers_are_given_once(two: tuple[Database, Database]):
    """Members made by two processes at once have different numbers."""
    names = iter(range(100))
    lock = threading.Lock()

    def meet(work: Work) -> list[int | None]:
        with lock:
            own = [next(names) for _ in range(5)]
        return [work.members.id_of(person(f"人{name}"), NOON) for name in own]

    with two[0].work() as work:
        work.groups.see(group(), managed=True, at=NOON)
        work.commit()
    made = [each for part in at_once(two, meet) if isinstance(part, list) for each in part]

    assert list(range(1, 11)) == sorted(made)


@pytest.mark.parametrize("prepared", [True, False])
def test_forgetting_while_another_writes(new_postgres: Callable[[], str], prepared: bool):  # noqa: FBT001
    """A work that began before somebody was forgotten cannot bring them back.

    On PostgreSQL alone: SQLite has one writer at a time, so there is no such moment.
    """
    url, message = new_postgres(), said("早", id="m1")
    with closing(Database(url)) as running, closing(Database(url)) as other:
        with running.work() as work:
            first = work.members.id_of(message.author, NOON)
            work.groups.see(group(), managed=True, at=NOON)
            work.commit()
        assert first is not None
        running._known.clear()
        with running.work() as late:
            if prepared:
                late.prepare([message])
            forget(other, first)
            with pytest.raises(DatabaseTrouble):  # noqa: PT012 at the first or the last moment
                late.messages.add(message, keep_text=True)
                late.commit()
        with running.work() as work:
            assert work.members.id_of(message.author, NOON) is None


def forget(database: Database, member_id: int) -> None:
    """Somebody is forgotten for good."""
    with database.work() as work:
        work.members.forget(member_id, NOON)
        work.commit()


def test_one_post_mentions(two: tuple[Database, Database]):
    """A post that two processes make mentions its members once."""
    lin, xiu = person("小林"), person("阿秀")
    with two[0].work() as work:
        members = [work.members.id_of(each, NOON) or 0 for each in (lin, xiu)]
        work.commit()

    def post(work: Work) -> None:
        slot = work.slots.open(DUE)
        if slot is not None:
            post_id = work.posts.plan(
                slot, group(), "tea", "喝什么？", f"post:{slot}", timedelta(hours=3), NOON
            )
            work.casts.add(post_id, [(member, "新来的") for member in members], NOON)

    at_once(two, post)
    with two[0].work() as work:
        persons = dict(zip(members, members, strict=True))
        assert {frozenset(members)} == work.casts.together(group(), persons)
        assert dict.fromkeys(members, (NOON,)) == work.casts.of_people(persons, NOON)
