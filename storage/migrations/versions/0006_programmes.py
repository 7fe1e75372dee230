"""What operators arrange, what posts bring about, whom they mention, and common goals.

Revision 0006. What each is for, and how a person is erased: storage/tables_of_programmes.py.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment, Words

revision = "0006"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str) -> "sa.Column[Any]":
    return sa.Column(name, KEY, autoincrement=False, nullable=False)


def _who(name: str) -> "sa.Column[Any]":
    return sa.Column(name, KEY, nullable=True)


def _fixed(name: str, kind: "sa.types.TypeEngine[Any]") -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _to(table: str, name: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"))


def upgrade() -> None:
    """New tables, two columns that are NULL for what was there before, and a longer index."""
    op.add_column("slots", sa.Column("why", Words(), nullable=True))
    op.add_column("slots", sa.Column("not_before", Moment(), nullable=True))
    held = sa.text("state = 'held'")
    op.create_index("ix_slots_held", "slots", ["due_at"], sqlite_where=held, postgresql_where=held)
    op.drop_index("ix_messages_group_at", "messages")
    counted = ["group_id", "at", "author_id", "ours"]
    op.create_index("ix_messages_group_at", "messages", counted)
    op.drop_index(op.f("ix_answers_post_id"), "answers")
    op.create_index("ix_answers_post", "answers", ["post_id", "at"])
    _what_operators_want()
    _what_comes_of_posts()
    _what_members_want()


def _what_operators_want() -> None:
    op.create_table(
        "arrangements",
        _key("id"),
        _key("group_id"),
        _fixed("programme", Words()),
        _fixed("wall", Words()),
        _fixed("what", sa.Text()),
        _fixed("topic_key", Words()),
        sa.Column("to", Moment(), nullable=True),
        _who("by_id"),
        _fixed("by", Words()),
        _fixed("at", Moment()),
        _to("arrangements", "group_id", "groups"),
        _to("arrangements", "by_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangements")),
        sa.UniqueConstraint(
            "group_id",
            "programme",
            "wall",
            "what",
            name=op.f("uq_arrangements_group_id_programme_wall_what"),
        ),
    )
    op.create_index(op.f("ix_arrangements_by_id"), "arrangements", ["by_id"])
    op.create_table(
        "pauses",
        _key("id"),
        _key("group_id"),
        _fixed("programme", Words()),
        _fixed("since", Moment()),
        _who("by_id"),
        _fixed("by", Words()),
        sa.Column("until", Moment(), nullable=True),
        _who("ended_by_id"),
        _fixed("ended_by", Words()),
        _to("pauses", "group_id", "groups"),
        _to("pauses", "by_id", "members"),
        _to("pauses", "ended_by_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    for name in ("by_id", "ended_by_id"):
        op.create_index(op.f(f"ix_pauses_{name}"), "pauses", [name])
    goes_on = sa.text("until IS NULL")
    op.create_index(
        "uq_pauses_open",
        "pauses",
        ["group_id", "programme"],
        unique=True,
        sqlite_where=goes_on,
        postgresql_where=goes_on,
    )


def _what_comes_of_posts() -> None:
    op.create_table(
        "effects",
        _key("post_id"),
        *(_fixed(name, sa.Integer()) for name in ("people", "answers", "replies", "first_timers")),
        sa.Column("first_after", sa.Integer(), nullable=True),
        sa.Column("drift", sa.Integer(), nullable=True),
        _fixed("measured_at", Moment()),
        _to("effects", "post_id", "posts"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_effects")),
    )
    op.create_table(
        "casts",
        _key("post_id"),
        _key("member_id"),
        _fixed("why", Words()),
        _fixed("at", Moment()),
        _to("casts", "post_id", "posts"),
        _to("casts", "member_id", "members"),
        sa.PrimaryKeyConstraint("post_id", "member_id", name=op.f("pk_casts")),
    )
    op.create_index("ix_casts_member", "casts", ["member_id", "at"])


def _what_members_want() -> None:
    op.create_table(
        "consents",
        _key("group_id"),
        _key("member_id"),
        _fixed("what", sa.Text()),
        _fixed("given", sa.Boolean()),
        _fixed("at", Moment()),
        _to("consents", "group_id", "groups"),
        _to("consents", "member_id", "members"),
        sa.PrimaryKeyConstraint("group_id", "member_id", "what", name=op.f("pk_consents")),
    )
    op.create_table(
        "member_tags",
        _key("group_id"),
        _key("member_id"),
        _fixed("tag", Words()),
        _who("by_id"),
        _fixed("by", Words()),
        _fixed("at", Moment()),
        _to("member_tags", "group_id", "groups"),
        _to("member_tags", "member_id", "members"),
        _to("member_tags", "by_id", "members"),
        sa.PrimaryKeyConstraint("group_id", "member_id", "tag", name=op.f("pk_member_tags")),
    )
    op.create_index(op.f("ix_member_tags_by_id"), "member_tags", ["by_id"])
    op.create_table(
        "goal_progress",
        _key("id"),
        _key("group_id"),
        _fixed("goal", Words()),
        _fixed("reached", sa.Integer()),
        _who("by_id"),
        _fixed("by", Words()),
        _fixed("at", Moment()),
        _to("goal_progress", "group_id", "groups"),
        _to("goal_progress", "by_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_progress")),
    )
    for name in ("group_id", "by_id"):
        op.create_index(op.f(f"ix_goal_progress_{name}"), "goal_progress", [name])
    op.create_table(
        "goal_choices",
        _key("group_id"),
        _fixed("goal", Words()),
        _key("member_id"),
        _fixed("choice", sa.Text()),
        _fixed("at", Moment()),
        _to("goal_choices", "group_id", "groups"),
        _to("goal_choices", "member_id", "members"),
        sa.PrimaryKeyConstraint("group_id", "goal", "member_id", name=op.f("pk_goal_choices")),
    )
