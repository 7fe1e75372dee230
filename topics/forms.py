"""One topic as somebody wrote it into a form: the value of each field, or what is wrong with it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from storage.values import Topic
from topics.fields import CHOICES, COLUMNS, LISTS, parse
from topics.sheets import Cell

FORM = tuple(name for name in COLUMNS if name not in ("key", "status"))
"""What is edited in a form: a key stays what it is, and a status changes step by step."""

_REQUIRED = ("title", "text")
_USUAL = {each.name: each.default for each in dataclasses.fields(Topic)}
_WORDS = {name: {value: zh for zh, value in words.items()} for name, words in CHOICES.items()}


def read(words: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of the fields that are there, and what is wrong with the others, by their names.

    A field that is there but empty has its usual value.
    """
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name in (*FORM, "key"):
        if name not in words:
            continue
        try:
            value = parse(name, Cell(words[name].replace("\r\n", "\n"), 0, 0))
        except ValueError as fault:
            faults[name] = str(fault)
            continue
        values[name] = _USUAL.get(name) if value in ("", None) else value
        if name in _REQUIRED and value in ("", None):
            faults[name] = f"缺少{COLUMNS[name]} the {name} is missing"
    return values, faults


def written(topic: Topic, name: str) -> str:
    """The field as it stands in a form: what `read` takes back unchanged."""
    value = getattr(topic, name)
    if name in CHOICES:
        return _WORDS[name][value]
    return "、".join(value) if name in LISTS else str(value)
