"""Reading config.yaml: all its faults at once, each with its place, or a Config."""

import json
import re
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config import Config, GroupEntry, HouseSettings, Match
from bot.config_rules import instances
from bot.config_schema import homes_of, is_section, keys_at, settings_of, written_models
from bot.config_tree import Broken, Node, Path, grow, is_switch, merge, written
from bot.decoding import Undecodable, decode
from bot.faults import ConfigFaults, Fault, brief, did_you_mean
from bot.validation_words import in_plain_words
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.discovery import find_rule
from rules.lexicon import share

LARGEST = 512 * 1024
"""Bytes; a larger file is a mistake, and would take too long to read at every edit."""

_OUTSIDE = re.compile(r"token|secret|passw|令牌|密码", re.IGNORECASE)
_IDLE = {
    "programmes": "defaults 里没有这个节目可关 defaults have no such programme to switch off",
    "rules": "defaults 里没有这条规则可关 defaults have no such rule to switch off",
}
_Model = TypeVar("_Model", bound=BaseModel)
_Lack = Path


def load(path: FilePath, *, ready: bool = True) -> Config:
    """The config in a file. Raises ConfigFaults, and nothing else, with all that is wrong.

    If it is not to be `ready`, `make_ready` comes before the first message is judged.
    """
    return parse(read(path), str(path), ready=ready)


def make_ready(config: Config) -> None:
    """Build what all keyword rules search a message with; takes a while, raises nothing."""
    share(rule for entry in config.groups for rule in entry.settings.rules)


def read(path: FilePath) -> bytes:
    """What a config file holds. Raises ConfigFaults where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        said, hint = "没有这个文件 no such file", "用 -c 指定配置文件 name the file with -c"
    except IsADirectoryError:
        said, hint = "这是一个目录，不是文件 this is a directory", ""
    except PermissionError:
        said, hint = "没有权限读这个文件 not allowed to read this file", ""
    except (OSError, ValueError) as error:
        said, hint = f"读不了这个文件 cannot read this file: {_reason(error)}", ""
    else:
        if len(content) <= LARGEST:
            return content
        said, hint = f"文件超过 {LARGEST // 1024} KiB the file is too large", ""
    raise ConfigFaults([Fault(str(path), 0, 0, "", said, hint)])


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def parse(content: bytes, file: str, *, ready: bool = True) -> Config:
    """The config in the bytes of a file; see `load`. Raises ConfigFaults, and nothing else."""
    try:
        text = decode(content)
    except Undecodable as wrong:
        raise ConfigFaults([Fault(file, wrong.line, wrong.column, "", str(wrong))]) from None
    reading = _Reading(file, text)
    try:
        config = reading.config(grow(text))
    except Broken as broken:
        raise ConfigFaults(reading.fault(*fault) for fault in broken.faults) from None
    if ready:
        make_ready(config)
    return config


class _Section(BaseModel):
    """The rules before anything is known of them."""

    rules: dict[str, Any]


class _Reading:
    """One reading of one file: collects faults, and gives a Config only if there are none."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._end = max(len(text.rstrip()) - 1, 0)
        self._faults: list[Fault] = []

    def fault(self, at: int, path: Path, said: str, hint: str) -> Fault:
        """A fault at a place in the text; the last place is its last visible character."""
        before = self._text[: min(at, self._end)]
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        return Fault(self._file, line, column, written(path), said, hint)

    def config(self, root: Node) -> Config:
        """The whole config. Raises ConfigFaults."""
        house, _ = self._read(HouseSettings, _with_zone(_without(root, "defaults", "groups")))
        inherited = _inherited(root)
        defaults, lacking = self._settings(written_models()[0], inherited)
        groups = self._groups(root, inherited, lacking)
        if house is None or defaults is None or self._faults:
            raise ConfigFaults(self._faults)
        values = {name: getattr(house, name) for name in HouseSettings.model_fields}
        # Not checked once more: to build what checks it takes longer than reading it did.
        return Config.model_construct(**values, defaults=settings_of(*defaults), groups=groups)

    def _add(self, at: int, path: Path, said: str, hint: str = "") -> None:
        self._faults.append(self.fault(at, path, said, hint))

    def _read(
        self,
        model: type[_Model],
        node: Node,
        told: frozenset[_Lack] = frozenset(),
        home: Path = (),
    ) -> tuple[_Model | None, frozenset[_Lack]]:
        """A model from a node, or its faults; and what is missing, unless it was `told` before.

        `home` is the section that knows the model's keys, where that is not where it was written.
        """
        try:
            data = json.dumps(_data(node))
            return model.model_validate_json(data, strict=True, by_alias=True, by_name=False), told
        except ValidationError as wrong:
            errors = wrong.errors(include_url=False)
        lacking = {error["loc"] for error in errors if error["type"] == "missing"}
        for error in errors:
            if error["type"] != "missing" or error["loc"] not in told:
                self._refuse(error, node, home)
        return None, told | lacking

    def _settings(
        self, model: type[GroupSettings], node: Node, told: frozenset[_Lack] = frozenset()
    ) -> tuple[tuple[GroupSettings, tuple[Rule, ...]] | None, frozenset[_Lack]]:
        """The settings of a group and its rules, which have names of their own."""
        parsed, lacking = self._read(model, _without(node, "rules"), told)
        section = node.child("rules")
        if section is None or section.value is None:
            return (parsed, ()) if parsed else None, lacking
        alone = Node({"rules": section}, node.at, node.key_at, ())
        if self._read(_Section, alone, told)[0] is None:
            return None, lacking

        def read(name: str, kind: type[Rule], entry: Node) -> Rule | None:
            nonlocal lacking
            known = frozenset(lack[2:] for lack in told if lack[:2] == ("rules", name))
            rule, missing = self._read(kind, entry, known, home=("defaults", "rules", kind.key))
            lacking |= {("rules", name, *lack) for lack in missing}
            return rule

        rules = instances(section, FilePath(self._file).parent, read, self._add)
        return (parsed, rules) if parsed else None, lacking

    def _refuse(self, error: ErrorDetails, node: Node, home: Path) -> None:
        found, rest = node.find(error["loc"])
        if error["type"] == "extra_forbidden":
            key = str(found.path[-1])
            said = f"没有「{brief(key)}」这个设置 there is no setting “{brief(key)}”"
            section = (*home, *error["loc"][:-1]) if home else found.path[:-1]
            self._add(found.key_at, found.path, said, _meant(key, section))
            return
        lost = rest if error["type"] == "missing" else ()
        self._add(found.place, (*found.path, *lost), *in_plain_words(error))

    def _groups(
        self, root: Node, inherited: Node, told: frozenset[_Lack]
    ) -> tuple[GroupEntry, ...]:
        node = root.child("groups")
        if node is None:
            self._add(root.key_at, ("groups",), "缺少「groups」 “groups” is missing")
            return ()
        if node.value is not None and not isinstance(node.value, list):
            hint = "每个群以「- match:」开头 begin each group with “- match:”"
            self._add(node.place, node.path, "应是一个列表 should be a list", hint)
            return ()
        nodes: list[Node] = node.value or []
        found = [self._entry(entry, inherited, told) for entry in nodes]
        self._refuse_unreachable(nodes)
        return tuple(entry for entry in found if entry is not None)

    def _entry(self, node: Node, inherited: Node, told: frozenset[_Lack]) -> GroupEntry | None:
        if node.value is None:
            node = Node({}, node.at, node.key_at, node.path)
        self._refuse_idle_switches(node, inherited)
        merged = merge(_without(inherited, "match"), node)
        found, _ = self._settings(written_models()[1], merged, told)
        if found is None:
            return None
        match: Match = getattr(found[0], "match")  # noqa: B009 — the model is made at run time
        return GroupEntry.model_construct(match=match, settings=settings_of(*found))

    def _refuse_idle_switches(self, node: Node, inherited: Node) -> None:
        """A programme or rule switched off without being inherited was probably misspelt."""
        for section, words in _IDLE.items():
            above, own = inherited.child(section), node.child(section)
            known = above.value if above and isinstance(above.value, dict) else {}
            for name, child in (own.value if own and isinstance(own.value, dict) else {}).items():
                idle = child.value is None or child.value is False
                if idle and name not in known and (section != "rules" or find_rule(name) is None):
                    self._add(child.key_at, child.path, words, did_you_mean(name, known))

    def _refuse_unreachable(self, nodes: list[Node]) -> None:
        """An entry for which every group is taken by one above it."""
        above: list[tuple[Match, Node]] = []
        for node in nodes:
            written_as = node.child("match")
            match = _match(written_as) if written_as else None
            if match is None or written_as is None:
                continue
            for earlier, place in above:
                if earlier.covers(match):
                    line = self.fault(place.place, (), "", "").line
                    said = f"轮不到这一条：第 {line} 行的已经匹配了"
                    english = f"this entry never matches: the one in line {line} comes first"
                    self._add(written_as.place, written_as.path, f"{said} {english}")
                    break
            above.append((match, written_as))


def _inherited(root: Node) -> Node:
    """What every group inherits: the language and time zone of the house, below the defaults."""
    top = {key: root.value[key] for key in ("language", "time_zone") if key in root.value}
    base = Node(top, root.at, root.key_at, ())
    own = root.child("defaults")
    return base if own is None else merge(base, own)


def _with_zone(root: Node) -> Node:
    """Quiet hours are in the time zone of the house unless they name their own."""
    zone, hours = root.child("time_zone"), root.find(("pace", "quiet_hours"))[0]
    if zone is None or hours.path != ("pace", "quiet_hours") or not isinstance(hours.value, dict):
        return root
    zoned = Node({"time_zone": zone} | hours.value, hours.at, hours.key_at, hours.path)
    pace = root.value["pace"]
    quiet = Node(pace.value | {"quiet_hours": zoned}, pace.at, pace.key_at, pace.path)
    return Node(root.value | {"pace": quiet}, root.at, root.key_at, root.path)


def _without(node: Node, *keys: str) -> Node:
    if not isinstance(node.value, dict):
        return node
    rest = {key: child for key, child in node.value.items() if key not in keys}
    return Node(rest, node.at, node.key_at, node.path)


def _data(node: Node) -> Any:
    """Plain data: a section that was left empty is left out, a switched-off rule is nothing."""
    if isinstance(node.value, list):
        return [_data(child) for child in node.value]
    if isinstance(node.value, dict):
        return {
            key: _data(child)
            for key, child in node.value.items()
            if child.value is not None or not is_section(child.path)
        }
    return None if node.value is False and is_switch(node.path) else node.value


def _match(node: Node) -> Match | None:
    try:
        return Match.model_validate_json(json.dumps(_data(node)), strict=True)
    except ValidationError:
        return None


def _meant(key: str, section: Path) -> str:
    """What an unknown key was probably meant to be."""
    if _OUTSIDE.search(key):
        return (
            "秘密只从环境变量读，如 WECHATY_PUPPET_SERVICE_TOKEN"
            " secrets come from the environment only"
        )
    known = keys_at(section)
    homes = homes_of(key)
    if homes and key not in known:
        return f"它属于 it belongs to {'、'.join(homes)}"
    may = f"这里可以写 these may stand here: {'、'.join(known)}" if known else ""
    return did_you_mean(key, known) or may
