"""Importing what a command needs, when it is called."""

import gc
from importlib import import_module
from types import ModuleType


def imported(place: str) -> ModuleType:
    """A module and all it needs: they make no rubbish, so looking for some would be in vain."""
    gc.disable()
    try:
        return import_module(place)
    finally:
        gc.freeze()
        gc.enable()
