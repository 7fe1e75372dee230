"""The rules in force as operators read them: by group, with whom they spare and who was told.

Reads only: what is written down when a group is seen to have been told is the pact's matter.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.events import Group, Identity
from bot.frozen import frozen
from bot.texts import Text
from handlers.pact import key
from handlers.settings import GroupSettings
from handlers.terms import digests, terms, visible
from rules.base import Role, Rule
from storage.values_of_order import Exemption, Pact
from storage.work import Work

ROLES = {
    Role.NEWCOMER: Text(zh="新人", en="newcomers"),
    Role.OPERATOR: Text(zh="运营者", en="operators"),
    Role.ADMIN: Text(zh="管理员", en="admins"),
}
_ASKED = 500
"""So many exemptions, the newest, are looked through."""


@frozen
class Place:
    """Groups in which the same is in force; `called` is what the config calls them if none was
    seen yet.
    """

    settings: GroupSettings
    groups: tuple[Group, ...]
    called: str = ""

    @property
    def stands_for(self) -> Group:
        """One of them, to ask by."""
        return self.groups[0] if self.groups else Group("", self.called, self.called)


@frozen
class Told:
    """What a group was told of its rules: the newest version, 0 if none was; `new` if what is in
    force is another one by now.
    """

    group: Group
    version: int
    at: datetime | None
    new: bool
    digests: frozenset[str]


@frozen
class Spared:
    """Somebody or something a rule spares until the end of that day; None: for good.

    `by` is the operator who said so in the chat, empty where config.yaml does.
    """

    who: Text | str
    where: str
    reason: str
    until: date | None
    by: str = ""


@frozen
class Entry:
    """A rule with whom it spares. `untold`: not every group shown was told of it as it is."""

    rule: Rule
    spared: tuple[Spared, ...]
    untold: bool


def places(
    entries: Iterable[tuple[str, GroupSettings]],
    known: Iterable[tuple[Group, GroupSettings | None]],
) -> list[Place]:
    """Groups with the same rules together, the most of them first; last what no group is under.

    `entries` are those of the config, under their names.
    """
    alike: list[tuple[GroupSettings, list[Group]]] = []
    by_identity: dict[int, list[Group]] = {}
    for group, settings in known:
        if settings is None:
            continue
        groups = by_identity.get(id(settings))
        if groups is None:
            groups = next((there for each, there in alike if _same(each, settings)), None)
            if groups is None:
                groups = []
                alike.append((settings, groups))
            by_identity[id(settings)] = groups
        groups.append(group)
    found = [
        Place(settings, tuple(sorted(groups, key=lambda each: each.name)))
        for settings, groups in alike
    ]
    unseen = [
        Place(settings, (), name)
        for name, settings in entries
        if not any(_same(settings, each) for each, _ in alike)
    ]
    return [*sorted(found, key=lambda place: -len(place.groups)), *unseen]


def _same(one: GroupSettings, other: GroupSettings) -> bool:
    return one is other or (one.rules, one.ladder, one.pact, one.time_zone, one.purpose) == (
        other.rules,
        other.ladder,
        other.pact,
        other.time_zone,
        other.purpose,
    )


def told(work: Work, groups: Sequence[Group], settings: GroupSettings) -> list[Told]:
    """What each of these groups, under these settings, was told."""
    work.pacts.prepare(groups)
    wanted = digests(terms(settings))
    return [_told(work, group, wanted) for group in groups]


def _told(work: Work, group: Group, wanted: frozenset[str]) -> Told:
    pact = work.pacts.current(group)
    at = _told_at(work, pact) if pact else None
    if pact is not None and at is None:
        pact = work.pacts.posted(group)
        at = pact.posted_at if pact else None
    if pact is None or at is None:
        return Told(group, 0, None, bool(wanted), frozenset())
    has = digests(pact.rules)
    return Told(group, pact.version, at, has != wanted, has)


def _told_at(work: Work, pact: Pact) -> datetime | None:
    if pact.posted_at is not None:
        return pact.posted_at
    said = work.outbox.said(pact.group.account, key(pact))
    return said.settled_at if said else None


def book(
    work: Work, place: Place, account: str, who_was_told: Sequence[Told], now: datetime
) -> list[Entry]:
    """Every rule of a place, in order."""
    settings, here = place.settings, frozenset(place.groups)
    zone = settings.time_zone
    given = [
        each
        for each in work.exemptions.list(account, _ASKED)
        if each.group in here and each.holds(now, zone)
    ]
    shown = frozenset(rule.called for rule in visible(settings))
    return [
        Entry(
            rule,
            (*_by_config(rule, settings, now), *_by_operators(rule, given)),
            rule.called in shown and any(rule.digest not in each.digests for each in who_was_told),
        )
        for rule in settings.rules
    ]


def _by_config(rule: Rule, settings: GroupSettings, now: datetime) -> Iterable[Spared]:
    for each in rule.exempt:
        if each.holds(now, settings.time_zone):
            who = ROLES[each.role] if each.role else each.member or each.link
            yield Spared(who, "", each.reason, each.until)


def _by_operators(rule: Rule, given: Iterable[Exemption]) -> Iterable[Spared]:
    for each in given:
        if each.rule in ("", rule.called):
            yield Spared(_named(each.member), each.group.name, each.reason, each.until, each.by)


def _named(member: Identity) -> str:
    return member.name or member.id
