from builders import NOON, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.events import Identity
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
