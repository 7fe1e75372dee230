"""The tables of programmes: what operators arranged, what posts brought about, whom they name."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint
from sqlalchemy import Text as Plain

from storage.columns import Key, Moment, Words
from storage.metadata import metadata, partial_index

# What an operator wants of one due time: another topic (`pin`, with a topic key), none (`skip`), or
# another moment (`move`, with `to`). `wall` names the due time as in slots. Kept until the group is
# deleted. Forgotten: as who wanted it NULL.
arrangements = Table(
    "arrangements",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("programme", Words, nullable=False),
    Column("wall", Words, nullable=False),
    Column("what", Plain, nullable=False),
    Column("topic_key", Words, nullable=False),
    Column("to", Moment),
    Column("by_id", Key, ForeignKey("members.id"), index=True),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("group_id", "programme", "wall", "what"),
)

# When a group wants no topics; `programme` is empty for all of them, `until` NULL until somebody
# resumes. Kept until the group is deleted. Forgotten: as who paused or resumed NULL.
pauses = Table(
    "pauses",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("programme", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("by_id", Key, ForeignKey("members.id"), index=True),
    Column("by", Words, nullable=False),
    Column("until", Moment),
    Column("ended_by_id", Key, ForeignKey("members.id"), index=True),
    Column("ended_by", Words, nullable=False),
    partial_index("uq_pauses_open", "group_id", "programme", where="until IS NULL", unique=True),
)

# What a post brought about in its window, counted once the window is over: numbers only, nothing
# of anybody. `first_after` in seconds and `drift` in percent are NULL where nobody answered. Kept
# until the group is deleted.
effects = Table(
    "effects",
    metadata,
    Column("post_id", Key, ForeignKey("posts.id"), primary_key=True, autoincrement=False),
    Column("people", Integer, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("first_timers", Integer, nullable=False),
    Column("first_after", Integer),
    Column("drift", Integer),
    Column("measured_at", Moment, nullable=False),
)

# Who was mentioned in a post and why, in our words without a name. Kept until the group is deleted.
# Forgotten: the row is deleted.
casts = Table(
    "casts",
    metadata,
    Column("post_id", Key, ForeignKey("posts.id"), primary_key=True, autoincrement=False),
    Column("member_id", Key, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("why", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_casts_member", "member_id", "at"),
)

# What a member allows in a group: to be mentioned in posts, to be quoted in a summary. Kept until
# they say otherwise. Forgotten: the row is deleted.
consents = Table(
    "consents",
    metadata,
    Column("group_id", Key, ForeignKey("groups.id"), primary_key=True, autoincrement=False),
    Column("member_id", Key, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("what", Plain, primary_key=True),
    Column("given", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)

# What operators know a member for, in a word. Kept until taken off. Forgotten: the row is deleted;
# as who wrote it NULL.
member_tags = Table(
    "member_tags",
    metadata,
    Column("group_id", Key, ForeignKey("groups.id"), primary_key=True, autoincrement=False),
    Column("member_id", Key, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("tag", Words, primary_key=True),
    Column("by_id", Key, ForeignKey("members.id"), index=True),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

# Where the common goal of a group stands: what was reached, as it was told, newest last. Kept until
# the group is deleted. Forgotten: as who told it NULL.
goal_progress = Table(
    "goal_progress",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False, index=True),
    Column("goal", Words, nullable=False),
    Column("reached", Integer, nullable=False),
    Column("by_id", Key, ForeignKey("members.id"), index=True),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

# What a member wants to do once a common goal is over. Kept until the group is deleted. Forgotten:
# the row is deleted.
goal_choices = Table(
    "goal_choices",
    metadata,
    Column("group_id", Key, ForeignKey("groups.id"), primary_key=True, autoincrement=False),
    Column("goal", Words, primary_key=True),
    Column("member_id", Key, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("choice", Plain, nullable=False),
    Column("at", Moment, nullable=False),
)
