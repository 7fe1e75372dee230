"""The read side: what reports, the console and the demo read back from the database."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Label, Select, bindparam, func, select

from bot.events import Group, Identity, Kind
from storage import replay, rule_reports
from storage.ahead import Ahead
from storage.cards import Cards
from storage.cases import CASES, case
from storage.reports_of_groups import GroupReports
from storage.tables import (
    answers,
    cases,
    identities,
    interactions,
    memberships,
    messages,
    outbox,
    posts,
    slots,
)
from storage.tables_of_topics import topics
from storage.transaction import Transaction
from storage.values import (
    AccountState,
    KnownGroup,
    MemberCard,
    OutboxState,
    SlotState,
    Topic,
    TopicStatus,
)
from storage.values_of_order import Around, RuleRecord, Said
from storage.values_of_programmes import Outcome
from storage.values_of_reports import Count, Edge, GroupSummary, PostEffect
from storage.work import Work

FORGOTTEN = "（已删除 deleted）"
"""Stands where the name of a forgotten person was."""

_GROUP: BindParameter[Any] = bindparam("group")


def _within(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return (moment >= bindparam("since")) & (moment < bindparam("until"))


def _name(member: ColumnElement[Any], label: str = "name") -> Label[str | None]:
    """What a member goes by: in the group if they have a stay there, else in general."""
    stays = memberships.alias()  # the outer query may be about stays itself
    here = (
        select(stays.c.name)
        .where(stays.c.member_id == member, stays.c.group_id == _GROUP)
        .order_by(stays.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    anywhere = (
        select(func.max(identities.c.name))
        .where(identities.c.member_id == member)
        .scalar_subquery()
    )
    return func.coalesce(func.nullif(here, ""), anywhere).label(label)


_said = (messages.c.group_id == _GROUP) & _within(messages.c.at) & messages.c.ours.is_(False)
_by_author = (
    select(messages.c.author_id, func.count().label("count"))
    .where(_said)
    .group_by(messages.c.author_id)
    .subquery()
)
_SPEAKERS = select(_name(_by_author.c.author_id), _by_author.c.count).order_by(
    _by_author.c.count.desc(), _by_author.c.author_id
)
_KINDS = (
    select(messages.c.kind, func.count())
    .where(_said)
    .group_by(messages.c.kind)
    .order_by(func.count().desc(), messages.c.kind)
)
_JOINED = (
    select(_name(memberships.c.member_id))
    .where(memberships.c.group_id == _GROUP, _within(memberships.c.joined_at))
    .order_by(memberships.c.joined_at, memberships.c.id)
)
_LEFT = (
    select(_name(memberships.c.member_id))
    .where(memberships.c.group_id == _GROUP, _within(memberships.c.left_at))
    .order_by(memberships.c.left_at, memberships.c.id)
)
# One message that mentions and replies turns to somebody once.
_pairs = (
    select(
        interactions.c.from_id,
        interactions.c.to_id,
        func.count(interactions.c.message_id.distinct()).label("count"),
    )
    .where(interactions.c.group_id == _GROUP, _within(interactions.c.at))
    .group_by(interactions.c.from_id, interactions.c.to_id)
    .subquery()
)
_EDGES = select(
    _name(_pairs.c.from_id, "from_name"), _name(_pairs.c.to_id, "to_name"), _pairs.c.count
).order_by(_pairs.c.count.desc(), _pairs.c.from_id, _pairs.c.to_id)
_CASES: Select[Any] = CASES.where(cases.c.group_id == _GROUP, _within(cases.c.at))
_POSTS = (
    select(
        func.coalesce(topics.c.title, posts.c.topic_key).label("title"),
        func.coalesce(posts.c.posted_at, posts.c.planned_at).label("posted_at"),
        slots.c.state,
        func.count(answers.c.message_id).label("answers"),
        func.count(answers.c.member_id.distinct()).label("people"),
    )
    .select_from(posts)
    .join(slots, slots.c.id == posts.c.slot_id)
    .outerjoin(topics, topics.c.key == posts.c.topic_key)
    .outerjoin(answers, answers.c.post_id == posts.c.id)
    .where(posts.c.group_id == _GROUP, _within(posts.c.planned_at))
    .group_by(posts.c.id, topics.c.title, slots.c.state)
    .order_by(posts.c.planned_at, posts.c.id)
)
_OUTBOX = (
    select(outbox.c.state, func.count())
    .where(outbox.c.group_id == _GROUP, _within(outbox.c.created_at))
    .group_by(outbox.c.state)
    .order_by(outbox.c.state)
)


class Reports:
    """Everything here only reads, and all of it one state of the database."""

    def __init__(self, work: Work, transaction: Transaction) -> None:
        self._work = work
        self._transaction = transaction

    @property
    def stores(self) -> Work:
        """The stores, to read from: nothing that they change here is kept."""
        return self._work

    @property
    def of_groups(self) -> GroupReports:
        """Who is in groups, and how they talk."""
        return GroupReports(self._transaction, self._work.groups, self._work.members)

    @property
    def ahead(self) -> Ahead:
        """Due times that lie ahead."""
        return Ahead(self._transaction)

    def groups(self) -> list[KnownGroup]:
        """Every group that was seen."""
        return self._work.groups.all()

    def accounts(self) -> list[AccountState]:
        """Every account that was ever connected."""
        return self._work.accounts.all()

    def topics(self, *, everything: bool = False) -> list[Topic]:
        """The approved topics, or all of them."""
        return self._work.topics.all(None if everything else TopicStatus.APPROVED)

    @property
    def cards(self) -> Cards:
        """People as operators see them."""
        return Cards(self._transaction)

    def members(self, text: str) -> list[MemberCard]:
        """People by a part of a name, a platform id, or our own number."""
        return self._work.members.find(text)

    def summary(self, group: Group, since: datetime, until: datetime) -> GroupSummary:
        """What happened in a group from `since` to just before `until`; empty if it is unknown."""
        here = self._work.groups.find(group.account, group.id)
        where = {
            "group": self._work.groups.key_if_known(group),
            "since": since,
            "until": until,
        }
        named = here.group if here else group

        def rows(statement: Select[Any]) -> Sequence[Any]:
            return self._transaction.read(statement, where)

        speakers = tuple(Count(row.name or FORGOTTEN, row.count) for row in rows(_SPEAKERS))
        return GroupSummary(
            group=named,
            since=since,
            until=until,
            messages=sum(each.count for each in speakers),
            speakers=speakers,
            kinds=tuple((Kind(kind), count) for kind, count in rows(_KINDS)),
            joined=tuple(row.name or "" for row in rows(_JOINED)),
            left=tuple(row.name or "" for row in rows(_LEFT)),
            edges=tuple(Edge(row.from_name, row.to_name, row.count) for row in rows(_EDGES)),
            cases=tuple(case(row) for row in rows(_CASES)),
            posts=tuple(
                PostEffect(
                    topic_title=row.title,
                    group_name=named.name,
                    posted_at=row.posted_at,
                    state=SlotState(row.state),
                    answers=row.answers,
                    people=row.people,
                )
                for row in rows(_POSTS)
            ),
            outbox=tuple((OutboxState(state), count) for state, count in rows(_OUTBOX)),
        )

    def effects(self, group: Group, since: datetime) -> list[Outcome]:
        """What was posted in the group since then and has been measured, oldest first."""
        return self._work.effects.of_group(group, since)

    def rules(self, group: Group, since: datetime) -> tuple[RuleRecord, ...]:
        """How every rule that found something in the group since then did, by name."""
        return rule_reports.records(self._transaction, self._work.groups.key_if_known(group), since)

    def around(  # noqa: PLR0917 callers name them
        self,
        group: Group,
        rule: str,
        since: datetime,
        now: datetime,
        most: int = 50,
        apart: timedelta = timedelta(0),
    ) -> tuple[Around, ...]:
        """How much others wrote in the 48 hours before and after a rule acted, newest first.

        Only acts since then that are 48 hours old `now`, and the newest `most` of them that are at
        least so far `apart` from one another.
        """
        return rule_reports.around(
            self._transaction,
            group.account,
            self._work.groups.key_if_known(group),
            rule=rule,
            since=since,
            now=now,
            apart=apart,
            most=most,
        )

    def replay(self, group: Group, since: datetime, portion: int = 2000) -> Iterator[Said]:
        """What others said in the group since then, oldest first, read in portions."""
        group_id = self._work.groups.key_if_known(group)
        return replay.replay(self._transaction, group.account, group_id, since, portion)

    def replay_count(self, group: Group, since: datetime) -> int:
        """How many messages `replay` will give."""
        group_id = self._work.groups.key_if_known(group)
        return replay.count(self._transaction, group_id, since)

    def comings(self, group: Group) -> Mapping[Identity, Sequence[datetime]]:
        """When people came into the group, as far as that was seen, oldest first."""
        group_id = self._work.groups.key_if_known(group)
        return replay.comings(self._transaction, group.account, group_id)

    def operators(self, account: str) -> list[Identity]:
        """Those who became operators in chat."""
        return [each.identity for each in self._work.operators.all(account)]
