"""A database with a long past: known members, and any number of stored messages.

Filled databases are kept in benchmarks/.scratch and copied: ten million rows take a while. They are
filled by a process of their own (`python -m benchmarks.filling FILE GROUPS MEMBERS COUNT`), so that
what this needs is nobody's memory.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.chat import Chat
from benchmarks.judging import START
from benchmarks.weilu import ME, group, member
from bot.events import Identity
from storage.database import Database

ROOT = Path(__file__).parent.parent
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVE = (START - timedelta(days=1) - _EPOCH) // timedelta(microseconds=1)
_GROUP = """
    INSERT INTO groups (id, account, platform_id, name, managed, messages, first_seen, roster_at)
    VALUES (?, ?, ?, ?, 1, 0, ?, ?)
"""
_IDENTITY = """
    INSERT INTO identities (account, platform_id, member_id, name, first_seen)
    VALUES (?, ?, ?, ?, ?)
"""
_STAY = """
    INSERT INTO memberships (id, group_id, member_id, name, known_at) VALUES (?, ?, ?, ?, ?)
"""
_MESSAGES = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
    INSERT INTO messages (id, group_id, platform_id, author_id, at, kind, length, text, ours)
    SELECT n, (n * 7919) % :people % :groups + 1, printf('old-%010d', n), (n * 7919) % :people + 1,
        :begin + n * 3000000, 7, 14, NULL, 0
    FROM numbers
"""
_BEGIN = 1_700_000_000_000_000  # microseconds: long before the chat that is measured


def filled(place: Path, chat: Chat, count: int) -> Path:
    """A copy, in `place`, of a database with these people and `count` old messages, texts erased.

    The rosters were read and are known; a message every three seconds, of all members in turn.
    """
    return copied(place, __name__, chat, count, lambda: place / "making.db")


def copied(place: Path, module: str, chat: Chat, count: int, begin: Callable[[], Path]) -> Path:
    """A copy of what a module, run as a process, makes of the file that `begin` gives it.

    What is kept has the state of the tables and of the module in its name; older ones are deleted.
    """
    kind, of = module.rpartition(".")[2], f"{chat.groups}-{chat.members}-{count}.db"
    kept = place.parent / f"{kind}-{_made_of(module)}-{of}"
    if not kept.exists():
        making = begin()
        what = [str(making), str(chat.groups), str(chat.members), str(count)]
        subprocess.run([sys.executable, "-m", module, *what], cwd=ROOT, check=True)
        for old in place.parent.glob(f"{kind}-*-{of}"):
            old.unlink()
        making.rename(kept)
    copy = place / "weilu.db"
    shutil.copyfile(kept, copy)
    with copy.open("rb+") as file:  # not while it is measured
        os.fsync(file.fileno())
    return copy


def main() -> None:
    """Fill a new file."""
    file = Path(sys.argv[1])
    groups, members, count = map(int, sys.argv[2:])
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    database.close()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        _know(connection, groups, members)
        _remember(connection, groups, members, count)
        connection.commit()
        connection.execute("PRAGMA journal_mode=WAL")


def _know(connection: sqlite3.Connection, groups: int, members: int) -> None:
    """Every group with its roster, ourselves in each."""
    named = [group(number) for number in range(groups)]
    rooms = [
        (key, each.account, each.id, each.name, _EVE, _EVE) for key, each in enumerate(named, 1)
    ]
    connection.executemany(_GROUP, rooms)
    connection.execute("UPDATE counters SET value = ? WHERE name = 'groups'", (groups,))
    people: list[tuple[int, Identity]] = [(number + 1, member(number)) for number in range(members)]
    people.append((members + 1, ME))
    keys = [(key, _EVE) for key, _ in people]
    connection.executemany("INSERT INTO members (id, first_seen) VALUES (?, ?)", keys)
    known = [(each.account, each.id, key, each.name, _EVE) for key, each in people]
    connection.executemany(_IDENTITY, known)
    there = [(key, (key - 1) % groups + 1, key, each.name, _EVE) for key, each in people[:-1]]
    there += [(members + room, room, members + 1, ME.name, _EVE) for room in range(1, groups + 1)]
    connection.executemany(_STAY, there)


def _remember(connection: sqlite3.Connection, groups: int, members: int, count: int) -> None:
    """Old messages, into the indexes as they are: built afterwards, those would be packed full."""
    where = {"count": count, "begin": _BEGIN, "people": members, "groups": groups}
    connection.execute(_MESSAGES, where)
    connection.execute("UPDATE groups SET messages = messages + ?", (count // groups,))


def _made_of(module: str) -> str:
    """Changes when the tables do, or what is filled in."""
    own = ROOT / f"{module.replace('.', '/')}.py"
    files = [*sorted((ROOT / "storage/migrations").rglob("*.py")), own]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


if __name__ == "__main__":
    main()
