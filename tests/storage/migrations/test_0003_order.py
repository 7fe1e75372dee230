from contextlib import closing

from builders import ACCOUNT, NOON, group, later, person
from earlier import live_at_first, upgrade_to
from order_stage import opened
from sqlalchemy import NullPool, create_engine

from storage.database import Database
from storage.values import Case
from storage.values_of_order import TaskKind

LIN = person("小林")


def test_what_was_recorded_is_kept(new_empty: str):
    """A database of the first version: its cases are there, open, found by rules, no strikes."""
    upgrade_to(new_empty, "0001")
    live_at_first(new_empty)
    with closing(Database(new_empty)) as database:
        database.upgrade()
        database.check()
        with database.work() as work:
            found = work.cases.of_member(group(), LIN)
            assert [1, 2, 3] == [case.number for case in found]
            assert (
                Case(
                    number=1,
                    group=group(),
                    member=LIN,
                    rule="keywords",
                    reason="这里不做广告",
                    detail="命中",
                    span=(0, 4),
                    excerpt="快加微信",
                    consequence="remind",
                    at=NOON,
                    platform_message_id="m1",
                    reminded=True,
                    kind="keywords",
                )
                == found[0]
            )
            assert NOON == work.cases.last_reminded(group(), LIN, "keywords")
            assert [] == work.cases.strikes(group(), LIN, later(days=-1))


def test_it_goes_on_from_there(new_empty: str):
    """Numbers go on, tasks begin with one, and what points to people still does."""
    upgrade_to(new_empty, "0001")
    live_at_first(new_empty)
    with closing(Database(new_empty)) as database:
        database.upgrade()
        with database.work() as work:
            assert 4 == opened(work, consequence="warn")
            assert 1 == work.tasks.open(ACCOUNT, "k", TaskKind.MUTE, "", NOON, NOON)
            assert work.appeals.open(1, LIN, "误会", NOON)
            work.members.forget(1, NOON)
            work.commit()
    if new_empty.startswith("sqlite"):
        with create_engine(new_empty, poolclass=NullPool).connect() as connection:
            assert [] == connection.exec_driver_sql("PRAGMA foreign_key_check").all()
