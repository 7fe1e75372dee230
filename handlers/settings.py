"""What config.yaml says about one group and about the house, as the handlers need it."""

from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from bot.duration import Duration
from bot.texts import Language, Text, placeholders
from rules.base import Rule
from topics.programme import Programme


class Settings(BaseModel):
    """The base of every settings model: frozen, unknown keys refused.

    A Text may use the placeholders of its default and no others: those are what its handler fills.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @field_validator("*")
    @classmethod
    def _fillable(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Text):
            default = cls.model_fields[str(info.field_name)].default
            known = placeholders(default.zh) if isinstance(default, Text) else set()
            unknown = sorted(placeholders(value.zh) - known)
            if unknown:
                usable = "、".join(f"{{{name}}}" for name in sorted(known)) or "无 none"
                raise ValueError(
                    f"不认识的占位符 {{{unknown[0]}}}，这里可用：{usable}"
                    f" unknown placeholder; these may be used: {usable}"
                )
        return value


class ModerateSettings(Settings):
    """How a finding is answered."""

    cooldown: Duration = Field(
        default=timedelta(minutes=10),
        description="同一人同一规则多久内只提醒一次 remind a member of one rule once in this time",
    )
    text: Text = Field(
        default=Text(
            zh="这里的约定是「{rule}」：{reason}（案件 {case}）。如有异议，请告诉管理员。",
            en="Our agreement here: “{rule}”: {reason} (case {case})."
            " If you disagree, tell an admin.",
        ),
        description="提醒的话 the reminder; {rule} {reason} {case}",
    )


class WelcomeSettings(Settings):
    """How a newcomer is greeted."""

    enabled: bool = Field(default=True, description="是否欢迎新人 whether newcomers are greeted")
    expires: Duration = Field(
        default=timedelta(hours=2),
        description="迟于此时长的欢迎不再发出 a welcome later than this is dropped",
    )
    text: Text = Field(
        default=Text(
            zh="欢迎来到「{group}」！先跟大家打个招呼吧：你从哪里来，最近在忙什么？",
            en="Welcome to “{group}”! Say hello: where are you from,"
            " what are you up to these days?",
        ),
        description="欢迎的话 the greeting; {group}",
    )


class CommandsSettings(Settings):
    """Whether members may ask the bot: 帮助, 群规, 我的记录."""

    enabled: bool = Field(
        default=True,
        description="是否回答「帮助」「群规」「我的记录」 whether commands are answered",
    )


class GroupSettings(Settings):
    """Everything that is in force in one group: the defaults with the group's own over them."""

    language: Language = Field(
        default=Language.ZH,
        description="围炉说什么语言：zh、en 或 both（都说） what Weilu speaks: zh, en or both",
    )
    time_zone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Shanghai"),
        description="时区，如 Asia/Shanghai the time zone, like Asia/Shanghai",
    )
    purpose: str = Field(
        default="", max_length=300, description="这个群为什么存在 why this group exists"
    )
    keep_text_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        default=30, description="消息原文保留几天，0 为从不保留 days a text is kept, 0 means never"
    )
    rules: tuple[Rule, ...] = Field(
        default=(),
        description="启用的规则，没写的不启用；false 关闭继承来的"
        " the rules in force, only those named; false switches an inherited one off",
    )
    moderate: ModerateSettings = Field(
        default=ModerateSettings(), description="怎样提醒违规的人 how members are reminded"
    )
    welcome: WelcomeSettings = Field(
        default=WelcomeSettings(), description="怎样欢迎新人 how newcomers are greeted"
    )
    commands: CommandsSettings = Field(
        default=CommandsSettings(), description="成员可以问围炉什么 what members may ask"
    )
    programmes: dict[str, Programme] = Field(
        default_factory=dict,
        description="按时发话题的节目，名字自取；false 关闭继承来的"
        " topics on a schedule, under names of your own; false switches an inherited one off",
    )

    @cached_property
    def looks_back(self) -> timedelta:
        """The longest past that one of the rules needs; asked for every message."""
        return max((rule.looks_back for rule in self.rules), default=timedelta(0))


class House(Settings):
    """What is true of the whole account."""

    account: str
    language: Language = Language.ZH
    operator_ids: frozenset[str] = frozenset()
    """Platform ids of operators and admins: they are told, and rules do not touch them."""
    operators_group_id: str = ""
    """Platform id of the operators' own group, once it is known; notices go there first."""
