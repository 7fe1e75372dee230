import copy
import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML
from written_configs import CONFIGS
from wrong_configs import WRONG

from bot.config import Config
from bot.config_file import parse
from bot.config_schema import homes_of, is_section, keys_at, schema
from bot.config_tree import Path as Place
from bot.faults import ConfigFaults, nearest

HOUSE = Path(__file__).parents[1]
VALIDATOR = Draft202012Validator(schema())


def read(data: Any) -> Config:
    """What Weilu makes of plain data."""
    return parse(json.dumps(data, ensure_ascii=False).encode(), "c.yaml")


def spots(data: Any, path: Place = ()) -> Iterator[Place]:
    """The path of every key in plain data."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key)
            yield from spots(value, (*path, key))
    if isinstance(data, list):
        for index, value in enumerate(data):
            yield from spots(value, (*path, index))


def is_own(data: Any, path: Place) -> bool:
    """Whether a key is a name of one's own, or may be one: no typo can be seen in it.

    Nor in the consequence of a step of the ladder: that is a value which looks like a key.
    """
    if "steps" in path:
        return True
    entry = above(data, path)[path[-1]]
    switched = path[-2:-1] == ("rules",) and (not entry or "rule" in entry or "preset" in entry)
    return path[-2:-1] == ("programmes",) or switched


def above(data: Any, path: Place) -> Any:
    """What holds the last key of a path."""
    for key in path[:-1]:
        data = data[key]
    return data


def sections(path: Place = ()) -> Iterator[Place]:
    """Every section that the schema knows."""
    if keys_at(path):
        yield path
    for key in keys_at(path):
        yield from sections((*path, key))
    if path == ():
        yield from sections(("groups", 0))


KEYS = [(section, key) for section in sections() for key in keys_at(section)]


def test_the_schema_is_one() -> None:
    """By the rules of JSON Schema 2020-12."""
    Draft202012Validator.check_schema(schema())


def test_the_schema_in_the_house_is_current() -> None:
    """Else: python -m bot.config_page."""
    kept = json.loads((HOUSE / "config.schema.json").read_text(encoding="utf-8"))
    assert schema() == kept


def test_the_shipped_file_fits_and_names_the_schema() -> None:
    """In its first line, where editors look for it."""
    text = (HOUSE / "config.yaml").read_text(encoding="utf-8")
    assert "# yaml-language-server: $schema=./config.schema.json" == text.splitlines()[0]
    assert [] == list(VALIDATOR.iter_errors(YAML(typ="safe", pure=True).load(text)))


def test_every_setting_is_described_in_both_languages() -> None:
    """Editors show it, and docs/config.md."""
    for name, part in {"": schema(), **schema()["$defs"]}.items():
        for key, setting in part.get("properties", {}).items():
            if key not in ("zh", "en"):
                described = setting.get("description", "")
                assert not described.isascii(), f"{name}.{key}"
                assert any(char.isascii() and char.isalpha() for char in described), f"{name}.{key}"


@given(CONFIGS)
def test_what_weilu_reads_fits_the_schema(config: dict[str, Any]) -> None:
    """An editor underlines nothing that is sound."""
    read(config)
    assert [] == [error.message for error in VALIDATOR.iter_errors(config)]


@given(CONFIGS, st.data())
def test_a_misspelt_key_is_refused_by_both_and_found(
    config: dict[str, Any], data: st.DataObject
) -> None:
    """By the schema and by Weilu, which names the key that was meant."""
    found = [path for path in spots(config) if not is_own(config, path)]
    path = data.draw(st.sampled_from(found))
    holder, key = above(config, path), str(path[-1])
    typo = data.draw(typos(key))
    assume(typo not in keys_at(path[:-1]) and typo not in holder)
    holder[typo] = holder.pop(key)
    assert not VALIDATOR.is_valid(config)
    with pytest.raises(ConfigFaults) as refused:
        read(config)
    assert any(fault.path.endswith(typo) for fault in refused.value.faults)


@given(CONFIGS, st.data())
def test_a_value_of_the_wrong_kind_is_refused_by_both(
    config: dict[str, Any], data: st.DataObject
) -> None:
    """A mapping with an impossible key, or a list of lists, fits nowhere."""
    path = data.draw(st.sampled_from(list(spots(config))))
    switches = ("enabled", "tls", "shadow")
    kinds: list[Any] = [{"否": 1}, [[]], 3 if path[-1] in switches else True]
    wrong = data.draw(st.sampled_from(kinds))
    assume(path[-1] != "programmes" or not isinstance(wrong, dict))
    above(config, path)[path[-1]] = copy.deepcopy(wrong)
    assert not VALIDATOR.is_valid(config)
    with pytest.raises(ConfigFaults):
        read(config)


def typos(key: str) -> st.SearchStrategy[str]:
    """One slip of the finger: a letter too few, too many, another one, or two exchanged."""
    at = st.integers(0, len(key) - 1)
    letter = st.sampled_from("aeinorst_")
    return st.one_of(
        at.map(lambda i: key[:i] + key[i + 1 :]),
        at.map(lambda i: key[: i + 1] + key[i:]),
        st.tuples(at, letter).map(lambda slip: key[: slip[0]] + slip[1] + key[slip[0] + 1 :]),
        at.map(lambda i: key[:i] + key[i : i + 2][::-1] + key[i + 2 :]),
    ).filter(lambda typo: typo not in ("", key))


@given(st.sampled_from(KEYS), st.data())
def test_a_typo_of_any_known_key_is_suggested_back(
    known: tuple[Place, str], data: st.DataObject
) -> None:
    """Or another key of that section that is at least as near."""
    section, key = known
    typo = data.draw(typos(key))
    assume(typo not in keys_at(section))
    near = nearest(typo, keys_at(section))
    assert near
    assert near == key or likeness(near, typo) >= likeness(key, typo)


def likeness(one: str, other: str) -> float:
    """As difflib sees it."""
    return difflib.SequenceMatcher(None, other, one).ratio()


def test_a_key_without_its_last_letter_is_suggested_back() -> None:
    """The plainest typo of all, for every key there is."""
    shortened = [(section, key) for section, key in KEYS if key[:-1] not in keys_at(section)]

    assert len(shortened) > 400
    assert shortened == [
        (section, nearest(key[:-1], keys_at(section))) for section, key in shortened
    ]


def test_a_key_in_the_wrong_place_is_known_to_be_at_home_elsewhere() -> None:
    """Every section that has it is named."""
    assert ["defaults"] == homes_of("keep_text_days")
    assert ["pace"] == homes_of("tries")
    assert [] == homes_of("nonsense")


def test_sections_may_be_empty_and_values_may_not() -> None:
    """All lines below a section may be commented out; a setting without value is a slip."""
    assert is_section(("defaults", "welcome"))
    assert is_section(("groups",))
    assert not is_section(("defaults", "purpose"))
    assert not is_section(("defaults", "rules", "flood"))
    assert not is_section(("nonsense",))


def test_the_wrong_configs_have_keys_that_the_schema_refuses() -> None:
    """Where an unknown key is what is wrong, an editor sees it, too."""
    unknown = [text for text, *_, words in WRONG if any("你是想写" in word for word in words)]
    assert len(unknown) > 3
    for text in unknown:
        data = YAML(typ="safe", pure=True).load(f"account: {{}}\n{text}")
        if "language: cn" not in text and ": false" not in text:
            assert not VALIDATOR.is_valid(data)
