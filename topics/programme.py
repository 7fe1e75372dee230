"""A programme: a schedule of topics for a group."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.duration import Duration
from storage.values import TopicKind


class Programme(BaseModel):
    """When topics are posted and which; a key under `programmes` in config.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    cron: str = Field(
        description="五段 cron：分 时 日 月 周 five fields: minute hour day month weekday",
        examples=["0 9 * * mon-fri"],
    )
    time_zone: ZoneInfo | None = Field(
        default=None, description="不写则用群的时区 the group's time zone if left out"
    )
    grace: Duration = Field(
        default=timedelta(minutes=30),
        description="迟到多久以内仍然补发，超过则跳过 how late a post may still be posted",
    )
    window: Duration = Field(
        default=timedelta(hours=3),
        description="发出后多久内的发言算作回应 how long what others say counts as an answer",
    )
    tags: tuple[str, ...] = Field(
        default=(), description="只选带有其中任一标签的话题 only topics with one of these tags"
    )
    kind: TopicKind | None = Field(
        default=None, description="只选万能或专业话题 only universal or only professional topics"
    )
