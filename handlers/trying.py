"""Tries the rules on messages that nobody has said; each is in the past of the next."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.events import Group, Identity, Kind, Message
from bot.frozen import frozen
from handlers.granted import NONE, Granted
from handlers.judging import Found
from handlers.past import Pasts
from handlers.reading import as_seen
from handlers.rehearsing import every_finding, leads_to
from handlers.settings import GroupSettings
from handlers.standing import Standing
from rules.base import Role
from rules.kinds import KindName
from rules.ladder import Step

_ROLES = {
    "newcomer": Role.NEWCOMER,
    "新人": Role.NEWCOMER,
    "operator": Role.OPERATOR,
    "运营者": Role.OPERATOR,
    "admin": Role.ADMIN,
    "管理员": Role.ADMIN,
}
_SOMEBODY = "某人"


def _of_our_time(at: datetime) -> datetime:
    """Far from the ends of the calendar, where rules look back."""
    if not 2000 <= at.year < 2100:  # noqa: PLR2004 a century
        raise ValueError("年份应在 2000 到 2099 之间 a year from 2000 to 2099")
    return at


class Line(BaseModel):
    """One message to try. Without an author somebody else says each; without a time, all now.

    The author may be a role: newcomer, operator, admin.
    """

    model_config = ConfigDict(extra="forbid")

    text: str = ""
    author: str = Field(default="", max_length=100)
    at: Annotated[datetime, AfterValidator(_of_our_time)] | None = None
    group: str | None = None
    kind: KindName = Kind.TEXT
    link: str = ""
    title: str = ""


@frozen
class Outcome:
    """What one rule found, what would follow, and whether it is this finding that counts."""

    found: Found
    step: Step
    counts: bool


@frozen
class Tried:
    """A message as it is judged, and what is found; `spared` where no rule touches its author."""

    text: str
    spared: bool
    outcomes: tuple[Outcome, ...] = ()


class LeftAlone(LookupError):  # noqa: N818 - it is told to whoever tries
    """No entry of the config applies to the group."""


class Stage:
    """Where lines are said one after another.

    `settings` is what is in force in a group, `spared` are ids and names of those whom no rule
    touches; everybody has so many `strikes` already. An author who is called like somebody whom an
    operator exempted in that group is that person.
    """

    def __init__(
        self,
        settings: Callable[[Group], GroupSettings | None],
        spared: Collection[str],
        *,
        strikes: int,
        now: datetime,
        granted: Granted = NONE,
    ) -> None:
        self._settings = settings
        self._spared = frozenset(spared)
        self._strikes = strikes
        self._now = now
        self._granted = granted
        self._pasts = Pasts()

    def outcomes(self, line: Line, number: int, group: Group) -> Tried:
        """What every rule of the group makes of the line. Raises LeftAlone."""
        settings = self._settings(group)
        if settings is None:
            raise LeftAlone(group.name)
        role = _ROLES.get(line.author)
        if role in (Role.OPERATOR, Role.ADMIN) or line.author in self._spared:
            return Tried(line.text, spared=True)
        message = self._message(line, group, settings, number)
        standing: Standing = (message.at, 0) if role else (None, 0)
        past = self._pasts.told(message, group, settings, now=message.at, standing=lambda: standing)
        where, who = self._granted.named(group.name, line.author) or (group, message.author)
        excuses = self._granted.excuses(where, who, message.at, settings.time_zone)
        judged = every_finding(message, settings, past, standing, excuses)
        strikes = [message.at - timedelta(days=1)] * self._strikes
        outcomes = (
            Outcome(found, leads_to(found, settings, strikes, message.at), counts)
            for found, counts in judged
        )
        return Tried(message.text, spared=False, outcomes=tuple(outcomes))

    def _message(self, line: Line, group: Group, settings: GroupSettings, number: int) -> Message:
        named = bool(line.author) and line.author not in _ROLES
        name = line.author if named else _SOMEBODY
        who = Identity(group.account, name if named else f"{name} {number}", name)
        at = line.at or self._now
        message = Message(
            id=str(number),
            group=group,
            author=who,
            at=at if at.tzinfo else at.replace(tzinfo=settings.time_zone),
            kind=line.kind,
            text=line.text,
            link=line.link,
            title=line.title,
        )
        return as_seen(message)
