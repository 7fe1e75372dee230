"""A crash in the middle of every transition of a sanction, and two who decide at once."""

import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from builders import ACCOUNT, NOON, joined, later, said
from court import CHIEF, DEPUTY, GROUP, HOUSE, LIN, WECHAT, ads, told
from hall import Hall

from bot.events import MemberLeft, MinutePassed
from bot.gateway.base import Capability
from handlers.decisions import overturn, release, sanction_by_hand, uphold
from handlers.verdicts import Verdict
from rules.base import Rule
from rules.consequences import Consequence
from rules.ladder import Step
from storage.database import Database
from storage.lines import Line
from storage.values import OutboxState
from storage.values_of_order import CaseState, TaskState
from storage.work import Work

Transition = Callable[[Hall], object]

DRIVES = ("execute", "execute_many", "fetch", "change")
"""How a transaction speaks to the database; each is a point to die at, and so is the commit."""


class Crash(BaseException):
    """Nothing catches a death."""


def enter(work: Work, *rules: Rule) -> Hall:
    """读书会 as a process finds it when it starts."""
    hall = Hall(work)
    hall.rule(rules=rules)
    hall.house, hall.capabilities = HOUSE, WECHAT
    return hall


def found(hall: Hall) -> None:
    """The group was told of its rules; 小林 came yesterday, 老成员 long ago."""
    told(hall.work, hall.settings[GROUP])
    hall.happens(joined("小林", at=later(days=-1)), joined("老成员", at=later(days=-300)))


def speaks(number: int, text: str, **after: float) -> Transition:
    """小林 says something; the same message again each time."""
    at = later(**after)

    def transition(hall: Hall) -> None:
        hall.now = at
        hall.happens(said(text, id=f"said{number}", at=at))

    return transition


def minute(**after: float) -> Transition:
    """The clock is looked at."""

    def transition(hall: Hall) -> None:
        hall.now = later(**after)
        hall.happens(MinutePassed(at=hall.now))

    return transition


def decides(decision: Callable[[Hall], Verdict], **after: float) -> Transition:
    """An operator decides."""

    def transition(hall: Hall) -> Verdict:
        hall.now = later(**after)
        verdict = decision(hall)
        for action in verdict.actions:
            hall.work.outbox.stage(action, hall.now)
        return verdict

    return transition


def taken_back(hall: Hall, by: Any = CHIEF) -> Verdict:
    """Case 1 is overturned."""
    return overturn(scene(hall), 1, by, "看错了")


def confirmed(hall: Hall, by: Any = CHIEF) -> Verdict:
    """Case 1 is upheld."""
    return uphold(scene(hall), 1, by, "看过了")


def scene(hall: Hall) -> Any:
    """Now."""
    return hall.scene(MinutePassed(at=hall.now))


def goes(hall: Hall) -> None:
    """The removal was done, and is heard of."""
    row = hall.work.outbox.of_key(ACCOUNT, "remove:1")
    assert row is not None
    hall.work.outbox.settle(row.id, OutboxState.DONE, hall.now)
    hall.happens(MemberLeft(group=GROUP, member=LIN, at=later(minutes=1)))


def cannot(transition: Transition) -> Transition:
    """The same while the platform can neither remove nor invite."""

    def unable(hall: Hall) -> None:
        hall.capabilities -= {Capability.REMOVE, Capability.INVITE}
        transition(hall)

    return unable


def by_hand(hall: Hall) -> Verdict:
    """老周 orders quiet, with one message."""
    step = Step(Consequence.QUIET, later(days=1) - NOON)
    settings = hall.settings[GROUP]
    return sanction_by_hand(scene(hall), GROUP, settings, LIN, step, CHIEF, "吵架", cause="m1")


def appeals(hall: Hall) -> None:
    """小林 objects."""
    hall.work.appeals.open(1, LIN, "不是广告", hall.now)


STORIES: dict[str, tuple[Rule, list[Transition]]] = {
    "warned, overturned": (
        ads(),
        [found, speaks(1, "刷单"), appeals, decides(taken_back, hours=1)],
    ),
    "quiet, broken, ended": (
        ads("quiet"),
        [found, speaks(1, "刷单"), speaks(2, "早", hours=1), minute(days=3)],
    ),
    "removed, back": (
        ads("remove"),
        [found, speaks(1, "刷单"), goes, minute(days=20)],
    ),
    "removed, overturned": (
        ads("remove"),
        [found, speaks(1, "刷单"), goes, decides(taken_back, hours=1), minute(days=20)],
    ),
    "of long standing, confirmed": (
        ads("remove"),
        [
            found,
            lambda hall: hall.happens(said("刷单", "老成员", id="said1")),
            decides(confirmed, hours=1),
        ],
    ),
    "of long standing, nobody confirms": (
        ads("remove"),
        [
            found,
            lambda hall: hall.happens(said("刷单", "老成员", id="said1")),
            minute(days=2),
        ],
    ),
    "by hand, released": (
        ads(),
        [
            found,
            decides(by_hand),
            decides(lambda hall: release(scene(hall), GROUP, LIN, CHIEF, "好了"), hours=2),
        ],
    ),
    "asked of humans": (
        ads("remove"),
        [
            found,
            cannot(speaks(1, "刷单")),
            minute(days=2),
            lambda hall: hall.happens(MemberLeft(group=GROUP, member=LIN, at=later(days=3))),
            cannot(minute(days=20)),
        ],
    ),
}


def picture(database: Database) -> dict[str, object]:
    """All that was decided, without our own ids."""
    with database.work() as work:
        cases = [
            (each.number, each.consequence, each.state, each.until, each.decided_by)
            for each in work.cases.recent(ACCOUNT, limit=99)
        ]
        sanctions = [
            (each.case, each.kind, each.since, each.until, each.lifted_at, each.breaches)
            for number in range(1, len(cases) + 1)
            for each in work.sanctions.of_case(number)
        ]
        standing = [each.case for each in work.sanctions.standing(GROUP, LIN)]
        tasks = [(each.number, each.state) for each in work.tasks.list(ACCOUNT, [*TaskState])]
        acts = sorted((row.action.key, row.state) for row in work.outbox.list(ACCOUNT, limit=99))
        deeds = [each.what for each in work.audit.list(ACCOUNT)]
        appeals = [each.state for each in work.appeals.of_case(1)]
    return {
        "cases": cases,
        "sanctions": sanctions,
        "standing": standing,
        "tasks": tasks,
        # What was sent about a breach names the sanction by our own id.
        "acts": [(key.split(":")[0] if "breach" in key else key, state) for key, state in acts],
        "deeds": deeds,
        "appeals": appeals,
    }


def run(database: Database, rule: Rule, transition: Transition) -> dict[str, object]:
    """One transition, committed, and what there is then."""
    with database.work() as work:
        transition(enter(work, rule))
        work.commit()
    return picture(database)


def die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies at its so-many-th word to the database, or just after the commit."""
    left = [step]

    def mortal(name: str, *, after: bool) -> Callable[..., Any]:
        true = getattr(Line, name)

        def call(*args: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0 and not after:
                raise Crash
            result = true(*args, **named)
            if after:
                left[0] -= 1
                if left[0] == 0:
                    raise Crash
            return result

        return call

    for name in DRIVES:
        monkeypatch.setattr(Line, name, mortal(name, after=False))
    monkeypatch.setattr(Line, "commit", mortal("commit", after=True))


@pytest.mark.parametrize("story", STORIES)
def test_a_crash_anywhere(
    story: str, new_sqlite: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies at the first word to the database, is tried again, dies at the second, and so on.

    What was under way is done once all the same, by who hears of it at last.
    """
    rule, transitions = STORIES[story]
    calm, troubled = Database(new_sqlite()), Database(new_sqlite())
    deaths = 0
    for transition in transitions:
        expected = run(calm, rule, transition)
        for step in count(1):
            with monkeypatch.context() as dying:
                die_at(step, dying)
                try:
                    run(troubled, rule, transition)
                    break
                except Crash:
                    deaths += 1
        assert expected == picture(troubled), transition
    calm.close()
    troubled.close()
    assert deaths > 10 * len(transitions)


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes, as far as the database can tell; 小林 was removed for a while."""
    databases = Database(database_url), Database(database_url)
    for transition in (found, speaks(1, "刷单"), goes, appeals):
        with databases[0].work() as work:
            transition(enter(work, ads("remove")))
            work.commit()
    yield databases
    for database in databases:
        database.close()


def at_once(databases: tuple[Database, Database], *jobs: Callable[[Hall], object]) -> list[object]:
    """Each does its job in a committed work at the same moment; what came of it."""
    start = threading.Barrier(2)
    results: list[object] = [None, None]

    def act(place: int) -> None:
        start.wait(10)
        with databases[place].work() as work:
            results[place] = jobs[place](enter(work, ads("remove")))
            work.commit()

    threads = [threading.Thread(target=act, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def invitations(database: Database) -> int:
    """How often 小林 is invited back."""
    with database.work() as work:
        rows = work.outbox.list(ACCOUNT, limit=99)
        return sum(row.action.key == "invite:1" for row in rows)


@pytest.mark.parametrize("_round", range(3))
@pytest.mark.parametrize("second", [taken_back, confirmed])
def test_two_operators_decide_one_appeal(
    two: tuple[Database, Database], second: Callable[..., Verdict], _round: int
) -> None:
    """One decision, and the other hears whose it was."""
    verdicts = at_once(
        two,
        decides(taken_back, hours=1),
        decides(lambda hall: second(hall, DEPUTY), hours=1),
    )
    won = [isinstance(each, Verdict) and each.done for each in verdicts]
    with two[0].work() as work:
        case = work.cases.get(1)
        (appeal,) = work.appeals.of_case(1)
        deeds = work.audit.list(ACCOUNT)

    assert [False, True] == sorted(won)
    assert case is not None
    assert (CHIEF, DEPUTY)[won.index(True)] == case.decider == appeal.decider
    assert case.state.value == appeal.state.value
    assert 1 == len(deeds)
    assert (1 if case.state is CaseState.OVERTURNED else 0) == invitations(two[0])


@pytest.mark.parametrize("_round", range(3))
def test_overturned_when_it_ends(two: tuple[Database, Database], _round: int) -> None:
    """The operator and the clock at one moment: invited back once."""
    at_once(two, decides(taken_back, days=20), minute(days=20))

    assert 1 == invitations(two[0])


@pytest.mark.parametrize("_round", range(3))
def test_the_clock_in_two_processes(two: tuple[Database, Database], _round: int) -> None:
    """Two see the end at one moment: invited back once."""
    at_once(two, minute(days=20), minute(days=20))

    assert 1 == invitations(two[0])
