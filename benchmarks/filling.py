"""A database with a long past: known members, and any number of stored messages.

Filled databases are kept in benchmarks/.scratch and copied, because ten million rows take a while.
"""

import asyncio
import contextlib
import hashlib
import shutil
import sqlite3
from pathlib import Path

from benchmarks.chat import Chat
from benchmarks.weilu import config, know_everybody, weilu

ROOT = Path(__file__).parent.parent
_PEOPLE = """
    CREATE TEMP TABLE people AS
    SELECT row_number() OVER (ORDER BY member_id) - 1 AS place, member_id, min(group_id) AS home
    FROM memberships GROUP BY member_id;
    CREATE UNIQUE INDEX temp.places ON people (place);
"""
_FILL = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
    INSERT INTO messages (id, group_id, platform_id, author_id, at, kind, length, text, ours)
    SELECT n, home, printf('old-%010d', n), member_id, :begin + n * 3000000, 7, 14, NULL, 0
    FROM numbers CROSS JOIN people ON people.place = (n * 7919) % :people
"""
_BEGIN = 1_700_000_000_000_000  # microseconds: long before the chat that is measured


def filled(place: Path, chat: Chat, count: int) -> Path:
    """A copy, in `place`, of a database with these people and `count` old messages, texts erased.

    A message every three seconds, of all members in turn.
    """
    kept = place.parent / f"filled-{_tables()}-{chat.groups}-{chat.members}-{count}.db"
    if not kept.exists():
        making = place / "making.db"
        asyncio.run(_people(making, chat))
        with contextlib.closing(sqlite3.connect(making)) as connection:
            _fill(connection, chat, count)
        making.rename(kept)
    copy = place / "weilu.db"
    shutil.copyfile(kept, copy)
    return copy


def _fill(connection: sqlite3.Connection, chat: Chat, count: int) -> None:
    """Old messages, into the indexes as they are: built afterwards, those would be packed full."""
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    connection.executescript(_PEOPLE)
    (people,) = connection.execute("SELECT count(*) FROM people").fetchone()
    connection.execute(_FILL, {"count": count, "begin": _BEGIN, "people": people})
    connection.execute("UPDATE groups SET messages = messages + ?", (count // chat.groups,))
    connection.commit()
    connection.execute("PRAGMA journal_mode=WAL")


def _tables() -> str:
    """Changes when the tables do."""
    files = sorted((ROOT / "storage/migrations").rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


async def _people(file: Path, chat: Chat) -> None:
    async with weilu(f"sqlite:///{file}", config(chat.words)) as (app, ear):
        await know_everybody(app, ear, chat)
