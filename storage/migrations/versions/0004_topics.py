"""Topics with links, pictures, stages, goals, seasons, languages, proposers and their history.

Revision 0004. What each is for, and how a person is erased: storage/tables_of_topics.py. What was
a topic before is in Chinese, for all the year and every group, and nobody's proposal.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment, Words

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NEW: dict[str, sa.types.TypeEngine[Any]] = {
    "link": Words(),
    "picture": Words(),
    "stages": Words(),
    "goal": Words(),
    "season": Words(),
    "language": sa.Text(),
}
"""Columns that are never NULL."""


def upgrade() -> None:
    """SQLite makes the table anew for this; nothing points to it yet."""
    with op.batch_alter_table("topics") as topics:
        for name, kind in _NEW.items():
            topics.add_column(sa.Column(name, kind, nullable=True))
        topics.add_column(sa.Column("proposer_id", KEY, nullable=True))
    op.execute(
        "UPDATE topics SET link = '', picture = '', stages = '[]', goal = '', season = '[]',"
        " language = 'zh'"
    )
    with op.batch_alter_table("topics") as topics:
        for name, kind in _NEW.items():
            topics.alter_column(name, existing_type=kind, nullable=False)
        topics.create_foreign_key(op.f("fk_topics_proposer_id"), "members", ["proposer_id"], ["id"])
    op.create_index(op.f("ix_topics_proposer_id"), "topics", ["proposer_id"])
    op.create_table(
        "topic_changes",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("topic_id", KEY, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("by", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("what", Words(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_topic_changes_by_id")),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_changes_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_changes")),
    )
    op.create_index(op.f("ix_topic_changes_by_id"), "topic_changes", ["by_id"])
    op.create_index(op.f("ix_topic_changes_topic_id"), "topic_changes", ["topic_id"])
