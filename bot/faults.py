"""Faults in a file that people write: what is wrong, where, and what was probably meant."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.shown import shown

_SHOWN = 40
"""So many characters of a value are shown at most."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a file, in words for the person who wrote it, Chinese first.

    `line` and `column` count from 1; both are 0 where the file as a whole is meant (it is
    missing, say). `path` is the setting as written, `groups[0].rules.flood.limit`; `hint` is what
    was probably meant, or empty. Faults sort by their place.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Place and path on one line, what is wrong below it, the hint below that."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        lines = [f"{place}  {self.path}".rstrip(), f"  {self.message}"]
        if self.hint:
            lines.append(f"  → {self.hint}")
        return "\n".join(lines)


class ConfigFaults(Exception):  # noqa: N818 — it carries faults, and is caught as such
    """A file was refused. `faults` are all of them, each once, sorted by place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(self.faults)

    def __str__(self) -> str:
        """Every fault, below one another."""
        return "\n".join(str(fault) for fault in self.faults)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or nothing."""
    spelled = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), spelled, n=1, cutoff=0.5)
    return spelled[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint that names the nearest known word, or nothing where none is near."""
    near = nearest(word, known)
    return f"你是想写 {near} 吗？ Did you mean “{near}”?" if near else ""


def brief(value: object) -> str:
    """A value from a file as a fault may show it: one line, shortened, nothing that acts."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = shown(text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
