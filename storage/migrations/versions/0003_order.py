"""The tables of order: what follows from a case, who objects, who reports, who decides.

Revision 0003. What each is for, how long it keeps, and how a person is erased: tables_of_order.py.
What was a case before was found by a rule under its own name, reminded, and nobody decided on it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment, Words

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BEFORE: dict[str, sa.types.TypeEngine[Any]] = {
    "kind": Words(),
    "version": sa.BigInteger(),
    "raised_by": sa.Text(),
    "shadow": sa.Boolean(),
    "aggravation": sa.Integer(),
    "strike": sa.Boolean(),
    "state": sa.Text(),
    "decided_by": Words(),
    "decided_why": Words(),
    "false_hit": sa.Boolean(),
}
"""Columns of cases that are never NULL."""


def upgrade() -> None:
    _widen_cases()
    _index_cases()
    _make_tables()
    counters = sa.table("counters", sa.column("name"), sa.column("value"))
    op.bulk_insert(counters, [{"name": "tasks", "value": 0}])


def _widen_cases() -> None:
    """SQLite makes the table anew for this; nothing points to it yet."""
    with op.batch_alter_table("cases") as cases:
        for name, kind in _BEFORE.items():
            cases.add_column(sa.Column(name, kind, nullable=True))
        for name in ("raiser_id", "decided_by_id"):
            cases.add_column(sa.Column(name, KEY, nullable=True))
        for name in ("until", "decided_at"):
            cases.add_column(sa.Column(name, Moment(), nullable=True))
    op.execute(
        "UPDATE cases SET kind = rule, version = 0, raised_by = 'rule', shadow = false,"
        " aggravation = 0, strike = false, state = 'open', decided_by = '', decided_why = '',"
        " false_hit = false"
    )
    with op.batch_alter_table("cases") as cases:
        for name, kind in _BEFORE.items():
            cases.alter_column(name, existing_type=kind, nullable=False)
        for name in ("raiser_id", "decided_by_id"):
            cases.create_foreign_key(op.f(f"fk_cases_{name}"), "members", [name], ["id"])


def _index_cases() -> None:
    op.create_index("ix_cases_group_state", "cases", ["group_id", "state", "number"])
    op.create_index("ix_cases_message", "cases", ["platform_message_id", "group_id"])
    op.create_index("ix_cases_rule", "cases", ["group_id", "rule", "at"])
    op.create_index("ix_cases_state", "cases", ["state", "number"])
    op.create_index(
        "ix_cases_strikes",
        "cases",
        ["member_id", "group_id", "at"],
        sqlite_where=sa.text("strike IS 1"),
        postgresql_where=sa.text("strike IS true"),
    )


def _make_tables() -> None:
    op.create_table(
        "audit",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account", Words(), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("by", Words(), nullable=False),
        sa.Column("what", Words(), nullable=False),
        sa.Column("about_id", KEY, nullable=True),
        sa.Column("about", Words(), nullable=False),
        sa.Column("why", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["members.id"], name=op.f("fk_audit_about_id")),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_audit_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_about_id"), "audit", ["about_id"], unique=False)
    op.create_index("ix_audit_account", "audit", ["account", "at"], unique=False)
    op.create_index(op.f("ix_audit_by_id"), "audit", ["by_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("member_id", KEY, autoincrement=False, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("by", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_links_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_links_member_id")),
        sa.ForeignKeyConstraint(["person_id"], ["members.id"], name=op.f("fk_links_person_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_links")),
    )
    op.create_index(op.f("ix_links_person_id"), "links", ["person_id"], unique=False)
    op.create_table(
        "operator_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("by", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("used_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_operator_codes_by_id")),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["members.id"], name=op.f("fk_operator_codes_used_by_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_operator_codes")),
    )
    op.create_table(
        "operators",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account", Words(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by_id", KEY, nullable=True),
        sa.Column("revoked_by", Words(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_operators_member_id")),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["members.id"], name=op.f("fk_operators_revoked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
    )
    op.create_index(op.f("ix_operators_member_id"), "operators", ["member_id"], unique=False)
    op.create_index(
        "uq_operators_present",
        "operators",
        ["account", "member_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "pacts",
        sa.Column("group_id", KEY, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("posted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_pacts_group_id")),
        sa.PrimaryKeyConstraint("group_id", "version", name=op.f("pk_pacts")),
    )
    op.create_table(
        "acceptances",
        sa.Column("member_id", KEY, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "version"],
            ["pacts.group_id", "pacts.version"],
            name=op.f("fk_acceptances_group_id_version"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_acceptances_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "group_id", "version", name=op.f("pk_acceptances")),
    )
    op.create_table(
        "pact_rules",
        sa.Column("group_id", KEY, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "version"],
            ["pacts.group_id", "pacts.version"],
            name=op.f("fk_pact_rules_group_id_version"),
        ),
        sa.PrimaryKeyConstraint("group_id", "version", "place", name=op.f("pk_pact_rules")),
    )
    op.create_table(
        "appeals",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_number", KEY, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("text", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_by", Words(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("why", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_appeals_case_number")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["members.id"], name=op.f("fk_appeals_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_appeals_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_appeals_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_case_number"), "appeals", ["case_number"], unique=False)
    op.create_index("ix_appeals_member", "appeals", ["member_id", "at"], unique=False)
    op.create_index("ix_appeals_state", "appeals", ["state", "at"], unique=False)
    op.create_index(
        "ix_appeals_texts",
        "appeals",
        ["group_id", "at"],
        unique=False,
        sqlite_where=sa.text("text != ''"),
        postgresql_where=sa.text("text != ''"),
    )
    op.create_index(
        "uq_appeals_open",
        "appeals",
        ["case_number"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "complaints",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("platform_message_id", Words(), nullable=False),
        sa.Column("about_id", KEY, nullable=True),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("words", Words(), nullable=False),
        sa.Column("case_number", KEY, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["members.id"], name=op.f("fk_complaints_about_id")),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_complaints_by_id")),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_complaints_case_number")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_complaints_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    op.create_index(
        "ix_complaints_about", "complaints", ["about_id", "group_id", "at"], unique=False
    )
    op.create_index("ix_complaints_by", "complaints", ["by_id", "state"], unique=False)
    op.create_index(op.f("ix_complaints_case_number"), "complaints", ["case_number"], unique=False)
    op.create_index(
        "ix_complaints_texts",
        "complaints",
        ["group_id", "at"],
        unique=False,
        sqlite_where=sa.text("words != ''"),
        postgresql_where=sa.text("words != ''"),
    )
    op.create_index(
        "uq_complaints_message",
        "complaints",
        ["group_id", "platform_message_id", "by_id"],
        unique=True,
        sqlite_where=sa.text("platform_message_id != ''"),
        postgresql_where=sa.text("platform_message_id != ''"),
    )
    op.create_index(
        "uq_complaints_person",
        "complaints",
        ["group_id", "about_id", "by_id"],
        unique=True,
        sqlite_where=sa.text("platform_message_id = '' AND state = 'open'"),
        postgresql_where=sa.text("platform_message_id = '' AND state = 'open'"),
    )
    op.create_table(
        "sanctions",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_number", KEY, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.Column("lifted_why", Words(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_why", Words(), nullable=False),
        sa.Column("breaches", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_sanctions_case_number")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_sanctions_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sanctions_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
        sa.UniqueConstraint("case_number", "kind", name=op.f("uq_sanctions_case_number_kind")),
    )
    op.create_index(op.f("ix_sanctions_member_id"), "sanctions", ["member_id"], unique=False)
    op.create_index(
        "ix_sanctions_open",
        "sanctions",
        ["member_id", "group_id"],
        unique=False,
        sqlite_where=sa.text("lifted_at IS NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL AND closed_at IS NULL"),
    )
    op.create_index(
        "ix_sanctions_until",
        "sanctions",
        ["until"],
        unique=False,
        sqlite_where=sa.text("lifted_at IS NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL AND closed_at IS NULL"),
    )
    op.create_table(
        "tasks",
        sa.Column("number", KEY, autoincrement=False, nullable=False),
        sa.Column("account", Words(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_number", KEY, nullable=True),
        sa.Column("group_id", KEY, nullable=True),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("text", Words(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("deadline", Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_why", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_tasks_case_number")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_tasks_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_tasks_member_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tasks")),
        sa.UniqueConstraint("account", "key", name=op.f("uq_tasks_account_key")),
    )
    op.create_index("ix_tasks_member", "tasks", ["member_id", "group_id", "kind"], unique=False)
    op.create_index("ix_tasks_state", "tasks", ["account", "state", "deadline"], unique=False)
    op.create_table(
        "breaches",
        sa.Column("sanction_id", KEY, autoincrement=False, nullable=False),
        sa.Column("platform_message_id", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sanction_id"], ["sanctions.id"], name=op.f("fk_breaches_sanction_id")
        ),
        sa.PrimaryKeyConstraint("sanction_id", "platform_message_id", name=op.f("pk_breaches")),
        sqlite_with_rowid=False,
    )
