import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from builders import NOON, group, joined, said
from forks import exit_codes, upgrade
from sqlalchemy import NullPool, create_engine

import storage
from storage.database import Database, DatabaseTrouble, DatabaseUnavailable
from storage.metadata import described
from storage.work import Work

NewUrl = Callable[[], str]


def url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"


def test_a_new_database(tmp_path: Path):
    """A missing file in a missing folder: not migrated, and in order after the upgrade."""
    database = Database(url(tmp_path / "data" / "weilu.db"))

    assert database.version() is None
    with pytest.raises(DatabaseTrouble, match="weilu db upgrade"):
        database.check()
    assert [] == list((tmp_path / "data").iterdir())
    database.upgrade()
    database.check()
    assert database.head() == database.version()
    database.close()


def test_upgrading_twice_changes_nothing(database: Database):
    """A second upgrade finds nothing to do and keeps what is there."""
    with database.work() as work:
        work.groups.see(group(), managed=True, at=NOON)
        work.commit()
    database.upgrade()
    database.check()
    with database.work() as work:
        assert 1 == len(work.groups.all())


def test_the_migrations_make_the_tables(database: Database):
    """The migrated database is what storage/tables.py says, and head is what Alembic thinks."""
    folder = Path(storage.__file__).parent / "migrations"
    with database._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, described())

    assert [] == differences
    config = Config()
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_current_head() == database.head()


def test_sqlite_is_opened_safely(sqlite_database: Database):
    """WAL, foreign keys and a full sync on every commit."""
    with sqlite_database._engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        ]

    assert ["wal", 1, 2] == pragmas


def test_a_newer_database_is_refused(sqlite_database: Database):
    """A database of a later program is not touched by this one."""
    with sqlite_database._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseTrouble, match="newer than this program"):
        sqlite_database.check()


def test_not_a_database(tmp_path: Path):
    """Some other file is recognised."""
    (tmp_path / "letter.db").write_text("亲爱的小林：" * 200)
    database = Database(url(tmp_path / "letter.db"))
    with pytest.raises(DatabaseTrouble, match="not a SQLite database"):
        database.check()
    database.close()


def test_a_locked_database(new_sqlite: NewUrl):
    """A lock that is not given up is told as what may pass, once patience is over."""
    database_url = new_sqlite()
    database = Database(database_url, patience_ms=20)
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="Another program holds"):
        database.check()
    with pytest.raises(DatabaseUnavailable, match="Another program holds"), database.work():
        pass
    with database.reading() as reports:
        assert [] == reports.groups()
    other.close()
    database.check()
    database.close()


def test_a_read_only_database(new_sqlite: NewUrl):
    """A file that cannot be written is told of by the check, not by the first message."""
    path = new_sqlite().removeprefix("sqlite:///")
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(DatabaseUnavailable, match="read-only"):
        database.check()
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://weilu:geheim@127.0.0.1:1/weilu?connect_timeout=2",
        "mysql+nothing://weilu:geheim@localhost/weilu",
        "geheim",
    ],
)
def test_no_password_in_any_message(url: str):
    """A database that cannot be had is a sentence without the password, in the cause neither."""
    with pytest.raises(DatabaseTrouble) as caught:
        Database(url).check()

    assert "geheim" not in str(caught.value)
    assert "geheim" not in str(caught.value.__cause__)


def test_no_text_of_a_member_in_any_message(database: Database):
    """A row that is refused does not carry what a member wrote into a log."""
    twice = said("一个秘密", id="same")
    with database.work() as work:
        work.messages.add(twice, keep_text=True)
        work.commit()
    with database.work() as work:
        work.messages._heard[1, "same"] = 0  # as if another process had written it just now
        work.messages.add(twice, keep_text=True)
        with pytest.raises(DatabaseTrouble) as caught:
            work.commit()

    assert "秘密" not in f"{caught.value} {caught.value.__cause__}"


def test_memory_is_refused():
    """A database in memory would be another one in every thread."""
    with pytest.raises(DatabaseTrouble, match="SQLite needs a file"):
        Database("sqlite:///:memory:")


def test_leaving_without_commit_leaves_nothing(database: Database):
    """A work that ends without commit, by itself or by an exception, has not happened."""
    with database.work() as work:
        work.messages.add(said("一"), keep_text=True)
        work.groups.all()
    with pytest.raises(ZeroDivisionError), database.work() as work:  # noqa: PT012 leaving it counts
        work.messages.add(said("二"), keep_text=True)
        raise ZeroDivisionError
    with database.work() as work:
        assert [] == work.groups.all()
        assert [] == work.members.find("小林")


def test_reading_sees_one_state(database: Database):
    """What is committed while reading does not show before the next reading."""
    with database.reading() as reports:
        assert [] == reports.groups()
        with database.work() as work:
            work.groups.see(group(), managed=True, at=NOON)
            work.commit()
        assert [] == reports.groups()
    with database.reading() as reports:
        assert 1 == len(reports.groups())


def test_plain_postgres_urls_work(new_postgres: NewUrl):
    """`postgresql://` and `postgres://`, as people write them, need no driver name."""
    database_url = new_postgres()
    for scheme in ("postgresql", "postgres"):
        database = Database(database_url.replace("postgresql+psycopg", scheme))
        database.check()
        database.close()


def test_two_upgrades_at_once(database_url: str):
    """Two processes that start together on a new database both find it in order."""
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).unlink()
    else:
        execute(database_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")

    assert [0, 0] == exit_codes(upgrade, database_url, number=2)
    with closing(Database(database_url)) as database:
        database.check()
    assert [1] == execute(database_url, "SELECT count(*) FROM salt")


def execute(url: str, *statements: str) -> list[object]:
    """Run statements; what the last one gave."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.exec_driver_sql(statement)
        return list(result.scalars()) if result.returns_rows else []


def test_a_line_cut_at_a_savepoint(new_postgres: Callable[[], str]):
    """PostgreSQL goes away while an event is undone: the database's trouble, not the event's."""
    database = Database(url := new_postgres())

    def spoil(work: Work) -> None:
        with work.savepoint():
            work.memberships.join(joined("小明"))
            cut_off(url)
            raise ValueError("a handler's own fault")

    with database.work() as work, pytest.raises(DatabaseUnavailable):
        spoil(work)
    database.close()


def cut_off(url: str) -> None:
    """End every other connection to this database."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
