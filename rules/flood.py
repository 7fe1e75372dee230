"""刷屏：同一成员短时间内发言过多。 Flooding: one member, too many messages, too little time."""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from bot.duration import Duration, show
from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Need, Past, Rule


class Flood(Rule):
    """More than `limit` messages of one member within `window`; the one too many is found."""

    key: ClassVar[str] = "flood"
    title: ClassVar[Text] = Text(zh="刷屏", en="flooding")
    needs: ClassVar[frozenset[Need]] = frozenset({Need.TIMES})

    limit: int = Field(
        default=10,
        ge=2,
        le=1000,
        description="窗口内最多几条，再多即为刷屏 so many messages are fine, one more is not",
    )
    window: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=1))] = Field(
        default=timedelta(minutes=1),
        description="在多长时间内计数 within how long they are counted",
    )

    @property
    def looks_back(self) -> timedelta:
        """The window."""
        return self.window

    @property
    def takes(self) -> int:
        """As many as are fine."""
        return self.limit

    def judge(self, message: Message, past: Past) -> Finding | None:
        """A finding if the member said `limit` or more within the window before this message.

        Chat times have whole seconds and may arrive out of order, hence what is a little later
        than this message counts as well.
        """
        first = bisect_right(past.times, message.at - self.window)
        count = bisect_left(past.times, message.at + self.window) - first + 1
        if count <= self.limit:
            return None
        spell = show(self.window)
        detail = f"{spell} 内 {count} 条，上限 {self.limit}"
        english = f"{count} messages within {spell}, the limit is {self.limit}"
        return Finding(self.called, (0, 0), f"{detail} {english}")
