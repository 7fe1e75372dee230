"""The tables of the topic bank; comments as in storage/tables.py."""

from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy import Text as Plain

from storage.columns import Key, Moment, Words
from storage.metadata import metadata

# The topic bank; `stages`, `tags` and `season` are JSON lists. Kept for good. `author` is what the
# operators wrote in their own file, linked to nobody and theirs to change. `proposer_id` is the
# member whose proposal it was, whose name is then looked up and never stored here. Forgotten: what
# they proposed is deleted, with its history.
topics = Table(
    "topics",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("key", Words, nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("picture", Words, nullable=False),
    Column("kind", Plain, nullable=False),
    Column("category", Words, nullable=False),
    Column("tags", Words, nullable=False),
    Column("stages", Words, nullable=False),
    Column("goal", Words, nullable=False),
    Column("season", Words, nullable=False),
    Column("language", Plain, nullable=False),
    Column("author", Words, nullable=False),
    Column("proposer_id", Key, ForeignKey("members.id"), index=True),
    Column("source", Words, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("status", Plain, nullable=False),
)

# Who changed a topic, when, and what: JSON, each field with its value before and after, empty for
# the first row. Kept as long as the topic. Forgotten: as who changed it NULL.
topic_changes = Table(
    "topic_changes",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("topic_id", Key, ForeignKey("topics.id"), nullable=False, index=True),
    Column("by_id", Key, ForeignKey("members.id"), index=True),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", Words, nullable=False),
)
