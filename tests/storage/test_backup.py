import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import NOON, group, person, said

from bot.actions import Priority, Say
from storage.backup import backup
from storage.database import Database, DatabaseTrouble
from storage.values import OutboxState


def speech(key: str) -> Say:
    """A word on its way to 读书会."""
    return Say(key=key, why="试", priority=Priority.TOPIC, to=group(), text="大家好")


def test_a_backup_can_be_started_from(sqlite_database: Database, tmp_path: Path):
    """The copy holds what was there; what was on its way out waits for a person's decision."""
    with sqlite_database.work() as work:
        work.messages.add(said("早"), keep_text=True)
        work.outbox.stage(speech("k1"), NOON)
        work.commit()
    target = tmp_path / "copy.db"
    backup(sqlite_database, target, NOON)

    with closing(Database(f"sqlite:///{target}")) as restored:
        restored.check()
        with restored.work() as work:
            assert [OutboxState.UNCONFIRMED] == [row.state for row in work.outbox.list()]
            assert "备份" in work.outbox.list()[0].detail
            assert 1 == work.messages.of_member(group(), person("小林"))[0]
            assert not work.outbox.stage(speech("k1"), NOON)
    with sqlite_database.work() as work:
        assert [OutboxState.PENDING] == [row.state for row in work.outbox.list()]
    assert 0o600 == target.stat().st_mode & 0o777
    assert {"copy.db"} == {path.name for path in tmp_path.iterdir() if "copy" in path.name}


def test_it_never_overwrites(sqlite_database: Database, tmp_path: Path):
    """A file that is there stays as it is, and so does what an interrupted backup left."""
    for name in ("there.db", "half.db.part"):
        (tmp_path / name).write_text("别动")
    for name in ("there.db", "half.db"):
        with pytest.raises(DatabaseTrouble, match="not overwritten"):
            backup(sqlite_database, tmp_path / name, NOON)

    assert ["别动", "别动"] == [
        (tmp_path / name).read_text() for name in ("there.db", "half.db.part")
    ]


def test_a_folder_that_is_not_there(sqlite_database: Database, tmp_path: Path):
    """A sentence, and nothing left behind."""
    with pytest.raises(DatabaseTrouble, match="cannot be written"):
        backup(sqlite_database, tmp_path / "nowhere" / "copy.db", NOON)


def test_no_backup_of_a_broken_database(sqlite_database: Database, tmp_path: Path):
    """What cannot be copied whole is not copied at all."""
    with sqlite_database.work() as work:
        for n in range(2000):
            work.messages.add(said("早" * 50, by=f"p{n % 30}"), keep_text=True)
        work.commit()
    path = Path(sqlite_database._url.database or "")
    sqlite_database.close()
    data = bytearray(path.read_bytes())
    data[40_960:200_000] = b"x" * (200_000 - 40_960)
    path.write_bytes(data)
    with pytest.raises(DatabaseTrouble, match="damaged"):
        backup(sqlite_database, tmp_path / "copy.db", NOON)

    assert [] == [found.name for found in tmp_path.iterdir() if "copy" in found.name]


def test_while_somebody_writes(sqlite_database: Database, tmp_path: Path):
    """Each copy is one state: a message and what it caused are both in it, or neither."""
    stop, failed = threading.Event(), []

    def write() -> None:
        numbers: Iterator[int] = iter(range(100_000))
        while not stop.is_set():
            try:
                with sqlite_database.work() as work:
                    number = next(numbers)
                    work.messages.add(said("早", id=f"m{number}"), keep_text=True)
                    work.outbox.stage(speech(f"k{number}"), NOON)
                    work.commit()
            except DatabaseTrouble as trouble:
                failed.append(trouble)

    writer = threading.Thread(target=write)
    writer.start()
    copies = [tmp_path / f"copy{n}.db" for n in range(5)]
    for copy in copies:
        backup(sqlite_database, copy, NOON)
    stop.set()
    writer.join()

    assert [] == failed
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            tables = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in ("messages", "outbox")
            ]
            assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
        assert tables[0] == tables[1]


def test_what_was_erased_is_not_in_the_copy(sqlite_database: Database, tmp_path: Path):
    """Free pages are not copied: nobody finds a forgotten word in an old backup's leftovers."""
    with sqlite_database.work() as work:
        for n in range(300):
            work.messages.add(said(f"一个秘密{n}" * 20), keep_text=True)
        work.commit()
    with sqlite_database.work() as work:
        assert 300 == work.messages.erase_texts({group(): NOON.replace(year=2030)})
        work.commit()
    backup(sqlite_database, tmp_path / "copy.db", NOON)

    assert "秘密".encode() not in (tmp_path / "copy.db").read_bytes()


def test_restoring(sqlite_database: Database, tmp_path: Path, new_sqlite: Callable[[], str]):
    """As the README says: Weilu stopped, -wal and -shm deleted, the copy put in their place."""
    with sqlite_database.work() as work:
        work.messages.add(said("早"), keep_text=True)
        work.commit()
    backup(sqlite_database, tmp_path / "copy.db", NOON)
    lost = Path(new_sqlite().removeprefix("sqlite:///"))
    for ending in ("-wal", "-shm"):
        lost.with_name(lost.name + ending).unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "copy.db", lost)

    with closing(Database(f"sqlite:///{lost}")) as restored:
        restored.upgrade()
        restored.check()
        with restored.work() as work:
            assert ["小林"] == [card.name for card in work.members.find("小林")]


def test_postgres_has_its_own_tool(new_postgres: Callable[[], str], tmp_path: Path):
    """The command is named, and no password."""
    url = new_postgres().replace("postgres:", "postgres:geheim", 1)
    with (
        closing(Database(url)) as database,
        pytest.raises(DatabaseTrouble, match="pg_dump") as told,
    ):
        backup(database, tmp_path / "copy.db", NOON)

    assert "geheim" not in str(told.value)
    assert [] == list(tmp_path.iterdir())
