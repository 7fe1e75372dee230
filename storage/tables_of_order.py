"""The tables of order: what follows from a case, who objects, who reports, who decides.

As in storage/tables.py, each comment says how long rows are kept and how one person is erased.
Somebody who acted is a member (`…_id`) or, where they acted outside the chat, a word beside it
(`by`: the console, the command line); the other of the two is NULL or empty. What a forgotten
person did as a moderator or a reporter stays, without them.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    UniqueConstraint,
)
from sqlalchemy import Text as Plain

from storage.columns import Key, Moment, Words
from storage.metadata import metadata, partial_index

# Members that an operator declared to be one person; the person's first member has a row as well.
# Kept until forgotten: then all rows of the person are deleted; as who linked them they become
# NULL.
links = Table(
    "links",
    metadata,
    Column("member_id", Key, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("person_id", Key, ForeignKey("members.id"), nullable=False, index=True),
    Column("by_id", Key, ForeignKey("members.id")),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

# What was imposed because of a case. `until` is NULL for good. Lifted: taken back by a person;
# closed: over, and dealt with. Kept until the group is deleted. Forgotten: member NULL, reasons
# empty, and it is closed.
sanctions = Table(
    "sanctions",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("case_number", Key, ForeignKey("cases.number"), nullable=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("member_id", Key, ForeignKey("members.id"), index=True),
    Column("kind", SmallInteger, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("lifted_at", Moment),
    Column("lifted_why", Words, nullable=False),
    Column("closed_at", Moment),
    Column("closed_why", Words, nullable=False),
    Column("breaches", Integer, nullable=False),
    UniqueConstraint("case_number", "kind"),
    partial_index(
        "ix_sanctions_open",
        "member_id",
        "group_id",
        where="lifted_at IS NULL AND closed_at IS NULL",
    ),
    partial_index("ix_sanctions_until", "until", where="lifted_at IS NULL AND closed_at IS NULL"),
)

# Whom a rule of a group spares because an operator said so in the chat; `rule` is empty for all of
# them, `until` the last day (YYYY-MM-DD in the zone of the group), NULL for good. Kept until the
# group is deleted. Forgotten: then the row is deleted; as who said so they become NULL.
exemptions = Table(
    "exemptions",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("member_id", Key, ForeignKey("members.id"), nullable=False, index=True),
    Column("rule", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("until", Plain),
    Column("by_id", Key, ForeignKey("members.id")),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("lifted_at", Moment),
    partial_index(
        "uq_exemptions_open",
        "group_id",
        "member_id",
        "rule",
        where="lifted_at IS NULL",
        unique=True,
    ),
)

# Messages that broke a quiet period, each once. Kept until the group is deleted. A person: only
# the platform id of the message, which belongs to nobody once its author is forgotten.
breaches = Table(
    "breaches",
    metadata,
    Column("sanction_id", Key, ForeignKey("sanctions.id"), primary_key=True, autoincrement=False),
    Column("platform_message_id", Words, primary_key=True),
    sqlite_with_rowid=False,
)

# Numbered task cards: what a human has to do. `key` is a digest. Kept until the group is deleted.
# Forgotten: member NULL, text and reason empty; one that is not done is cancelled.
tasks = Table(
    "tasks",
    metadata,
    Column("number", Key, primary_key=True, autoincrement=False),
    Column("account", Words, nullable=False),
    Column("key", Plain, nullable=False),
    Column("kind", Plain, nullable=False),
    Column("case_number", Key, ForeignKey("cases.number")),
    Column("group_id", Key, ForeignKey("groups.id")),
    Column("member_id", Key, ForeignKey("members.id")),
    Column("text", Words, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("state", Plain, nullable=False),
    Column("settled_at", Moment),
    Column("settled_why", Words, nullable=False),
    UniqueConstraint("account", "key"),
    Index("ix_tasks_state", "account", "state", "deadline"),
    Index("ix_tasks_member", "member_id", "group_id", "kind"),
)

# Objections to cases. The member's words are kept as long as the texts of messages, but never
# erased while they wait for the human who has to read them; the rest until the group is deleted.
# Forgotten: member NULL, words and reason empty; one that waits counts as withdrawn.
appeals = Table(
    "appeals",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("case_number", Key, ForeignKey("cases.number"), nullable=False, index=True),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("member_id", Key, ForeignKey("members.id")),
    Column("text", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", Plain, nullable=False),
    Column("decided_by_id", Key, ForeignKey("members.id")),
    Column("decided_by", Words, nullable=False),
    Column("decided_at", Moment),
    Column("why", Words, nullable=False),
    partial_index("uq_appeals_open", "case_number", where="state = 'open'", unique=True),
    partial_index("ix_appeals_texts", "group_id", "at", where="text != ''"),
    Index("ix_appeals_state", "state", "at"),
    Index("ix_appeals_member", "member_id", "at"),
)

# What members report about others; `platform_message_id` is empty where no message was named. The
# reporter's words are kept as long as the texts of messages, the rest until the group is deleted.
# Forgotten: as reporter NULL and the words empty, as the one reported NULL and the words empty.
complaints = Table(
    "complaints",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("platform_message_id", Words, nullable=False),
    Column("about_id", Key, ForeignKey("members.id")),
    Column("by_id", Key, ForeignKey("members.id")),
    Column("at", Moment, nullable=False),
    Column("words", Words, nullable=False),
    Column("case_number", Key, ForeignKey("cases.number"), index=True),
    Column("state", Plain, nullable=False),
    partial_index(
        "uq_complaints_message",
        "group_id",
        "platform_message_id",
        "by_id",
        where="platform_message_id != ''",
        unique=True,
    ),
    partial_index(
        "uq_complaints_person",
        "group_id",
        "about_id",
        "by_id",
        where="platform_message_id = '' AND state = 'open'",
        unique=True,
    ),
    partial_index("ix_complaints_texts", "group_id", "at", where="words != ''"),
    Index("ix_complaints_about", "about_id", "group_id", "at"),
    Index("ix_complaints_by", "by_id", "state"),
)

# Who may act for the house, by account. Kept until forgotten: then the row is deleted; as who
# revoked another they become NULL.
operators = Table(
    "operators",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("account", Words, nullable=False),
    Column("member_id", Key, ForeignKey("members.id"), nullable=False, index=True),
    Column("role", Plain, nullable=False),
    Column("since", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("revoked_by_id", Key, ForeignKey("members.id")),
    Column("revoked_by", Words, nullable=False),
    partial_index(
        "uq_operators_present", "account", "member_id", where="revoked_at IS NULL", unique=True
    ),
)

# One-time codes by which an operator shows who they are in the chat; `digest` is salted. Kept for
# good. Forgotten: who gave it and who used it become NULL.
operator_codes = Table(
    "operator_codes",
    metadata,
    Column("digest", Plain, primary_key=True),
    Column("role", Plain, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("by_id", Key, ForeignKey("members.id")),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("used_by_id", Key, ForeignKey("members.id")),
)

# Every act of an operator. Kept for good. Forgotten: as who acted NULL; as whom it was about NULL
# and the reason empty.
audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("account", Words, nullable=False),
    Column("by_id", Key, ForeignKey("members.id"), index=True),
    Column("by", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("about_id", Key, ForeignKey("members.id"), index=True),
    Column("about", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_audit_account", "account", "at"),
)

# The versions of a group's rules. Kept until the group is deleted: cases name them. A person:
# nothing here.
pacts = Table(
    "pacts",
    metadata,
    Column("group_id", Key, ForeignKey("groups.id"), primary_key=True, autoincrement=False),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("made_at", Moment, nullable=False),
    Column("posted_at", Moment),
)

# The rules of a version, in their order. Kept as long as the version. A person: nothing here.
pact_rules = Table(
    "pact_rules",
    metadata,
    Column("group_id", Key, primary_key=True, autoincrement=False),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("digest", Plain, nullable=False),
    ForeignKeyConstraint(["group_id", "version"], ["pacts.group_id", "pacts.version"]),
)

# Who agreed to which version. Kept until the group is deleted. Forgotten: their rows are deleted.
acceptances = Table(
    "acceptances",
    metadata,
    Column("member_id", Key, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("group_id", Key, primary_key=True, autoincrement=False),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["group_id", "version"], ["pacts.group_id", "pacts.version"]),
)
