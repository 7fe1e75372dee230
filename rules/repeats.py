"""复读：同一成员短时间内反复说同样的话。 Repeats: one member says the same again and again."""

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from bot.duration import Duration, show
from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Need, Past, Rule
from rules.likeness import NEAR, distance, likeness_of


class Repeats(Rule):
    """One member says the same, or nearly the same, more than `limit` times within `window`.

    What people say alike without meaning anything by it never counts (rules/small_talk.py), nor
    do stickers and pictures.
    """

    key: ClassVar[str] = "repeats"
    title: ClassVar[Text] = Text(zh="复读", en="saying the same again")
    needs: ClassVar[frozenset[Need]] = frozenset({Need.TEXTS})

    limit: int = Field(
        default=2,
        ge=1,
        le=100,
        description="同样的话最多说几次，再多即为复读 so many times are fine, once more is not",
    )
    window: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=1))] = Field(
        default=timedelta(minutes=10),
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
        """A finding if the member said nearly this `limit` or more times within the window.

        Messages may arrive out of order, hence what is a little later than this one counts too.
        """
        if len(past.texts) < self.limit:
            return None
        likeness = likeness_of(message)
        if likeness is None:
            return None
        count = 1 + sum(
            distance(each.likeness, likeness) <= NEAR and abs(message.at - each.at) < self.window
            for each in past.texts
        )
        if count <= self.limit:
            return None
        spell = show(self.window)
        detail = f"{spell} 内同样的话 {count} 次，上限 {self.limit}"
        english = f"the same {count} times within {spell}, the limit is {self.limit}"
        return Finding(self.called, (0, 0), f"{detail} {english}")
