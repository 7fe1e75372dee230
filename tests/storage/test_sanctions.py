from datetime import datetime

import pytest
from builders import ACCOUNT, NOON, group, later, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_stage import opened

from rules.consequences import Consequence
from storage.database import Database
from storage.values_of_order import Sanction
from storage.work import Work

LIN = person("小林")
DAY = later(days=1)


def quiet(work: Work, by: str = "小林", until: datetime | None = DAY) -> tuple[int, int]:
    """A quiet period from noon on; the numbers of its case and of itself."""
    case = opened(work, by, consequence="quiet")
    return case, work.sanctions.impose(case, group(), person(by), Consequence.QUIET, NOON, until)


def test_a_sanction_is_kept(database: Database):
    """What, on whom, from when until when."""
    with database.work() as work:
        case, sanction = quiet(work)
        work.commit()
    with database.work() as work:
        expected = Sanction(
            id=sanction,
            case=case,
            group=group(),
            member=LIN,
            kind=Consequence.QUIET,
            since=NOON,
            until=DAY,
            lifted_at=None,
            lifted_why="",
            breaches=0,
        )
        assert [expected] == work.sanctions.of_case(case)
        assert [expected] == work.sanctions.in_force(group(), LIN, NOON)


def test_once_for_a_case_and_kind(work: Work):
    """What is imposed twice is there once, as it was the first time; another kind is another."""
    case, sanction = quiet(work)
    again = work.sanctions.impose(case, group(), LIN, Consequence.QUIET, DAY, None)
    removal = work.sanctions.impose(case, group(), LIN, Consequence.REMOVE, NOON, None)

    assert sanction == again != removal
    assert [DAY, None] == [each.until for each in work.sanctions.of_case(case)]


@pytest.mark.parametrize(
    ("where", "who", "when", "found"),
    [
        ("读书会", "小林", NOON, True),
        ("读书会", "小林", later(hours=23, minutes=59), True),
        ("读书会", "小林", DAY, False),
        ("读书会", "小林", later(minutes=-1), False),
        ("读书会", "小吴", NOON, False),
        ("跑步", "小林", NOON, False),
        ("读书会", "谁", NOON, False),
    ],
)
def test_in_force(work: Work, where: str, who: str, when: datetime, found: bool):  # noqa: FBT001
    """From its beginning until just before its end, in its group, on its member."""
    quiet(work)
    opened(work, "小吴")

    assert found is bool(work.sanctions.in_force(group(where), person(who), when))


def test_in_force_for_good(work: Work):
    """What has no end is in force however long; the harshest comes first."""
    case, _ = quiet(work, until=None)
    work.sanctions.impose(case, group(), LIN, Consequence.BAN, NOON, None)
    found = work.sanctions.in_force(group(), LIN, later(days=9999))

    assert [Consequence.BAN, Consequence.QUIET] == [each.kind for each in found]


def test_who_comes_back_under_another_name(database: Database):
    """A sanction is in force on every identity of the person, also just after they are linked."""
    other = person("换了名字")
    with database.work() as work:
        case, _ = quiet(work)
        assert [] == work.sanctions.in_force(group(), other, NOON)
        work.members.link(LIN, other, "cli", NOON)
        assert [case] == [each.case for each in work.sanctions.in_force(group(), other, NOON)]
        work.commit()
    with database.work() as work:
        work.sanctions.prepare([other, person("小吴")])
        assert [case] == [each.case for each in work.sanctions.in_force(group(), other, NOON)]
        assert [] == work.sanctions.in_force(group(), person("小吴"), NOON)


def test_standing_whatever_the_clock_shows(database: Database):
    """Neither lifted nor closed: also what is over, and what begins later by a clock put back."""
    with database.work() as work:
        case, sanction = quiet(work)
        assert [case] == [each.case for each in work.sanctions.standing(group(), LIN)]
        assert [] == work.sanctions.standing(group(), person("小吴"))
        work.sanctions.close(sanction, NOON, "期满")
        assert [] == work.sanctions.standing(group(), LIN)


def test_a_batch_is_looked_up_together(database: Database):
    """Asking for hundreds takes one statement, as long as nobody is under anything."""
    people = [person(f"人{number}") for number in range(300)]
    with database.work() as work:
        for each in people:
            work.members.id_of(each, NOON)
        work.groups.see(group(), managed=True, at=NOON)
        work.commit()
    ran: list[str] = []
    with database.work() as work:
        work.members.prepare(people)
        work.sanctions.prepare(people)
        line = work._transaction._line
        fetch = line.fetch
        line.fetch = lambda sql, params: ran.append(sql) or fetch(sql, params)  # type: ignore[method-assign,func-returns-value]
        assert not any(work.sanctions.in_force(group(), each, NOON) for each in people)

    assert 1 == len(ran)


def test_a_breach_counts_once_a_message(work: Work):
    """The same message heard twice is one breach and lengthens once."""
    case, sanction = quiet(work)
    counted = [
        work.sanctions.breach(sanction, message, later(days=2)) for message in ("m1", "m1", "m2")
    ]
    (now,) = work.sanctions.of_case(case)

    assert [True, False, True] == counted
    assert (2, later(days=2)) == (now.breaches, now.until)


def test_a_breach_never_shortens(work: Work):
    """An earlier end, or none, leaves the end; what is for good stays so."""
    case, sanction = quiet(work, until=later(days=7))
    work.sanctions.breach(sanction, "m1", DAY)
    work.sanctions.breach(sanction, "m2")
    endless, second = quiet(work, "小吴", until=None)
    work.sanctions.breach(second, "m3", DAY)

    assert [later(days=7)] == [each.until for each in work.sanctions.of_case(case)]
    assert [None] == [each.until for each in work.sanctions.of_case(endless)]


def test_lifting(work: Work):
    """What is open is lifted once, with the reason; it is in force no more, nor can be broken."""
    case, sanction = quiet(work)
    (lifted,) = work.sanctions.lift(case, later(hours=1), "误判")

    assert (later(hours=1), "误判") == (lifted.lifted_at, lifted.lifted_why)
    assert [] == work.sanctions.lift(case, later(hours=2), "再来")
    assert [] == work.sanctions.in_force(group(), LIN, later(hours=1))
    assert not work.sanctions.breach(sanction, "m1", DAY)
    assert not work.sanctions.close(sanction, DAY, "到期")


def test_what_has_ended(work: Work):
    """From its end on until it is closed; soonest first; not what has no end or was lifted."""
    _, second = quiet(work, "小林", until=later(days=2))
    _, first = quiet(work, "小吴", until=DAY)
    quiet(work, "小何", until=None)
    case, _ = quiet(work, "小丁", until=DAY)
    work.sanctions.lift(case, NOON, "误判")

    def ended(now: datetime) -> list[int]:
        return [each.id for each in work.sanctions.ended(ACCOUNT, now)]

    assert ([], [first], [first, second]) == (
        ended(later(hours=23)),
        ended(DAY),
        ended(later(days=3)),
    )
    assert [first] == [each.id for each in work.sanctions.ended(ACCOUNT, later(days=3), limit=1)]
    assert [] == work.sanctions.ended("别的号", later(days=3))
    assert [True, False] == [work.sanctions.close(first, DAY, "请回来了") for _ in range(2)]
    assert [second] == ended(later(days=3))


def test_a_sanction_on_the_forgotten_is_over(work: Work):
    """Somebody whose name is not kept cannot be told from others by a sanction."""
    work.members.id_of(LIN, NOON)
    (card,) = work.members.find("小林")
    work.members.forget(card.member_id, NOON)
    case, _ = quiet(work)

    assert [None] == [each.member for each in work.sanctions.of_case(case)]
    assert [] == work.sanctions.in_force(group(), LIN, NOON)
    assert [] == work.sanctions.ended(ACCOUNT, later(days=2))


class Model:
    """What a sanction should be after some steps, said in the plainest way."""

    def __init__(self) -> None:
        self.until = 24
        self.heard: set[str] = set()
        self.over = False

    def breach(self, message: str, hours: int) -> bool:
        """A message broke it."""
        if message in self.heard or self.over:
            self.heard.add(message)
            return False
        self.heard.add(message)
        self.until = max(self.until, hours)
        return True

    def end(self) -> bool:
        """It is lifted or closed."""
        ended, self.over = not self.over, True
        return ended


STEPS = st.one_of(
    st.tuples(st.just("breach"), st.sampled_from("abc"), st.integers(1, 99)),
    st.tuples(st.sampled_from(["lift", "close"]), st.just(""), st.just(0)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=12))
def test_any_life_of_a_sanction(sqlite_database: Database, steps: list[tuple[str, str, int]]):
    """Whatever comes in whatever order, and twice: it is as the plain model says."""
    with sqlite_database.work() as work:
        model = Model()
        case, sanction = quiet(work)
        for step, message, hours in steps:
            if step == "breach":
                now = work.sanctions.breach(sanction, message, later(hours=hours))
                assert model.breach(message, hours) is now
            elif step == "lift":
                assert model.end() is bool(work.sanctions.lift(case, NOON, ""))
            else:
                assert model.end() is work.sanctions.close(sanction, NOON, "")
        (kept,) = work.sanctions.of_case(case)

        assert later(hours=model.until) == kept.until
        assert model.over is not bool(work.sanctions.in_force(group(), LIN, NOON))


def test_in_every_group(work: Work):
    """What somebody is under anywhere at that moment, under any of their identities."""
    quiet(work)
    quiet(work, "小李")
    quiet(work, "阿秀")
    work.members.link(person("小林"), person("小李"), "weilu", NOON)

    found = work.sanctions.everywhere(person("小李"), NOON)
    assert [person("小林"), person("小李")] == [each.member for each in found]
    assert [] == work.sanctions.everywhere(person("小李"), DAY)
