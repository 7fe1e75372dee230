from collections.abc import Iterator

import pytest
from builders import ACCOUNT, NOON
from sqlalchemy import Executable, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from storage.database import Database
from storage.lines import Line
from storage.prepared import ROWS_DIFFER, Prepared, prepared
from storage.tables import groups

INSERT = insert(groups)
ALL = select(groups).order_by(groups.c.id)
LEAVE = (
    update(groups)
    .where(groups.c.id == bindparam("group"))
    .values(managed=False, name="左\ud800边", roster_at=bindparam("at"))
)


@pytest.fixture
def line(database: Database) -> Iterator[Line]:
    """A line to a fresh database; what is written there is never committed."""
    line, _ = database._lines.take(lambda line: line.begin(reading=False))
    yield line
    database._lines.give_back(line)


def row(number: int) -> dict[str, object]:
    """A group that can be stored."""
    return {
        "id": number,
        "account": ACCOUNT,
        "platform_id": f"{number}@room",
        "name": f"群{number}\x00",
        "managed": True,
        "messages": 0,
        "first_seen": NOON,
    }


def ready(statement: Executable, line: Line, *names: str) -> Prepared:
    """The statement for this database."""
    found = prepared(statement, line.dialect, names)
    assert found is not None
    return found


@pytest.mark.parametrize("many", [1, 3])
def test_rows_are_as_sqlalchemy_reads_them(line: Line, many: int):
    """What is written and read this way is what SQLAlchemy itself reads back, by name and place."""
    rows = [row(number) for number in range(1, many + 1)]

    assert many == ready(INSERT, line, *row(1)).change(line, rows)

    found = ready(ALL, line).rows(line, {})
    assert [tuple(each) for each in line.select(ALL, {})] == found
    assert ["群1\ufffd", True, NOON] == [found[0].name, found[0].managed, found[0].first_seen]


def test_values_that_stand_in_the_statement(line: Line):
    """What a statement says itself is said together with what each row gives."""
    ready(INSERT, line, *row(1)).change(line, [row(1), row(2)])

    assert 1 == ready(LEAVE, line, "group", "at").change(line, [{"group": 2, "at": NOON}])
    assert [(1, True, None), (2, False, NOON)] == [
        (each.id, each.managed, each.roster_at) for each in ready(ALL, line).rows(line, {})
    ]


def test_errors_have_sqlalchemys_names_and_hold_no_values(line: Line):
    """A clash of keys is an IntegrityError, and it does not repeat what a member wrote."""
    twice = {**row(1), "name": "不可说"}
    with pytest.raises(IntegrityError) as caught:
        ready(INSERT, line, *twice).change(line, [twice, twice])

    assert "不可说" not in str(caught.value)


def test_what_cannot_be_stored_is_a_fault_of_the_statement(line: Line):
    """A time without a zone is refused before the database is asked."""
    naive = {**row(1), "first_seen": NOON.replace(tzinfo=None)}
    with pytest.raises(StatementError):
        ready(INSERT, line, *naive).change(line, [naive])


def test_texts_that_depend_on_the_values_are_left_to_sqlalchemy(line: Line):
    """A list of numbers is written out in the statement, which then cannot be kept."""
    some = select(groups.c.id).where(groups.c.id.in_(bindparam("some", expanding=True)))

    assert prepared(some, line.dialect, ("some",)) is None


@pytest.mark.parametrize("differ", [True, False])
def test_many_changes_are_the_same_as_one_by_one(line: Line, differ: bool):  # noqa: FBT001
    """Where no row is changed twice, PostgreSQL takes lists; the types and words are kept."""
    change = (
        update(groups)
        .where(groups.c.id == bindparam("group"), groups.c.managed.is_(True))
        .values(
            name=bindparam("now"),
            messages=groups.c.messages + bindparam("more"),
            roster_at=bindparam("at"),
            managed=True,
        )
    )
    if differ:
        change = change.execution_options(**{ROWS_DIFFER: True})
    ready(INSERT, line, *row(1)).change(line, [row(1), {**row(2), "managed": False}, row(3)])
    rows = [
        {"group": number, "now": f"新\ud800{number}", "more": number, "at": at}
        for number, at in ((1, NOON), (2, NOON), (3, None), (4, None))
    ]

    assert 2 == ready(change, line, "group", "now", "more", "at").change(line, rows)
    found = ready(ALL, line).rows(line, {})
    assert [
        (1, "新\ufffd1", 1, NOON),
        (2, "群2\ufffd", 0, None),
        (3, "新\ufffd3", 3, None),
    ] == [(each.id, each.name, each.messages, each.roster_at) for each in found]
