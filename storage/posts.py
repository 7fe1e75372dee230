"""Posts: topics in a group, and the messages that answered them."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import Text as Plain
from sqlalchemy import bindparam, case, func, insert, literal_column, select, update

from bot.events import Group, Identity
from storage.columns import plain
from storage.groups import Groups
from storage.members import Members
from storage.slots import Slots
from storage.statements import among, insert_new
from storage.tables import answers, groups, posts
from storage.transaction import AnyRow, Transaction
from storage.values import AnswerHow, OutboxState, Post, SlotState

_INSERT = insert(posts)
_ANSWER = insert_new(answers, "message_id")
_OPEN = (
    select(posts, groups.c.account, groups.c.platform_id, groups.c.name)
    .join_from(posts, groups, groups.c.id == posts.c.group_id)
    .where(posts.c.until >= bindparam("at"))
    .order_by(posts.c.posted_at.desc(), posts.c.id.desc())
)
_SPOKEN = select(func.max(answers.c.at).label("at")).where(answers.c.post_id == bindparam("post"))
_ANSWERED = select(answers.c.post_id).where(answers.c.message_id == bindparam("message"))
_AMONG = select(posts.c.outbox_key, posts.c.slot_id, posts.c.id, posts.c.window).where(
    among(posts.c.outbox_key, "keys")
)
# When it was posted and how the platform calls it, each only the first time.
_GONE = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(
        posted_at=func.coalesce(posts.c.posted_at, bindparam("at", type_=posts.c.posted_at.type)),
        until=func.coalesce(posts.c.until, bindparam("end", type_=posts.c.until.type)),
        platform_message_id=case(
            (
                posts.c.platform_message_id == literal_column("''"),
                bindparam("message", type_=Plain),
            ),
            else_=posts.c.platform_message_id,
        ),
    )
)
_BECOMES = {
    OutboxState.PENDING: SlotState.PLANNED,
    OutboxState.SENT: SlotState.POSTED,
    OutboxState.DONE: SlotState.CONFIRMED,
    OutboxState.DRY: SlotState.POSTED,
    OutboxState.UNCONFIRMED: SlotState.UNCONFIRMED,
    OutboxState.EXPIRED: SlotState.SKIPPED,
    OutboxState.REFUSED: SlotState.SKIPPED,
    OutboxState.CANCELLED: SlotState.SKIPPED,
}


def _post(row: AnyRow) -> Post:
    return Post(
        id=row.id,
        group=Group(row.account, row.platform_id, row.name),
        topic_key=row.topic_key,
        text=row.text,
        posted_at=row.posted_at,
        until=row.until,
        platform_message_id=row.platform_message_id,
    )


class Posts:
    """The posts of all groups."""

    def __init__(
        self, transaction: Transaction, groups: Groups, members: Members, slots: Slots
    ) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._slots = slots
        self._new = transaction.buffer(_INSERT)
        self._gone = transaction.buffer(_GONE)
        self._answers = transaction.buffer(_ANSWER[transaction.dialect])
        self._known: dict[str, AnyRow] = {}
        self._catch_up: Callable[[], None] = lambda: None
        self._active: dict[str, tuple[datetime, dict[Group, list[Post]]] | None] = {}
        self._spoken: dict[int, datetime] = {}
        self._spoken_now: dict[int, datetime] = {}
        self._answered_now: dict[int, int] = {}

    def plan(  # noqa: PLR0917 callers name them
        self,
        slot_id: int,
        group: Group,
        topic_key: str,
        text: str,
        outbox_key: str,
        window: timedelta,
        at: datetime,
        why: str = "",
    ) -> int:
        """A topic is on its way through the outbox, under the key of that action.

        `why` says why it was chosen.
        """
        self._slots.settle(slot_id, SlotState.PLANNED, topic_key=topic_key, why=why)
        post_id = self._transaction.next_id()
        self._new(
            {
                "id": post_id,
                "slot_id": slot_id,
                "group_id": self._groups.key(group, at),
                "topic_key": topic_key,
                "text": text,
                "outbox_key": self._transaction.digest(group.account, outbox_key),
                "window": int(window.total_seconds()),
                "planned_at": at,
                "platform_message_id": "",
            }
        )
        return post_id

    def before_active(self, catch_up: Callable[[], None]) -> None:
        """Call this before it is looked which posts are active: it may still make one."""
        self._catch_up = catch_up

    def active(self, group: Group, at: datetime) -> list[Post]:
        """Posts of the group that were posted by then and whose window is open; newest first."""
        self._catch_up()
        # Asked for every message, so one query serves a whole batch.
        loaded = self._active.get("loaded")
        if loaded is None or at < loaded[0]:
            moved = "loaded" in self._active and loaded is None
            ask = self._transaction.read if moved else self._transaction.stored
            loaded = (at, {})
            for row in ask(_OPEN, {"at": at}):
                post = _post(row)
                loaded[1].setdefault(post.group, []).append(post)
            self._transaction.set(self._active, "loaded", loaded)
        here = loaded[1].get(group, ())
        return [post for post in here if post.posted_at <= at <= post.until]

    def answered(
        self, post_id: int, message_id: int, member: Identity, how: AnswerHow, at: datetime
    ) -> None:
        """A message answered a post; a message counts once."""
        self._answers(
            {
                "message_id": message_id,
                "post_id": post_id,
                "member_id": self._members.id_of(member, at),
                "how": how.value,
                "at": at,
            }
        )
        last = max(self._spoken_now.get(post_id, at), at)
        self._transaction.set(self._spoken_now, post_id, last)
        self._transaction.set(self._answered_now, message_id, post_id)

    def answer_to(self, message_id: int) -> int | None:
        """The post that a message answered, None if it answered none."""
        if message_id in self._answered_now:
            return self._answered_now[message_id]
        rows = self._transaction.stored(_ANSWERED, {"message": message_id})
        return rows[0].post_id if rows else None

    def spoken(self, post: Post) -> datetime:
        """When somebody last answered the post; if nobody did, when it was posted."""
        if post.id not in self._spoken:
            (row,) = self._transaction.stored(_SPOKEN, {"post": post.id})
            self._spoken[post.id] = max(post.posted_at, row.at or post.posted_at)
        stored = self._spoken[post.id]
        return max(stored, self._spoken_now.get(post.id, stored))

    def among(self, keys: Collection[str]) -> set[str]:
        """Those of these (digested) keys of outbox rows that are posts."""
        found = {row.outbox_key: row for row in self._transaction.read(_AMONG, {"keys": [*keys]})}
        for key, row in found.items():
            self._transaction.set(self._known, key, row)
        return {*found}

    def follow(
        self, key: str, state: OutboxState, now: datetime, detail: str, platform_message_id: str
    ) -> None:
        """An outbox row has moved; the post under its (digested) key and its slot move along."""
        if state not in _BECOMES or not (key in self._known or self.among([key])):
            return
        row = self._known[key]
        self._slots.settle(row.slot_id, _BECOMES[state], detail)
        self._transaction.set(self._active, "loaded", None)
        at = end = None
        if state in (OutboxState.SENT, OutboxState.DONE):
            at, end = now, now + timedelta(seconds=row.window)
            self._transaction.windows.opened(end)
        if at is not None or platform_message_id:
            message = plain(platform_message_id)
            self._gone({"post": row.id, "at": at, "end": end, "message": message})
