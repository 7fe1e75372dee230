"""A large house with half a year behind it: what the console has to read through.

Half of the messages are in a seventh of the groups, a few members of each say most of it; one in
eleven mentions somebody, one member in ten joined lately, every group had a topic each evening, and
rules found something now and then. As benchmarks/filling.py it is made by a process of its own
(`python -m benchmarks.long_past FILE GROUPS MEMBERS COUNT`) and kept in benchmarks/.scratch.
"""

import contextlib
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.chat import Chat
from benchmarks.filling import copied, filled
from benchmarks.judging import ACCOUNT, START
from benchmarks.weilu import group
from bot.actions import Priority, Say
from storage.actions import written

DAYS = 180
"""So long the house has been running at START."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# u and v run evenly through 0 to 1; their squares make some groups and some people loud.
_MESSAGES = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count),
    drawn AS (
        SELECT n, ((n * 7919) % 1000003) / 1000003.0 AS u, ((n * 104729) % 999983) / 999983.0 AS v
        FROM numbers
    )
    INSERT INTO messages (id, group_id, platform_id, author_id, at, kind, length, text, ours)
    SELECT n + 1, CAST(:groups * u * u AS INTEGER) + 1, printf('past-%010d', n),
        CAST(:each * v * v AS INTEGER) * :groups + CAST(:groups * u * u AS INTEGER) + 1,
        :begin + n * :step, 7, 14, NULL, 0
    FROM drawn
"""
_TURNED = """
    INSERT INTO interactions (message_id, to_id, kind, group_id, from_id, at)
    SELECT id, other, 'mention', group_id, author_id, at FROM (
        SELECT id, group_id, author_id, at,
            ((id * 31) % :few) * ((id * 17) % :few) % :each * :groups + group_id AS other
        FROM messages WHERE id % 11 = 0
    ) WHERE other <> author_id
"""
_JOINED = """
    UPDATE memberships SET joined_at = :end - (id * 7919 % 5184000) * 1000000,
        joined_noticed = 'event'
    WHERE member_id / :groups % 10 = 0
"""
_CASES = """
    INSERT INTO cases (number, group_id, member_id, message_id, platform_message_id, rule, kind,
        version, reason, detail, span_start, span_end, excerpt, raised_by, shadow, consequence,
        aggravation, strike, at, reminded, state, decided_by, decided_why, false_hit)
    SELECT row_number() OVER (ORDER BY at), group_id, author_id, id, platform_id, 'keywords',
        'keywords', 1, '这里不做广告', '', 0, 2, '广告', 'rule', 0, 'warn', 0, 1, at, 1,
        CASE WHEN id % 1000 = 0 THEN 'open' ELSE 'upheld' END, '', '', 0
    FROM messages WHERE id % 250 = 0
"""
_TOPICS = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
    INSERT INTO topics (id, key, title, text, link, picture, kind, category, tags, stages, goal,
        season, language, author, source, weight, status)
    SELECT n, 'topic-' || n, '话题 ' || n, '最近有什么让你高兴的小事？第 ' || n || ' 问', '', '',
        'universal', '', '[]', '[]', '', '[]', 'zh', '', '', 1, 'approved'
    FROM numbers
"""
_SLOTS = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :days)
    INSERT INTO slots (id, group_id, programme, wall, due_at, state, reason, topic_key)
    SELECT groups.id * :days + n, groups.id, '晚间', 'past-' || n,
        :end - n * 86400000000, 'confirmed', '', 'topic-' || ((groups.id + n) % 2000 + 1)
    FROM groups, numbers
"""
_POSTS = """
    INSERT INTO posts (id, slot_id, group_id, topic_key, text, outbox_key, window, planned_at,
        posted_at, until, platform_message_id)
    SELECT id, id, group_id, topic_key, '最近有什么让你高兴的小事？', 'post-' || id, 10800, due_at,
        due_at, due_at + 10800000000, 'post-' || id
    FROM slots
"""
_EFFECTS = """
    INSERT INTO effects (post_id, people, answers, replies, first_timers, first_after, drift,
        measured_at)
    SELECT id, id % 7, id % 7 * 2, id % 3, id % 2, 600, 20, until FROM posts
"""
_OUTBOX = """
    INSERT INTO outbox (id, account, key, group_id, action, text_digest, priority, state, attempts,
        created_at, not_before, claimed_by, settled_at, detail, platform_message_id)
    SELECT id, :account, 'post-' || id, group_id, :action, '', 50, 'done', 1, posted_at, posted_at,
        '', posted_at, '', 'post-' || id
    FROM posts
"""
_HEARD = """
    UPDATE groups SET messages = (SELECT count(*) FROM messages WHERE group_id = groups.id),
        first_seen = :begin
"""


def long_past(place: Path, chat: Chat, count: int) -> Path:
    """A copy, in `place`, of a house with these people and so many messages, up to START."""
    return copied(place, __name__, chat, count, lambda: filled(place, chat, 1))


def main() -> None:
    """Put half a year into a file in which everybody is known."""
    file = Path(sys.argv[1])
    groups, members, count = map(int, sys.argv[2:])
    end = (START - _EPOCH) // _MICROSECOND
    step = timedelta(days=DAYS) // _MICROSECOND // count
    values = {
        "count": count,
        "days": DAYS,
        "groups": groups,
        "each": members // groups,
        "few": max(2, int((members // groups) ** 0.5)),
        "begin": end - count * step,
        "step": step,
        "end": end,
        "account": ACCOUNT,
        "action": _said(),
    }
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        for statement in _ALL:
            connection.execute(statement, values)
        (cases,) = connection.execute("SELECT count(*) FROM cases").fetchone()
        connection.execute("UPDATE counters SET value = ? WHERE name = 'cases'", (cases,))
        connection.commit()
        connection.execute("PRAGMA journal_mode=WAL")


_ALL = (
    "DELETE FROM messages",
    _MESSAGES,
    _TURNED,
    _JOINED,
    _CASES,
    _TOPICS,
    _SLOTS,
    _POSTS,
    _EFFECTS,
    _OUTBOX,
    _HEARD,
)


def _said() -> str:
    """An action as it stands in the outbox."""
    text = "最近有什么让你高兴的小事？"
    said = Say(key="post", why="话题 a topic", priority=Priority.TOPIC, to=group(0), text=text)
    return written(said)


if __name__ == "__main__":
    main()
