"""The shape of config.yaml: the models as the file writes them, and the JSON Schema of it all.

In the file a rule stands under its key and `false` switches it off; what is in force in a group
(`handlers.settings.GroupSettings`) holds only the rules that run.
"""

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, create_model

from bot.config import HouseSettings, Match
from bot.config_tree import Path, is_switch
from bot.duration import show
from bot.written_programme import WrittenProgramme
from handlers.model import Settings
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.discovery import all_rules
from rules.presets import names, preset
from topics.programme import Programme

Schema = dict[str, Any]

_LENGTH = TypeAdapter(timedelta)
_ISO_LENGTH = re.compile(r"P(?=.)(\d+D)?(T[\dHMS.]+)?$")
_NO_SECONDS = ":00"
_TIME_OF_DAY = re.compile(rf"\d\d:\d\d{_NO_SECONDS}$")
_SWITCH = {"enum": [False, None]}
_KIND = {"description": "种类；名字就是种类时不必写 its kind, unless its name says it"}
_PRESET = {
    "description": "自带的一套词与理由，没写的都取自它 words and a reason that ship with Weilu",
    "enum": [*names()],
}


ProgrammeName = Annotated[str, Field(min_length=1, max_length=60)]


@cache
def written_models() -> tuple[type[GroupSettings], type[GroupSettings]]:
    """The models of `defaults` and of one entry of `groups`, as the file writes them.

    Their `rules` are read by bot/config_rules.py.
    """
    return _models()


@cache
def group_models() -> tuple[type[GroupSettings], type[GroupSettings]]:
    """The same with one entry of each kind under `rules`, for the schema."""
    slots: Any = {
        key: (rule | None, Field(default=None, description=_first_line(rule)))
        for key, rule in all_rules().items()
    }
    rules = create_model("Rules", __base__=Settings, **slots)
    about = GroupSettings.model_fields["rules"].description
    return _models(rules=(rules, Field(default=rules(), description=about)))


def _models(**written: Any) -> tuple[type[GroupSettings], type[GroupSettings]]:
    about = GroupSettings.model_fields["programmes"].description
    written["programmes"] = (
        dict[ProgrammeName, WrittenProgramme | None],
        Field(default={}, description=about),
    )
    match: Any = (Match, Field(description="这一条管哪些群 which groups this is for"))
    return (
        create_model("Defaults", __base__=GroupSettings, **written),
        create_model("Entry", __base__=GroupSettings, **written, match=match),
    )


def settings_of(parsed: GroupSettings, rules: tuple[Rule, ...]) -> GroupSettings:
    """What is in force, from what the file writes: switched-off programmes are gone.

    All of it was checked as it was parsed; to check it again is to build one more large schema.
    """
    values = {name: getattr(parsed, name) for name in GroupSettings.model_fields}
    programmes = {
        name: Programme(**{field: getattr(programme, field) for field in Programme.model_fields})
        for name, programme in values["programmes"].items()
        if programme is not None
    }
    return GroupSettings.model_construct(**(values | {"rules": rules, "programmes": programmes}))


def _first_line(rule: type[BaseModel]) -> str:
    module = inspect.getmodule(rule)
    return (inspect.getdoc(module) or "").partition("\n")[0]


@cache
def schema() -> Schema:
    """The JSON Schema (2020-12) of config.yaml, so that editors complete and underline.

    It refuses no valid file. What one entry of `groups` may leave out depends on `defaults`, so
    nothing but `match` is required there.
    """
    defaults, entry = group_models()
    house = _tidy(
        HouseSettings.model_json_schema(by_alias=True, ref_template="#/$defs/House{model}")
    )
    base = _tidy(defaults.model_json_schema(by_alias=True))
    group = _tidy(entry.model_json_schema(by_alias=True, ref_template="#/$defs/Group{model}"))
    parts = base.pop("$defs")
    parts |= {f"House{name}": part for name, part in house.pop("$defs").items()}
    parts |= {f"Group{name}": part for name, part in group.pop("$defs").items()}
    parts |= {"Defaults": base, "Group": group}
    _loosen(parts)
    house["properties"] |= {
        "defaults": {"description": "每个群都继承的 what every group inherits"}
        | _ref_or_null("Defaults"),
        "groups": {
            "description": "群，从上往下第一条匹配的算；没有匹配的群一概不管"
            " the groups: the first entry that matches counts; other groups are left alone",
            "type": ["array", "null"],
            "items": {"$ref": "#/$defs/Group"},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "围炉 Weilu config.yaml",
        **house,
        "required": ["account", "groups"],
        "$defs": dict(sorted(parts.items())),
    }


def _tidy(shape: Schema) -> Schema:
    """Without titles and docstrings (written for programmers); sections may be left empty."""
    parts = shape.get("$defs", {})
    for part in (shape, *parts.values()):
        part.pop("description", None)
        part.pop("title", None)
        for name, prop in part.get("properties", {}).items():
            prop.pop("title", None)
            default = str(prop.get("default", ""))
            if _ISO_LENGTH.match(default):
                prop["default"] = show(_LENGTH.validate_python(default))
            elif _TIME_OF_DAY.match(default):
                prop["default"] = default.removesuffix(_NO_SECONDS)
            part["properties"][name] = _maybe_empty(prop, parts)
    return shape


def _maybe_empty(prop: Schema, parts: dict[str, Schema]) -> Schema:
    kind = prop.get("type")
    if "$ref" in prop:
        name = prop["$ref"].rpartition("/")[2]
        kind = parts[name.removeprefix("Group").removeprefix("House")].get("type")
    if kind not in ("object", "array"):
        return prop
    about = {"description": prop.pop("description", "")}
    default = prop.pop("default", None)
    if "zh" in (default or ()):  # the default of any other section is that of its settings
        about["default"] = default
    return {"anyOf": [prop, {"type": "null"}], **about}


def _ref_or_null(name: str) -> Schema:
    return {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]}


def _loosen(parts: dict[str, Schema]) -> None:
    """What pydantic's schema cannot say: switches, exactly one matcher, nothing required twice."""
    for name, part in parts.items():
        if name.startswith("Group"):
            part.pop("required", None)
    parts["Group"]["required"] = ["match"]
    match = parts["GroupMatch"]
    match |= {"minProperties": 1, "maxProperties": 1}
    for name, prop in match["properties"].items():
        match["properties"][name] = prop["anyOf"][0] | {"description": prop["description"]}
    for prefix in ("", "Group"):
        _loosen_rules(parts, prefix)
    for part in (parts["Defaults"], parts["Group"]):
        prop = part["properties"]["programmes"]["anyOf"][0]
        prop["additionalProperties"]["anyOf"][-1] = _SWITCH


def _loosen_rules(parts: dict[str, Schema], prefix: str) -> None:
    """Names of one's own, and presets, which bring what is required."""
    rules = parts[f"{prefix}Rules"]
    refs: dict[str, Schema] = {}
    for prop, rule in zip(rules["properties"].values(), all_rules().values(), strict=True):
        prop["anyOf"][-1] = _SWITCH
        part = parts[f"{prefix}{rule.__name__}"]
        del part["properties"]["name"]
        part["properties"] |= {"rule": _KIND | {"const": rule.key}, "preset": _PRESET}
        if required := part.pop("required", None):
            part["if"] = {"not": {"required": ["preset"]}}
            part["then"] = {"required": required}
        refs[rule.key] = {"$ref": f"#/$defs/{prefix}{rule.__name__}"}
    rules["additionalProperties"] = _own_rule(refs)


def _own_rule(refs: dict[str, Schema]) -> Schema:
    """A rule under a name of one's own: what it may hold depends on its kind."""
    by_kind = [_where("rule", key, ref) for key, ref in refs.items()]
    by_preset = [_where("preset", name, refs[preset(name)["rule"]]) for name in names()]
    own = {
        "type": "object",
        "properties": {"rule": {"enum": [*refs]}, "preset": _PRESET},
        "anyOf": [{"required": ["rule"]}, {"required": ["preset"]}],
        "allOf": [*by_kind, {"if": {"not": {"required": ["rule"]}}, "then": {"allOf": by_preset}}],
    }
    description = "自己取名的规则 a rule under a name of your own"
    return {"description": description, "if": {"not": _SWITCH}, "then": own}


def _where(key: str, value: str, ref: Schema) -> Schema:
    return {"if": {"properties": {key: {"const": value}}, "required": [key]}, "then": ref}


def shape_at(path: Path) -> Schema:
    """The part of the schema for what is written at `path`; empty where the schema knows none."""
    shape = schema()
    for key in path:
        shape = _below(_resolved(shape), key)
    return _resolved(shape)


def keys_at(path: Path) -> tuple[str, ...]:
    """The keys that may stand in the section at `path`."""
    return tuple(shape_at(path).get("properties", ()))


def homes_of(key: str) -> list[str]:
    """The sections in which a key is at home, for those who wrote it in the wrong place."""
    sections: list[Path] = [(), *_sections(())]
    return [".".join(map(str, path)) for path in sections if path and key in keys_at(path)]


def _sections(path: Path) -> Iterator[Path]:
    for key in keys_at(path):
        if keys_at((*path, key)):
            yield (*path, key)
            yield from _sections((*path, key))


def is_section(path: Path) -> bool:
    """Whether a mapping or list belongs at `path`: written empty, it means nothing was written."""
    return not is_switch(path) and shape_at(path).get("type") in ("object", "array")


def _below(shape: Schema, key: str | int) -> Schema:
    if isinstance(key, int):
        found: Schema = shape.get("items", {})
    else:
        rest = shape.get("additionalProperties")
        found = shape.get("properties", {}).get(key, rest if isinstance(rest, dict) else {})
    return found


def _resolved(shape: Schema) -> Schema:
    """The shape itself, behind references and beside null."""
    if "anyOf" in shape:
        return _resolved(shape["anyOf"][0])
    if "$ref" in shape:
        return _resolved(schema()["$defs"][shape["$ref"].rpartition("/")[2]])
    if shape.get("type") == ["array", "null"]:
        return shape | {"type": "array"}
    return shape
