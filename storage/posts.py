"""Posts: topics in a group, and the messages that answered them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, func, insert, literal_column, select, update

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.open_posts import OpenPosts
from storage.outbox_rows import OF_POST, Moved
from storage.slots import Slots
from storage.statements import among, insert_new
from storage.tables import answers, posts
from storage.transaction import AnyRow, Transaction
from storage.values import AnswerHow, OutboxState, Post, SlotState

_INSERT = insert(posts)
_ANSWER = insert_new(answers, "message_id")
_SPOKEN = select(func.max(answers.c.at).label("at")).where(answers.c.post_id == bindparam("post"))
_ANSWERED = select(answers.c.post_id).where(answers.c.message_id == bindparam("message"))
_AMONG = select(posts.c.outbox_key, *OF_POST).where(among(posts.c.outbox_key, "keys"))
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
                bindparam("message", type_=posts.c.platform_message_id.type),
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
_OUT = (OutboxState.SENT, OutboxState.DONE)


class Posts:
    """The posts of all groups."""

    def __init__(
        self,
        transaction: Transaction,
        groups: Groups,
        members: Members,
        slots: Slots,
        open_: OpenPosts,
    ) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._slots = slots
        self._open = open_
        self._new = transaction.buffer(_INSERT)
        self._gone = transaction.buffer(_GONE)
        self._answers = transaction.buffer(_ANSWER[transaction.dialect])
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
        self._open.before(catch_up)

    def active(self, group: Group, at: datetime) -> list[Post]:
        """Posts of the group that were posted by then and whose window is open; newest first."""
        return self._open.active(group, at)

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

    def follow(self, moved: Iterable[Moved]) -> None:
        """Outbox rows have moved; the posts that some of them are, and their slots, move along."""
        by_key = {each.key: each for each in moved}
        if by_key:
            rows = self._transaction.read(_AMONG, {"keys": by_key})
            self.become((row, by_key[row.outbox_key]) for row in rows)

    def become(self, rows: Iterable[tuple[AnyRow, Moved]]) -> None:
        """The same for rows of which it is known which posts they are (`OF_POST`)."""
        ends: dict[tuple[datetime, int], datetime] = {}
        alike: list[tuple[SlotState, str, list[int]]] = []  # nearly always one: all went well
        for row, each in rows:
            became = _BECOMES.get(each.state)
            if row.post_id is None or became is None:
                continue
            if not alike or alike[-1][:2] != (became, each.detail):
                alike.append((became, each.detail, []))
            alike[-1][2].append(row.slot_id)
            at = end = None
            if each.state in _OUT:
                at, length = each.at, (each.at, row.window)
                end = ends[length] = ends.get(length) or at + timedelta(seconds=row.window)
            if at is not None or each.message_id:
                self._gone({"post": row.post_id, "at": at, "end": end, "message": each.message_id})
        if alike:
            self._open.moved()
        for became, detail, slot_ids in alike:
            self._slots.become(slot_ids, became, detail)
        if ends:
            self._transaction.windows.opened(min(ends.values()))
