"""联手刷屏：几个帐号或几个群说同样的话。 Coordinated: several accounts or groups, one text."""

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from bot.duration import Duration, show
from bot.events import Message
from bot.texts import Text
from rules.base import Earlier, Finding, Need, Past, Rule
from rules.likeness import NEAR, distance, letters_of, likeness_of, words_of

_VARIED = 0.35
"""So large a share of the letters is different in what people write themselves; rows of one letter
or word, which a whole group sends along, are below it."""
_ENOUGH_LETTERS = 20
"""So many different letters are enough however long the text is: there are not many more."""


class Coordinated(Rule):
    """The same, or nearly the same, said by several accounts or in several groups within `window`.

    Groups are compared with those groups that have such a rule too. Small talk, 接龙, good wishes
    (rules/small_talk.py), short texts and rows of the same letters never count.
    """

    key: ClassVar[str] = "coordinated"
    title: ClassVar[Text] = Text(zh="联手刷屏", en="coordinated posting")
    needs: ClassVar[frozenset[Need]] = frozenset({Need.OTHERS})

    accounts: int = Field(
        default=3,
        ge=2,
        le=50,
        description="几个帐号说同样的话就算 so many accounts saying the same are found",
    )
    groups: int = Field(
        default=3,
        ge=2,
        le=50,
        description="同样的话出现在几个群就算 the same in so many groups is found",
    )
    window: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=1))] = Field(
        default=timedelta(minutes=10),
        description="在多长时间内比较 within how long they are compared",
    )
    at_least: int = Field(
        default=10,
        ge=4,
        le=200,
        description="少于这么多字的话不算 texts of fewer letters never count",
    )

    @property
    def looks_back(self) -> timedelta:
        """The window."""
        return self.window

    @property
    def takes(self) -> int:
        """Somebody else, or somewhere else."""
        return 1

    def judge(self, message: Message, past: Past) -> Finding | None:
        """A finding for whoever makes the number of accounts or groups full, and for all after.

        Messages may arrive out of order, hence what is a little later than this one counts too.
        """
        if not past.others:
            return None
        likeness = likeness_of(message)
        if likeness is None or not self._says_enough(message):
            return None
        alike = [each for each in past.others if self._alike(each, likeness, message)]
        accounts = len({message.author, *(each.author for each in alike)})
        groups = len({message.group, *(each.group for each in alike)})
        if accounts < self.accounts and groups < self.groups:
            return None
        spell = show(self.window)
        detail = f"{spell} 内 {accounts} 个帐号在 {groups} 个群说同样的话"
        english = f"the same from {accounts} accounts in {groups} groups within {spell}"
        return Finding(self.called, (0, 0), f"{detail} {english}", aggravation=1)

    def _says_enough(self, message: Message) -> bool:
        letters = letters_of(words_of(message))
        different = len(set(letters))
        return len(letters) >= self.at_least and (
            different >= min(_VARIED * len(letters), _ENOUGH_LETTERS)
        )

    def _alike(self, each: Earlier, likeness: int, message: Message) -> bool:
        return distance(each.likeness, likeness) <= NEAR and abs(message.at - each.at) < self.window
