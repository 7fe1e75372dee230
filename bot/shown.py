"""Chat text made safe to show on a terminal. Names and texts are hostile: see bot/events.py."""

import unicodedata

_KEPT = frozenset("\u200c\u200d")
"""Joiners: they move no cursor and turn no text round, and emoji fall apart without them."""
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls and escapes, formatting and bidi marks, what cannot be encoded, line breaks."""
_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
REPLACED = "\ufffd"


def shown(text: str) -> str:
    """The text on one line, with all that a terminal might obey replaced.

    Line breaks become `⏎`, other control, escape, bidi and unassigned characters `\ufffd`. What it
    gives is itself shown unchanged. It is not rich markup: put it into a `rich.text.Text`.
    """
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def _shown(letter: str) -> str:
    if letter in _BREAKS:
        return "⏎"
    if letter in _KEPT or unicodedata.category(letter) not in _UNSAFE:
        return letter
    return " " if letter == "\t" else REPLACED
