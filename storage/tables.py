"""The tables. Each comment says how long rows are kept and how one person is erased.

"Until the group is deleted" means for good today: nothing deletes a group by itself. A forgotten
person (storage/erasure.py) leaves no name, no platform id and no text in any table; what remains
of them is anonymous: a message's time, kind and length, a stay's times, a case's rule.
"""

# long because the tables of one database are read side by side

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    UniqueConstraint,
)
from sqlalchemy import Text as Plain

from storage import tables_of_order, tables_of_programmes, tables_of_topics
from storage.columns import Key, Moment, Words
from storage.metadata import partial_index

# All tables are one schema: whoever takes it from here gets those of order and topics as well.
metadata = tables_of_order.links.metadata
assert metadata is tables_of_topics.topics.metadata  # noqa: S101
assert metadata is tables_of_programmes.casts.metadata  # noqa: S101

# The next group, member, case and task number, and how many people were forgotten. Kept for good;
# holds nothing of anybody.
counters = Table(
    "counters",
    metadata,
    Column("name", Plain, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# The random salt of this database's digests (storage/digests.py). Kept for good; nobody's data.
salt = Table("salt", metadata, Column("value", Plain, primary_key=True))

# Digests of (account, platform id) of forgotten people: what is deleted stays deleted. Kept for
# good, that being their purpose; salted, so that the id cannot be read or looked up elsewhere.
forgotten = Table(
    "forgotten",
    metadata,
    Column("digest", Plain, primary_key=True),
    Column("at", Moment, nullable=False),
)

# Groups that were seen. Of a group that the config does not name: this row and nothing else. Kept
# for good. A person: nothing here.
groups = Table(
    "groups",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("account", Words, nullable=False),
    Column("platform_id", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("managed", Boolean, nullable=False),
    Column("messages", BigInteger, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("roster_at", Moment),
    UniqueConstraint("account", "platform_id"),
)

# People, by our own key. Kept until forgotten: then the row is deleted.
members = Table(
    "members",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("first_seen", Moment, nullable=False),
)

# What an account calls a person. Kept until forgotten: then the row is deleted.
identities = Table(
    "identities",
    metadata,
    Column("account", Words, primary_key=True),
    Column("platform_id", Words, primary_key=True),
    Column("member_id", Key, ForeignKey("members.id"), nullable=False, index=True),
    Column("name", Words, nullable=False, index=True),
    Column("first_seen", Moment, nullable=False),
)

# Stays in groups: joins and leaves with inviter and remover. `joined_at` is NULL where the person
# was there before us. Kept until the group is deleted. Forgotten: their stays are deleted; as
# inviter or remover of others they become NULL.
memberships = Table(
    "memberships",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("member_id", Key, ForeignKey("members.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("joined_at", Moment),
    Column("joined_noticed", Plain),
    Column("inviter_id", Key, ForeignKey("members.id"), index=True),
    Column("left_at", Moment),
    Column("left_noticed", Plain),
    Column("remover_id", Key, ForeignKey("members.id"), index=True),
    Index("ix_memberships_group_member", "group_id", "member_id"),
    partial_index(
        "uq_memberships_present",
        "group_id",
        "member_id",
        where="left_at IS NULL",
        unique=True,
    ),
)

# Every message of a managed group, once. The text is kept for as many days as the config says,
# the rest until the group is deleted. Forgotten: author NULL, text NULL; where others wrote the
# person's name after an @, the name is taken out.
messages = Table(
    "messages",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("platform_id", Words, nullable=False),
    Column("author_id", Key, ForeignKey("members.id")),
    Column("at", Moment, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("length", Integer, nullable=False),
    Column("text", Words),
    Column("ours", Boolean, nullable=False),
    Column("recalled_at", Moment),
    UniqueConstraint("platform_id", "group_id"),  # in this order: looked up by platform id alone
    # None by author first: each message would touch another page of it, half of what a batch
    # writes. Who looks for an author's messages says in which group; only erasing reads all.
    # How much is said, and by whom, is counted in it alone.
    Index("ix_messages_group_at", "group_id", "at", "author_id", "ours"),
    partial_index(
        "ix_messages_texts",
        "group_id",
        "at",
        where="text IS NOT NULL",
    ),
)

# Who turned to whom. Kept until the group is deleted. Forgotten: their rows, both ways, are
# deleted.
interactions = Table(
    "interactions",
    metadata,
    Column("message_id", Key, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("to_id", Key, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("kind", Plain, primary_key=True),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("from_id", Key, ForeignKey("members.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_interactions_group_at", "group_id", "at"),
    Index("ix_interactions_from", "from_id", "group_id"),
    Index("ix_interactions_to", "to_id", "group_id"),
    sqlite_with_rowid=False,
)

# Numbered cases: what rules found, what moderators and members' reports raised. `rule` is the name
# of the rule, `kind` its kind; `strike` says whether it counts on the ladder. The excerpt and the
# detail are kept as long as the text of the message, the rest until the group is deleted.
# Forgotten: member NULL, excerpt, detail and the reason of the decision empty; as who raised or
# decided it NULL.
cases = Table(
    "cases",
    metadata,
    Column("number", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("member_id", Key, ForeignKey("members.id")),
    Column("message_id", Key, ForeignKey("messages.id")),
    Column("platform_message_id", Words, nullable=False),
    Column("rule", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("reason", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Column("excerpt", Words, nullable=False),
    Column("raised_by", Plain, nullable=False),
    Column("raiser_id", Key, ForeignKey("members.id")),
    Column("shadow", Boolean, nullable=False),
    Column("consequence", Words, nullable=False),
    Column("aggravation", Integer, nullable=False),
    Column("strike", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Column("reminded", Boolean, nullable=False),
    Column("state", Plain, nullable=False),
    Column("decided_by_id", Key, ForeignKey("members.id")),
    Column("decided_by", Words, nullable=False),
    Column("decided_at", Moment),
    Column("decided_why", Words, nullable=False),
    Column("false_hit", Boolean, nullable=False),
    Index("ix_cases_group_at", "group_id", "at"),
    Index("ix_cases_member", "member_id", "group_id", "rule", "at"),
    Index("ix_cases_message", "platform_message_id", "group_id"),
    Index("ix_cases_state", "state", "number"),
    Index("ix_cases_group_state", "group_id", "state", "number"),
    Index("ix_cases_rule", "group_id", "rule", "at"),
    partial_index(
        "ix_cases_strikes",
        "member_id",
        "group_id",
        "at",
        where="strike IS 1",
        on_postgresql="strike IS true",
    ),
)

# One due time of a programme, once. `why` says why this topic was chosen (NULL: none was), and
# `not_before` until when it is held back. Kept until the group is deleted. A person: nothing here.
slots = Table(
    "slots",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("programme", Words, nullable=False),
    Column("wall", Words, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", Plain, nullable=False),
    Column("reason", Words, nullable=False),
    Column("topic_key", Words, nullable=False),
    Column("why", Words),
    Column("not_before", Moment),
    UniqueConstraint("group_id", "programme", "wall"),
    partial_index("ix_slots_held", "due_at", where="state = 'held'"),
)

# How far the due times of a programme have been dealt with. Kept for good. A person: nothing here.
watches = Table(
    "watches",
    metadata,
    Column("group_id", Key, ForeignKey("groups.id"), primary_key=True, autoincrement=False),
    Column("programme", Words, primary_key=True),
    Column("until", Moment, nullable=False),
)

# Topics that were posted or are about to be. `outbox_key` is the digest of the action's key. Kept
# until the group is deleted. Forgotten: the text of what they proposed becomes empty.
posts = Table(
    "posts",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("slot_id", Key, ForeignKey("slots.id"), nullable=False, unique=True),
    Column("group_id", Key, ForeignKey("groups.id"), nullable=False),
    Column("topic_key", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("outbox_key", Plain, nullable=False, unique=True),
    Column("window", BigInteger, nullable=False),  # seconds
    Column("planned_at", Moment, nullable=False),
    Column("posted_at", Moment),
    Column("until", Moment, index=True),
    Column("platform_message_id", Words, nullable=False),
    Index("ix_posts_group", "group_id", "posted_at"),
)

# Messages attributed to a post, each once. Kept until the group is deleted. Forgotten: member NULL.
answers = Table(
    "answers",
    metadata,
    Column("message_id", Key, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("post_id", Key, ForeignKey("posts.id"), nullable=False),
    Column("member_id", Key, ForeignKey("members.id"), index=True),
    Column("how", Plain, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_answers_post", "post_id", "at"),  # when the last answer came is one look
)

# Actions on their way out and what became of them; `action` is JSON (storage/actions.py), `key`
# and `text_digest` are digests. Kept for good, as the record of what the bot did. Forgotten: every
# action about the person loses text, names and ids; one that still waits is cancelled.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("account", Words, nullable=False),
    Column("key", Plain, nullable=False),
    Column("group_id", Key, ForeignKey("groups.id")),
    Column("action", Words, nullable=False),
    Column("text_digest", Plain, nullable=False, index=True),
    Column("priority", SmallInteger, nullable=False),
    Column("state", Plain, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("claimed_by", Words, nullable=False),
    Column("claimed_at", Moment),
    Column("settled_at", Moment),
    Column("detail", Words, nullable=False),
    Column("platform_message_id", Words, nullable=False, index=True),
    UniqueConstraint("account", "key"),
    Index("ix_outbox_state", "account", "state", "priority"),
)

# The connection of each account and whether sending is stopped. Kept for good. `me` is the bot's
# own identity, which is nobody's to forget.
accounts = Table(
    "accounts",
    metadata,
    Column("account", Words, primary_key=True),
    Column("state", Plain, nullable=False),
    Column("detail", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("me_id", Words),
    Column("me_name", Words, nullable=False),
    Column("stopped_at", Moment),
    Column("stopped_why", Words, nullable=False),
)

# Invitations and friendship requests, kept as they came. Kept for good. Forgotten: the person's
# friendship requests are deleted, their invitations lose the inviter.
requests = Table(
    "requests",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("account", Words, nullable=False),
    Column("kind", Plain, nullable=False),
    Column("platform_id", Words, nullable=False),
    Column("person_id", Words),
    Column("person_name", Words, nullable=False),
    Column("group_name", Words, nullable=False),
    Column("hello", Words, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("account", "kind", "platform_id"),
)
