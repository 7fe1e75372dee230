import pytest
from builders import NOON, group, later, person, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_stage import opened
from sqlalchemy import select
from statements_seen import statements

from rules.consequences import Consequence
from storage.database import Database
from storage.lasting import Lasting, tables_of
from storage.metadata import metadata
from storage.tables import groups, identities
from storage.tables_of_order import links, sanctions
from storage.work import Work

LIN = person("小林")
POSTS = frozenset({"posts"})

steps = st.lists(
    st.tuples(
        st.sampled_from(["impose", "close", "nothing"]),
        st.booleans(),  # by us, or by another program
        st.sampled_from(["committed", "left", "spoiled"]),
    ),
    max_size=8,
)


def test_an_answer_lasts_until_somebody_writes():
    """Not beyond a change of a table it was read of, by us or by anybody."""
    lasting = Lasting()
    lasting.begin("first")
    lasting.keep("posts", [1], POSTS)
    lasting.keep("both", [2], POSTS | {"slots"})

    assert [[1], [2]] == [lasting.get(each, set()) for each in ("posts", "both")]
    assert [[1], None] == [lasting.get(each, {"slots"}) for each in ("posts", "both")]
    lasting.written({"slots", "cases"})
    lasting.begin("first")
    assert [[1], None] == [lasting.get(each, set()) for each in ("posts", "both")]
    lasting.begin("second")
    assert lasting.get("posts", set()) is None


def test_there_are_not_ever_more_answers(monkeypatch: pytest.MonkeyPatch):
    """When there are many, all are asked for again."""
    monkeypatch.setattr("storage.lasting._MOST", 2)
    lasting = Lasting()
    for number in range(3):
        lasting.keep(number, number, POSTS)

    assert [None, None, 2] == [lasting.get(number, ()) for number in range(3)]


def test_the_tables_of_a_statement():
    """Those of inner selects, joins and aliases as well."""
    other = links.alias()
    inner = select(other.c.member_id).join_from(
        links, other, other.c.person_id == links.c.person_id
    )
    named = select(identities.c.name).where(identities.c.member_id == sanctions.c.member_id)
    statement = (
        select(groups, named.scalar_subquery())
        .join_from(sanctions, groups, groups.c.id == sanctions.c.group_id)
        .where(sanctions.c.member_id.in_(inner))
    )

    assert {"groups", "identities", "links", "sanctions"} == tables_of(statement)


def test_no_table_changes_by_itself():
    """A transaction sees which tables it writes to: nothing else may be written because of that."""
    keys = [key for table in metadata.sorted_tables for key in table.foreign_keys]

    assert [] == [key for key in keys if key.ondelete or key.onupdate]


def change(work: Work, what: str, open_: list[int]) -> list[int]:
    """Impose something, or close what was imposed first; what is open after it."""
    if what == "impose":
        case = opened(work)
        number = work.sanctions.impose(case, group(), LIN, Consequence.QUIET, NOON, None)
        return [*open_, number]
    if what == "close" and open_:
        work.sanctions.close(open_[0], NOON, "期满")
        return open_[1:]
    return open_


def in_force(work: Work) -> list[int]:
    """What somebody is under, oldest first."""
    return sorted(each.id for each in work.sanctions.in_force(group(), LIN, later(hours=1)))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(todo=steps)
def test_nothing_is_answered_as_it_was(new_sqlite, todo):  # noqa: ANN001
    """Whoever changes what is imposed, and whether or not that lasts: the answer is today's."""
    url = new_sqlite()
    ours, other = Database(url), Database(url)
    open_: list[int] = []
    for what, by_us, ends in todo:
        with (ours if by_us else other).work() as work:
            try:
                with work.savepoint():
                    assert open_ == in_force(work)
                    after = change(work, what, open_)
                    assert after == in_force(work)
                    assert ends != "spoiled" or 1 / 0
            except ZeroDivisionError:
                after = open_
            assert after == in_force(work)
            if ends == "committed":
                work.commit()
                open_ = after
        with ours.work() as work:
            assert open_ == in_force(work)
    ours.close()
    other.close()


def test_what_hardly_changes_is_asked_once(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
):
    """Who was forgotten, what is imposed, which posts are open: not for each message."""
    for message in (said("早"), said("好")):
        with sqlite_database.work() as work:
            work.messages.add(message, keep_text=True)
            work.sanctions.in_force(group(), LIN, NOON)
            work.posts.active(group(), NOON)
            work.commit()

    with sqlite_database.work() as work:
        ran = statements(monkeypatch)
        assert [] == work.sanctions.in_force(group(), LIN, NOON)
        assert [] == work.posts.active(group(), NOON)

    assert [] == ran


def test_somebody_forgotten_by_another_program_is_noticed(new_sqlite):  # noqa: ANN001
    """At the next transaction, though nothing else has happened."""
    url = new_sqlite()
    ours, other = Database(url), Database(url)
    for _ in range(2):
        with ours.work() as work:
            work.messages.add(said("早"), keep_text=True)
            work.commit()
    with other.work() as work:
        member_id = work.members.id_if_known(LIN)
        assert member_id is not None
        work.members.forget(member_id, NOON)
        work.commit()
    with ours.work() as work:
        assert work.members.is_forgotten(LIN)
    ours.close()
    other.close()
