"""Indexes that stay small: the last reminder is read off one, messages by author need none.

Revision 0002. On ten million messages this takes about a minute.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("ix_cases_member", table_name="cases")
    op.create_index(
        "ix_cases_member", "cases", ["member_id", "group_id", "rule", "at"], unique=False
    )
    op.drop_index("ix_messages_author", table_name="messages")
    op.drop_index("ix_messages_group_at", table_name="messages")
    op.create_index(
        "ix_messages_group_at", "messages", ["group_id", "at", "author_id"], unique=False
    )
