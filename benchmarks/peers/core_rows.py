"""SQLAlchemy Core and psycopg with a bare table: what the database itself allows.

`fifty` and `one`: rows a commit on a SQLite file in WAL with synchronous FULL; `psycopg`: 50 a
commit on PostgreSQL. The table has a primary key and no other index, no foreign keys.
"""

import time
from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
)

from benchmarks.chat import Chat
from benchmarks.side import Figures, folder, options, serve

ROWS = Table(
    "rows",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("group_id", BigInteger),
    Column("author_id", BigInteger),
    Column("platform_id", Text),
    Column("at", BigInteger),
    Column("kind", Integer),
    Column("length", Integer),
    Column("text", Text),
)
_NAMES = ", ".join(column.name for column in ROWS.columns)
_PLACES = ", ".join(f"%({column.name})s" for column in ROWS.columns)


def rows(seed: int, count: int) -> list[dict[str, object]]:
    """The rows of one measurement."""
    return [
        {
            "id": line.number,
            "group_id": line.group,
            "author_id": line.member,
            "platform_id": f"message-{line.number}",
            "at": int(line.seconds * 1_000_000),
            "kind": 7,
            "length": len(line.text),
            "text": line.text,
        }
        for line in Chat(seed).lines(count)
    ]


def main() -> None:
    """Serve measurements."""
    asked = options()
    insert = {"fifty": _fifty, "one": _one, "psycopg": _psycopg}[asked.side]
    due = rows(asked.seed, asked.size)
    with folder() as place:
        serve(lambda: insert(str(place / "bare.db"), due))


def _fifty(path: str, due: list[dict[str, object]]) -> Figures:
    def write(connection: Connection) -> None:
        for first in range(0, len(due), 50):
            connection.execute(ROWS.insert(), due[first : first + 50])
            connection.commit()

    return {"rows": len(due) / _timed(path, write)}


def _one(path: str, due: list[dict[str, object]]) -> Figures:
    def write(connection: Connection) -> None:
        for row in due:
            connection.execute(ROWS.insert(), row)
            connection.commit()

    return {"milliseconds": 1_000 * _timed(path, write) / len(due)}


def _timed(path: str, write: Callable[[Connection], None]) -> float:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _(connection: object, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    ROWS.metadata.drop_all(engine)
    ROWS.metadata.create_all(engine)
    with engine.connect() as connection:
        begun = time.perf_counter()
        write(connection)
        seconds = time.perf_counter() - begun
    engine.dispose()
    return seconds


def _psycopg(_: str, due: list[dict[str, object]]) -> Figures:
    import psycopg

    from benchmarks.postgres import url

    with psycopg.connect(url()) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS rows")
        cursor.execute(
            "CREATE TABLE rows (id bigint PRIMARY KEY, group_id bigint, author_id bigint, "
            "platform_id text, at bigint, kind integer, length integer, text text)"
        )
        connection.commit()
        begun = time.perf_counter()
        for first in range(0, len(due), 50):
            cursor.executemany(
                f"INSERT INTO rows ({_NAMES}) VALUES ({_PLACES})",  # noqa: S608 - our own names
                due[first : first + 50],
            )
            connection.commit()
        return {"rows": len(due) / (time.perf_counter() - begun)}


if __name__ == "__main__":
    main()
