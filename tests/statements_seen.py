"""What is asked of the database, seen at the driver."""

from collections.abc import Callable
from typing import Any

import pytest

from storage.lines import Line


def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whatever is asked of the database from now on."""
    ran: list[str] = []

    def noted(does: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            ran.append(str(args[1]))
            return does(*args)

        return run

    for name in ("execute", "execute_many", "fetch", "select", "change"):
        monkeypatch.setattr(Line, name, noted(getattr(Line, name)))
    return ran
