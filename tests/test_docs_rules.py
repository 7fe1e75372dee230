"""docs/rules.md: every rule has its section, and every example in it is true."""

import re
from pathlib import Path

import pytest
from builders import later, said
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

from bot.duration import show
from rules.base import Past, Rule
from rules.discovery import all_rules

PAGE = (Path(__file__).parent.parent / "docs" / "rules.md").read_text(encoding="utf-8")
RULES = all_rules()
ROW = re.compile(r"^\| `([^`]*)` \| (?:`([^`]*)` )?\|$", re.MULTILINE)
SETTING = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`|必写 required|无 none) \| .+ \|$", re.MULTILINE)


def section(key: str) -> str:
    """What stands under a heading."""
    return re.split(r"^## ", PAGE.split(f"\n## {key}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def example(key: str) -> Rule:
    """The rule as the section's YAML sets it."""
    (block,) = re.findall(r"```yaml\n(.*?)```", section(key), re.DOTALL)
    written = YAML(typ="safe", pure=True).load(block)
    return RULES[key].model_validate(written[key])


def rows(key: str) -> list[tuple[str, str]]:
    """The examples of a section: what happens, and what is found (or nothing)."""
    return ROW.findall(section(key).split("碰到 found |", 1)[1])


def test_a_heading_each():
    """The headings are the keys of the rules, no more and no fewer."""
    assert sorted(RULES) == sorted(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))


@pytest.mark.parametrize("key", RULES)
def test_both_languages(key: str):
    """A section names the rule as members read it, in Chinese and in English."""
    told, title = section(key).lower(), RULES[key].title

    assert f"**{title.zh}**" in told
    assert f"**{title.en}**" in told


@pytest.mark.parametrize("key", RULES)
def test_the_settings(key: str):
    """The table lists exactly the fields of the model, with their defaults."""
    written = dict(SETTING.findall(section(key)))

    assert written == {name: default(key, name) for name in RULES[key].model_fields}


def default(key: str, name: str) -> str:
    """A default as it is written in YAML; nothing where there is none."""
    value = RULES[key].model_fields[name].default
    if value is PydanticUndefined or value == ():
        return ""
    return show(value) if hasattr(value, "total_seconds") else str(value)


@pytest.mark.parametrize(("text", "found"), rows("keywords"))
def test_keywords(text: str, found: str):
    """The text is judged as the table says, and the place is that of the words."""
    finding = example("keywords").judge(said(text), Past())

    assert found == (text[slice(*finding.span)] if finding else "")


@pytest.mark.parametrize(("seconds", "found"), rows("flood"))
def test_flood(seconds: str, found: str):
    """The last message is judged as the table says."""
    *past, last = (later(seconds=int(each)) for each in seconds.split())
    finding = example("flood").judge(said("在吗", at=last), Past(past))

    assert found == (finding.detail.split("，")[0] if finding else "")


def test_the_examples_are_seen():
    """The tables are found, and hold what is in order as well as what is not."""
    for key in RULES:
        outcomes = [bool(found) for _, found in rows(key)]
        assert len(outcomes) >= 4
        assert {True, False} == set(outcomes)
