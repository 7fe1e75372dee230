"""Crowds: who in a group might be mentioned in a topic. Writes nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, literal_column, or_, select

from bot.events import Group, Identity, Kind
from storage.casts import Casts
from storage.consents import Consents
from storage.groups import Groups
from storage.statements import among
from storage.tables import answers, identities, interactions, memberships, messages, posts
from storage.tables_of_order import links, sanctions
from storage.tables_of_programmes import member_tags
from storage.transaction import AnyRow, Transaction
from storage.values_of_programmes import Candidate, ConsentKind, Crowd

KNOWN = timedelta(days=90)
"""So far back it is looked who turned to whom, and who answered what."""
_CAST = timedelta(weeks=12)
_TEXTS = 200
"""So many of the latest messages are looked through for what was talked about."""

_NEVER = datetime.min.replace(tzinfo=UTC)

_Pair = tuple[int, int]

_GROUP: BindParameter[Any] = bindparam("group")
# Of index entries alone: the messages themselves are not read.
_spoke = (
    select(messages.c.author_id, func.max(messages.c.at).label("at"))
    .where(messages.c.group_id == _GROUP, messages.c.at >= bindparam("since"))
    .group_by(messages.c.author_id)
    .subquery()
)
_PRESENT = (
    select(
        memberships.c.member_id,
        links.c.person_id.label("linked"),
        identities.c.platform_id,
        memberships.c.name,
        memberships.c.joined_at,
        _spoke.c.at,
    )
    .select_from(memberships)
    .outerjoin(_spoke, _spoke.c.author_id == memberships.c.member_id)
    .join(identities, identities.c.member_id == memberships.c.member_id)
    .outerjoin(links, links.c.member_id == memberships.c.member_id)
    .where(
        memberships.c.group_id == _GROUP,
        memberships.c.left_at.is_(None),
        identities.c.account.concat("") == bindparam("account"),
        or_(_spoke.c.at.is_not(None), memberships.c.joined_at >= bindparam("since")),
    )
    .order_by(memberships.c.member_id, identities.c.first_seen)
)
_LINKED = select(links.c.member_id, links.c.person_id).where(among(links.c.person_id, "persons"))
_BARRED = select(sanctions.c.member_id).where(
    sanctions.c.group_id == _GROUP,
    sanctions.c.lifted_at.is_(None),
    sanctions.c.closed_at.is_(None),
    or_(sanctions.c.until.is_(None), sanctions.c.until > bindparam("now")),
)
_TAGS = select(member_tags.c.member_id, member_tags.c.tag).where(member_tags.c.group_id == _GROUP)
_ANSWERED = (
    select(answers.c.member_id, func.count(answers.c.post_id.distinct()).label("answered"))
    .join_from(posts, answers, answers.c.post_id == posts.c.id)
    .where(
        posts.c.group_id == _GROUP,
        posts.c.posted_at >= bindparam("since"),
        among(posts.c.topic_key, "topics"),
    )
    .group_by(answers.c.member_id)
)
_BETWEEN: Any = literal_column("' '")  # a part of the statement, so that it can be prepared
_latest = (
    select(messages.c.author_id, messages.c.text)
    .where(
        messages.c.group_id == _GROUP,
        messages.c.at >= bindparam("since"),
        messages.c.text.is_not(None),
        messages.c.kind == int(Kind.TEXT),
    )
    .order_by(messages.c.at.desc())
    .limit(_TEXTS)
    .subquery()
)
_SAID: Select[Any] = select(
    _latest.c.author_id, func.aggregate_strings(_latest.c.text, _BETWEEN).label("said")
).group_by(_latest.c.author_id)
_TIES = (
    select(interactions.c.from_id, interactions.c.to_id, func.count().label("times"))
    .where(interactions.c.group_id == _GROUP, interactions.c.at >= bindparam("since"))
    .group_by(interactions.c.from_id, interactions.c.to_id)
)


class Crowds:
    """What speaks for mentioning each member of a group: a handful of queries a group."""

    def __init__(
        self, transaction: Transaction, groups: Groups, consents: Consents, casts: Casts
    ) -> None:
        self._transaction = transaction
        self._groups = groups
        self._consents = consents
        self._casts = casts

    def of(self, group: Group, related: Collection[str], since: datetime, now: datetime) -> Crowd:
        """Who spoke or came since then and is there still, a person once; the oldest first.

        Left out are those who said no to being mentioned, and those under a sanction in the group
        at that moment. `related` are keys of the topics whose answers count.
        """
        where = {"group": self._groups.key_if_known(group)}
        here = where | {"since": since, "account": group.account}
        present = self._read(_PRESENT, here)
        persons = self._persons(present)
        allowed = self._consents.said(group, ConsentKind.MENTION)
        barred = {
            *(row.member_id for row in self._read(_BARRED, where | {"now": now})),
            *(member for member, given in allowed.items() if not given),
        }
        out = {persons[member] for member in barred & persons.keys()}
        back = where | {"since": now - KNOWN}
        answered = self._read(_ANSWERED, back | {"topics": related}) if related else ()
        tags, said = _by(persons, self._read(_TAGS, where)), _by(persons, self._read(_SAID, back))
        times = _by(persons, answered)
        cast_at = self._casts.of_people(persons, now - _CAST)
        candidates = tuple(
            Candidate(
                member=row.member_id,
                person=person,
                identity=Identity(group.account, row.platform_id, row.name),
                allows=allowed.get(row.member_id),
                joined_at=row.joined_at,
                spoke_at=row.at,
                tags=tuple(tags.get(person, ())),
                answered=sum(times.get(person, ())),
                said=" ".join(said.get(person, ())).lower(),
                cast_at=cast_at.get(person, ()),
            )
            for person, row in _last_spoken(present, persons).items()
            if person not in out
        )
        return Crowd(candidates, self._ties(back, persons), self._casts.together(group, persons))

    def _persons(self, present: Sequence[AnyRow]) -> dict[int, int]:
        """The persons of these members, and of all members who are the same persons."""
        persons = {row.member_id: row.linked or row.member_id for row in present}
        if linked := {row.linked for row in present if row.linked}:
            rows = self._read(_LINKED, {"persons": linked})
            persons |= {row.member_id: row.person_id for row in rows}
        return persons

    def _ties(self, back: Mapping[str, Any], persons: Mapping[int, int]) -> dict[_Pair, int]:
        found: dict[_Pair, int] = {}
        for from_id, to_id, times in self._read(_TIES, back):
            if from_id in persons and to_id in persons:
                pair = (persons[from_id], persons[to_id])
                found[pair] = found.get(pair, 0) + times
        return found

    def _read(self, statement: Select[Any], where: Mapping[str, Any]) -> Sequence[AnyRow]:
        return self._transaction.read(statement, where)


def _last_spoken(present: Sequence[AnyRow], persons: Mapping[int, int]) -> dict[int, AnyRow]:
    """By person; of several members who are one person, the one who spoke last."""
    found: dict[int, AnyRow] = {}
    for row in present:
        person = persons[row.member_id]
        there = found.get(person)
        if there is None or (there.at or _NEVER) < (row.at or _NEVER):
            found[person] = row
    return found


def _by(persons: Mapping[int, int], rows: Iterable[AnyRow]) -> dict[int, list[Any]]:
    """Rows of a member and one thing more: those things, by person."""
    found: dict[int, list[Any]] = {}
    for member, thing in rows:
        if member in persons:
            found.setdefault(persons[member], []).append(thing)
    return found
