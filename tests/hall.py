"""A hall for the handlers: real stages in their order, on a real database, without a pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from builders import ACCOUNT, BOT, NOON, group

from bot.actions import Action, Say
from bot.events import Event, Group, Message
from bot.gateway.base import Capability
from bot.stages import stages
from handlers.moderate import Moderate
from handlers.scene import Scene, hears_messages
from handlers.settings import GroupSettings, House
from storage.work import Work


@dataclass
class Hall:
    """One transaction and what is in force in it; events happen here one after another."""

    work: Work
    settings: dict[Group, GroupSettings] = field(default_factory=dict)
    house: House = field(default_factory=lambda: House(account=ACCOUNT))
    now: datetime = NOON
    capabilities: frozenset[Capability] = frozenset(Capability)
    moderate: Moderate = field(default_factory=Moderate)

    def rule(self, name: str = "读书会", **over: Any) -> None:
        """What is in force in a group."""
        self.settings[group(name)] = GroupSettings(**over)

    def scene(self, event: Event) -> Scene:
        """The surroundings of an event."""
        place = getattr(event, "group", None)
        goals = tuple(each for each, settings in self.settings.items() if settings.goal)
        return Scene(
            work=self.work,
            house=self.house.model_copy(update={"with_goal": goals}) if goals else self.house,
            group=self.settings.get(place) if place else None,
            now=self.now,
            me=BOT,
            capabilities=self.capabilities,
            settings=self.settings.get,
        )

    def happens(self, *events: Event) -> list[Action]:
        """The actions that came of it and were not decided before, in their order."""
        decided: list[Action] = []
        for event in events:
            decided += self._through(event)
        return decided

    def _through(self, event: Event) -> Sequence[Action]:
        decided: list[Action] = []
        for handler in stages(self.moderate):
            if isinstance(event, Message) and not hears_messages(handler):
                continue
            reply = handler(event, self.scene(event))
            decided += [one for one in reply.actions if self.work.outbox.stage(one, self.now)]
            for further in reply.events:
                decided += self._through(further)
            if reply.stop:
                break
        return decided


def speech(actions: Sequence[Action]) -> list[str]:
    """What was said."""
    return [action.text for action in actions if isinstance(action, Say)]


def echo_of(action: Action, **over: Any) -> Message:
    """Our own message coming back from the group."""
    assert isinstance(action, Say)
    assert isinstance(action.to, Group)
    fields: dict[str, Any] = {
        "id": f"echo-{action.key}",
        "group": action.to,
        "at": NOON,
        "text": action.text,
    }
    return Message(**(fields | {"author": BOT, "ours": True} | over))
