"""句式：消息里有约定不用的句式（正则）。 Patterns: forms that the group agreed not to use."""

from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.expressions import AnyOf, compiled, encodable
from rules.normalising import normalise
from rules.sheaf import Bundle, Sheaf

_LONGEST = 20_000
"""No platform lets a text be longer; with the next bound it keeps the worst message under a few
seconds even where an expression was written to be slow."""
_LARGEST = 20_000
"""Instructions of all programs of one rule together; an ordinary expression has 20 to 200."""


class Reading(StrEnum):
    """Which text a pattern is held against."""

    ORIGINAL = "original"
    """As it was sent."""
    NORMALISED = "normalised"
    """After normalising: small letters, no tricks, see rules/normalising.py."""
    BOTH = "both"
    """As it was sent, and if nothing is found there, normalised."""


_ORIGINAL, _NORMALISED = Reading.ORIGINAL, Reading.NORMALISED  # members of an enum are slow to ask


class Pattern(BaseModel):
    """One expression, and what it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    pattern: str = Field(
        min_length=1,
        max_length=500,
        description="RE2 正则表达式，不支持环视与反向引用"
        " an RE2 expression: no look-around, no back-references",
    )
    note: str = Field(
        default="", max_length=100, description="这一条找什么，给运营者看 what it finds"
    )

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        """A bare string is an expression without a note."""
        return {"pattern": value} if isinstance(value, str) else value


class Patterns(Rule):
    """One of the expressions finds something in the message.

    Every expression is linear in the length of the text, of which the first 20,000 characters
    are looked at as if it ended there: neither can hang the bot.
    """

    key: ClassVar[str] = "patterns"
    title: ClassVar[Text] = Text(zh="不用的句式", en="forms we avoid")
    of_content: ClassVar[bool] = True

    patterns: tuple[Pattern, ...] = Field(
        min_length=1,
        max_length=200,
        description="正则表达式（RE2），可带说明 expressions (RE2), each with a note if you like",
    )
    read: Reading = Field(
        default=Reading.BOTH,
        description="对照原文 original、归一后的文字 normalised，或两者 both"
        " which text is looked at: original, normalised or both",
    )
    case: bool = Field(default=False, description="区分大小写 capitals and small letters differ")

    @model_validator(mode="after")
    def _understood(self) -> Self:
        """Every expression is compiled when the config is read, not when a message comes."""
        size, wrong = 0, []
        for number, each in enumerate(self.patterns, 1):
            try:
                size += compiled(each.pattern, ignore_case=not self.case).programsize
            except ValueError as error:
                wrong.append(f"第 {number} 条 no. {number}: {error}")
        if wrong:
            raise ValueError("；".join(wrong))
        if size > _LARGEST:
            raise ValueError(
                "这些句式加在一起太大；请减少 {0,200} 这样的重复，或分成几条规则"
                " the patterns are too large together: repeat less, or make several rules of them"
            )
        return self

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """Where one of the expressions finds something, as far as one look at all texts tells."""
        found = set(self._may_find.among(sheaf.sent))
        if self.read is _ORIGINAL:
            return found
        places, normal = list(sheaf.loud), Bundle([each.text for each in sheaf.loud.values()], "\n")
        return found.union(places[at] for at in self._may_find.among(normal))

    def judge(self, message: Message, past: Past) -> Finding | None:  # noqa: ARG002
        """What stands first in the text, and of that the expression that is written first."""
        text = message.text[:_LONGEST]
        if self.read is not _NORMALISED:
            first = self._first(text)
            if first is not None:
                return self._finding(*first)
        if self.read is _ORIGINAL:
            return None
        normal = normalise(text)
        looked_at = self.read is not _NORMALISED and normal.text == text
        first = None if looked_at else self._first(normal.text)
        if first is None:
            return None
        start, end, which = first
        span = normal.span(start, end)
        return self._finding(*span, which, tuple(normal.steps(*span)))

    def _finding(self, start: int, end: int, which: int, steps: tuple[str, ...] = ()) -> Finding:
        found = self.patterns[which]
        what = found.note or found.pattern
        detail = f"符合第 {which + 1} 条句式「{what}」 pattern no. {which + 1}: {what}"
        return Finding(self.called, (start, end), detail, steps)

    def _first(self, text: str) -> tuple[int, int, int] | None:
        """Start, end and number of the first thing found that is not empty."""
        if not self._may_find(text):
            return None
        found = self._matches(encodable(text))
        return min(found, default=None, key=lambda match: (match[0], match[2]))

    def _matches(self, text: str) -> Iterator[tuple[int, int, int]]:
        """The first place of every expression, unless that is an empty one."""
        for which, program in enumerate(self._programs):
            match = program.search(text)
            if match is not None and match.end() > match.start():
                yield match.start(), match.end(), which

    @cached_property
    def _programs(self) -> tuple[Any, ...]:
        return tuple(compiled(each.pattern, ignore_case=not self.case) for each in self.patterns)

    @cached_property
    def _may_find(self) -> AnyOf:
        """All expressions as one: nearly every message is in order, and read once only."""
        every = [each.pattern for each in self.patterns]
        return AnyOf(every, ignore_case=not self.case)
