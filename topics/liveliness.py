"""What a programme makes of a group that is quiet, and of one that is talking."""

from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.duration import Duration
from bot.pace import WallTime


class _Liveliness(BaseModel):
    """Frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, defer_build=True)


class OnSilence(_Liveliness):
    """When a topic is posted because the group has become quieter than it usually is."""

    lasting: Annotated[Duration, Field(ge=timedelta(minutes=10), le=timedelta(days=2))] = Field(
        default=timedelta(hours=2),
        alias="for",
        description="看最近多久（10m–2d）的发言 how long the quiet has to last, 10m to 2d",
    )
    below: Annotated[int, Field(ge=1, le=100)] = Field(
        default=50,
        description="少于这个群往常（前几周同一天同一时段的中位数）的百分之几才算冷清"
        " quiet is below so many percent of what is usual here: the median of the same hours of"
        " the same weekday in the weeks before",
    )
    start: WallTime = Field(
        default=time(10), alias="from", description="几点起才会发 posts from this time on"
    )
    end: WallTime = Field(
        default=time(21), alias="to", description="几点以后不发 and until this one"
    )
    apart: Duration = Field(
        default=timedelta(days=1),
        description="离群里上一个话题至少多久 at least so long after the group's last topic",
    )

    @model_validator(mode="after")
    def _by_day(self) -> Self:
        if self.start >= self.end:
            raise ValueError(
                "from 要早于 to：夜里不发 from must be earlier than to: nothing is posted at night"
            )
        return self


class AtTheEnd(StrEnum):
    """What becomes of a post for which the group did not calm down."""

    SKIP = "skip"
    POST = "post"


class HoldBack(_Liveliness):
    """When a post that is due waits for the end of a conversation."""

    enabled: bool = Field(
        default=True,
        description="大家正聊得热闹时，到点的话题等一等"
        " whether what is due waits while a conversation is lively",
    )
    speakers: Annotated[int, Field(ge=2, le=50)] = Field(
        default=3, description="至少几个人在说话才算热闹 lively means at least so many speakers"
    )
    within: Annotated[Duration, Field(ge=timedelta(minutes=1), le=timedelta(hours=1))] = Field(
        default=timedelta(minutes=5),
        description="看最近多久（1m–1h） in the last so much time, 1m to 1h",
    )
    above: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=100,
        description="并且发言不少于这个群往常的百分之几"
        " and no fewer messages than so many percent of what is usual here",
    )
    at_the_end: AtTheEnd = Field(
        default=AtTheEnd.SKIP,
        description="宽限（grace）到了还没聊完：skip 跳过并写明原因；post 照发"
        " still lively at the end of the grace: skip it with the reason, or post it anyway",
    )


class Ratio(_Liveliness):
    """How many universal topics go with how many professional ones."""

    universal: Annotated[int, Field(ge=0, le=20)] = Field(
        default=1, description="万能话题几份 so many universal ones"
    )
    professional: Annotated[int, Field(ge=0, le=20)] = Field(
        default=1, description="专业话题几份 to so many professional ones"
    )

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.universal or self.professional):
            raise ValueError("两种不能都是 0 they cannot both be 0")
        return self
