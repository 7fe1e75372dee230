import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import rules
from bot.texts import Text
from rules.base import Rule
from rules.discovery import all_rules, find_rule

HOUSE = Path(rules.__file__).parent
OFFENCE = re.compile(r"^class \w+\(Rule\):$", re.MULTILINE)


def test_every_file_is_found():
    """Each file that defines a rule is one rule, under the file's name."""
    files = {path.stem for path in HOUSE.glob("*.py") if OFFENCE.search(path.read_text())}

    assert {"flood", "keywords", "links"} <= files
    assert sorted(files) == list(all_rules())


@pytest.mark.parametrize(("key", "rule"), all_rules().items())
def test_what_a_rule_brings(key: str, rule: type[Rule]):
    """A rule has its key, a title in both languages, and demands a reason."""
    assert key == rule.key
    assert isinstance(rule.title, Text)
    assert rule.model_fields["reason"].is_required()
    assert rule.model_config["frozen"]
    assert rule.model_config["extra"] == "forbid"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files belong to the rules as well, for this test."""
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    all_rules.cache_clear()
    yield tmp_path
    all_rules.cache_clear()
    for found in pkgutil.iter_modules([str(tmp_path)]):
        sys.modules.pop(f"rules.{found.name}", None)
        if hasattr(rules, found.name):
            delattr(rules, found.name)
    importlib.invalidate_caches()


def write(room: Path, name: str, *keys: str) -> None:
    """A file of that name with rules of these keys."""
    lines = ["from rules.base import Rule"]
    for number, key in enumerate(keys):
        lines += [f"class R{number}(Rule):", f"    key = {key!r}"]
    (room / f"{name}.py").write_text("\n".join(lines))
    importlib.invalidate_caches()


def test_a_new_file_is_a_new_rule(room: Path):
    """Adding a rule is adding one file."""
    write(room, "shouting", "shouting")

    assert "shouting" in all_rules()


def test_one_rule_is_found_by_its_key(room: Path):
    """Without a look into the others; where there is none, there is none."""
    write(room, "shouting", "shouting")

    found = find_rule("shouting")
    assert found is not None
    assert "shouting" == found.key
    assert [None] * 4 == [find_rule(key) for key in ("lexicon", "没有", "../flood", "")]


@pytest.mark.parametrize("keys", [("other",), ("wrong", "second")])
def test_a_file_is_one_rule_of_its_name(room: Path, keys: tuple[str, ...]):
    """Another key than the file's name, or two rules in a file, are refused with the file."""
    write(room, "wrong", *keys)

    with pytest.raises(TypeError, match=r"rules/wrong\.py"):
        all_rules()
    with pytest.raises(TypeError, match=r"rules/wrong\.py"):
        find_rule("wrong")
