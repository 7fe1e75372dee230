"""The first tables. What each is for, how long it keeps, and how a person is erased: tables.py.

Revision 0001. Every database gets a salt of its own here.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment, Words

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account", Words(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("detail", Words(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("me_id", Words(), nullable=True),
        sa.Column("me_name", Words(), nullable=False),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.Column("stopped_why", Words(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_accounts")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "forgotten",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_forgotten")),
    )
    op.create_table(
        "groups",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account", Words(), nullable=False),
        sa.Column("platform_id", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("managed", sa.Boolean(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", Moment(), nullable=False),
        sa.Column("roster_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("account", "platform_id", name=op.f("uq_groups_account_platform_id")),
    )
    op.create_table(
        "members",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("first_seen", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_table(
        "requests",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account", Words(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("platform_id", Words(), nullable=False),
        sa.Column("person_id", Words(), nullable=True),
        sa.Column("person_name", Words(), nullable=False),
        sa.Column("group_name", Words(), nullable=False),
        sa.Column("hello", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint(
            "account", "kind", "platform_id", name=op.f("uq_requests_account_kind_platform_id")
        ),
    )
    op.create_table(
        "salt",
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("value", name=op.f("pk_salt")),
    )
    op.create_table(
        "topics",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("key", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", Words(), nullable=False),
        sa.Column("tags", Words(), nullable=False),
        sa.Column("author", Words(), nullable=False),
        sa.Column("source", Words(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("key", name=op.f("uq_topics_key")),
    )
    op.create_table(
        "identities",
        sa.Column("account", Words(), nullable=False),
        sa.Column("platform_id", Words(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("first_seen", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_identities_member_id")
        ),
        sa.PrimaryKeyConstraint("account", "platform_id", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_member_id"), "identities", ["member_id"], unique=False)
    op.create_index(op.f("ix_identities_name"), "identities", ["name"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("known_at", Moment(), nullable=False),
        sa.Column("joined_at", Moment(), nullable=True),
        sa.Column("joined_noticed", sa.Text(), nullable=True),
        sa.Column("inviter_id", KEY, nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("left_noticed", sa.Text(), nullable=True),
        sa.Column("remover_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_memberships_group_id")),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["members.id"], name=op.f("fk_memberships_inviter_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_memberships_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["remover_id"], ["members.id"], name=op.f("fk_memberships_remover_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(
        "ix_memberships_group_member", "memberships", ["group_id", "member_id"], unique=False
    )
    op.create_index(op.f("ix_memberships_inviter_id"), "memberships", ["inviter_id"], unique=False)
    op.create_index(op.f("ix_memberships_member_id"), "memberships", ["member_id"], unique=False)
    op.create_index(op.f("ix_memberships_remover_id"), "memberships", ["remover_id"], unique=False)
    op.create_index(
        "uq_memberships_present",
        "memberships",
        ["group_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "messages",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("platform_id", Words(), nullable=False),
        sa.Column("author_id", KEY, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("text", Words(), nullable=True),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("recalled_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("fk_messages_author_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_messages_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "platform_id", "group_id", name=op.f("uq_messages_platform_id_group_id")
        ),
    )
    op.create_index("ix_messages_author", "messages", ["author_id", "group_id", "at"], unique=False)
    op.create_index("ix_messages_group_at", "messages", ["group_id", "at"], unique=False)
    op.create_index(
        "ix_messages_texts",
        "messages",
        ["group_id", "at"],
        unique=False,
        sqlite_where=sa.text("text IS NOT NULL"),
        postgresql_where=sa.text("text IS NOT NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account", Words(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("group_id", KEY, nullable=True),
        sa.Column("action", Words(), nullable=False),
        sa.Column("text_digest", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("claimed_by", Words(), nullable=False),
        sa.Column("claimed_at", Moment(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("detail", Words(), nullable=False),
        sa.Column("platform_message_id", Words(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_outbox_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("account", "key", name=op.f("uq_outbox_account_key")),
    )
    op.create_index(
        op.f("ix_outbox_platform_message_id"), "outbox", ["platform_message_id"], unique=False
    )
    op.create_index("ix_outbox_state", "outbox", ["account", "state", "priority"], unique=False)
    op.create_index(op.f("ix_outbox_text_digest"), "outbox", ["text_digest"], unique=False)
    op.create_table(
        "slots",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("programme", Words(), nullable=False),
        sa.Column("wall", Words(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("topic_key", Words(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_slots_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint(
            "group_id", "programme", "wall", name=op.f("uq_slots_group_id_programme_wall")
        ),
    )
    op.create_table(
        "watches",
        sa.Column("group_id", KEY, autoincrement=False, nullable=False),
        sa.Column("programme", Words(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_watches_group_id")),
        sa.PrimaryKeyConstraint("group_id", "programme", name=op.f("pk_watches")),
    )
    op.create_table(
        "cases",
        sa.Column("number", KEY, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("platform_message_id", Words(), nullable=False),
        sa.Column("rule", Words(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("detail", Words(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("excerpt", Words(), nullable=False),
        sa.Column("consequence", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_cases_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_cases_member_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_cases_message_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_group_at", "cases", ["group_id", "at"], unique=False)
    op.create_index("ix_cases_member", "cases", ["member_id", "group_id", "rule"], unique=False)
    op.create_table(
        "interactions",
        sa.Column("message_id", KEY, autoincrement=False, nullable=False),
        sa.Column("to_id", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("from_id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["members.id"], name=op.f("fk_interactions_from_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_interactions_group_id")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_interactions_message_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["members.id"], name=op.f("fk_interactions_to_id")),
        sa.PrimaryKeyConstraint("message_id", "to_id", "kind", name=op.f("pk_interactions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_interactions_from", "interactions", ["from_id", "group_id"], unique=False)
    op.create_index("ix_interactions_group_at", "interactions", ["group_id", "at"], unique=False)
    op.create_index("ix_interactions_to", "interactions", ["to_id", "group_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("slot_id", KEY, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("topic_key", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("outbox_key", sa.Text(), nullable=False),
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("posted_at", Moment(), nullable=True),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("platform_message_id", Words(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_posts_group_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_posts_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("outbox_key", name=op.f("uq_posts_outbox_key")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_posts_slot_id")),
    )
    op.create_index("ix_posts_group", "posts", ["group_id", "posted_at"], unique=False)
    op.create_index(op.f("ix_posts_until"), "posts", ["until"], unique=False)
    op.create_table(
        "answers",
        sa.Column("message_id", KEY, autoincrement=False, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_answers_member_id")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_answers_message_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_answers_post_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_member_id"), "answers", ["member_id"], unique=False)
    op.create_index(op.f("ix_answers_post_id"), "answers", ["post_id"], unique=False)
    counters = sa.table("counters", sa.column("name"), sa.column("value"))
    names = ("cases", "forgets", "groups", "members")
    op.bulk_insert(counters, [{"name": name, "value": 0} for name in names])
    op.bulk_insert(sa.table("salt", sa.column("value")), [{"value": secrets.token_hex(16)}])
