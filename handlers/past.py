"""Tells each rule of a message's past what it declared that it needs, and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.events import Group, Identity, Message
from handlers.chorus import Chorus
from handlers.flow import EVER, NOTHING, Before, Flow, Room
from handlers.outlook import OTHERS, STANDING, Outlook
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.standing import NOBODY, Standing, Standings
from rules.base import Earlier, Past, Rule
from rules.likeness import trace_of, traces_of
from rules.sheaf import Sheaf
from rules.simhash import Trace


class Telling(Protocol):
    """What a rule may know of the past of one message."""

    @property
    def holds(self) -> int:
        """Of what there is enough for a rule of the group to find something (handlers/outlook)."""

    def __call__(self, rule: Rule) -> Past:
        """What this rule may know."""


Said = tuple[Group, Identity, datetime, str] | tuple[Group, Identity, datetime, str, str | None]
"""Group, author, time and platform id, and the text where it was kept and some rule needs it."""

_NONE = timedelta(0)
_made = tuple.__new__  # a named tuple's own way takes three times as long


class Pasts:
    """What was said lately, in memory: when, by whom, and what it was like, never the text.

    Told of a message again (its batch is run anew, or it is heard twice), it gives the same past
    as before. What no rule of a group needs is neither kept nor looked up.
    """

    def __init__(self) -> None:
        self._flow = Flow()
        self._chorus = Chorus()
        self._standings = Standings()
        self._places: dict[tuple[str, str], _Place] = {}
        self._views: dict[int, _View] = {}
        """By the identity of their settings, which are kept so that no others can have it."""
        self._expected: list[Sequence[Message]] = []
        self._traced: dict[int, Trace | None] = {}
        """By the identity of those messages, which are kept so that no others can have it."""

    def __len__(self) -> int:
        """How many windows and likenesses are kept."""
        return len(self._flow) + len(self._chorus)

    def warm(self, said: Iterable[Said]) -> None:
        """Take in what was said before a restart, oldest first."""
        for group, author, at, message_id, *texts in said:
            text = (texts[0] if texts else None) or ""
            trace = trace_of(Message(id=message_id, group=group, author=author, at=at, text=text))
            earlier = None if trace is None else Earlier(author, group, at, trace.likeness)
            self._flow.room(group).note(author, at, message_id, said=earlier)
            if trace is not None and earlier is not None:
                self._chorus.note(earlier, message_id, trace.handles)

    def expect(self, settings: GroupSettings, sheaf: Sheaf) -> None:
        """These come next: what they are like is worked out for all of them at once.

        It makes no difference to what is told. Their texts are kept until `forget`.
        """
        if settings.outlook.texts:
            self._expected.append(sheaf.messages)
            self._traced.update(zip(map(id, sheaf.messages), traces_of(sheaf), strict=True))

    def forget(self) -> None:
        """Keep nothing of what was expected."""
        self._expected.clear()
        self._traced.clear()

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
        place = self._places.get((group.account, group.id))
        if place is None or place.view.settings is not settings:
            place = self._come_to(group, settings)
        room, view = place
        # all in one go: each field asked for by name takes longer than most of what follows
        anything, texts, member, all_say, stands, times_said, texts_said = view.looks
        if not anything:
            return view.untold
        at = message.at
        trace = self._trace_of(message) if texts else None
        said = None
        if trace is not None:
            said = _made(Earlier, (message.author, group, at, trace.likeness))
        before = NOTHING
        holds = 0
        if member:
            before = room.note(message.author, at, message.id, said, now)
            if before is not NOTHING:
                holds = before.holds(at, times_said, texts_said)
        others: Sequence[Earlier] = ()
        if trace is not None and said is not None and all_say is not None:
            others = self._chorus.note(said, message.id, trace.handles, now=now)
            if others:
                holds |= OTHERS
        stood = standing() if stands else NOBODY
        if stood[0] is not None:
            holds |= STANDING
        if not holds and before is NOTHING:
            return view.untold
        return _made(_Told, (holds, at, view.plain, before, others, stood))

    def _trace_of(self, message: Message) -> Trace | None:
        key = id(message)
        return self._traced[key] if key in self._traced else trace_of(message)

    def _come_to(self, group: Group, settings: GroupSettings) -> "_Place":
        """A group that speaks for the first time since its rules were read."""
        key = (group.account, group.id)
        left = self._places.get(key)
        view = self._views.get(id(settings))
        if view is None:
            view = self._views[id(settings)] = _View(settings)
            self._listen()
        view.groups += 1
        place = self._places[key] = _Place(self._flow.room(group), view)
        if view.looks.member:
            place.room.keep(view.looks.member)
        if left is not None:
            left.view.groups -= 1
            if not left.view.groups:
                del self._views[id(left.view.settings)]
                self._listen()
        return place

    def _listen(self) -> None:
        """All groups are compared with each other: kept is what the furthest look back to."""
        others = (each.looks.others for each in self._views.values())
        self._chorus.keep(max((each for each in others if each), default=_NONE))


class _View:
    """What is the same for all messages under the same config."""

    __slots__ = ("groups", "looks", "plain", "settings", "untold")

    def __init__(self, settings: GroupSettings) -> None:
        self.settings = settings
        self.looks: Outlook = settings.outlook
        self.plain = Past(zone=settings.time_zone)
        self.untold = _Told(0, EVER, self.plain, NOTHING, (), NOBODY)
        """What is told where there is no past."""
        self.groups = 0


class _Place(NamedTuple):
    """A group with what is in force there."""

    room: Room
    view: _View


class _Told(NamedTuple):
    """The past of one message; called for each rule."""

    holds: int
    at: datetime
    plain: Past
    before: Before
    others: Sequence[Earlier]
    standing: Standing

    def __call__(self, rule: Rule) -> Past:
        asks = rule.asks_about
        if asks is None:
            return self.plain
        times: Sequence[datetime] = ()
        texts: Sequence[Earlier] = ()
        others: Sequence[Earlier] = ()
        if self.before is not NOTHING and (asks.times or asks.texts):
            since = self.at - rule.looks_back
            times = self.before.times(since) if asks.times else ()
            texts = self.before.texts(since) if asks.texts else ()
        if asks.others and self.others:
            since = self.at - rule.looks_back
            others = [each for each in self.others if each.at > since]
        joined_at, messages = self.standing if asks.standing else NOBODY
        if times or texts or others or joined_at is not None:
            return Past(times, texts, others, joined_at, messages, self.plain.zone)
        return self.plain
