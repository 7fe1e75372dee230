"""群昵称：群里显示的名字按约定的格式写。 Nickname: the name the group shows keeps to the form."""

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from bot.duration import Duration
from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.consequences import Consequence
from rules.expressions import compiled, encodable
from rules.sheaf import Sheaf

_USUAL = ("-", "－", "–", "—", "_", "＿", "/", "／", "|", "｜", "·", "・", "•", "+", "＋")


def _parts_nothing_said(separator: str) -> str:
    """A letter as a separator would cut names apart."""
    if any(map(str.isalnum, separator)):
        raise ValueError("分隔符不能是字母、数字或汉字 a separator must not be a letter or digit")
    return separator


Separator = Annotated[str, Field(min_length=1, max_length=3), AfterValidator(_parts_nothing_said)]


class Nickname(Rule):
    """The name that the group shows is not of the form agreed.

    The member is asked once, and reminded after `again` as long as the name stays. That is all:
    nobody is warned, silenced or removed for a name, and what they say is in order.
    """

    key: ClassVar[str] = "nickname"
    title: ClassVar[Text] = Text(zh="群昵称", en="names in the group")
    message_is_in_order: ClassVar[bool] = True
    """The name is found, not the message: it goes on to the rules and handlers behind."""

    form: str = Field(
        default="",
        max_length=60,
        description="格式，如 称呼-公司-城市；各部分之间用 separators 里的任何一个"
        " the form, like name-company-city; the parts are joined by any of the separators",
    )
    pattern: str = Field(
        default="",
        max_length=500,
        description="或用 RE2 正则表达式，须符合整个昵称 or an RE2 expression for the whole name",
    )
    separators: tuple[Separator, ...] = Field(
        default=_USUAL,
        min_length=1,
        max_length=30,
        description="form 各部分之间可用的分隔符 what may stand between the parts of `form`",
    )
    again: Annotated[Duration, Field(ge=timedelta(days=1))] = Field(
        default=timedelta(days=7),
        description="没改的话多久再提醒一次 how long until a member is reminded again",
    )

    @field_validator("consequence")
    @classmethod
    def _mild(cls, consequence: Consequence) -> Consequence:
        if consequence > Consequence.REMIND:
            raise ValueError(
                "群昵称只能 note 或 remind：没有人因为名字受处理"
                " nickname may only note or remind: nobody is sanctioned for a name"
            )
        return consequence

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if bool(self.form) == bool(self.pattern):
            raise ValueError("form 与 pattern 要写且只写一个 write either form or pattern")
        if self.pattern:
            compiled(self.pattern, ignore_case=False)
        elif self._parts(self.form) < 2:  # noqa: PLR2004 one part would fit any name
            raise ValueError(
                f"「{self.form}」里没有分隔符，如 称呼-公司-城市"
                " holds no separator; write it like name-company-city"
            )
        return self

    @property
    def cooldown(self) -> timedelta:
        """Within this time a member hears of it once."""
        return self.again

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """Those whose authors' names are not in form."""
        fits = self._is_in_form
        return [n for n, each in enumerate(sheaf.messages) if not fits(each.author.name)]

    def judge(self, message: Message, past: Past) -> Finding | None:  # noqa: ARG002
        """A finding if the author's name is known and not of the form.

        More parts than the form has are fine: a company may be called A-B.
        """
        name = message.author.name
        if not name or self._is_in_form(name):
            return None
        form = self.form or self.pattern
        return Finding(
            self.called,
            (0, 0),
            f"群昵称不合「{form}」 the name in the group is not of the form “{form}”",
        )

    @cached_property
    def _is_in_form(self) -> Callable[[str], bool]:
        """Whether a name is in order; people speak more often than they change their names."""
        return lru_cache(maxsize=4096)(self._fits)

    def _fits(self, name: str) -> bool:
        if self.pattern:
            return self._program.fullmatch(encodable(name)) is not None
        return self._parts(name) >= self._parts(self.form)

    def _parts(self, written: str) -> int:
        """How many parts hold something, if none of them is empty; else 0."""
        parts = self._between.split(written)
        return len(parts) if all(any(map(str.isalnum, part)) for part in parts) else 0

    @cached_property
    def _between(self) -> re.Pattern[str]:
        longest_first = sorted(self.separators, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    @cached_property
    def _program(self) -> Any:
        return compiled(self.pattern, ignore_case=False)
