"""Actions as JSON and back.

Every object is tagged with its class name (`"is": "Say"`), because a group and an identity look
alike. What is loaded is checked: a row that somebody edited by hand fails with ValueError instead
of acting wrongly.
"""

import json
from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from pydantic import TypeAdapter

from bot.actions import Action, Announce, Invite, Recall, Remove, Say, place
from bot.events import Group, Identity

_TAG = "is"
_ACTIONS = {each.__name__: each for each in (Say, Remove, Announce, Recall, Invite)}
_PARTS: dict[str, type[Group | Identity]] = {"Group": Group, "Identity": Identity}
_CHECK: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(each) for name, each in (_ACTIONS | _PARTS).items()
}


def dump(action: Action) -> dict[str, Any]:
    """The action as plain dictionaries, lists, strings and numbers."""
    plain: dict[str, Any] = _plain(action)
    return plain


def load(plain: dict[str, Any]) -> Action:
    """The action that was dumped. Raises ValueError if this is none."""
    if not isinstance(plain, dict) or plain.get(_TAG) not in _ACTIONS:
        raise ValueError(f"不是一个动作 not an action: {str(plain)[:80]}")
    action: Action = _object(plain)
    return action


def written(action: Action) -> str:
    """The action as it stands in the table."""
    return json.dumps(dump(action), ensure_ascii=False)


def read(text: str) -> Action:
    """The action that was written. Raises ValueError if this is none."""
    return load(json.loads(text))


def people(action: Action) -> set[Identity]:
    """Everybody whose data the action holds."""
    there = {*action.about}
    if isinstance(where := place(action), Identity):
        there.add(where)
    if isinstance(action, Say):
        there.update(action.mentions)
    if isinstance(action, Remove | Invite):
        there.add(action.member)
    return there


def _plain(value: Any) -> Any:
    if type(value).__name__ in _CHECK:
        named = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {_TAG: type(value).__name__, **named}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.value if isinstance(value, Enum) else value


def _object(value: Any) -> Any:
    if isinstance(value, list):
        return [_object(each) for each in value]
    if isinstance(value, dict):
        named = {name: _object(each) for name, each in value.items() if name != _TAG}
        check = _CHECK.get(value.get(_TAG, ""))
        if check is None:
            raise ValueError(f"不认识的部分 an unknown part: {str(value)[:80]}")
        return check.validate_python(named)
    return value
