"""How rules did: what they found, what was taken back, and whether people fell silent after it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import and_, bindparam, func, or_, select

from rules.consequences import Consequence
from storage.columns import Key, Moment
from storage.tables import accounts, cases, identities, messages
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Around, CaseState, RuleRecord

AROUND = timedelta(hours=48)
"""How long before and after an act is looked at."""

_GROUP = bindparam("group", type_=Key)
_SINCE = (cases.c.group_id == _GROUP, cases.c.at >= bindparam("since"))
# What nobody was told of is no act: notes, and reminders that the cool-down held back.
_TOLD = and_(
    cases.c.consequence != Consequence.NOTE.word,
    or_(cases.c.reminded.is_(True), cases.c.consequence != Consequence.REMIND.word),
)
_TALLY = (
    select(
        cases.c.rule,
        cases.c.shadow,
        cases.c.consequence,
        func.max(cases.c.kind).label("kind"),
        func.count().label("hits"),
        func.count().filter(cases.c.state == CaseState.OVERTURNED.value).label("overturned"),
        func.count().filter(cases.c.false_hit.is_(True)).label("false_hits"),
        func.count()
        .filter(or_(cases.c.state == CaseState.OVERTURNED.value, cases.c.false_hit.is_(True)))
        .label("wrong"),
        func.count().filter(_TOLD).label("told"),
    )
    .where(*_SINCE)
    .group_by(cases.c.rule, cases.c.shadow, cases.c.consequence)
    .order_by(cases.c.rule, cases.c.shadow, cases.c.consequence)
)
_TOUCHED = (
    select(cases.c.rule, func.count(cases.c.member_id.distinct()).label("members"))
    .where(*_SINCE, cases.c.shadow.is_(False))
    .group_by(cases.c.rule)
)
_ACTS = (
    select(cases.c.number, cases.c.at, cases.c.member_id)
    .where(
        *_SINCE,
        cases.c.rule == bindparam("of_rule"),
        cases.c.at <= bindparam("until"),
        cases.c.shadow.is_(False),
        _TOLD,
    )
    .order_by(cases.c.at.desc(), cases.c.number.desc())
)
_BOT = (
    select(identities.c.member_id)
    .join_from(
        accounts,
        identities,
        (identities.c.account == accounts.c.account)
        & (identities.c.platform_id == accounts.c.me_id),
    )
    .where(accounts.c.account == bindparam("account"))
)
_moment = bindparam("moment", type_=Moment)
# Read off the index (group, at, author) alone.
_OTHERS = select(
    func.count().filter(messages.c.at < _moment).label("before"),
    func.count().filter(messages.c.at > _moment).label("after"),
).where(
    messages.c.group_id == _GROUP,
    messages.c.at >= bindparam("first"),
    messages.c.at <= bindparam("last"),
    messages.c.author_id.is_distinct_from(bindparam("member", type_=Key)),
    or_(messages.c.author_id.is_(None), messages.c.author_id.not_in(_BOT)),
)


def records(
    transaction: Transaction, group_id: int | None, since: datetime
) -> tuple[RuleRecord, ...]:
    """Every rule that found something in the group since then, by name."""
    where = {"group": group_id, "since": since}
    touched = {row.rule: row.members for row in transaction.read(_TOUCHED, where)}
    by_rule: dict[str, list[AnyRow]] = {}
    for row in transaction.read(_TALLY, where):
        by_rule.setdefault(row.rule, []).append(row)
    return tuple(_record(rows, touched.get(rule, 0)) for rule, rows in by_rule.items())


def _record(rows: list[AnyRow], members: int) -> RuleRecord:
    live = [row for row in rows if not row.shadow]
    return RuleRecord(
        name=rows[0].rule,
        kind=rows[-1].kind,
        hits=sum(row.hits for row in live),
        shadow=sum(row.hits for row in rows if row.shadow),
        overturned=sum(row.overturned for row in live),
        false_hits=sum(row.false_hits for row in rows),
        wrong=sum(row.wrong for row in rows),
        told=sum(row.told for row in live),
        consequences=tuple((row.consequence, row.hits) for row in live),
        members=members,
    )


def around(
    transaction: Transaction,
    account: str,
    group_id: int | None,
    *,
    rule: str,
    since: datetime,
    now: datetime,
    apart: timedelta,
    most: int,
) -> tuple[Around, ...]:
    """The newest `most` acts of a rule since then whose 48 hours were over `now`; newest first.

    Of acts that are less than `apart` from a newer one, only the newer one. Counted are the
    messages of everybody but the member concerned and the bot.
    """
    where = {"group": group_id, "of_rule": rule, "since": since, "until": now - AROUND}
    acts = islice(_spread(transaction.read(_ACTS, where), apart), most)
    return tuple(
        Around(act.number, act.at, *_others(transaction, account, group_id, act)) for act in acts
    )


def _spread(acts: Iterable[AnyRow], apart: timedelta) -> Iterator[AnyRow]:
    last: datetime | None = None
    for act in acts:
        if last is None or last - act.at >= apart:
            last = act.at
            yield act


def _others(
    transaction: Transaction, account: str, group_id: int | None, act: AnyRow
) -> tuple[int, int]:
    where = {
        "account": account,
        "group": group_id,
        "member": act.member_id,
        "moment": act.at,
        "first": act.at - AROUND,
        "last": act.at + AROUND,
    }
    (row,) = transaction.read(_OTHERS, where)
    return row.before, row.after
