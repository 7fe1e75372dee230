"""安静时段：群休息的时候说话。 Quiet hours: speaking while the group sleeps."""

from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from bot.events import Kind, Message
from bot.pace import WallTime
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.sheaf import Sheaf

_NOBODY_SAID = (Kind.UNKNOWN, Kind.RECALLED, Kind.GROUP_NOTE)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_AT_ONCE = timedelta(minutes=30)
"""What is said within so long is looked at together."""
_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)

Weekday = Annotated[int, Field(ge=1, le=7)]


class QuietHours(Rule):
    """A message between `from` and `to` by the clock of the group, over midnight too.

    `weekdays` are the days on whose evening a night over midnight begins.
    """

    key: ClassVar[str] = "quiet_hours"
    title: ClassVar[Text] = Text(zh="安静时段", en="quiet hours")

    start: WallTime = Field(alias="from", description="几点起安静 quiet from this time on")
    end: WallTime = Field(alias="to", description="几点起恢复 until this time")
    weekdays: tuple[Weekday, ...] = Field(
        default=_EVERY_DAY,
        min_length=1,
        description="星期几，1 是周一、7 是周日；跨零点的算在开始那天"
        " which days, 1 is Monday, 7 Sunday; a night counts as the day on which it begins",
    )

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.start == self.end:
            raise ValueError(
                "from 与 to 相同；不要安静时段就删掉这条规则"
                " from equals to; for no quiet hours leave this rule out"
            )
        return self

    @property
    def cooldown(self) -> timedelta:
        """A member is reminded once a night: as long as it lasts."""
        start, end = (timedelta(hours=at.hour, minutes=at.minute) for at in (self.start, self.end))
        return (end - start) % _DAY

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """All of them, or none if the group is awake from the first to the last of them."""
        if not sheaf.messages:
            return ()
        times = [message.at for message in sheaf.messages]
        awake = self._awake(min(times), max(times), sheaf.zone)
        return () if awake else range(len(times))

    def _awake(self, first: datetime, last: datetime, zone: tzinfo) -> bool:
        """Whether it surely is all that while: nobody sleeps for less than a minute."""
        if last - first > _AT_ONCE:
            return False
        minutes = range(-1, (last - first) // _MINUTE + 2)
        return not any(self._asleep((first + each * _MINUTE).astimezone(zone)) for each in minutes)

    def judge(self, message: Message, past: Past) -> Finding | None:
        """A finding if the group sleeps. What nobody wrote is spared: notices, recalls."""
        wall = message.at.astimezone(past.zone)
        if message.kind in _NOBODY_SAID or not self._asleep(wall):
            return None
        hours = f"{self.start:%H:%M}–{self.end:%H:%M}"
        detail = f"{wall:%H:%M} 发言，{hours} 安静 spoke at {wall:%H:%M}, quiet {hours}"
        return Finding(self.called, (0, 0), detail)

    def _asleep(self, wall: datetime) -> bool:
        now = wall.time()
        if self.start < self.end:
            return self.start <= now < self.end and wall.isoweekday() in self.weekdays
        if now >= self.start:
            return wall.isoweekday() in self.weekdays
        return now < self.end and (wall - _DAY).isoweekday() in self.weekdays
