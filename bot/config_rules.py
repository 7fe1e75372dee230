"""The rules of a group as config.yaml writes them: instances under names of their own, presets.

An entry under `rules` is a rule of the kind it is named after, or says its kind with `rule`, or
takes everything it does not write itself from a `preset` that ships with Weilu.
"""

from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

from bot.config_tree import Node, Path, merge
from bot.faults import brief, did_you_mean, nearest
from handlers.wording import harmless
from rules.base import Rule
from rules.discovery import all_rules, find_rule
from rules.keywords import Keywords
from rules.presets import names, preset
from rules.word_lists import WordListError, read_all

LONGEST_NAME = 30
"""Characters; members read the name in reminders."""

_NEVER_TRUE = (
    "规则不写 true，要写 rule: 种类 或 preset: 名字"
    " a rule is never “true”: it says its kind (rule: …) or its preset (preset: …)"
)
_INHERITED = "继承来的不用写，删去这一行就好 an inherited one needs no line here"

Read = Callable[[str, type[Rule], Node], Rule | None]
"""Makes the rule of that name and kind of a node, or writes down what is wrong with it."""
Refuse = Callable[[int, Path, str, str], None]
"""Writes down a fault: place, path, what is wrong, hint."""


def instances(node: Node, folder: FilePath, read: Read, refuse: Refuse) -> tuple[Rule, ...]:
    """The rules that are in force by this section, in the order in which they are written.

    Files of words are looked for from `folder`.
    """
    found = []
    for name, entry in node.value.items():
        if entry.value is None or entry.value is False:
            if entry.path[0] == "defaults" and find_rule(name) is None:
                _refuse_kind(name, entry, None, refuse)
            continue
        if entry.value is True:
            refuse(entry.place, entry.path, _NEVER_TRUE, _INHERITED)
            continue
        written = _written(name, entry, refuse)
        rule = read(name, *written) if written else None
        if isinstance(rule, Keywords) and rule.lists:
            rule = _filled(rule, entry, folder, refuse)
        if rule is not None:
            found.append(rule)
    return tuple(found)


def _filled(rule: Keywords, entry: Node, folder: FilePath, refuse: Refuse) -> Keywords | None:
    """The rule with the words of its files."""
    try:
        return rule.filled(read_all(folder / name for name in rule.lists))
    except WordListError as wrong:
        place, _ = entry.find(("lists",))
        for fault in wrong.faults:
            refuse(place.place, (*entry.path, "lists"), fault, "")
        return None


def kinds() -> tuple[str, ...]:
    """Every kind of rule."""
    return tuple(all_rules())


def _written(name: str, entry: Node, refuse: Refuse) -> tuple[type[Rule], Node] | None:
    """The kind of an entry, and its settings with the preset below them."""
    known = _from_preset(entry, refuse)
    if known is None:
        return None
    entry = known
    own = dict(entry.value) if isinstance(entry.value, dict) else {}
    said = own.pop("rule", None)
    kind = find_rule(str(said.value) if said else name)
    if kind is None:
        _refuse_kind(name, entry, said, refuse)
        return None
    if name != harmless(name, LONGEST_NAME):
        words = f"规则的名字最多 {LONGEST_NAME} 个字，不带看不见的字符 a rule's name has at most"
        refuse(entry.key_at, entry.path, f"{words} {LONGEST_NAME} visible characters", "")
    if "name" in own:
        words = "名字就是左边的键，不另写 the name is the key on the left, it is not written again"
        refuse(own["name"].key_at, own["name"].path, words, "")
    if isinstance(entry.value, dict):
        if name != kind.key:
            own["name"] = Node(name, entry.key_at, entry.key_at, entry.path)
        entry = Node(own, entry.at, entry.key_at, entry.path)
    return kind, entry


def _refuse_kind(name: str, entry: Node, said: Node | None, refuse: Refuse) -> None:
    if said is not None:
        value = brief(said.value)
        words = f"没有「{value}」这种规则 there is no kind of rule “{value}”"
        refuse(said.place, said.path, words, did_you_mean(str(said.value), kinds()))
        return
    for key, child in entry.value.items() if isinstance(entry.value, dict) else ():
        if key not in Rule.model_fields and nearest(key, ("rule", "preset")):
            words = f"没有「{brief(key)}」这个设置 there is no setting “{brief(key)}”"
            refuse(child.key_at, child.path, words, did_you_mean(key, ("rule", "preset")))
            return
    words = (
        f"没有「{brief(name)}」这种规则；自己取名的规则要写 rule: 种类 或 preset: 名字"
        f" there is no kind of rule “{brief(name)}”; under a name of its own a rule says its kind"
        " (rule: …) or its preset (preset: …)"
    )
    hint = did_you_mean(name, kinds()) or f"种类 kinds: {'、'.join(kinds())}"
    refuse(entry.key_at, entry.path, words, hint)


def _from_preset(entry: Node, refuse: Refuse) -> Node | None:
    """The entry over the preset it names, if it names one; None if there is no such preset."""
    named = entry.child("preset")
    if named is None:
        return entry
    own = {key: child for key, child in entry.value.items() if key != "preset"}
    rest = Node(own, entry.at, entry.key_at, entry.path)
    if named.value not in names():
        value = brief(named.value)
        words = f"没有「{value}」这套预设 there is no preset “{value}”"
        refuse(named.place, named.path, words, f"有这些 there are: {'、'.join(names())}")
        return None
    return merge(_grown(preset(named.value), named), rest)


def _grown(data: Any, place: Node) -> Node:
    """Plain data as a tree that points to where the preset is named."""
    value = data
    if isinstance(data, dict):
        value = {key: _grown(child, place) for key, child in data.items()}
    elif isinstance(data, list | tuple):
        value = [_grown(child, place) for child in data]
    return Node(value, place.at, place.key_at, place.path)
