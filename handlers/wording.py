"""Puts words together: our own texts, with what comes from the chat made harmless."""

import re
import unicodedata
from datetime import datetime, timedelta, tzinfo
from typing import Any

from bot.duration import show
from bot.texts import Language, Text, named

NAME_LENGTH = 24
"""So many characters of a name are shown: enough to know a person by, too few for a message."""

_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OUR_QUOTES = str.maketrans(dict.fromkeys("「」『』“”", "'"))


def say(text: Text, language: Language, /, **values: Any) -> str:
    """Our text in a language; values that are texts themselves are said in that language."""
    if language is Language.BOTH:
        return "\n".join(say(text, one, **values) for one in (Language.ZH, Language.EN))
    told = {
        name: value.say(language) if isinstance(value, Text) else value
        for name, value in values.items()
    }
    return text.say(language, **told)


def harmless(words: str, most: int = NAME_LENGTH) -> str:
    """A name from the chat on one line, without what is unseen, and no longer than `most`.

    Line breaks and the quotation marks of our own notices are taken out as well, so that nobody
    can be called something that reads like a notice of ours.
    """
    line = " ".join(plain_lines(words).split()).translate(_OUR_QUOTES)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def writable(name: str) -> str:
    """A harmless name as an order takes it: between quotation marks where it has gaps."""
    return f"「{name}」" if re.search(r"[\s@：\"]", name) else name


def plain_lines(words: str) -> str:
    """The text with its line breaks, but without control, direction and invisible characters."""
    lines = words.replace("\t", " ").splitlines()
    return "\n".join("".join(filter(_seen, line)) for line in lines)


def _seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN


def filled(text: Text, /, **values: Any) -> Text:
    """The text with its values put in, to stand inside another."""
    zh, en = (say(text, language, **values) for language in (Language.ZH, Language.EN))
    return Text(zh=_literal(zh), en=_literal(en))


def moment(at: datetime, zone: tzinfo, now: datetime) -> Text:
    """A moment by a group's clock, the year only where it is another one than now."""
    wall = at.astimezone(zone)
    other = wall.year != now.astimezone(zone).year
    zh = f"{wall.month}月{wall.day}日 {wall:%H:%M}"
    en = f"{wall.day} {_MONTHS[wall.month - 1]}{f' {wall.year}' if other else ''}, {wall:%H:%M}"
    return Text(zh=f"{wall.year}年{zh}" if other else zh, en=en)


def length(value: timedelta) -> Text:
    """How long something lasts: in days if they are whole, else as config.yaml writes it."""
    days, rest = divmod(value, timedelta(days=1))
    if rest or not days:
        return named(show(value))
    return Text(zh=f"{days} 天", en=f"{days} day{'s' if days > 1 else ''}")


def _literal(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")
