"""A group in figures: how much is said when, against the usual; who came, and who came back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.frozen import frozen
from storage.values_of_reports import Came, Heard, Spoke, Turned
from topics.usual import WEEKS, usual

COHORTS = 8
"""So many weeks of newcomers are looked at."""
RETURNS = 4
"""So many weeks after they joined."""
PROMPT = timedelta(hours=24)
"""Within this time a newcomer should hear from a person."""
LOUDEST = 3
PEOPLE = 60
"""More people than these cannot be told apart in one picture."""

HOUR = 3600
"""Seconds."""

_QUARTER = 900
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@frozen
class Span:
    """Whole days by the group's clock, the last of them up to now; `since` is a midnight."""

    days: int
    since: datetime
    until: datetime
    zone: ZoneInfo

    @property
    def seconds(self) -> int:
        """In pieces so long the clock on the wall can be told: a quarter of an hour in Nepal."""
        offsets = (at.astimezone(self.zone).utcoffset() for at in (self.since, self.until))
        whole = all(not (each or _DAY) % timedelta(seconds=HOUR) for each in offsets)
        return HOUR if whole else _QUARTER

    @property
    def looks_back(self) -> datetime:
        """From where on messages are needed to tell what is usual, and who came back."""
        return min(self.since - WEEKS * _WEEK, self.until - (COHORTS + 1) * _WEEK)


@frozen
class Bar:
    """Messages of a day, or a day's messages in one hour; `usual` is None while nothing is."""

    name: str
    messages: float
    usual: float | None


@frozen
class Cohort:
    """Who joined in the week that began on a Monday, and who of them spoke in the weeks after.

    `back` has, for each week after joining, how many have had that week and how many of those
    spoke in it.
    """

    monday: date
    joined: int
    back: tuple[tuple[int, int], ...]


@frozen
class Newcomers:
    """Who came; of those who have had their first 24 hours (`due`), `answered` were turned to."""

    came: Sequence[Came]
    due: int
    answered: int


@frozen
class Circle:
    """Who turns to whom: the strongest ties of so many people, and what is left out."""

    ties: Sequence[Turned]
    people: int
    ties_left_out: int
    people_left_out: int


@frozen
class Figures:
    """What was said in a span. Who was forgotten counts as no speaker, their messages count."""

    messages: int
    usual: float | None
    speakers: Mapping[int, int]
    days: tuple[Bar, ...]
    hours: tuple[Bar, ...]

    @property
    def loudest(self) -> float:
        """The share of all messages that the three loudest wrote, from 0 to 1."""
        top = Counter(self.speakers).most_common(LOUDEST)
        return sum(count for _, count in top) / self.messages if self.messages else 0.0


def span(now: datetime, days: int, zone: ZoneInfo) -> Span:
    """The last so many days, today's hours included."""
    today = now.astimezone(zone).date()
    first = datetime.combine(today - (days - 1) * _DAY, time(), zone).astimezone(UTC)
    return Span(days, first, now, zone)


def figures(
    heard: Iterable[Heard], speakers: Mapping[int, int], first: datetime | None, where: Span
) -> Figures:
    """What was said, in pieces of `where.seconds` from where it looks back; since `first` somebody
    listened, and the speakers are those of the span.

    Usual for a day is the median of the same weekday in the six weeks before it, for an hour the
    average day of the six weeks before the span; weeks in which nobody listened do not count.
    """
    by_day: Counter[date] = Counter()
    now: Counter[int] = Counter()
    before: Counter[int] = Counter()
    for piece, messages in heard:
        local = datetime.fromtimestamp(piece * where.seconds, where.zone)
        by_day[local.date()] += messages
        (now if local >= where.since else before)[local.hour] += messages
    begun = first.astimezone(where.zone).date() if first else None
    days = tuple(_day(day, by_day, begun) for day in _dates(where))
    usually = [each.usual for each in days if each.usual is not None]
    return Figures(
        messages=now.total(),
        usual=sum(usually) if len(usually) == len(days) else None,
        speakers=speakers,
        days=days,
        hours=_hours(now, before, begun, where),
    )


def _dates(where: Span) -> list[date]:
    first = where.since.astimezone(where.zone).date()
    return [first + number * _DAY for number in range(where.days)]


def _day(day: date, by_day: Mapping[date, int], begun: date | None) -> Bar:
    weeks = (day - number * _WEEK for number in range(1, WEEKS + 1))
    before = [by_day[each] for each in weeks if begun is not None and each >= begun]
    return Bar(f"{day:%m-%d}", by_day[day], usual(before))


def _hours(
    now: Mapping[int, int], before: Mapping[int, int], begun: date | None, where: Span
) -> tuple[Bar, ...]:
    first = where.since.astimezone(where.zone).date()
    today = where.until.astimezone(where.zone).date()
    listened = min((today - begun).days + 1, where.days) if begun else where.days
    earlier = min((first - begun).days, WEEKS * _WEEK.days) if begun else 0
    return tuple(
        Bar(
            f"{hour:02}",
            round(now[hour] / max(listened, 1), 1),
            round(before[hour] / earlier, 1) if earlier >= _WEEK.days else None,
        )
        for hour in range(24)
    )


def newcomers(came: Sequence[Came], where: Span) -> Newcomers:
    """Who came in the span, and whether a person turned to them within 24 hours."""
    within = [each for each in came if each.at >= where.since]
    over = [each for each in within if each.at + PROMPT <= where.until]
    return Newcomers(within, len(over), sum(was_answered(each) for each in over))


def was_answered(newcomer: Came) -> bool:
    """Whether a person turned to them within 24 hours."""
    at = newcomer.answered_at
    return at is not None and at <= newcomer.at + PROMPT


def cohorts(came: Sequence[Came], spoke: Iterable[Spoke], where: Span) -> list[Cohort]:
    """The newcomers of the last eight weeks by the week they joined in, the latest first.

    `spoke` says in which hours they did.

    Weeks are counted from the moment somebody joined, and the first is left out: who comes says
    hello. Who has left and said nothing did not come back.
    """
    begin = where.until - COHORTS * _WEEK
    recent = [each for each in came if each.at >= begin]
    joined = {each.member: each.at.timestamp() for each in reversed(recent)}
    back: dict[int, set[int]] = defaultdict(set)
    for author, hour in spoke:
        if (at := joined.get(author)) is not None:
            back[author].add(int((hour * HOUR - at) // _WEEK.total_seconds()))
    weeks: dict[date, list[Came]] = defaultdict(list)
    for each in recent:
        day = each.at.astimezone(where.zone).date()
        weeks[day - day.weekday() * _DAY].append(each)
    return [
        Cohort(monday, len(some), tuple(_back(some, back, week, where) for week in _AFTER))
        for monday, some in sorted(weeks.items(), reverse=True)
    ]


_AFTER = range(1, RETURNS + 1)


def _back(
    came: Sequence[Came], back: Mapping[int, set[int]], week: int, where: Span
) -> tuple[int, int]:
    over = [each for each in came if each.at + (week + 1) * _WEEK <= where.until]
    return len(over), sum(week in back.get(each.member, ()) for each in over)


def circle(turned: Sequence[Turned], most: int = PEOPLE) -> Circle:
    """The strongest ties of at most so many people, given all of them, the strongest first."""
    people: set[int] = set()
    ties: list[Turned] = []
    for tie in turned:
        pair = {tie.from_, tie.to}
        if len(people | pair) <= most and len(ties) < 2 * most:
            people |= pair
            ties.append(tie)
    everybody = {who for tie in turned for who in (tie.from_, tie.to)}
    return Circle(ties, len(people), len(turned) - len(ties), len(everybody) - len(people))
