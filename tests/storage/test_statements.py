from collections.abc import Callable
from typing import Any

import pytest
from builders import NOON
from sqlalchemy import Select, create_engine, text
from sqlalchemy.dialects import sqlite

from storage import (
    casts,
    consents,
    crowds,
    effects,
    exemptions,
    groups,
    members,
    memberships,
    messages,
    pacts,
    posts,
    pulse,
    quotes,
    slots,
)
from storage.database import Database
from storage.statements import among, portions
from storage.tables import groups as table

HOSTILE = ["", "a", "'; DROP TABLE groups; --", '"]', "一", "%", "\\"]


@pytest.mark.parametrize(
    ("look_up", "key"),
    [
        (groups._FIND, "platform_id"),
        (members._FIND, "platform_id"),
        (members._FORGOTTEN, "digest"),
        (messages._HEARD, "platform_id"),
        (memberships._PRESENT, "member_id"),
        (quotes._BY_AUTHORS, "group_id"),
        (posts._AMONG, "outbox_key"),
        (slots._TAKEN, "wall"),
        (pulse._COUNT, "group_id"),
        (pulse._FIRST, "id"),
        (pulse._LAST_SLOT, "group_id"),
        (pacts._CURRENT_OF, "version"),
        (exemptions._ANYTHING, "group_id"),
        (effects._ANSWERS, "post_id"),
        (effects._FIRST_EVER, "post_id"),
        (effects._MENTIONS, "message_id"),
        (consents._CALLED, "member_id"),
        (casts._OF_MEMBERS, "member_id"),
        (casts._TOGETHER, "group_id"),
        (crowds._ANSWERED, "post_id"),
        (crowds._LINKED, "person_id"),
        (crowds._PRESENT, "group_id"),
        (crowds._TAGS, "group_id"),
        (crowds._TIES, "group_id"),
    ],
)
def test_lists_of_keys_are_looked_up_by_index(
    new_sqlite: Callable[[], str], look_up: Select[Any], key: str
):
    """Looking for keys never reads a whole table, however many messages there are."""
    engine = create_engine(new_sqlite())
    compiled = look_up.compile(dialect=sqlite.dialect(paramstyle="named"))
    with engine.connect() as connection:
        given = dict.fromkeys(compiled.params, "[]")
        told = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"), given)
        steps = [row.detail for row in told]
    engine.dispose()

    assert [] == [step for step in steps if step.startswith("SCAN") and "json_each" not in step]
    assert any(step.startswith("SEARCH") and f"{key}=?" in step for step in steps)


def test_a_roster_is_compared_with_its_own_group(new_sqlite: Callable[[], str]):
    """However many people the account knows, only those of the group are gone through."""
    engine = create_engine(new_sqlite())
    compiled = memberships._ALL_PRESENT.compile(dialect=sqlite.dialect(paramstyle="named"))
    with engine.connect() as connection:
        given = dict.fromkeys(compiled.params, "")
        told = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"), given)
        first, *_ = [row.detail for row in told]
    engine.dispose()

    assert first.startswith("SEARCH memberships")
    assert "group_id=?" in first


def test_among_finds_what_is_listed(database: Database):
    """Exactly the rows whose text is in the list, whatever the texts hold."""
    statement = table.select().where(among(table.c.platform_id, "ids"))
    with database.work() as work:
        for number, name in enumerate(HOSTILE):
            work._transaction.write(
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
        found = [
            row.platform_id for row in work._transaction.stored(statement, {"ids": HOSTILE[::2]})
        ]

    assert sorted(HOSTILE[::2]) == sorted(found)


def test_portions():
    """All of them, in their order, so many at a time."""
    assert [[0, 1], [2, 3], [4]] == list(portions(range(5), 2))
