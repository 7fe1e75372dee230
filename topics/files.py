"""Reads topics from a file that operators wrote: YAML, CSV or XLSX, wholly or not at all."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bot.faults import Fault, did_you_mean
from bot.frozen import frozen
from bot.shown import shown
from storage.values import Topic
from topics.fields import COLUMNS, clean, parse
from topics.sheets import Cell, Row, Unreadable, rows_in, rows_of

_MANY = 50
"""So many faults are written out; the rest is counted."""

_REQUIRED = ("title", "text")
_FIELDS = {name: name for name in COLUMNS} | {zh: name for name, zh in COLUMNS.items()}


class TopicFaults(Exception):  # noqa: N818 - it carries faults, and is caught as such
    """A file was refused. `faults` are all of them, by row and column, each once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(self.faults)

    def __str__(self) -> str:
        """The faults, below one another; very many are counted only."""
        lines = [str(fault) for fault in self.faults[:_MANY]]
        rest = len(self.faults) - _MANY
        if rest > 0:
            lines.append(f"另有 {rest} 处 and {rest} more")
        return "\n".join(lines)


@frozen
class Entry:
    """A topic of a file, the fields that the file has for it, and where each of them stands.

    A field that is there but empty counts as given: it says that the topic has none. That does not
    hold for the key, which is the title then, and for the status, which stays what it is.
    """

    topic: Topic
    places: dict[str, tuple[int, int]]
    line: int

    def place(self, field: str) -> tuple[int, int]:
        """Line and column of a field, of the whole entry if the field is not there."""
        return self.places.get(field, (self.line, 1))


def read(path: Path) -> tuple[Topic, ...]:
    """Every topic of the file, in its order. Raises TopicFaults, with all faults at once."""
    return tuple(entry.topic for entry in entries(path))


def entries(path: Path) -> tuple[Entry, ...]:
    """Every entry of the file, in its order. Raises TopicFaults, with all faults at once.

    A topic without a key is known by its title. Nothing in a file is ever computed: a formula
    is the text that it is.
    """
    return _entries(str(path), lambda: rows_of(path))


def entries_in(name: str, content: bytes) -> tuple[Entry, ...]:
    """The same of what a file of this name holds, which need not lie on the disk."""
    return _entries(name, lambda: rows_in(Path(name).suffix, content))


def _entries(file: str, look: Callable[[], Iterable[Row]]) -> tuple[Entry, ...]:
    try:
        rows = look()
    except Unreadable as trouble:
        fault = Fault(file, trouble.line, trouble.column, "", str(trouble), trouble.hint)
        raise TopicFaults([fault]) from None
    reader = _Reader(file)
    found = [entry for row in rows if (entry := reader.entry(row))]
    if not (found or reader.faults):
        reader.blame(Cell("", 0, 0), "", "文件里没有话题 there is no topic in this file")
    if reader.faults:
        raise TopicFaults(reader.faults)
    return tuple(found)


class _Reader:
    """Turns rows into entries and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._lines_of_keys: dict[str, int] = {}

    def blame(self, cell: Cell, path: str, message: str, hint: str = "") -> None:
        """Note a fault at a cell."""
        self.faults.append(Fault(self._file, cell.line, cell.column, path, message, hint))

    def entry(self, row: Row) -> Entry | None:
        """The entry of a row; None, and a fault more, where there is none to be had."""
        before = len(self.faults)
        cells = self._named(row)
        fields = {name: self._value(name, cell) for name, cell in cells.items()}
        for name in _REQUIRED:
            if not fields.get(name) and len(self.faults) == before:
                message = f"缺少{COLUMNS[name]} the {name} is missing"
                self.blame(Cell("", row.line, row.column), name, message)
        if len(self.faults) > before:
            return None
        given = {name: value for name, value in fields.items() if value not in ("", None)}
        places = {
            name: (cell.line, cell.column)
            for name, cell in cells.items()
            if name in given or name not in ("key", "status")
        }
        key = str(given.setdefault("key", given["title"]))
        if not self._is_new(key, row):
            return None
        return Entry(Topic(**given), places, row.line)

    def _named(self, row: Row) -> dict[str, Cell]:
        """The cells by the fields they stand for."""
        found: dict[str, Cell] = {}
        for head, cell in row.cells:
            name = _FIELDS.get(clean(head.text).casefold())
            if name is None:
                said = f"不认识的一栏 {shown(head.text[:40])} unknown column"
                self.blame(head, shown(head.text[:40]), said, did_you_mean(head.text, _FIELDS))
            elif name in found:
                self.blame(head, name, f"{COLUMNS[name]}写了两次 the {name} is there twice")
            else:
                found[name] = cell
        return found

    def _value(self, name: str, cell: Cell) -> Any:
        try:
            return parse(name, cell)
        except ValueError as error:
            self.blame(cell, name, str(error))
            return None

    def _is_new(self, key: str, row: Row) -> bool:
        first = self._lines_of_keys.setdefault(key.casefold(), row.line)
        if first == row.line:
            return True
        said = f"与第 {first} 行的代号相同 the same key as in line {first}: {shown(key[:40])}"
        self.blame(Cell("", row.line, row.column), "key", said)
        return False
