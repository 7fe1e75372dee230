from collections.abc import Callable
from typing import Any

import pytest
from builders import NOON
from sqlalchemy import Select, create_engine, text
from sqlalchemy.dialects import sqlite

from storage import groups, members, messages
from storage.database import Database
from storage.statements import among, portions
from storage.tables import groups as table
from storage.transaction import Transaction

HOSTILE = ["", "a", "'; DROP TABLE groups; --", '"]', "一", "%", "\\"]


@pytest.mark.parametrize(
    ("look_up", "key"),
    [
        (groups._FIND, "platform_id"),
        (members._FIND, "platform_id"),
        (members._FORGOTTEN, "digest"),
        (messages._HEARD, "platform_id"),
    ],
)
def test_lists_of_keys_are_looked_up_by_index(
    new_sqlite: Callable[[], str], look_up: Select[Any], key: str
):
    """Looking for keys never reads a whole table, however many messages there are."""
    engine = create_engine(new_sqlite())
    sql = f"EXPLAIN QUERY PLAN {look_up.compile(dialect=sqlite.dialect(paramstyle='named'))}"
    with engine.connect() as connection:
        given = {name: "[]" for name in ("account", "ids", "digests") if f":{name}" in sql}
        steps = [row.detail for row in connection.execute(text(sql), given)]
    engine.dispose()

    assert [] == [step for step in steps if step.startswith("SCAN") and "json_each" not in step]
    assert any(step.startswith("SEARCH") and f"{key}=?" in step for step in steps)


def test_among_finds_what_is_listed(database: Database):
    """Exactly the rows whose text is in the list, whatever the texts hold."""
    statement = table.select().where(among(table.c.platform_id, "ids"))
    with database._engine.connect() as connection:
        transaction = Transaction(connection, database._known, database._ids)
        for number, name in enumerate(HOSTILE):
            transaction.write(
                table.insert(),
                {
                    "id": number + 1,
                    "account": "围炉",
                    "platform_id": name,
                    "name": "",
                    "managed": True,
                    "messages": 0,
                    "first_seen": NOON,
                },
            )
        found = [row.platform_id for row in transaction.stored(statement, {"ids": HOSTILE[::2]})]

    assert sorted(HOSTILE[::2]) == sorted(found)


def test_portions():
    """All of them, in their order, so many at a time."""
    assert [[0, 1], [2, 3], [4]] == list(portions(range(5), 2))
