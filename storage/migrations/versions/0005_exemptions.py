"""Exemptions that operators make in the chat.

Revision 0005. What they are for, and how a person is erased: storage/tables_of_order.py.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment, Words

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A new table; nothing that is there changes."""
    op.create_table(
        "exemptions",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("rule", Words(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("by", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_exemptions_group_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_exemptions_member_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_exemptions_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
    )
    op.create_index(op.f("ix_exemptions_member_id"), "exemptions", ["member_id"])
    op.create_index(
        "uq_exemptions_open",
        "exemptions",
        ["group_id", "member_id", "rule"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
