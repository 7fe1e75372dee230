"""Builders that read like speech: the shared words of the tests."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.events import Group, Identity, MemberJoined, Message

ACCOUNT = "围炉"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Friday noon in Shanghai."""

_ids = count(1)


def person(name: str) -> Identity:
    """Somebody, known by name; the same name is the same person."""
    return Identity(ACCOUNT, f"id-{name}", name)


def group(name: str = "读书会") -> Group:
    """A group, known by name."""
    return Group(ACCOUNT, f"{name}@room", name)


BOT = person("围炉")


def said(text: str, by: str = "小林", **over: Any) -> Message:
    """A message in 读书会 at noon; name what differs."""
    fields: dict[str, Any] = {
        "id": f"m{next(_ids)}",
        "group": group(),
        "author": person(by),
        "at": NOON,
        "text": text,
    }
    return Message(**(fields | over))


def joined(name: str, **over: Any) -> MemberJoined:
    """Somebody comes into 读书会 at noon; name what differs."""
    fields: dict[str, Any] = {"group": group(), "member": person(name), "at": NOON}
    return MemberJoined(**(fields | over))


def later(**delta: float) -> datetime:
    """Noon and a little, as `later(minutes=5)` says it."""
    return NOON + timedelta(**delta)
