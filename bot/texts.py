"""Words for people: Chinese first, English beside it, and the same placeholders in both."""

from enum import StrEnum
from string import Formatter
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Language(StrEnum):
    """What a reader is shown."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"
    """Chinese, and the English below it."""


class Text(BaseModel):
    """One thing to say, in Chinese and in English; also a setting with a default in config.yaml.

    Placeholders are plain names in braces, `{name}`; both languages must hold the same ones,
    otherwise the text does not construct (ValueError). No attribute or index access is allowed:
    an edited text can show a value, never reach behind it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    zh: str
    en: str

    @model_validator(mode="after")
    def _same_placeholders(self) -> "Text":
        zh, en = placeholders(self.zh), placeholders(self.en)
        if zh != en:
            raise ValueError(
                f"zh 与 en 的占位符不同 the placeholders differ: zh {sorted(zh)}, en {sorted(en)}"
            )
        return self

    def say(self, language: Language = Language.ZH, **values: Any) -> str:
        """The text in one language (or both, one below the other) with the values filled in.

        Raises KeyError when a placeholder has no value: a fault of ours, found by tests.
        """
        if language is Language.BOTH:
            return f"{self.zh.format(**values)}\n{self.en.format(**values)}"
        return (self.en if language is Language.EN else self.zh).format(**values)


def named(name: str) -> Text:
    """A name that is the same in every language; braces in it are only braces."""
    plain = name.replace("{", "{{").replace("}", "}}")
    return Text.model_validate({"zh": plain, "en": plain})


def placeholders(text: str) -> set[str]:
    """The names in braces. Raises ValueError for anything but plain names."""
    found = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(
                f"占位符只能是花括号里的名字 placeholders are plain names in braces: {{{name}}}"
            )
        found.add(name)
    return found
