"""Lengths of time as people write them in config.yaml: `30s`, `10m`, `2h`, `1d`, `10 分钟`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {
    "s": "seconds",
    "秒": "seconds",
    "m": "minutes",
    "分": "minutes",
    "分钟": "minutes",
    "h": "hours",
    "小时": "hours",
    "d": "days",
    "天": "days",
}
_PART = r"\s*(\d{1,6})\s*(s|m|h|d|秒|分钟|分|小时|天)"
_PATTERN = rf"({_PART}){{1,8}}\s*"
_LONGEST = timedelta(days=3650)
"""Ten years: anything longer is a slip of the pen, and could lead past the end of the calendar."""


def parse(value: Any) -> timedelta:
    """`1h30m` as a timedelta; a timedelta passes. Raises ValueError for anything else.

    No more than ten years.
    """
    if isinstance(value, timedelta):
        return value
    text = str(value)
    if not re.fullmatch(_PATTERN, text):
        raise ValueError(
            "时长请写成 30s、10m、2h、1d 这样 write a length of time like 30s, 10m, 2h or 1d"
        )
    total = timedelta()
    for number, unit in re.findall(_PART, text):
        total += timedelta(**{_UNITS[unit]: int(number)})
    if total > _LONGEST:
        raise ValueError("时长不能超过十年（3650d） no length of time over ten years (3650d)")
    return total


def show(value: timedelta) -> str:
    """The shortest writing that `parse` reads back; fractions of a second are dropped."""
    rest = int(value.total_seconds())
    parts = []
    for unit, seconds in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        number, rest = divmod(rest, seconds)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse),
    PlainSerializer(show, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_PATTERN}$", "examples": ["10m"]}),
]
