"""Messages to try the rules on, and the stage on which they are said one after another."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.cli.opening import FAULTY, leave
from bot.cli.speech import tr
from bot.config import Config
from bot.events import Group, Identity, Kind, Message
from bot.shown import shown
from bot.validation_words import in_plain_words
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


def _of_our_time(at: datetime) -> datetime:
    """Far from the ends of the calendar, where rules look back."""
    if not 2000 <= at.year < 2100:  # noqa: PLR2004 a century
        raise ValueError("年份应在 2000 到 2099 之间 a year from 2000 to 2099")
    return at


class Line(BaseModel):
    """One message to try. Without an author somebody else says each; without a time, all now."""

    model_config = ConfigDict(extra="forbid")

    text: str = ""
    author: str = Field(default="", max_length=100)
    at: Annotated[datetime, AfterValidator(_of_our_time)] | None = None
    group: str | None = None
    kind: KindName = Kind.TEXT
    link: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule found, what would follow, and whether it is this finding that counts."""

    found: Found
    step: Step
    counts: bool


def lines(text: str, given: Mapping[str, Any]) -> Iterator[Line]:
    """The text itself, or for `-` each line of the standard input, with what is `given` for all.

    A line may be a JSON object with the keys of Line. Leaves with status 2 at one that is faulty.
    """
    if text != "-":
        yield _read({**given, "text": _encodable(text)}, tr("选项", "option"))
        return
    for number, written in enumerate(sys.stdin, 1):
        stripped = _encodable(written.rstrip("\r\n"))
        place = tr(f"第 {number} 行", f"line {number}")
        own: dict[str, Any] = {"text": stripped}
        if stripped.startswith('{"'):
            try:
                own = json.loads(stripped)
            except ValueError:
                said = f"{place}：不是一行完整的 JSON", f"{place}: this is not a line of JSON"
                raise leave(tr(*said), FAULTY) from None
        yield _read({**given, **own}, place)


def _read(data: dict[str, Any], place: str) -> Line:
    try:
        return Line.model_validate(data)
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
    where = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        known = "、".join(Line.model_fields)
        said = f"没有这一项，可写 no such key, there are: {known}"
    else:
        said = " ".join(filter(None, in_plain_words(error)))
    raise leave(f"{place} {shown(where)}：{said}", FAULTY)


@dataclass(frozen=True, slots=True)
class Tried:
    """A message as it is judged, and what is found; `spared` where no rule touches its author."""

    text: str
    spared: bool
    outcomes: tuple[Outcome, ...] = ()


class Stage:
    """Where lines are said one after another: each is in the past of the next."""

    def __init__(self, config: Config, strikes: int, now: datetime) -> None:
        self._config = config
        self._strikes = strikes
        self._pasts = Pasts()
        self._now = now
        people = (*config.operators.people, *config.admins)
        self._operators = {name for one in people for name in (one.id, one.name) if name}

    def outcomes(self, line: Line, number: int) -> Tried:
        """What every rule makes of the line."""
        group, settings = self._group(line.group)
        role = _ROLES.get(line.author)
        if role in (Role.OPERATOR, Role.ADMIN) or line.author in self._operators:
            return Tried(line.text, spared=True)
        message = self._message(line, group, settings, number)
        standing: Standing = (message.at, 0) if role else (None, 0)
        past = self._pasts.told(message, group, settings, now=message.at, standing=lambda: standing)
        judged = every_finding(message, settings, past, standing)
        strikes = [message.at - timedelta(days=1)] * self._strikes
        outcomes = (
            Outcome(found, leads_to(found, settings, strikes, message.at), counts)
            for found, counts in judged
        )
        return Tried(message.text, spared=False, outcomes=tuple(outcomes))

    def _group(self, name: str | None) -> tuple[Group, GroupSettings]:
        """The named group, or that of the first entry in the file, and what is in force there."""
        wanted = name if name is not None else self._config.first_group_name()
        group = Group(self._config.account.name, wanted, wanted)
        settings = self._config.group(group)
        if settings is None:
            raise leave(
                tr(
                    f"配置里没有哪一条适用于群「{shown(wanted)}」：围炉不会理会这个群。",
                    f"No entry of the config applies to the group “{shown(wanted)}”: "
                    "it is left alone.",
                ),
                FAULTY,
            )
        return group, settings

    def _message(self, line: Line, group: Group, settings: GroupSettings, number: int) -> Message:
        named = bool(line.author) and line.author not in _ROLES
        name = line.author if named else tr("某人", "somebody")
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


def _encodable(text: str) -> str:
    """The text without halves of characters, which no terminal and no JSON takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
