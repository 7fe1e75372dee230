import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from builders import ACCOUNT, NOON, group, person, said
from sqlalchemy import NullPool, create_engine

from storage import lines
from storage.database import Database, DatabaseTrouble, DatabaseUnavailable
from storage.work import Work


@pytest.fixture
def served(new_postgres: Callable[[], str]) -> Iterator[tuple[Database, Callable[[], None]]]:
    """A PostgreSQL database, and what ends every connection to it."""
    url = new_postgres()
    database = Database(url)

    def cut() -> None:
        with create_engine(url, poolclass=NullPool).connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid != pg_backend_pid()"
            )

    yield database, cut
    database.close()


def names(database: Database) -> list[str]:
    """Everybody who was recorded."""
    with database.work() as work:
        return [card.name for card in work.members.find("小")]


def test_works_one_after_another_use_one_connection(database: Database):
    """A work does not open a connection of its own, whether it is committed or not."""
    for number in range(5):
        with database.work() as work:
            work.groups.see(group(f"第{number}群"), managed=True, at=NOON)
            if number % 2:
                work.commit()

    assert 1 == database._engine.pool.checkedout()


def test_works_at_once_have_connections_of_their_own(database: Database):
    """What others read meanwhile is what was committed; not every connection is kept."""
    with ExitStack() as stack:
        readers = [stack.enter_context(database.reading()) for _ in range(lines._KEPT + 2)]
        with database.work() as work:
            work.groups.see(group(), managed=True, at=NOON)
            work.commit()

        assert [[]] * len(readers) == [reports.groups() for reports in readers]
    assert lines._KEPT == database._engine.pool.checkedout()


def test_a_line_cut_while_nobody_uses_it(served: tuple[Database, Callable[[], None]]):
    """The next work finds a new one and knows nothing of it."""
    database, cut = served
    assert [] == names(database)
    cut()
    with database.work() as work:
        work.members.id_of(person("小林"), NOON)
        work.commit()

    assert ["小林"] == names(database)


def swallow(do: Callable[[], object]) -> None:
    """A handler that goes on in spite of the database's trouble."""
    with pytest.raises(DatabaseUnavailable):
        do()


def test_nothing_goes_on_after_a_line_was_lost(served: tuple[Database, Callable[[], None]]):
    """A handler that does not mind the loss cannot make half of its work last."""
    database, cut = served
    with database.work() as work:
        work.messages.add(said("早", "小林"), keep_text=True)
        cut()
        swallow(work.groups.all)
        swallow(lambda: work.accounts.stop(ACCOUNT, "停", NOON))
        swallow(work.outbox.list)
        with pytest.raises(DatabaseTrouble):
            work.commit()

    assert [] == names(database)
    with database.work() as work:
        assert ([], None) == (work.groups.all(), work.accounts.get(ACCOUNT))


def test_a_lock_that_is_not_to_be_had(sqlite_database: Database):
    """Whoever could not begin holds nothing; the line is used again later."""
    impatient = Database(str(sqlite_database._url), patience_ms=1)

    def begin(database: Database) -> None:
        with database.work():
            pass

    with sqlite_database.work():
        thread = threading.Thread(target=swallow, args=(lambda: begin(impatient),))
        thread.start()
        thread.join()
    begin(impatient)

    assert 1 == impatient._engine.pool.checkedout()
    impatient.close()


def test_errors_within_a_savepoint_leave_the_line_usable(database: Database):
    """After a savepoint that was taken back, the work goes on and can be committed."""

    def spoil(work: Work) -> None:
        with work.savepoint():
            work.accounts.stop(ACCOUNT, "停", NOON)
            with work.savepoint():
                work.accounts.stop(f"{ACCOUNT}二", "停", NOON)
            raise ZeroDivisionError

    with database.work() as work:
        with work.savepoint():
            work.accounts.stop(f"{ACCOUNT}三", "停", NOON)
        with pytest.raises(ZeroDivisionError):
            spoil(work)
        work.members.id_of(person("小林"), NOON)
        work.commit()
    with database.work() as work:
        there = [work.accounts.get(f"{ACCOUNT}{name}") is not None for name in ("", "二", "三")]

    assert ([False, False, True], ["小林"]) == (there, names(database))
