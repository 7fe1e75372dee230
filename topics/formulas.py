"""Keeps spreadsheets from computing what is only text."""

import re

_ACTS = re.compile(r"'*[=+\-@＝＋－＠]")
"""How a formula begins, for some program; before it any number of our own marks."""


def literal(text: str) -> str:
    """The text as a cell that no spreadsheet computes: marked with `'` if it would."""
    return f"'{text}" if _ACTS.match(text) else text


def original(cell: str) -> str:
    """The text that `literal` made a cell of; anything else is as it is."""
    return cell[1:] if cell.startswith("'") and _ACTS.match(cell) else cell
