"""过长：一条消息占满屏幕。 Length: one message that fills the screen."""

import re
from collections.abc import Collection
from itertools import islice
from typing import ClassVar

from pydantic import Field

from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.sheaf import Sheaf

_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


class Length(Rule):
    """More than `characters` characters, or more than `lines` lines."""

    key: ClassVar[str] = "length"
    title: ClassVar[Text] = Text(zh="消息过长", en="messages too long")
    of_content: ClassVar[bool] = True

    characters: int = Field(
        default=1000,
        ge=10,
        le=100_000,
        description="最多多少个字 so many characters are fine",
    )
    lines: int = Field(
        default=40,
        ge=1,
        le=10_000,
        description="最多多少行，空行也算 so many lines are fine, empty ones included",
    )

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """Those with so many characters, or where every character might be a line."""
        fine = min(self.characters, self.lines - 1)
        return [place for place, text in enumerate(sheaf.texts) if len(text) > fine]

    def judge(self, message: Message, past: Past) -> Finding | None:  # noqa: ARG002
        """What stands beyond the limit, of the characters first; blank edges do not count."""
        text = message.text
        if len(text) <= self.characters and len(text) < self.lines:
            return None  # not even if every character were a line
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        if end - start > self.characters:
            count, span = end - start, (start + self.characters, end)
            detail = f"{count} 字，上限 {self.characters}"
            english = f"{count} characters, the limit is {self.characters}"
            return Finding(self.called, span, f"{detail} {english}")
        too_many = next(islice(_BREAK.finditer(text, start, end), self.lines - 1, None), None)
        if too_many is None:
            return None
        count = self.lines + 1 + sum(1 for _ in _BREAK.finditer(text, too_many.end(), end))
        detail = f"{count} 行，上限 {self.lines} {count} lines, the limit is {self.lines}"
        return Finding(self.called, (too_many.end(), end), detail)
