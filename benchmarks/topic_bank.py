"""A bank of topics and groups with a long past, for the rows about choosing and importing."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.weilu import group
from bot.events import Group
from storage.database import Database
from storage.values import Topic, TopicKind

DUE = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
"""Nine in the morning in Shanghai."""
WALL = "2026-12-03T09:00"
NAME = "早间话题"

_POSTS = 200
"""Of each group, one a day until the day before."""
_MEASURED = 2
"""One in so many topics was measured before."""
_SEASONS = ("春", "夏", "秋", "冬", "12月", "中秋", "春节", "10月20日~11月2日")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SLOT = """
    INSERT INTO slots (id, group_id, programme, wall, due_at, state, reason, topic_key)
    VALUES (?, ?, ?, ?, ?, 'confirmed', '', ?)
"""
_POST = """
    INSERT INTO posts (id, slot_id, group_id, topic_key, text, outbox_key, window, planned_at,
                       posted_at, until, platform_message_id)
    VALUES (?, ?, ?, ?, '', ?, 10800, ?, ?, ?, '')
"""
_EFFECT = """
    INSERT INTO effects (post_id, people, answers, replies, first_timers, measured_at)
    VALUES (?, ?, ?, 0, 0, ?)
"""


def topics(seed: int, count: int) -> tuple[Topic, ...]:
    """Of both kinds, forty categories and a hundred tags, one in three for a part of the year."""
    draw = Random(seed)
    return tuple(
        Topic(
            key=f"topic-{number}",
            title=f"第 {number} 个话题",
            text=f"关于 {number}：最近有什么让你高兴的小事？" + "说一件。" * draw.randrange(8),
            kind=draw.choice([*TopicKind]),
            category=f"分类{draw.randrange(40)}",
            tags=tuple(f"标签{tag}" for tag in draw.sample(range(100), 3)),
            season=(draw.choice(_SEASONS),) if draw.randrange(3) == 0 else (),
            weight=draw.choice((1, 1, 1, 2, 5)),
        )
        for number in range(count)
    )


def filled(file: Path, seed: int, bank: Sequence[Topic], groups: int) -> tuple[Group, ...]:
    """A database with this bank, and groups that heard a topic a day; every post was measured."""
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    every = tuple(map(group, range(groups)))
    with database.work() as work:
        work.topics.keep(bank, "benchmark", DUE)
        ids = [work.groups.key(each, DUE) for each in every]
        work.commit()
    database.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        slots, posts, effects = zip(*_rows(seed, bank, ids), strict=True)
        connection.executemany(_SLOT, slots)
        connection.executemany(_POST, posts)
        connection.executemany(_EFFECT, effects)
    return every


def _rows(
    seed: int, bank: Sequence[Topic], ids: Sequence[int]
) -> Iterator[tuple[tuple[object, ...], ...]]:
    """A slot, its post and what came of it, each time."""
    for number, (group_id, at, key, people) in enumerate(_past(seed, bank, ids), 1):
        when = (at - _EPOCH) // timedelta(microseconds=1)
        yield (
            (number, group_id, NAME, f"{at:%Y-%m-%d}", when, key),
            (number, number, group_id, key, f"post-{number}", when, when, when),
            (number, people, people, when),
        )


def _past(
    seed: int, bank: Sequence[Topic], ids: Sequence[int]
) -> Iterator[tuple[int, datetime, str, int]]:
    draw = Random(seed)
    old = bank[::_MEASURED]
    for group_id in ids:
        for day, topic in enumerate(draw.sample(old, min(_POSTS, len(old))), 1):
            yield group_id, DUE - timedelta(days=day), topic.key, draw.randrange(9)
