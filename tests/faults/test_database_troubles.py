"""Full, locked, cut off, damaged, newer: a sentence, no loss, and going on where that is right."""

import asyncio
import os
import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from faults.command import weilu
from faults.counting import count
from faults.trial import Trial
from sqlalchemy import NullPool, create_engine

from storage.database import Database


async def until_said(trial: Trial, words: str) -> None:
    """Wait until a process has said this."""
    async with asyncio.timeout(20):
        while words not in trial.words():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def largest(folder: Path) -> int:
    """The size of the largest file of the database."""
    return max(path.stat().st_size for path in folder.glob("weilu.db*"))


def damage(folder: Path) -> None:
    """Overwrite the database, and cut off its log."""
    file = folder / "weilu.db"
    file.write_bytes(b"\xff" * file.stat().st_size)
    os.truncate(folder / "weilu.db-wal", 0)


async def start(trial: Trial) -> asyncio.subprocess.Process:
    """A process that has heard and committed a few hundred things."""
    process = await trial.start()
    async with asyncio.timeout(20):
        await trial.far.listening.wait()
    await trial.say(200)
    await trial.heard_all()
    return process


async def test_a_locked_database(tmp_path: Path):
    """While another program writes, events wait and the log says so; then all are recorded."""
    async with Trial(tmp_path, seed=21, patience_ms=100) as trial:
        await start(trial)
        with closing(sqlite3.connect(tmp_path / "weilu.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await trial.say(300)
            await until_said(trial, "Another program holds the database")
            other.execute("ROLLBACK")
        await trial.heard_all()
        await trial.settle()
        found = count(trial)

    assert found.is_clean, found.table()


async def test_a_full_disk(tmp_path: Path):
    """While nothing can be written, events wait and the log says so; with room all are recorded."""
    async with Trial(tmp_path, seed=22) as trial:
        process = await start(trial)
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        full = largest(tmp_path)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (full, hard))
        await trial.say(1500)
        await until_said(trial, "the disk may be full")
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        await trial.heard_all()
        await trial.settle()
        found = count(trial)

    assert process.returncode in {None, -9}
    assert found.is_clean, f"{found.table()}\n{trial.words()[-2000:]}"


async def test_the_server_cuts_every_connection(tmp_path: Path, new_postgres: Callable[[], str]):
    """PostgreSQL restarts or fails over: Weilu connects again, and nothing is lost or doubled."""
    url = new_postgres()
    engine = create_engine(url, poolclass=NullPool)
    async with Trial(tmp_path, seed=23, url=url) as trial:
        process = await start(trial)
        for _ in range(3):
            await trial.say(200)
            with engine.connect() as connection:
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid != pg_backend_pid()"
                )
        await trial.say(200)
        await trial.heard_all()
        await trial.settle()
        found = count(trial)

    assert process.returncode in {None, -9}
    assert found.is_clean, f"{found.table()}\n{trial.words()[-2000:]}"


async def test_a_file_damaged_under_way(tmp_path: Path):
    """A database that is broken for good ends the process with a sentence: no silent losing."""
    async with Trial(tmp_path, seed=24) as trial:
        process = await start(trial)
        damage(tmp_path)
        talking = asyncio.create_task(trial.say(3000))
        async with asyncio.timeout(20):
            status = await process.wait()
        talking.cancel()
        said = trial.words()

    assert 1 == status
    assert "备份" in said or "不是 SQLite 数据库" in said
    assert "skipped" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [["run"], ["db", "upgrade"], ["report"]])
def test_a_database_of_a_newer_version(command: list[str], tmp_path: Path):
    """Left as it is, by whatever command: a sentence, exit status 1, no traceback."""
    database = Database(f"sqlite:///{tmp_path / 'weilu.db'}")
    database.upgrade()
    with database._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    before = (tmp_path / "weilu.db").read_bytes()
    left = weilu(tmp_path, *command)

    assert 1 == left.returncode
    assert "升级围炉" in left.stderr.decode()
    assert "Traceback" not in left.stderr.decode()
    assert before == (tmp_path / "weilu.db").read_bytes()


def test_a_read_only_file(tmp_path: Path):
    """A file that may not be written: a sentence at the start."""
    database = Database(f"sqlite:///{tmp_path / 'weilu.db'}")
    database.upgrade()
    database.close()
    (tmp_path / "weilu.db").chmod(0o444)
    left = weilu(tmp_path, "run", obedient=True)

    assert 1 == left.returncode
    assert "只读" in left.stderr.decode()
