"""Effects: what each post brought about, measured once when its window is over."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select

from bot.events import Group, Kind
from rules.consequences import Consequence
from storage.groups import Groups
from storage.statements import among, insert_new
from storage.tables import answers, cases, groups, interactions, messages, posts, slots
from storage.tables_of_order import links
from storage.tables_of_programmes import casts, effects
from storage.tables_of_topics import topics
from storage.transaction import AnyRow, Transaction
from storage.values import AnswerHow, InteractionKind, Post, TopicKind
from storage.values_of_order import CaseState
from storage.values_of_programmes import Answer, Effect, Ended, Outcome

LATE = timedelta(minutes=2)
"""So long after a window is over its last messages may still be on their way to us."""

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)

_STORE = insert_new(effects, "post_id")
_title = func.coalesce(topics.c.title, posts.c.topic_key).label("title")
_ENDED: Select[Any] = (
    select(
        posts,
        groups.c.account,
        groups.c.platform_id.label("group_platform_id"),
        groups.c.name,
        slots.c.programme,
        _title,
    )
    .select_from(posts)
    .join(groups, groups.c.id == posts.c.group_id)
    .join(slots, slots.c.id == posts.c.slot_id)
    .outerjoin(topics, topics.c.key == posts.c.topic_key)
    .where(
        # Bare, the account would lead SQLite through every post of every group there ever was.
        func.coalesce(groups.c.account, "") == bindparam("account"),
        posts.c.until >= bindparam("first"),
        ~exists().where(effects.c.post_id == posts.c.id),
    )
    .order_by(posts.c.until, posts.c.id)
    .limit(bindparam("limit"))
)
# A note, and what a rule on trial found, is no offence; it is only not repeated.
_case = and_(
    cases.c.platform_message_id == messages.c.platform_id,
    cases.c.group_id == messages.c.group_id,
    cases.c.state != CaseState.OVERTURNED.value,
)
_offence = and_(_case, cases.c.shadow.is_(False), cases.c.consequence != Consequence.NOTE.word)
_ANSWERS: Select[Any] = (
    select(
        answers,
        func.coalesce(links.c.person_id, answers.c.member_id).label("person_id"),
        messages.c.text,
        messages.c.kind,
        exists().where(_case).label("found"),
    )
    .join_from(answers, messages, messages.c.id == answers.c.message_id)
    .outerjoin(links, links.c.member_id == answers.c.member_id)
    .where(
        among(answers.c.post_id, "posts"),
        messages.c.recalled_at.is_(None),
        ~exists().where(_offence),
    )
    .order_by(answers.c.at, answers.c.message_id)
)
_MENTIONS = (
    select(interactions.c.message_id, interactions.c.to_id)
    .join_from(answers, interactions, interactions.c.message_id == answers.c.message_id)
    .where(among(answers.c.post_id, "posts"), interactions.c.kind == InteractionKind.MENTION.value)
    .order_by(interactions.c.to_id)
)
_before, _earlier = answers.alias(), posts.alias()
_FIRST_EVER = (
    select(answers.c.message_id)
    .join_from(answers, posts, posts.c.id == answers.c.post_id)
    .where(
        among(answers.c.post_id, "posts"),
        answers.c.member_id.is_not(None),
        ~exists().where(
            _before.c.member_id == answers.c.member_id,
            _earlier.c.id == _before.c.post_id,
            _earlier.c.group_id == posts.c.group_id,
            or_(
                _before.c.at < answers.c.at,
                and_(_before.c.at == answers.c.at, _before.c.message_id < answers.c.message_id),
            ),
        ),
    )
)
_OF_GROUP: Select[Any] = (
    select(
        effects,
        posts.c.topic_key,
        posts.c.posted_at,
        slots.c.programme,
        _title,
        topics.c.kind,
        topics.c.tags,
        exists().where(casts.c.post_id == posts.c.id).label("cast"),
    )
    .select_from(posts)
    .join(effects, effects.c.post_id == posts.c.id)
    .join(slots, slots.c.id == posts.c.slot_id)
    .outerjoin(topics, topics.c.key == posts.c.topic_key)
    .where(posts.c.group_id == bindparam("group"), posts.c.posted_at >= bindparam("since"))
    .order_by(posts.c.posted_at, posts.c.id)
)
_LATELY = (
    select(effects.c.post_id)
    .join_from(effects, posts, posts.c.id == effects.c.post_id)
    .where(posts.c.group_id == bindparam("group"), effects.c.measured_at >= bindparam("since"))
)


class Effects:
    """The effects of all posts."""

    def __init__(self, transaction: Transaction, groups: Groups) -> None:
        self._transaction = transaction
        self._groups = groups
        self._stored = False

    def ended(self, account: str, at: datetime, most: int) -> list[Ended]:
        """Posts of the account whose window was over by then and that were not measured.

        The oldest, and at most so many. Asks the database nothing while no window can be over.
        """
        first = self._transaction.windows.first(account)
        if first is not None and at < first + LATE:
            return []
        where = {"account": account, "first": first or _FIRST, "limit": most + 1}
        waiting = [_ended(row) for row in self._transaction.read(_ENDED, where)]
        over = [each for each in waiting if each.post.until + LATE <= at][:most]
        if not over and not self._stored:  # what this very work stored may still come to nothing
            next_ = waiting[0].post.until if waiting else _NEVER
            self._transaction.windows.wait(account, next_)
        return over

    def answers(self, ended: Collection[Ended]) -> Mapping[int, list[Answer]]:
        """What answered each of these posts, oldest first."""
        found: dict[int, list[Answer]] = {each.post.id: [] for each in ended}
        where = {"posts": list(found)}
        mentions: dict[int, tuple[int, ...]] = {}
        for row in self._transaction.read(_MENTIONS, where):
            mentions[row.message_id] = (*mentions.get(row.message_id, ()), row.to_id)
        for row in self._transaction.read(_ANSWERS, where):
            found[row.post_id].append(_answer(row, mentions.get(row.message_id, ())))
        return found

    def first_ever(self, ended: Collection[Ended]) -> set[int]:
        """The messages with which somebody answered for the first time in the group of the post."""
        ids = [each.post.id for each in ended]
        return {row.message_id for row in self._transaction.read(_FIRST_EVER, {"posts": ids})}

    def store(self, measured: Iterable[Effect], at: datetime) -> None:
        """Keep these; of a post that was measured already nothing changes."""
        rows = [_row(effect, at) for effect in measured]
        self._stored = True
        self._transaction.write(_STORE[self._transaction.dialect], rows)

    def of_group(self, group: Group, since: datetime = _FIRST) -> list[Outcome]:
        """What was posted in the group since then and has been measured, oldest first."""
        where = {"group": self._groups.key_if_known(group), "since": since}
        return [_outcome(row, group) for row in self._transaction.read(_OF_GROUP, where)]

    def measured_since(self, group: Group, since: datetime) -> list[int]:
        """The posts of the group that were measured since then."""
        where = {"group": self._groups.key_if_known(group), "since": since}
        return [row.post_id for row in self._transaction.read(_LATELY, where)]


def _ended(row: AnyRow) -> Ended:
    post = Post(
        id=row.id,
        group=Group(row.account, row.group_platform_id, row.name),
        topic_key=row.topic_key,
        text=row.text,
        posted_at=row.posted_at,
        until=row.until,
        platform_message_id=row.platform_message_id,
    )
    return Ended(post, row.programme, row.title)


def _answer(row: AnyRow, mentions: tuple[int, ...]) -> Answer:
    return Answer(
        message_id=row.message_id,
        member=row.member_id,
        person=row.person_id,
        how=AnswerHow(row.how),
        at=row.at,
        text=row.text if row.kind == Kind.TEXT else None,
        clean=not row.found,
        mentions=mentions,
    )


def _row(effect: Effect, at: datetime) -> dict[str, Any]:
    after = effect.first_after
    return {
        "post_id": effect.post_id,
        "people": effect.people,
        "answers": effect.answers,
        "replies": effect.replies,
        "first_timers": effect.first_timers,
        "first_after": None if after is None else round(after.total_seconds()),
        "drift": effect.drift,
        "measured_at": at,
    }


def _outcome(row: AnyRow, group: Group) -> Outcome:
    after = None if row.first_after is None else timedelta(seconds=row.first_after)
    effect = Effect(
        post_id=row.post_id,
        topic_key=row.topic_key,
        group=group,
        posted_at=row.posted_at,
        people=row.people,
        answers=row.answers,
        replies=row.replies,
        first_timers=row.first_timers,
        first_after=after,
        drift=row.drift,
    )
    kind = None if row.kind is None else TopicKind(row.kind)
    return Outcome(
        effect, row.programme, row.title, kind, tuple(json.loads(row.tags or "[]")), bool(row.cast)
    )
