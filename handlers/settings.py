"""What config.yaml says about one group and about the house, as the handlers need it."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.duration import Duration
from bot.texts import Language, Text
from rules.base import Rule
from topics.programme import Programme


class Settings(BaseModel):
    """The base of every settings model: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class ModerateSettings(Settings):
    """How a finding is answered."""

    cooldown: Duration = Field(
        default=timedelta(minutes=10),
        description="同一人同一规则多久内只提醒一次 remind a member of one rule once in this time",
    )
    text: Text = Text(
        zh="这里的约定是「{rule}」：{reason}（案件 {case}）。如有异议，请告诉管理员。",
        en="Our agreement here: “{rule}”: {reason} (case {case}). If you disagree, tell an admin.",
    )


class WelcomeSettings(Settings):
    """How a newcomer is greeted."""

    enabled: bool = True
    expires: Duration = Field(
        default=timedelta(hours=2),
        description="迟于此时长的欢迎不再发出 a welcome later than this is dropped",
    )
    text: Text = Text(
        zh="欢迎来到「{group}」！先跟大家打个招呼吧：你从哪里来，最近在忙什么？",
        en="Welcome to “{group}”! Say hello: where are you from, what are you up to these days?",
    )


class CommandsSettings(Settings):
    """Whether members may ask the bot: 帮助, 群规, 我的记录."""

    enabled: bool = True


class GroupSettings(Settings):
    """Everything that is in force in one group: the defaults with the group's own over them."""

    language: Language = Language.ZH
    time_zone: ZoneInfo = Field(default=ZoneInfo("Asia/Shanghai"))
    purpose: str = Field(
        default="", max_length=300, description="这个群为什么存在 why this group exists"
    )
    keep_text_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        default=30, description="消息原文保留几天，0 为从不保留 days a text is kept, 0 means never"
    )
    rules: tuple[Rule, ...] = ()
    moderate: ModerateSettings = ModerateSettings()
    welcome: WelcomeSettings = WelcomeSettings()
    commands: CommandsSettings = CommandsSettings()
    programmes: dict[str, Programme] = Field(default_factory=dict)


class House(Settings):
    """What is true of the whole account."""

    account: str
    language: Language = Language.ZH
    operator_ids: frozenset[str] = frozenset()
    """Platform ids of operators and admins: they are told, and rules do not touch them."""
    operators_group_id: str = ""
    """Platform id of the operators' own group, once it is known; notices go there first."""
