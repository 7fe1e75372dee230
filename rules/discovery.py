"""Finds every rule: adding one is adding one file, and nothing is listed by hand."""

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import rules
from rules.base import Rule


@cache
def all_rules() -> Mapping[str, type[Rule]]:
    """Every rule of this package by its key, in the order of the alphabet; looked for once.

    Raises TypeError where a file does not keep to "one rule a file, named like the file".
    """
    names = [module.name for module in pkgutil.iter_modules(rules.__path__)]
    found = {name: rule for name in sorted(names) if (rule := _rule_in(name)) is not None}
    return MappingProxyType(found)


def find_rule(key: str) -> type[Rule] | None:
    """The rule of that key, None if there is none; no other rule's file is looked into for it."""
    there = key.isidentifier() and importlib.util.find_spec(f"{rules.__name__}.{key}")
    return _rule_in(key) if there else None


def _rule_in(name: str) -> type[Rule] | None:
    held = _rules_in(f"{rules.__name__}.{name}")
    if not held:
        return None
    if len(held) > 1 or held[0].key != name:
        raise TypeError(
            f"rules/{name}.py 应当只有一条规则，键为 {name} must hold one rule whose key is {name}"
        )
    return held[0]


def _rules_in(name: str) -> list[type[Rule]]:
    """The rules that a module defines itself; what it imports is another file's."""
    module = importlib.import_module(name)
    return [
        thing
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Rule) and thing is not Rule and thing.__module__ == name
    ]
