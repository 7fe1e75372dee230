from pathlib import Path

import pytest
from builders import said
from ruamel.yaml import YAML

from rules.base import Finding, Past, Rule
from rules.discovery import all_rules
from rules.presets import names, preset

HERE = Path(__file__).parent


def table(name: str) -> dict[str, list[str]]:
    """Sentences by field or preset."""
    return YAML(typ="safe", pure=True).load((HERE / name).read_text(encoding="utf-8"))


ORDINARY = [(field, text) for field, texts in table("ordinary.yaml").items() for text in texts]
OFFENCES = [(name, text) for name, texts in table("offences.yaml").items() for text in texts]


def rule_of(name: str) -> Rule:
    """The rule that a preset is."""
    settings = preset(name)
    kind = all_rules()[settings.pop("rule")]
    return kind.model_validate(settings | {"name": name})


PRESETS = {name: rule_of(name) for name in names()}


def judge(name: str, text: str) -> Finding | None:
    """Judge a text by a preset."""
    return PRESETS[name].judge(said(text), Past())


def test_the_presets():
    """The four that the README promises are there."""
    assert {"广告", "引流", "诈骗", "文明"} == set(names())


@pytest.mark.parametrize("name", names())
def test_a_preset_explains_itself(name: str):
    """It brings its reason, and is called by its name before members."""
    assert len(PRESETS[name].reason) > 10
    assert PRESETS[name].shown.zh == name


def test_what_is_handed_out_can_be_changed():
    """Nobody changes a preset for others by writing into what they got."""
    preset("广告")["words"].append("好")

    assert "好" not in preset("广告")["words"]


def test_an_unknown_preset():
    """A name that is no preset, or tries to lead out of the folder, is refused."""
    for name in ("没有", "../presets/广告", ""):
        with pytest.raises(FileNotFoundError):
            preset(name)


def test_the_tables_are_large():
    """At least 300 ordinary sentences and 120 offences, none of them twice."""
    assert len({text for _, text in ORDINARY}) == len(ORDINARY) >= 300
    assert len({text for _, text in OFFENCES}) == len(OFFENCES) >= 120


def test_ordinary_talk_is_left_in_peace():
    """No preset finds anything in ordinary talk, warnings and quotations included."""
    hits = [
        f"{name}: {text} ({finding.detail})"
        for _, text in ORDINARY
        for name in PRESETS
        if (finding := judge(name, text))
    ]

    assert [] == hits


def test_offences_are_found():
    """Every real-looking offence is found by its preset."""
    assert [] == [f"{name}: {text}" for name, text in OFFENCES if judge(name, text) is None]
