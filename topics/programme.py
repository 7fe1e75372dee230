"""A programme: a schedule of topics for a group."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from bot.duration import Duration
from bot.texts import Text, placeholders
from storage.values import TopicKind
from topics import timetable
from topics.cast import Cast
from topics.liveliness import HoldBack, OnSilence, Ratio
from topics.season import part
from topics.summary import Summary
from topics.timetable import Days, Slot, Timing

BROADCAST = "群发"
"""The programme of posts that an operator sent to several groups: in no config."""


class Programme(BaseModel):
    """When topics are posted and which; a key under `programmes` in config.yaml.

    By `cron`, by `at`, or by neither where `on_silence` is set; the file sees to it.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )

    at: Annotated[str, Field(examples=["工作日 9:00、20:00；周末 10:30"])] | None = Field(
        default=None,
        description="哪天几点：每天、工作日、休息日、节假日、周末、周一……，几个用顿号，几组用分号；"
        "at、cron、on_silence 至少写一个"
        " which days and when: daily, workdays, restdays, holidays, weekends, mon …; times with"
        " commas between, groups of days with a semicolon; at, cron or on_silence is required",
    )
    cron: Annotated[str, Field(examples=["0 9 * * mon-fri"])] | None = Field(
        default=None,
        description="或者五段 cron：分 时 日 月 周"
        " or a cron of five fields: minute hour day month weekday",
    )
    days: Days = Field(
        default=Days.EVERY,
        description="只在哪种日子：every 每天、workdays 工作日、restdays 休息日、holidays 节假日；"
        "工作日按 country 的放假与调休算"
        " only on such days; workdays are those of the country's public calendar",
    )
    quiet_days: tuple[Annotated[str, AfterValidator(part)], ...] = Field(
        default=(),
        max_length=50,
        description="这些日子不发：春节、10月1日、10月1日~10月7日、2026-02-10~2026-02-24"
        " never on these days: holidays, days, spans",
    )
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = Field(
        default="CN",
        description="按哪国的公共假日，ISO 3166 两个大写字母"
        " whose public holidays count: an ISO 3166 code of two capitals",
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
    stage: Annotated[str, Field(max_length=20)] | None = Field(
        default=None,
        description="群现在的阶段：只选适合它的话题；不写则看共同目标"
        " the stage the group is in: only topics that serve it; by the common goal if left out",
    )
    ratio: Ratio | None = Field(
        default=None,
        description="万能与专业话题的比例，不写则不管"
        " universal to professional topics; any if left out",
    )
    opening: Text | None = Field(
        default=None, description="话题前面的一句话 a line above the topic"
    )
    closing: Text | None = Field(
        default=None, description="话题后面的一句话 a line below the topic"
    )
    on_silence: OnSilence | None = Field(
        default=None,
        description="群里比往常冷清时也发一个，比如 {for: 2h}"
        " post one when the group is quieter than usual, like {for: 2h}",
    )
    hold_back: HoldBack = Field(
        default=HoldBack(),
        description="正聊得热闹就等一等 what is due waits while a conversation is lively",
    )
    cast: Cast | None = Field(
        default=None,
        description="发话题时点两三个合适的人，不写则不点；写 {} 就打开"
        " mention two or three members whom the topic concerns; none if left out, {} turns it on",
    )
    summary: Summary = Field(
        default=Summary(),
        description="话题聊完后怎样小结 how a topic is summed up once its window is over",
    )

    @field_validator("opening", "closing")
    @classmethod
    def _nothing_to_fill(cls, text: Text | None) -> Text | None:
        if text is not None and placeholders(text.zh):
            raise ValueError("这里不能用占位符 no placeholders can be used here")
        return text

    @cached_property
    def timing(self) -> Timing:
        """When it is due, as a plain value: equal for programmes that are due together."""
        return Timing(self.cron, self.at, self.days, self.quiet_days, self.country)

    def due(self, after: datetime, until: datetime, zone: ZoneInfo, most: int) -> tuple[Slot, ...]:
        """Wall time and instant (UTC) of the slots later than `after`, not later than `until`.

        Oldest first; the latest `most` of them where there are more. Answered from memory where
        it was asked a moment ago, for whatever group.
        """
        return timetable.due(self.timing, zone, after, until, most)

    def jumped(self, at: datetime, old: ZoneInfo, new: ZoneInfo) -> tuple[datetime, ...]:
        """The wall time of the slot that is jumped over when, at that moment, the zone changes."""
        return timetable.jumped(self.timing, at, old, new)
