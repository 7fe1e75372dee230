"""Presets: named rules that ship with Weilu, with their words and their reason."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FOLDER = Path(__file__).with_name("presets")


@cache
def names() -> tuple[str, ...]:
    """The presets there are, in the order of the alphabet."""
    found = (file.name for file in _FOLDER.iterdir()) if _FOLDER.is_dir() else ()
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def preset(name: str) -> dict[str, Any]:
    """What config.yaml would have to say for this rule; the caller may change what it gets.

    Raises FileNotFoundError for any name that is not among `names()`.
    """
    if name not in names():
        raise FileNotFoundError(f"{name}.yaml")
    return deepcopy(_read(name))


@cache
def _read(name: str) -> dict[str, Any]:
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(YAML(typ="safe", pure=True).load(text))
