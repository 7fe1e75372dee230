"""Reads topics from a file that operators wrote: YAML, CSV or XLSX, wholly or not at all."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.faults import Fault, did_you_mean
from bot.shown import shown
from storage.values import Topic, TopicKind, TopicStatus
from topics.sheets import Cell, Row, Unreadable, rows_of

_MANY = 50
"""So many faults are written out; the rest is counted."""

_BETWEEN_TAGS = re.compile(r"[、,，;；|\n]")
_MOST_TAGS = 20
_HEAVIEST = 100

COLUMNS = {
    "key": "代号",
    "title": "标题",
    "text": "内容",
    "kind": "类型",
    "category": "分类",
    "tags": "标签",
    "author": "作者",
    "source": "来源",
    "weight": "权重",
    "status": "状态",
}
"""The fields of a topic and what a Chinese sheet calls them; either may be written."""

KINDS = {"万能": TopicKind.UNIVERSAL, "专业": TopicKind.PROFESSIONAL}
STATUSES = {
    "待审": TopicStatus.PROPOSED,
    "可用": TopicStatus.APPROVED,
    "休息": TopicStatus.RESTING,
    "停用": TopicStatus.RETIRED,
}
_LENGTHS = {"key": 64, "title": 60, "text": 1000, "category": 40, "author": 40, "source": 300}
_REQUIRED = ("title", "text")


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


def read(path: Path) -> tuple[Topic, ...]:
    """Every topic of the file, in its order. Raises TopicFaults, with all faults at once.

    A topic without a key is known by its title. Nothing in a file is ever computed: a formula
    is the text that it is.
    """
    try:
        rows = rows_of(path)
    except Unreadable as trouble:
        fault = Fault(str(path), trouble.line, trouble.column, "", str(trouble), trouble.hint)
        raise TopicFaults([fault]) from None
    reader = _Reader(str(path))
    topics = [topic for row in rows if (topic := reader.topic(row))]
    if not (topics or reader.faults):
        reader.blame(Cell("", 0, 0), "", "文件里没有话题 there is no topic in this file")
    if reader.faults:
        raise TopicFaults(reader.faults)
    return tuple(topics)


class _Reader:
    """Turns rows into topics and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._lines_of_keys: dict[str, int] = {}

    def blame(self, cell: Cell, path: str, message: str, hint: str = "") -> None:
        """Note a fault at a cell."""
        self.faults.append(Fault(self._file, cell.line, cell.column, path, message, hint))

    def topic(self, row: Row) -> Topic | None:
        """The topic of a row; None, and a fault more, where there is none to be had."""
        before = len(self.faults)
        fields = {name: self._value(name, cell) for name, cell in self._named(row).items()}
        for name in _REQUIRED:
            if not fields.get(name) and len(self.faults) == before:
                message = f"缺少{COLUMNS[name]} the {name} is missing"
                self.blame(Cell("", row.line, row.column), name, message)
        if len(self.faults) > before:
            return None
        given = {name: value for name, value in fields.items() if value not in ("", None)}
        key = str(given.setdefault("key", given["title"]))
        return Topic(**given) if self._is_new(key, row) else None

    def _named(self, row: Row) -> dict[str, Cell]:
        """The cells by the fields they stand for."""
        found: dict[str, Cell] = {}
        for head, cell in row.cells:
            name = _FIELDS.get(_clean(head.text).casefold())
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
            return _PARSERS[name](cell)
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


def _clean(text: str) -> str:
    """Without what nobody sees and without white space around it."""
    return "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
    ).strip()


def _text(name: str) -> Callable[[Cell], str]:
    """Reads a text of one line, or the body of the topic, of a limited length."""

    def parse(cell: Cell) -> str:
        if cell.many is not None:
            raise ValueError("这里要一段文字 one text is expected here")
        words = _clean(cell.text)
        words = words if name == "text" else " ".join(words.split())
        if len(words) > _LENGTHS[name]:
            raise ValueError(
                f"太长：{len(words)} 字，至多 {_LENGTHS[name]} too long: {len(words)} characters,"
                f" at most {_LENGTHS[name]}"
            )
        return words

    return parse


def _tags(cell: Cell) -> tuple[str, ...]:
    """A list, or one text with commas between the tags."""
    written: Sequence[str] = _BETWEEN_TAGS.split(cell.text) if cell.many is None else cell.many
    tags = tuple(dict.fromkeys(filter(None, map(_clean, written))))
    if len(tags) > _MOST_TAGS or any(len(tag) > _MOST_TAGS for tag in tags):
        raise ValueError(
            f"至多 {_MOST_TAGS} 个标签，每个至多 {_MOST_TAGS} 字"
            f" at most {_MOST_TAGS} tags of {_MOST_TAGS} characters"
        )
    return tags


def _weight(cell: Cell) -> int | None:
    digits = _clean(cell.text)
    if cell.many is None and not digits:
        return None
    if cell.many is not None or not re.fullmatch(r"\d{1,3}", digits):
        digits = "0"
    if not 1 <= int(digits) <= _HEAVIEST:
        raise ValueError(
            f"权重要写 1 到 {_HEAVIEST} 的整数 a weight is a whole number from 1 to {_HEAVIEST}"
        )
    return int(digits)


def _one_of(words: dict[str, Any]) -> Callable[[Cell], Any]:
    """Reads one of a few words, in Chinese or in English."""
    known = words | {str(value): value for value in words.values()}

    def parse(cell: Cell) -> Any:
        word = _clean(cell.text).casefold()
        if cell.many is None and (not word or word in known):
            return known.get(word)
        choice = "、".join(f"{zh} {value}" for zh, value in words.items())
        raise ValueError(f"只能写：{choice} one of these is expected")

    return parse


_FIELDS = {name: name for name in COLUMNS} | {zh: name for name, zh in COLUMNS.items()}
_PARSERS: dict[str, Callable[[Cell], Any]] = {name: _text(name) for name in _LENGTHS} | {
    "tags": _tags,
    "weight": _weight,
    "kind": _one_of(KINDS),
    "status": _one_of(STATUSES),
}
