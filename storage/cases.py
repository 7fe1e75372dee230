"""Cases: numbered findings with their evidence, and what was decided on them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from bot.events import Group, Identity, Message
from rules.base import Finding
from rules.consequences import Consequence
from storage.groups import Groups
from storage.members import Members
from storage.messages import Messages
from storage.people import MEMBER, PERSON, doer, identity, named, shown
from storage.reminders import Reminders
from storage.statements import among
from storage.tables import cases, groups
from storage.transaction import AnyRow, Transaction
from storage.values import Case
from storage.values_of_order import UNDECIDED, CaseState, Doer, RaisedBy

_STRIKES = frozenset(each.word for each in Consequence if each.strikes)

_INSERT = insert(cases)
CASES: Select[Any] = (
    select(
        cases,
        groups.c.account,
        groups.c.platform_id.label("group_platform_id"),
        groups.c.name.label("group_name"),
        *named(cases.c.member_id, groups.c.account, "member"),
        *named(cases.c.raiser_id, groups.c.account, "raiser"),
        *named(cases.c.decided_by_id, groups.c.account, "decided_by"),
    )
    .join_from(cases, groups, groups.c.id == cases.c.group_id)
    .order_by(cases.c.number)
)
"""Cases with the names of their group and of whom they name, in the order of their numbers."""
_HERE = cases.c.group_id == bindparam("group")
_OF_MEMBER = CASES.where(_HERE, cases.c.member_id == MEMBER)
_OF_MESSAGE = CASES.where(_HERE, cases.c.platform_message_id == bindparam("message"))
_ONE = CASES.where(cases.c.number == bindparam("number"))
_RECENT = (
    CASES.where(cases.c.state == bindparam("of_state"), groups.c.account == bindparam("account"))
    .order_by(None)
    .order_by(cases.c.number.desc())
    .limit(bindparam("limit"))
)
_RECENT_HERE = _RECENT.where(_HERE)
# Without an order: for its sake SQLite would read all the group's cases instead of the strikes.
_STRUCK = select(cases.c.at).where(
    _HERE,
    cases.c.member_id.in_(PERSON),
    cases.c.strike.is_(True),
    cases.c.state != CaseState.CONFIRMING.value,  # nothing has followed of it yet
    cases.c.at >= bindparam("since"),
)
_DECIDE = (
    update(cases)
    .where(cases.c.number == bindparam("case"), among(cases.c.state, "was"))
    .values(
        state=bindparam("new_state"),
        decided_by_id=bindparam("by_id"),
        decided_by=bindparam("by"),
        decided_at=bindparam("moment"),
        decided_why=bindparam("why"),
        false_hit=bindparam("false"),
    )
)
_OVERTURN = _DECIDE.values(strike=False)


def case(row: AnyRow) -> Case:
    """The case of a row of CASES."""
    return Case(
        number=row.number,
        group=Group(row.account, row.group_platform_id, row.group_name),
        member=identity(row, "member"),
        rule=row.rule,
        reason=row.reason,
        detail=row.detail,
        span=(row.span_start, row.span_end),
        excerpt=row.excerpt,
        consequence=row.consequence,
        at=row.at,
        platform_message_id=row.platform_message_id,
        reminded=row.reminded,
        kind=row.kind,
        version=row.version,
        raised_by=RaisedBy(row.raised_by),
        raiser=identity(row, "raiser"),
        shadow=row.shadow,
        until=row.until,
        aggravation=row.aggravation,
        state=CaseState(row.state),
        decided_by=shown(row, "decided_by"),
        decider=identity(row, "decided_by"),
        decided_at=row.decided_at,
        decided_why=row.decided_why,
        false_hit=row.false_hit,
    )


class Cases:
    """The cases of all groups, numbered in one row."""

    def __init__(
        self, transaction: Transaction, groups: Groups, members: Members, messages: Messages
    ) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._messages = messages
        self._new = transaction.buffer(_INSERT)
        self._reminders = Reminders(transaction, groups, members)
        self._struck: dict[int, bool] = {}

    def open(  # noqa: PLR0917 callers name them
        self,
        group: Group,
        member: Identity,
        finding: Finding,
        reason: str,
        excerpt: str,
        consequence: str,
        at: datetime,
        message_id: int | None,
        platform_message_id: str,
        reminded: bool,  # noqa: FBT001
        *,
        kind: str = "",
        version: int = 0,
        raised_by: RaisedBy = RaisedBy.RULE,
        raiser: Identity | None = None,
        shadow: bool = False,
        until: datetime | None = None,
        state: CaseState = CaseState.OPEN,
        aggravation: int = 0,
    ) -> int:
        """Open a case; its number. Of someone forgotten only the rule and the time are kept.

        Without a `kind` the rule's name is its kind. It is a strike if its consequence is one and
        the rule does not run in the shadow.
        """
        number = self._transaction.number("cases")
        group_id = self._groups.key(group, at)
        member_id = self._members.id_of(member, at)
        known = member_id is not None
        strike = consequence in _STRIKES and not shadow
        self._new(
            {
                "number": number,
                "group_id": group_id,
                "member_id": member_id,
                "message_id": message_id,
                "platform_message_id": platform_message_id,
                "rule": finding.rule,
                "kind": kind or finding.rule,
                "version": version,
                "reason": reason,
                "detail": self._messages.bare(message_id, finding.detail) if known else "",
                "span_start": finding.span[0],
                "span_end": finding.span[1],
                "excerpt": self._messages.bare(message_id, excerpt) if known else "",
                "raised_by": raised_by.value,
                "raiser_id": raiser and self._members.id_of(raiser, at),
                "shadow": shadow,
                "consequence": consequence,
                "aggravation": aggravation,
                "strike": strike,
                "at": at,
                "until": until,
                "reminded": reminded,
                "state": state.value,
                "decided_by_id": None,
                "decided_by": "",
                "decided_at": None,
                "decided_why": "",
                "false_hit": False,
            }
        )
        if reminded:
            self._reminders.note(group_id, member_id, finding.rule, at)
        if strike:
            self._transaction.set(self._struck, group_id, True)
        return number

    def decide(
        self,
        number: int,
        state: CaseState,
        by: Doer,
        at: datetime,
        why: str,
        *,
        false_hit: bool = False,
        was: Collection[CaseState] = UNDECIDED,
    ) -> bool:
        """Decide, if the case is in one of the states `was`; False if it is not.

        Of two who decide at once exactly one gets True; the other reads in the case who did. An
        overturned case is no strike any more.
        """
        acted = doer(self._members.id_of, by, at, "by")
        row = {"case": number, "was": list(was), "new_state": state.value, "moment": at, "why": why}
        statement = _OVERTURN if state is CaseState.OVERTURNED else _DECIDE
        return self._transaction.write(statement, row | acted | {"false": false_hit}) == 1

    def get(self, number: int) -> Case | None:
        """One case, None if there is no such number."""
        rows = self._transaction.read(_ONE, {"number": number})
        return case(rows[0]) if rows else None

    def recent(
        self,
        account: str,
        group: Group | None = None,
        states: Collection[CaseState] = (),
        limit: int = 20,
    ) -> list[Case]:
        """The newest cases of an account or of one group, newest first; without states, all."""
        where: dict[str, Any] = {"account": account, "limit": limit}
        if group is not None:
            where["group"] = self._groups.key_if_known(group)
        statement = _RECENT if group is None else _RECENT_HERE
        found = [
            row
            for state in states or CaseState
            for row in self._transaction.read(statement, where | {"of_state": state.value})
        ]
        found.sort(key=lambda row: row.number, reverse=True)
        return [case(row) for row in found[:limit]]

    def strikes(self, group: Group, member: Identity, since: datetime) -> list[datetime]:
        """When the person got the strikes of that group that still stand, oldest first.

        Those under other identities of the same person count.
        """
        group_id = self._groups.key_if_known(group)
        where = {
            "group": group_id,
            "member": self._members.id_if_known(member),
            "since": since,
        }
        look = self._transaction.read if group_id in self._struck else self._transaction.stored
        return sorted(row.at for row in look(_STRUCK, where))

    def prepare(self, said: Iterable[Message]) -> None:
        """It will be asked when their authors were reminded, if anything is found in many."""
        self._reminders.prepare(said)

    def last_reminded(self, group: Group, member: Identity, rule: str) -> datetime | None:
        """When the member was last reminded of the rule there; the forgotten share one answer."""
        return self._reminders.last(group, member, rule)

    def of_member(self, group: Group, member: Identity) -> list[Case]:
        """The member's cases in the group, oldest first."""
        where = {
            "group": self._groups.key_if_known(group),
            "member": self._members.id_if_known(member),
        }
        return [case(row) for row in self._transaction.read(_OF_MEMBER, where)]

    def of_message(self, group: Group, platform_message_id: str) -> list[Case]:
        """The cases because of one message, oldest first."""
        where = {"group": self._groups.key_if_known(group), "message": platform_message_id}
        return [case(row) for row in self._transaction.read(_OF_MESSAGE, where)]
