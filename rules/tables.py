"""The tables that ship in rules/data."""

from pathlib import Path

_FOLDER = Path(__file__).with_name("data")


def entries(name: str) -> list[str]:
    """The lines of a table, without those that are about it."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
