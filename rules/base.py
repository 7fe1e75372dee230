"""What a rule is: settings plus one pure method.

The model is the configuration: its fields are the keys in config.yaml, unknown keys are refused.
A rule sees the message and what it declared it needs of the past, nothing else: no storage, no
gateway, no wall clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from bot.events import Message
from bot.texts import Text


@dataclass(frozen=True, slots=True)
class Past:
    """What a rule may know of what came before, of this member in this group.

    `times` are when the member's earlier messages were said, oldest first, no further back than
    the rule's `looks_back`; the message being judged is not among them.
    """

    times: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule matched.

    `rule` is the rule's key, `span` the matched part of the original text (start, end; (0, 0)
    where the whole behaviour and not a place in the text is the offence), `detail` a short
    Chinese-first sentence for operators, never quoted in a group.
    """

    rule: str
    span: tuple[int, int]
    detail: str


class Rule(BaseModel):
    """The base of every rule. A rule runs only if config.yaml names it and states its reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ClassVar[str]
    """The rule's name: that of its file, its key in config.yaml, its heading in docs/rules.md."""

    title: ClassVar[Text]
    """What members read instead of the key."""

    reason: str = Field(
        min_length=2,
        max_length=200,
        description="为什么有这条规则，成员会读到 why this rule exists, in words that members read",
    )

    @property
    def looks_back(self) -> timedelta:
        """How far into the past `judge` needs to see; zero means not at all."""
        return timedelta(0)

    def judge(self, message: Message, past: Past) -> Finding | None:
        """The finding, or None where the message is in order. Pure and quick."""
        raise NotImplementedError
