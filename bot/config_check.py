"""What a valid config says that the built-in defaults do not: what `weilu check` prints."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from enum import Enum
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from bot.config import AccountSettings, Config, HouseSettings
from bot.config_schema import schema
from bot.duration import show
from bot.shown import shown
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.consequences import Consequence
from rules.ladder import Step

__all__ = ["differences", "render", "schema"]

STARS = "******"
_SECRET = re.compile(r"token|secret|passw", re.IGNORECASE)
_PASSWORD = re.compile(r"(?<=:)[^:/@\s]+(?=@)|(?<=password=)[^&\s]+")
_LONGEST = 120

_NOTHING = object()
"""Stands for the default of a section that is not there unless it is written."""

Differences = dict[str, Any]


def differences(config: Config) -> Differences:
    """What differs, ready for JSON: for the account, and for each entry of `groups` in order.

    `{"account": {path: {"here": …, "default": …}}, "groups": [{"match": …, "settings": {…}}]}`;
    a setting that has no default has the default null. Secrets are stars.
    """
    house = HouseSettings.model_construct(
        **{name: getattr(config, name) for name in HouseSettings.model_fields}
    )
    return {
        "account": _differing(house, HouseSettings(account=AccountSettings())),
        "groups": [
            {
                "match": entry.match.model_dump(exclude_none=True),
                "settings": _differing(entry.settings, GroupSettings()),
            }
            for entry in config.groups
        ],
    }


def render(found: Differences) -> str:
    """The differences as text, Chinese first."""
    blocks = [_block("账号 account", found["account"])]
    for group in found["groups"]:
        (how, which), *_ = group["match"].items()
        blocks.append(_block(f"群 group · {how}: {shown(which)}", group["settings"]))
    if not found["groups"]:
        blocks.append("没有写任何群：围炉不会管任何群 no groups: Weilu will look after none")
    return "\n\n".join(blocks)


def _block(title: str, changed: Differences) -> str:
    lines = [
        f"  {path}: {_short(change['here'])}  （默认 default: {_short(change['default'])}）"
        for path, change in changed.items()
    ]
    return "\n".join([title, *(lines or ["  与默认相同 as the defaults"])])


def _short(value: Any) -> str:
    text = shown(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _differing(value: BaseModel, default: BaseModel) -> Differences:
    return {
        path: {"here": here, "default": usual}
        for path, here, usual in _leaves("", value, default)
        if here != usual
    }


def _leaves(path: str, value: Any, default: Any) -> Iterator[tuple[str, Any, Any]]:
    """Every single setting below a value, beside what it would be if nobody had written it."""
    for key, below, usual in _below(value, default):
        where = f"{path}.{key}".removeprefix(".")
        if _goes_deeper(value, below):
            optional = usual is None and isinstance(value, BaseModel)
            yield from _leaves(where, below, _NOTHING if optional else usual)
        else:
            yield where, _plain(where, below), _plain(where, usual)


def _goes_deeper(value: Any, below: Any) -> bool:
    """The words of a rule are one setting, however many there are and whatever they go with."""
    of_rule = isinstance(value, Rule) and isinstance(below, dict)
    return not of_rule and (isinstance(below, BaseModel | dict) or _is_rules(below))


def _below(value: Any, default: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if field.exclude:
                continue
            usual = None if default is _NOTHING else field.get_default(call_default_factory=True)
            if isinstance(default, BaseModel):
                usual = getattr(default, name)
            yield field.alias or name, getattr(value, name), usual
    elif isinstance(value, dict):
        for name, below in value.items():
            yield name, below, None
    else:
        for rule in value:
            yield rule.called, rule, None


def _is_rules(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(item, Rule) for item in value)


def _plain(path: str, value: Any) -> Any:
    """A value as the file would have it, or stars."""
    if value is None or value is PydanticUndefined:
        return None
    if _SECRET.search(path):
        return STARS
    if isinstance(value, BaseModel | dict):
        return {name: _plain(name, below) for name, below in dict(value).items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(path, item) for item in value]
    if isinstance(value, str) and not isinstance(value, Enum):
        return _PASSWORD.sub(STARS, value)
    return _written(value)


_IN_FILE: dict[type, Callable[[Any], Any]] = {
    Consequence: attrgetter("word"),
    Step: attrgetter("written"),
    timedelta: show,
    time: lambda moment: moment.strftime("%H:%M"),
    date: date.isoformat,
    ZoneInfo: attrgetter("key"),
}


def _written(value: Any) -> Any:
    if type(value) in _IN_FILE:
        return _IN_FILE[type(value)](value)
    return value.value if isinstance(value, Enum) else value
