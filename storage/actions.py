"""Actions as JSON and back.

Every object is tagged with its class name (`"is": "Say"`), because a group and an identity look
alike. What is loaded is checked: a row that somebody edited by hand fails with ValueError instead
of acting wrongly.
"""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter

from bot.actions import Action, Announce, Invite, Mute, Priority, Recall, Remove, Say, place
from bot.events import Group, Identity

_TAG = "is"
_ACTIONS = {each.__name__: each for each in (Say, Remove, Announce, Recall, Invite, Mute)}
_PARTS: dict[str, type[Group | Identity]] = {"Group": Group, "Identity": Identity}
_KINDS: dict[str, type[Any]] = _ACTIONS | _PARTS
_FIELDS = {each: tuple(field.name for field in fields(each)) for each in _KINDS.values()}
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_QUOTED = json.encoder.encode_basestring

ERASED = "erased:"
"""How the key begins of an action about somebody who is forgotten: nothing is left of it to do."""


def dump(action: Action) -> dict[str, Any]:
    """The action as plain dictionaries, lists, strings and numbers."""
    plain: dict[str, Any] = _plain(action)
    return plain


def written(action: Action) -> str:
    """The action as it stands in the table."""
    return _json(action)


@lru_cache(maxsize=1024)  # on its way an action is read again and again: claimed, settled, echoed
def read(text: str) -> Action:
    """The action that was written. Raises ValueError if this is none."""
    action: Action = json.loads(text, object_hook=_built)
    if not isinstance(action, Action):
        raise ValueError(f"不是一个动作 not an action: {text[:80]}")  # noqa: TRY004 as promised
    return action


def people(action: Action) -> set[Identity]:
    """Everybody whose data the action holds."""
    there = {*action.about}
    if isinstance(where := place(action), Identity):
        there.add(where)
    if isinstance(action, Say):
        there.update(action.mentions)
    if isinstance(action, Remove | Invite | Mute):
        there.add(action.member)
    return there


def _plain(value: Any) -> Any:
    if names := _FIELDS.get(type(value)):
        named = {name: _plain(getattr(value, name)) for name in names}
        return {_TAG: type(value).__name__, **named}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.value if isinstance(value, Enum) else value


def _json(value: Any) -> str:
    """What `dump` gives, as JSON: the same text, a third of the time."""
    write = _WRITE.get(type(value))
    return _ENCODE(_plain(value)) if write is None else write(value)


# Of groups and people there are few, and they are in every action. Not by their value: that is the
# same whatever they are called.
@lru_cache(maxsize=4096)
def _part(kind: Any, account: str, id_: str, name: str) -> str:
    return _object(kind(account, id_, name))


def _object(value: Any) -> str:
    begin, names, take = _SHAPES[type(value)]
    words = [
        name + _WRITE.get(type(field), _json)(field)
        for name, field in zip(names, take(value), strict=True)
    ]
    return f"{begin}{', '.join(words)}}}"


def _known_part(value: Group | Identity) -> str:
    kind: Any = type(value)
    return _part(kind, value.account, value.id, value.name)


@lru_cache(maxsize=64)  # what one work decides expires together
def _moment(value: datetime) -> str:
    return f'"{value.astimezone(UTC).isoformat()}"'


_SHAPES: dict[type, tuple[str, tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {
    each: (f'{{"{_TAG}": "{each.__name__}", ', tuple(f'"{n}": ' for n in names), attrgetter(*names))
    for each, names in _FIELDS.items()
}
"""Of each object how it begins, the names of its fields as they are written, and their values."""
_WRITE: dict[type, Callable[[Any], str]] = {
    **dict.fromkeys(_ACTIONS.values(), _object),
    **dict.fromkeys(_PARTS.values(), _known_part),
    str: _QUOTED,
    type(None): lambda _: "null",
    tuple: lambda value: f"[{', '.join(map(_json, value))}]" if value else "[]",
    Priority: lambda value: str(int(value)),
    datetime: _moment,
}
"""How JSON is made of each; of anything else by the library, which takes longer."""


def _built(named: dict[str, Any]) -> Any:
    name = str(named.pop(_TAG, ""))
    if name not in _KINDS:
        raise ValueError(f"不认识的部分 an unknown part: {str(named)[:80]}")
    return _check(name).validate_python(named)


@cache
def _check(kind: str) -> TypeAdapter[Any]:
    """Made with the first of a kind that is read: each takes a millisecond."""
    return TypeAdapter(_KINDS[kind])
