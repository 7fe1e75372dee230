"""What people do in busy groups: seeded, so that the same seed says the same things."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from random import Random

from faults.bot_process import OUT

from bot.clock import Clock
from bot.events import Event, Group, Identity, MemberJoined, Message

ADVERT = "免费领资料"
"""The word that the rule of the trial looks for."""
FRAUD = "刷单返利"
"""The word whose rule leads onto the ladder: a warning, a quiet period, out, and invited back."""
CONFIG = """
account: {name: ACCOUNT}
pace: {per_minute: 60, group_per_minute: 60, typing_per_character: 0, removals_per_hour: 60}
groups:
- match: {pattern: "群*"}
  rules:
    keywords: {words: [ADVERT], reason: 这里不发广告}
    诈骗: {rule: keywords, words: [FRAUD], reason: 保护大家的钱, consequence: warn}
    flood: {limit: 50, window: 1m, reason: 请慢一点}
  moderate: {grace: 0s}
  pact: {notice: 0s}
  ladder:
    steps: [warn, {quiet: 1m}, {quiet: 1m}, {remove: 1m}]
    lengthen: 0s
  programmes:
    often: {cron: "CRON", grace: 10m, window: 10m}
"""


def config(account: str, every: timedelta) -> str:
    """What is in force in a trial."""
    cron = f"*/{every // timedelta(minutes=1)} * * * *"
    words = {"ACCOUNT": account, "ADVERT": ADVERT, "FRAUD": FRAUD, "CRON": cron}
    return re.sub("|".join(words), lambda found: words[found[0]], CONFIG)


_CAREER = 5000
_WORDS = "今天大家好吗天气不错读书茶饭周末爬山电影我觉得可以一起来呀谢谢老师请问这个怎么弄"


def groups(account: str, number: int) -> dict[Group, set[str]]:
    """So many groups of twenty people each."""
    return {
        Group(account, f"{account}g{n}@room", f"群{n}"): {f"g{n}p{who}" for who in range(20)}
        for n in range(number)
    }


class Traffic:
    """Endless talk: one in thirty advertises, one in three hundred asks to be put out.

    One in twelve is a fraud. Of those there is one a group, who says nothing else, and goes on
    after they were invited back; after `_CAREER` events another takes their place, so that none of
    them ever is a member of long standing.
    """

    def __init__(self, seed: int, rooms: dict[Group, set[str]], clock: Clock) -> None:
        self._random = Random(seed)
        self._rooms = rooms
        self._clock = clock
        self._numbers = count(1)
        self._frauds: set[str] = set()

    def events(self) -> Iterator[Event]:
        """What happens next, and next."""
        groups_ = list(self._rooms)
        while True:
            yield from self._one(self._random.choice(groups_))

    def _one(self, group: Group) -> list[Event]:
        number, dice, now = next(self._numbers), self._random.random(), self._clock.now()
        text = "".join(self._random.choices(_WORDS, k=self._random.randint(2, 60)))
        if dice > 1 - 1 / 12 and (fraud := self._fraud(number, group)):
            return [self._said(number, group, fraud, text + FRAUD)]
        if dice > 1 / 30:
            members = sorted(self._rooms[group] - self._frauds)
            return [self._said(number, group, self._random.choice(members), text)]
        newcomer = f"n{number}"
        if dice < 1 / 300:
            self._rooms[group].add(newcomer)
            text = OUT + text
        elif dice < 1 / 100:
            self._rooms[group].add(newcomer)
            member = Identity(group.account, newcomer, newcomer)
            return [MemberJoined(group=group, member=member, at=now)]
        else:
            text += ADVERT
        return [self._said(number, group, newcomer, text)]

    def _fraud(self, number: int, group: Group) -> str:
        """Who defrauds the group at present; nobody while they are out."""
        name = f"{group.name}骗子{number // _CAREER}"
        if name not in self._frauds:
            self._frauds.add(name)
            self._rooms[group].add(name)
        return name if name in self._rooms[group] else ""

    def _said(self, number: int, group: Group, who: str, text: str) -> Message:
        author = Identity(group.account, who, who)
        at = self._clock.now()
        return Message(id=f"m{number}", group=group, author=author, at=at, text=text)
