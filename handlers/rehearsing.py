"""Judges messages of the past, or that are only tried, as if they were said; nothing follows.

A rule is judged by what was recorded; where that is not enough, it is told that this rule could
not judge this message.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.events import Group, Identity, Message
from bot.frozen import frozen
from handlers.foresight import Foresight, look_ahead
from handlers.granted import NONE, Granted
from handlers.judging import Found, Judged, judged, spares
from handlers.past import Pasts, Telling
from handlers.recorded import Part, UnrecordedError
from handlers.remember import NEW
from handlers.settings import GroupSettings
from handlers.standing import Standing
from rules.base import Need, Role, Rule
from rules.consequences import Consequence
from rules.ladder import Step
from rules.standing import AT_LONGEST

_NEWCOMER = frozenset({Role.NEWCOMER})
_NO_ROLE: frozenset[Role] = frozenset()


def leads_to(
    found: Found, settings: GroupSettings, strikes: Collection[datetime], at: datetime
) -> Step:
    """What follows by the ladder, given the member's earlier strikes, once the rule is posted."""
    rule, ladder = found.rule, settings.ladder
    return ladder.follows(
        ladder.least(rule.consequence, rule.lasting),
        strikes,
        at,
        further=rule.severity + found.finding.aggravation,
        zone=settings.time_zone,
    )


def reaches_back(rules: Sequence[Rule]) -> timedelta:
    """How much of what was said before must be known to judge the first message as it was."""
    furthest = max((rule.looks_back for rule in rules), default=timedelta(0))
    asks = any(Need.STANDING in rule.needs or rule.exempt for rule in rules)
    return max(furthest, AT_LONGEST) if asks else furthest


@frozen
class Touch:
    """A member would be told something, or more: by which rule, why, and what follows."""

    found: Found
    step: Step


@frozen
class Heard:
    """What one set of rules makes of one message.

    `silent` was found and only written down. `blind` are the rules that would have had to look at
    what was not recorded, with what that is.
    """

    touch: Touch | None = None
    silent: tuple[Found, ...] = ()
    blind: tuple[tuple[Rule, Part], ...] = ()


IN_ORDER = Heard()


class Rehearsal:
    """One set of rules on its way through messages: its own past, its own strikes.

    `settings` tells what is in force in a group, None to leave it alone; `operators` are the ids of
    those whom no rule touches; `granted` is whom operators exempted.
    """

    def __init__(
        self,
        settings: Callable[[Group], GroupSettings | None],
        operators: Collection[str],
        granted: Granted = NONE,
    ) -> None:
        self._asked = settings
        self._granted = granted
        self._in_force: dict[Group, GroupSettings | None] = {}
        self._operators = frozenset(operators)
        self._pasts = Pasts()
        self._foresight = Foresight()
        self._strikes: defaultdict[tuple[Group, Identity], list[datetime]] = defaultdict(list)
        self._told: dict[tuple[str, Group, Identity], datetime] = {}

    def settings(self, group: Group) -> GroupSettings | None:
        """What is in force in a group; asked once a group."""
        if group not in self._in_force:
            self._in_force[group] = self._asked(group)
        return self._in_force[group]

    def expect(self, coming: Iterable[tuple[Message, Group]]) -> None:
        """These come next: what can be seen of all of them at once need not be of each."""
        known = [(message, self.settings(group)) for message, group in coming]
        told = [(message, in_force) for message, in_force in known if in_force is not None]
        look_ahead(told, self._foresight, self._pasts)

    def hear(self, message: Message, group: Group, standing: Standing) -> Telling | None:
        """Take a message into the past; its past, or None where no rule of this side is asked."""
        settings = self.settings(group)
        if settings is None or message.author.id in self._operators:
            return None
        return self._pasts.told(message, group, settings, now=message.at, standing=lambda: standing)

    def judge(
        self, judgeable: Message, group: Group, past: Telling | None, standing: Standing
    ) -> Heard:
        """What follows from it."""
        settings = self.settings(group)
        if past is None or settings is None:
            return IN_ORDER
        exempt = _exempt(judgeable, settings, standing)
        zone = settings.time_zone
        excuses = self._granted.excuses(group, judgeable.author, judgeable.at, zone)
        judge = partial(judged, past=past, spares=exempt, excuses=excuses, foreseen=self._foresight)
        found, blind = _judged(judgeable, settings.rules, judge)
        if not (found.counts or found.beside or blind):
            return IN_ORDER
        return self._heard(judgeable, group, settings, found, blind)

    def _heard(
        self,
        message: Message,
        group: Group,
        settings: GroupSettings,
        found: Judged,
        blind: tuple[tuple[Rule, Part], ...],
    ) -> Heard:
        counts, silent = found.counts, []
        for each in found.beside:
            if is_silent(each.rule):
                silent.append(each)
            elif self._is_due(each.rule, group, message, settings):
                counts = counts or each
        if counts is None:
            return Heard(None, tuple(silent), blind)
        step = self._sentenced(counts, group, message, settings)
        return Heard(Touch(counts, step), tuple(silent), blind)

    def _sentenced(
        self, counts: Found, group: Group, message: Message, settings: GroupSettings
    ) -> Step:
        """As live: what is said before the last sanction can have been read is no new strike."""
        strikes = self._strikes[group, message.author]
        step = leads_to(counts, settings, strikes, message.at)
        if not step.consequence.strikes:
            return step
        if any(message.at - each < settings.moderate.grace for each in strikes):
            return Step(Consequence.REMIND)
        strikes.append(message.at)
        return step

    def _is_due(self, rule: Rule, group: Group, message: Message, settings: GroupSettings) -> bool:
        """Rules about the person, not about what was said, speak up once in their cool-down."""
        key = (rule.called, group, message.author)
        again = settings.moderate.cooldown if rule.cooldown is None else rule.cooldown
        last = self._told.get(key)
        if last is not None and message.at - last < again:
            return False
        self._told[key] = message.at
        return True


def _judged(
    message: Message,
    rules: Sequence[Rule],
    judge: Callable[[Message, Sequence[Rule]], Judged],
) -> tuple[Judged, tuple[tuple[Rule, Part], ...]]:
    """As live; where a rule cannot judge, as if it had found nothing."""
    if type(message) is Message:
        return judge(message, rules), ()
    beside: list[Found] = []
    blind: list[tuple[Rule, Part]] = []
    for rule in rules:
        try:
            one = judge(message, (rule,))
        except UnrecordedError as missing:
            blind.append((rule, missing.part))
            continue
        beside += one.beside
        if one.counts:
            return Judged(one.counts, tuple(beside)), tuple(blind)
    return Judged(None, tuple(beside)), tuple(blind)


def every_finding(
    message: Message,
    settings: GroupSettings,
    past: Telling,
    standing: Standing,
    excuses: Callable[[Rule], bool] = lambda _: False,
) -> list[tuple[Found, bool]]:
    """What every single rule finds, in their order, and whether something follows from it.

    The first that counts is what is acted on; what is about the person is acted on beside it.
    `excuses` tells which rules an operator exempted the author from.
    """
    exempt = _exempt(message, settings, standing)
    found: list[tuple[Found, bool]] = []
    taken = False
    for rule in settings.rules:
        one = judged(message, (rule,), past, exempt, excuses)
        for each in (*one.beside, *((one.counts,) if one.counts else ())):
            acts = not is_silent(rule) and not (taken and each is one.counts)
            found.append((each, acts))
        taken = taken or one.counts is not None
    return found


def is_silent(rule: Rule) -> bool:
    """Whether nobody hears of what it finds but the operators."""
    return rule.shadow or rule.consequence is Consequence.NOTE


def _exempt(
    message: Message, settings: GroupSettings, standing: Standing
) -> Callable[[Rule], bool]:
    roles = partial(_roles, message, standing)
    return partial(spares, message=message, roles=roles, zone=settings.time_zone)


def _roles(message: Message, standing: Standing) -> frozenset[Role]:
    joined_at, _ = standing
    new = joined_at is not None and message.at - joined_at <= NEW
    return _NEWCOMER if new else _NO_ROLE
