"""Finds every rule: adding one is adding one file, and nothing is listed by hand."""

import importlib
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
    found = {}
    for module in pkgutil.iter_modules(rules.__path__):
        held = _rules_in(f"{rules.__name__}.{module.name}")
        if not held:
            continue
        if len(held) > 1 or held[0].key != module.name:
            raise TypeError(
                f"rules/{module.name}.py 应当只有一条规则，键为 {module.name}"
                f" must hold one rule whose key is {module.name}"
            )
        found[module.name] = held[0]
    return MappingProxyType(dict(sorted(found.items())))


def _rules_in(name: str) -> list[type[Rule]]:
    """The rules that a module defines itself; what it imports is another file's."""
    module = importlib.import_module(name)
    return [
        thing
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Rule) and thing is not Rule and thing.__module__ == name
    ]
