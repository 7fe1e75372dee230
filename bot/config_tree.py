"""The config file as a tree in which everything knows where it was written.

Plain words are read as YAML 1.2 has them, and no further: `22:00`, `off`, `no`, `007` and
`2026-01-01` are text. Aliases, tags and repeated keys are refused.
"""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from bot.faults import brief
from bot.frozen import frozen
from bot.yaml_words import in_plain_words, place

Path = tuple[str | int, ...]

_DEEPEST = 30
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})?\.[0-9]{1,18}|[-+]?[1-9][0-9]{0,17}\.")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False} | {
    "Null": None,
    "NULL": None,
    "True": True,
    "TRUE": True,
    "False": False,
    "FALSE": False,
}


@frozen
class Node:
    """A value with its place: `at` is where it begins in the text, `key_at` where its key does.

    `value` is a scalar, a list of nodes, or a dict of nodes. `path` is where it was written, also
    after it was merged into something else.
    """

    value: Any
    at: int
    key_at: int
    path: Path

    @property
    def place(self) -> int:
        """Where to point: at the value if it is a word or number, else at its key."""
        return self.key_at if self.value is None or isinstance(self.value, list | dict) else self.at

    def child(self, key: str | int) -> "Node | None":
        """The node below a key or index, None if there is none."""
        if isinstance(self.value, dict):
            return self.value.get(key)
        if isinstance(self.value, list) and isinstance(key, int) and key < len(self.value):
            found: Node = self.value[key]
            return found
        return None

    def find(self, loc: Path) -> "tuple[Node, Path]":
        """The deepest node on the way down `loc`, and what is left of the way."""
        node = self
        for step, key in enumerate(loc):
            below = node.child(key)
            if below is None:
                return node, loc[step:]
            node = below
        return node, ()


class Broken(Exception):  # noqa: N818 — caught by config_file, which makes faults of it
    """The text cannot be read as a tree: every (place, path, message, hint) that was found."""

    def __init__(self, *faults: tuple[int, Path, str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


def grow(text: str) -> Node:
    """The tree of a text. Raises Broken, and nothing else, where there is none."""
    try:
        return _Grower(text).root()
    except MarkedYAMLError as error:
        raise Broken((place(error), (), *in_plain_words(error))) from None
    except YAMLError as error:
        at = getattr(error, "position", 0)
        raise Broken(
            (at, (), "这里有不能出现的字符 a character that may not be here", "")
        ) from error


class _Grower:
    """Makes nodes out of the events of one document."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self._faults: list[tuple[int, Path, str, str]] = []

    def root(self) -> Node:
        """The one document of the text."""
        event = self._next()
        while isinstance(event, StreamStartEvent | DocumentStartEvent):
            event = self._next()
        if isinstance(event, StreamEndEvent):
            raise Broken((0, (), "文件是空的 the file is empty", ""))
        node = self._node(event, event.start_mark.index, ())
        self._only_one()
        if not isinstance(node.value, dict):
            said = "文件应由「键: 值」组成 the file must be made of “key: value” lines"
            raise Broken((node.at, (), said, ""))
        if self._faults:
            raise Broken(*self._faults)
        return node

    def _next(self) -> Any:
        return next(self._events)

    def _only_one(self) -> None:
        self._next()
        event = self._next()
        if isinstance(event, DocumentStartEvent):
            said = "一个文件里只能有一份配置（多了一行 ---） one document only (a second ---)"
            raise Broken((event.start_mark.index, (), said, ""))

    def _node(self, event: Any, key_at: int, path: Path) -> Node:
        at = event.start_mark.index
        self._refuse_cleverness(event, at, path)
        if isinstance(event, ScalarEvent):
            return Node(self._scalar(event, at, path), at, key_at, path)
        if isinstance(event, MappingStartEvent):
            return Node(self._mapping(path), at, key_at, path)
        return Node(self._sequence(path), at, key_at, path)

    def _refuse_cleverness(self, event: Any, at: int, path: Path) -> None:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            said = "不支持 & 与 * 的引用 anchors and aliases (& and *) are not supported"
            hint = "各群共用的写在 defaults 里 put what groups share under “defaults”"
            raise Broken((at, path, said, hint))
        if event.ctag is not None:
            said = "不支持 ! 标签 tags (!) are not supported"
            raise Broken((at, path, said, "以 ! 开头的文字请加引号 quote text beginning with !"))
        if len(path) > _DEEPEST:
            raise Broken((at, path[:3], "嵌套太深 nested too deeply", ""))

    def _mapping(self, path: Path) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            at = event.start_mark.index
            key = self._key(event, at, path)
            node = self._node(self._next(), at, (*path, key))
            if key in found:
                said = f"「{brief(key)}」写了两次 “{brief(key)}” is written twice"
                hint = "后写的不会盖住先写的，请删去一个 neither would win, remove one of them"
                self._faults.append((at, node.path, said, hint))
            found.setdefault(key, node)
        return found

    def _key(self, event: Any, at: int, path: Path) -> str:
        self._refuse_cleverness(event, at, path)
        if not isinstance(event, ScalarEvent):
            said = "键只能是一个词 a key must be one word"
            raise Broken((at, path, said, "有括号的文字请加引号 quote text that holds brackets"))
        return self._sound(event.value, at, path)

    def _sequence(self, path: Path) -> list[Node]:
        found: list[Node] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            found.append(self._node(event, event.start_mark.index, (*path, len(found))))
        return found

    def _scalar(self, event: ScalarEvent, at: int, path: Path) -> Any:
        word = self._sound(event.value, at, path)
        if event.style is not None:
            return word
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        if _WHOLE.fullmatch(word):
            return int(word)
        return float(word) if _FRACTION.fullmatch(word) else word

    def _sound(self, word: str, at: int, path: Path) -> str:
        """The word, unless it holds half a character, which no database or screen takes."""
        if any("\ud800" <= char <= "\udfff" for char in word):
            said = r"\ud800 这样的半个字符不能使用 half a character (\ud800 and the like)"
            raise Broken((at, path, said, ""))
        return word


def merge(base: Node | None, over: Node) -> Node:
    """What holds when `over` is written over `base`: mappings melt together, all else replaces.

    An empty section changes nothing; an empty (or `false`) rule or programme stays, as a switch.
    """
    if base is None or not isinstance(base.value, dict):
        return over
    if over.value is None and not is_switch(over.path):
        return base
    if not isinstance(over.value, dict):
        return over
    merged = dict(base.value)
    for key, node in over.value.items():
        merged[key] = merge(base.value.get(key), node)
    return Node(merged, over.at, over.key_at, over.path)


def is_switch(path: Path) -> bool:
    """Whether a path leads to one rule or programme, which `false` or nothing switches off."""
    depth = {"defaults": 3, "groups": 4}.get(str(path[0]) if path else "", -1)
    return len(path) == depth and path[-2] in ("rules", "programmes")


def written(path: Path) -> str:
    """A path as people write it: `groups[0].rules.flood`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{brief(key)}"
    return text.removeprefix(".")
