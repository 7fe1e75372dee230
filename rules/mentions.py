"""点名过多：一条消息 @ 太多人，或 @ 所有人。 Mentions: @-mentioning too many, or everybody."""

import re
from collections.abc import Collection
from typing import ClassVar

from pydantic import Field

from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.sheaf import Sheaf

_EVERYBODY = re.compile(
    r"(?<![\w.+-])[@＠]\s?(?:(?:所有|全体|全體|全部)(?:人|成员|成員)|(?:all|everyone)(?![\w.-]))",
    re.IGNORECASE | re.ASCII,
)
_SIGN = re.compile("[@＠]")
_WRITTEN = re.compile("[@＠][^@＠\u2005\n]{1,64}\u2005")
"""WeChat ends a mention by this space: what was picked from the list and not merely typed."""


class Mentions(Rule):
    """More than `limit` members mentioned in one message, or everybody at once."""

    key: ClassVar[str] = "mentions"
    title: ClassVar[Text] = Text(zh="@ 的人太多", en="mentioning too many")
    of_content: ClassVar[bool] = True

    limit: int = Field(
        default=5,
        ge=1,
        le=500,
        description="一条消息最多 @ 几个人 so many people in one message are fine",
    )
    everybody: bool = Field(
        default=True,
        description="@所有人、@all 也算 @所有人 and @all count as well",
    )

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """Where the text holds the sign of a mention, and where too many are told of."""
        limit = self.limit
        many = [n for n, each in enumerate(sheaf.messages) if len(each.mentions) > limit]
        return sheaf.touched(_SIGN).union(many)

    def judge(self, message: Message, past: Past) -> Finding | None:  # noqa: ARG002
        """The call to everybody, or the number of those mentioned (no place in the text)."""
        text = message.text
        count = len(message.mentions)
        if "@" in text or "＠" in text:
            everybody = _EVERYBODY.search(text) if self.everybody else None
            if everybody is not None:
                return Finding(self.called, everybody.span(), "@ 了所有人 everybody was mentioned")
            count = max(count, len(set(_WRITTEN.findall(text))))
        if count <= self.limit:
            return None
        english = f"{count} members mentioned, the limit is {self.limit}"
        return Finding(self.called, (0, 0), f"@ 了 {count} 人，上限 {self.limit} {english}")
