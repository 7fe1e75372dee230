"""Tells each rule of a message's past what it declared that it needs, and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.events import Group, Identity, Message
from handlers.chorus import Chorus
from handlers.flow import Before, Flow
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.standing import Standing, Standings
from rules.base import Earlier, Need, Past, Rule
from rules.likeness import handles_of, likeness_of

Telling = Callable[[Rule], Past]
"""What a rule may know of the past of one message."""

Said = tuple[Group, Identity, datetime, str] | tuple[Group, Identity, datetime, str, str | None]
"""Group, author, time and platform id, and the text where it was kept and some rule needs it."""

_NONE = timedelta(0)
_OF_THE_PAST = frozenset({Need.TIMES, Need.TEXTS, Need.OTHERS, Need.STANDING})


class Pasts:
    """What was said lately, in memory: when, by whom, and what it was like, never the text.

    Told of a message again (its batch is run anew, or it is heard twice), it gives the same past
    as before. What no rule of a group needs is neither kept nor looked up.
    """

    def __init__(self) -> None:
        self._flow = Flow()
        self._chorus = Chorus()
        self._standings = Standings()
        self._chorus_of: dict[Group, timedelta] = {}
        self._chorus_for = _NONE

    def __len__(self) -> int:
        """How many windows and likenesses are kept."""
        return len(self._flow) + len(self._chorus)

    def warm(self, said: Iterable[Said]) -> None:
        """Take in what was said before a restart, oldest first."""
        for group, author, at, message_id, *texts in said:
            text = (texts[0] if texts else None) or ""
            message = Message(id=message_id, group=group, author=author, at=at, text=text)
            likeness = likeness_of(message) if text else None
            self._flow.note(group, author, at, message_id, likeness=likeness)
            if likeness is not None:
                earlier = Earlier(author, group, at, likeness)
                self._chorus.note(earlier, message_id, handles_of(message))

    def of(self, message: Message, group: Group, settings: GroupSettings, scene: Scene) -> Telling:
        """The past of this message in this group, for each of its rules."""

        def standing() -> Standing:
            return self._standings.of(message, group, scene)

        return self.told(message, group, settings, now=scene.now, standing=standing)

    def told(
        self,
        message: Message,
        group: Group,
        settings: GroupSettings,
        *,
        now: datetime,
        standing: Callable[[], Standing],
    ) -> Telling:
        """The same where there is no scene: history, and texts that are only tried.

        `standing` is asked where a rule needs it; `now` bounds what a message from the future
        makes forgotten.
        """
        reach = settings.reach
        if not reach:
            plain = _plain(settings.time_zone)
            return lambda _: plain
        told = _Told(message, group, _plain(settings.time_zone))
        texts, others = reach.get(Need.TEXTS), reach.get(Need.OTHERS)
        likeness = None if texts is None and others is None else likeness_of(message)
        looks_back = max(texts or _NONE, reach.get(Need.TIMES, _NONE))
        if looks_back:
            self._flow.keep(group, looks_back)
            told.before = self._flow.note(
                group, message.author, message.at, message.id, likeness=likeness, now=now
            )
        if others is not None and likeness is not None:
            earlier = Earlier(message.author, group, message.at, likeness)
            told.others = self._chorus.note(
                earlier,
                message.id,
                handles_of(message),
                kept_for=self._kept_for(group, others),
                now=now,
            )
        if Need.STANDING in reach:
            told.standing = standing()
        return told

    def _kept_for(self, group: Group, looks_back: timedelta) -> timedelta:
        """The furthest that any group looks back: all are compared with each other."""
        if self._chorus_of.get(group) != looks_back:
            self._chorus_of[group] = looks_back
            self._chorus_for = max(self._chorus_of.values())
        return self._chorus_for


@dataclass(slots=True)
class _Told:
    """The past of one message; called for each rule."""

    message: Message
    group: Group
    plain: Past
    before: Before | None = None
    others: Sequence[Earlier] = ()
    standing: Standing = (None, 0)

    def __call__(self, rule: Rule) -> Past:
        needs = rule.needs
        if needs.isdisjoint(_OF_THE_PAST):
            return self.plain
        since = self.message.at - rule.looks_back
        times: Sequence[datetime] = ()
        texts: Sequence[Earlier] = ()
        if self.before is not None:
            if Need.TIMES in needs:
                times = self.before.times(since)
            if Need.TEXTS in needs:
                texts = self.before.texts(self.group, self.message.author, since)
        others: Sequence[Earlier] = ()
        if Need.OTHERS in needs:
            others = [each for each in self.others if each.at > since]
        joined_at, messages = self.standing if Need.STANDING in needs else (None, 0)
        return Past(times, texts, others, joined_at, messages, self.plain.zone)


@lru_cache(maxsize=64)
def _plain(zone: ZoneInfo) -> Past:
    """What a rule that needs nothing is told: there are as many as time zones."""
    return Past(zone=zone)
