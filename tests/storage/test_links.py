from builders import NOON, group, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_stage import opened

from bot.events import Identity
from rules.consequences import Consequence
from storage.database import Database
from storage.work import Work

LIN, ALT, WU = person("小林"), person("小林的小号"), person("小吴")


def test_two_are_one(database: Database):
    """From then on, in other works and whoever is asked first; others are nobody's other self."""
    with database.work() as work:
        assert not work.members.same(LIN, ALT)
        assert work.members.link(LIN, ALT, WU, NOON)
        assert not work.members.link(ALT, LIN, WU, NOON)
        work.commit()
    with database.work() as work:
        assert work.members.same(LIN, ALT)
        assert work.members.same(ALT, LIN)
        assert not work.members.same(LIN, WU)
        assert ([ALT], [LIN], []) == tuple(map(work.members.linked, (LIN, ALT, WU)))


def test_strangers(work: Work):
    """Who was never seen is the same as themselves only; linking makes them known."""
    assert work.members.same(LIN, Identity(LIN.account, LIN.id, "别名"))
    assert not work.members.same(LIN, ALT)
    assert [] == work.members.linked(LIN)
    assert not work.members.link(LIN, LIN, "cli", NOON)
    assert work.members.link(LIN, ALT, "cli", NOON)


def test_across_accounts(work: Work):
    """Two accounts of the bot may know one person."""
    elsewhere = Identity("另一个号", "x", "小林")
    work.members.link(LIN, elsewhere, "cli", NOON)

    assert [elsewhere] == work.members.linked(LIN)


def test_the_forgotten_are_linked_to_nobody(work: Work):
    """Of somebody forgotten nothing is kept, so there is nothing to link."""
    work.members.id_of(LIN, NOON)
    work.members.forget(work.members.find("小林")[0].member_id, NOON)

    assert not work.members.link(LIN, WU, "cli", NOON)


def test_parted(database: Database):
    """Two are two again, in other works, and may be linked anew."""
    with database.work() as work:
        assert not work.members.unlink(LIN, ALT)
        work.members.link(LIN, ALT, WU, NOON)
        assert not work.members.unlink(LIN, WU)
        assert not work.members.unlink(LIN, LIN)
        work.commit()
    with database.work() as work:
        assert work.members.unlink(ALT, LIN)
        assert not work.members.unlink(ALT, LIN)
        work.commit()
    with database.work() as work:
        assert not work.members.same(LIN, ALT)
        assert ([], []) == (work.members.linked(LIN), work.members.linked(ALT))
        assert work.members.link(LIN, ALT, WU, NOON)
        work.commit()


def test_what_the_other_did_is_theirs_again(work: Work):
    """Also in the very work that parts them."""
    case = opened(work, "小林")
    work.sanctions.impose(case, group(), LIN, Consequence.QUIET, NOON, None)
    work.members.link(LIN, ALT, WU, NOON)
    assert [] != work.sanctions.in_force(group(), ALT, NOON)
    work.members.unlink(LIN, ALT)

    assert [] == work.sanctions.in_force(group(), ALT, NOON)
    assert [] != work.sanctions.in_force(group(), LIN, NOON)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=10
    )
)
def test_linked_and_parted_in_any_order(
    sqlite_database: Database, steps: list[tuple[bool, int, int]]
):
    """Who is parted is alone, all others stay as they were, and it remains an equivalence."""
    people = [person(f"人{number}") for number in range(6)]
    groups = [{number} for number in range(6)]
    with sqlite_database.work() as work:
        for links, one, other in steps:
            if links:
                work.members.link(people[one], people[other], "cli", NOON)
                joined = groups[one] | groups[other]
                for each in joined:
                    groups[each] = joined
                continue
            together = one != other and other in groups[one]
            assert together is work.members.unlink(people[one], people[other])
            if together:
                groups[other].discard(other)
                groups[other] = {other}
        for one in range(6):
            found = {people.index(each) for each in work.members.linked(people[one])}
            assert groups[one] - {one} == found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_links_in_any_order(sqlite_database: Database, pairs: list[tuple[int, int]]):
    """Being one person is an equivalence, however the links came."""
    people = [person(f"人{number}") for number in range(6)]
    groups = [{number} for number in range(6)]
    with sqlite_database.work() as work:
        for one, other in pairs:
            joined = groups[one] | groups[other]
            new = work.members.link(people[one], people[other], "cli", NOON)
            assert (groups[one] is not groups[other]) is new
            for each in joined:
                groups[each] = joined
        for one in range(6):
            found = {people.index(each) for each in work.members.linked(people[one])}
            assert groups[one] - {one} == found
