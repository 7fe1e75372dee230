"""How values become text on a page: in the reader's language, and never as anything but text."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.duration import show
from bot.shown import shown
from bot.texts import Language, Text
from handlers.wording import say
from rules.discovery import all_rules

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Speech:
    """What a page says to one reader: their language, the house's time zone, and the present."""

    language: Language
    zone: tzinfo
    now: datetime

    def __call__(self, zh: str, en: str) -> str:
        """Chinese or English."""
        return en if self.language is Language.EN else zh

    def text(self, text: Text, **values: Any) -> str:
        """A text of ours."""
        return say(text, self.language, **values)

    def rule(self, name: str) -> str:
        """What members call a rule: its title, or the name that the config gave it."""
        kind = all_rules().get(name)
        return self.text(kind.title) if kind else name

    def at(self, moment: datetime | None, zone: tzinfo | None = None) -> str:
        """A moment on the clock of the house or of a group; today without its date."""
        if moment is None:
            return self("从未", "never")
        there = zone or self.zone
        local, today = moment.astimezone(there), self.now.astimezone(there).date()
        if local.date() == today:
            return f"{local:%H:%M}"
        return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"

    def ago(self, moment: datetime | None) -> str:
        """How long since, in minutes, hours or days; a moment to come says how long until."""
        if moment is None:
            return self("从未", "never")
        length = self.now - moment
        if abs(length) < _MINUTE:
            return self("刚刚", "just now")
        words = self.lasting(abs(length))
        if length > timedelta(0):
            return self(f"{words}前", f"{words} ago")
        return self(f"{words}后", f"in {words}")

    def lasting(self, length: timedelta) -> str:
        """A length of time in its largest unit."""
        seconds = int(length.total_seconds())
        for size, zh, en in ((86400, "天", "d"), (3600, "小时", "h"), (60, "分钟", "min")):
            if seconds >= size:
                return self(f"{seconds // size} {zh}", f"{seconds // size} {en}")
        return self(f"{seconds} 秒", f"{seconds} s")

    def exactly(self, length: timedelta) -> str:
        """A length of time as config.yaml writes it."""
        return show(length)


def _plain(value: Any) -> Any:
    """Whatever an expression gives: names and texts of the chat are hostile (bot/shown.py)."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        return shown(value)
    return "" if value is None else value


def lines(text: str) -> Markup:
    """A text of several lines; each is shown as text, the breaks stay (`white-space: pre-line`)."""
    return Markup("\n").join(Markup.escape(shown(line)) for line in text.splitlines())


ENVIRONMENT = Environment(
    loader=PackageLoader("console", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_plain,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters["lines"] = lines
