"""What gateways write into texts and JSON, read with care: quotes, mentions, times, ids."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from bot.events import Quote
from bot.frozen import frozen

MENTION_END = "\u2005"
"""WeChat puts this narrow space behind the name of everybody it mentions."""

_DASHES = re.compile(r"」\s*?(?:\n|<br\s*/?>)[ \t]*(?:[-—–－][ \t]*){5,}(?:\n|<br\s*/?>)")
_MENTION = re.compile(rf"@([^@{MENTION_END}]{{1,64}}){MENTION_END}")
_MILLISECONDS_FROM = 100_000_000_000
_MICROSECONDS_FROM = 100_000_000_000_000


def split_quote(text: str) -> tuple[Quote | None, str]:
    """WeChat's reply, `「name：quoted」`, a line of dashes and the answer, taken apart.

    The answer begins behind the first line of dashes at which all brackets are closed, so that a
    quote in a quote stays whole. Anything else is (None, the text itself).
    """
    if not text.startswith("「"):
        return None, text
    end = _end_of_quote(text)
    if end is None:
        return None, text
    inner = text[1 : end.start()]
    name, colon, quoted = inner.partition("：" if "：" in inner else ":")
    if not colon:
        return None, text
    return Quote(name.strip(), quoted.strip()), text[end.end() :].strip()


def _end_of_quote(text: str) -> re.Match[str] | None:
    """The first line of dashes at which all brackets are closed, else the first of all."""
    first, at, depth = None, 0, 0
    for end in _DASHES.finditer(text):
        first = first or end
        upto = end.start() + 1
        depth += text.count("「", at, upto) - text.count("」", at, upto)
        if not depth:
            return end
        at = upto
    return first


def mentioned_names(text: str) -> list[str]:
    """The names in `@name` followed by WeChat's narrow space, in order."""
    return _MENTION.findall(text)


def moment(stamp: object, otherwise: datetime) -> datetime:
    """A time in seconds, milliseconds or microseconds, told apart by size; else `otherwise`."""
    if isinstance(stamp, bool) or not isinstance(stamp, int | float):
        return otherwise
    if not 0 < stamp < math.inf:
        return otherwise
    unit = 1
    if stamp >= _MILLISECONDS_FROM:
        unit = 1_000_000 if stamp >= _MICROSECONDS_FROM else 1_000
    try:
        return datetime.fromtimestamp(stamp / unit, UTC)
    except (OverflowError, OSError, ValueError):
        return otherwise


def clean(value: object) -> str:
    """A string that can be encoded: half characters (lone surrogates) are replaced."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


@frozen
class Notice:
    """An event's JSON object; whatever is missing or of the wrong type reads as empty."""

    values: dict[str, Any]

    @classmethod
    def read(cls, payload: str) -> "Notice":
        """Raises ValueError for what is not a JSON object."""
        try:
            values = json.loads(payload or "{}")
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not isinstance(values, dict):
            raise ValueError("not an object")  # noqa: TRY004  one kind of bad payload
        return cls(values)

    def text(self, key: str) -> str:
        """A string, empty if there is none."""
        return clean(self.values.get(key))

    def number(self, key: str) -> int:
        """A whole number, 0 if there is none."""
        value = self.values.get(key)
        return value if isinstance(value, int) else 0

    def ids(self, key: str) -> tuple[str, ...]:
        """Several ids, without empty ones and repeats, in order."""
        value = self.values.get(key)
        found = (clean(item) for item in value) if isinstance(value, list) else ()
        return tuple(dict.fromkeys(item for item in found if item))

    def at(self, otherwise: datetime) -> datetime:
        """The event's own time."""
        return moment(self.values.get("timestamp"), otherwise)
