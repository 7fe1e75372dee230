from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config_tree import Broken, Node, grow, is_switch, merge, written
from bot.config_tree import Path as Place


def plain(node: Node) -> Any:
    """The values of a tree without their places."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("3", 3),
        ("-3", -3),
        ("0", 0),
        ("0.5", 0.5),
        (".5", 0.5),
        ("-2.0", -2.0),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("'3'", "3"),
        ('"true"', "true"),
        ("''", ""),
        ("08", "08"),
        ("yes", "yes"),
        (".inf", ".inf"),
        ("1" * 30, "1" * 30),
        ("|\n  x", "x\n"),
    ],
)
def test_a_word_is_read_as_yaml_1_2_has_it(word: str, expected: Any) -> None:
    """Quoted words are text whatever they look like; so are numbers with a leading nought."""
    assert expected == plain(grow(f"a: {word}\n"))["a"]


def test_every_node_knows_where_it_was_written() -> None:
    """Its own beginning, that of its key, and its path."""
    root = grow("a:\n  - b: 1\n")
    one, rest = root.find(("a", 0, "b"))
    assert (1, 10, 7, ("a", 0, "b"), ()) == (one.value, one.at, one.key_at, one.path, rest)
    assert 7 == one.key_at
    assert ("a",) == root.find(("a", 5))[0].path


def test_what_is_written_over_something_melts_into_it() -> None:
    """Mappings key by key; each value keeps the place where it was written."""
    base, over = grow("a: {x: 1, y: [1, 2]}\nb: 1"), grow("a: {y: [3], z: 4}\nc: 5")
    merged = merge(base, over)
    assert {"a": {"x": 1, "y": [3], "z": 4}, "b": 1, "c": 5} == plain(merged)
    assert base.find(("a", "x")) == merged.find(("a", "x"))
    assert over.find(("a", "y")) == merged.find(("a", "y"))


def test_an_empty_section_changes_nothing_and_a_switch_stays() -> None:
    """`rules: {flood: }` switches off, `rules:` says nothing."""
    base = grow("defaults: {rules: {flood: {limit: 3}}, welcome: {enabled: true}}")
    empty = merge(base, grow("defaults: {rules: , welcome: }"))
    assert plain(base) == plain(empty)
    switched = merge(base, grow("defaults: {rules: {flood: }}"))
    assert {"rules": {"flood": None}, "welcome": {"enabled": True}} == plain(switched)["defaults"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("defaults", "rules", "flood"), True),
        (("groups", 0, "programmes", "早"), True),
        (("defaults", "rules"), False),
        (("defaults", "rules", "flood", "limit"), False),
        (("pace", "rules", "x"), False),
        ((), False),
    ],
)
def test_rules_and_programmes_are_switches(path: Place, expected: Any) -> None:
    """And nothing else is."""
    assert expected == is_switch(path)


def test_a_path_reads_as_people_write_it() -> None:
    """Indexes in brackets, the rest with dots."""
    assert "groups[0].rules.flood" == written(("groups", 0, "rules", "flood"))
    assert "" == written(())


@given(st.text(alphabet="ab{}[]:,-&*!|>'\"#%@` \t\n键0?\\ud8", max_size=60))
def test_any_text_grows_or_is_broken_at_a_place(text: str) -> None:
    """No other exception comes out of the reader."""
    places = [0]
    try:
        grow(text)
    except Broken as broken:
        places = [at for at, *_ in broken.faults]
    assert all(0 <= at <= len(text) for at in places)
    assert places
