"""How fast the account may act: what config.yaml says under `pace`. The outbox keeps to it.

No provider publishes a safe rate; these defaults are stricter than every number we found.
"""

import re
from datetime import time, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from bot.duration import Duration

_WALL_TIME = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"


def _wall_time(value: Any) -> time:
    """`07:30` as a time of day; a time passes."""
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(_WALL_TIME, value):
        raise ValueError('钟点请写成 "23:00" 这样 write a time of day like "23:00"')
    hour, minute = value.split(":")
    return time(int(hour), int(minute))


WallTime = Annotated[
    time,
    BeforeValidator(_wall_time),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_WALL_TIME}$", "examples": ["23:00"]}),
]


class _PaceModel(BaseModel):
    """Frozen, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        validate_by_name=True,
        defer_build=True,
    )


class QuietHours(_PaceModel):
    """When nothing but moderation is said: from `start` to `end` on the wall, over midnight too."""

    start: WallTime = Field(alias="from", description="几点起安静 quiet from this time on")
    end: WallTime = Field(alias="to", description="几点起恢复 until this time")
    time_zone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Shanghai"),
        description="不写则用文件顶层的 time_zone the time_zone at the top of the file if left out",
    )

    def holds(self, wall: time) -> bool:
        """Whether this time of day, in its zone, belongs to them."""
        if self.end <= self.start:  # over midnight
            return wall >= self.start or wall < self.end
        return self.start <= wall < self.end

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.start == self.end:
            raise ValueError(
                "from 与 to 相同；不要安静时段就删掉 quiet_hours "
                "from equals to; for no quiet hours leave quiet_hours out"
            )
        return self


class PaceSettings(_PaceModel):
    """The limits of one account, over all its groups."""

    per_minute: int = Field(
        default=20, ge=1, le=60, description="整个账号每分钟最多几条 messages a minute, all groups"
    )
    group_per_minute: int = Field(
        default=6, ge=1, le=60, description="每个群每分钟最多几条 messages a minute in one group"
    )
    typing_per_character: float = Field(
        default=0.12,
        ge=0,
        le=2,
        description="发送前按字数停顿，每字几秒 seconds of typing per character before speaking",
    )
    typing_cap: Duration = Field(
        default=timedelta(seconds=8), description="停顿最长多久 the longest typing delay"
    )
    typing_jitter: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="停顿的随机幅度，0.3 即 ±30% how much the delay varies, 0.3 is ±30 %",
    )
    removals_per_hour: int = Field(
        default=5,
        ge=0,
        le=60,
        description="每小时最多移出几人，再多须运营者确认 removals an hour, more need an operator",
    )
    same_text_groups: int = Field(
        default=5, ge=1, le=100, description="同一段话最多发到几个群 groups told the same text"
    )
    same_text_within: Duration = Field(
        default=timedelta(minutes=10), description="在多长时间以内 … within this time"
    )
    retry_first: Duration = Field(
        default=timedelta(seconds=5), description="第一次重试前等多久 wait before the first retry"
    )
    retry_cap: Duration = Field(
        default=timedelta(minutes=5), description="两次重试最多隔多久 longest wait between retries"
    )
    tries: int = Field(
        default=5, ge=1, le=20, description="最多试几次 how often an action is tried"
    )
    quiet_hours: QuietHours | None = Field(
        default=None, description="安静时段，不写则没有 hours of silence; none if left out"
    )
