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
from rules.base import Earlier, Past, Rule
from rules.likeness import handles_of, likeness_of

Telling = Callable[[Rule], Past]
"""What a rule may know of the past of one message."""

Said = tuple[Group, Identity, datetime, str] | tuple[Group, Identity, datetime, str, str | None]
"""Group, author, time and platform id, and the text where it was kept and some rule needs it."""

_NONE = timedelta(0)
_NOBODY: Standing = (None, 0)


class Pasts:
    """What was said lately, in memory: when, by whom, and what it was like, never the text.

    Told of a message again (its batch is run anew, or it is heard twice), it gives the same past
    as before. What no rule of a group needs is neither kept nor looked up.
    """

    def __init__(self) -> None:
        self._flow = Flow()
        self._chorus = Chorus()
        self._standings = Standings()
        self._chorus_of: dict[tuple[str, str], timedelta] = {}
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
            earlier = None if likeness is None else Earlier(author, group, at, likeness)
            self._flow.note(group, author, at, message_id, said=earlier)
            if earlier is not None:
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
        looks = settings.outlook
        plain = _plain(settings.time_zone)
        if not looks.anything:
            return lambda _: plain
        told = _Told(message, plain)
        at = message.at
        likeness = likeness_of(message) if looks.texts else None
        said = None if likeness is None else Earlier(message.author, group, at, likeness)
        if looks.member:
            self._flow.keep(group, looks.member)
            told.before = self._flow.note(group, message.author, at, message.id, said=said, now=now)
        if looks.others is not None and said is not None:
            told.others = self._chorus.note(
                said,
                message.id,
                handles_of(message),
                kept_for=self._kept_for(group, looks.others),
                now=now,
            )
        if looks.standing:
            told.standing = standing()
        return told

    def _kept_for(self, group: Group, looks_back: timedelta) -> timedelta:
        """The furthest that any group looks back: all are compared with each other."""
        key = (group.account, group.id)
        if self._chorus_of.get(key) != looks_back:
            self._chorus_of[key] = looks_back
            self._chorus_for = max(self._chorus_of.values())
        return self._chorus_for


@dataclass(slots=True)
class _Told:
    """The past of one message; called for each rule."""

    message: Message
    plain: Past
    before: Before | None = None
    others: Sequence[Earlier] = ()
    standing: Standing = _NOBODY

    def __call__(self, rule: Rule) -> Past:
        asks = rule.asks_about
        if asks is None:
            return self.plain
        times: Sequence[datetime] = ()
        texts: Sequence[Earlier] = ()
        others: Sequence[Earlier] = ()
        message = self.message
        if asks.times and self.before is not None:
            times = self.before.times(message.at - rule.looks_back)
        if asks.texts and self.before is not None:
            texts = self.before.texts(message.at - rule.looks_back)
        if asks.others and self.others:
            since = message.at - rule.looks_back
            others = [each for each in self.others if each.at > since]
        joined_at, messages = self.standing if asks.standing else _NOBODY
        if times or texts or others or joined_at is not None:
            return Past(times, texts, others, joined_at, messages, self.plain.zone)
        return self.plain


@lru_cache(maxsize=64)
def _plain(zone: ZoneInfo) -> Past:
    """What a rule that needs nothing is told: there are as many as time zones."""
    return Past(zone=zone)
