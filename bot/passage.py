"""The way of events through the handlers, one batch at a time, in the writer's thread."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from bot.deciding import Deciding
from bot.events import Event, GatewayChanged, GatewayState, Group, Identity, Message
from bot.frozen import frozen
from bot.gateway.base import Capability
from handlers.foresight import LooksAhead, looks_ahead
from handlers.scene import Handler, Reply, Scene, hears_messages
from handlers.settings import GroupSettings, House
from storage.work import Work

log = logging.getLogger(__name__)

_MANY = 8
"""From so many events on it is quicker to look at all of them together first."""

Where = tuple[str, str]
"""A group's account and id. Hashing the group itself is three times as slow."""


class InForce(Protocol):
    """What of the config the pipeline asks for."""

    def group(self, group: Group) -> GroupSettings | None:
        """What is in force in a group; None means: leave it alone."""
        ...

    def house(self) -> House:
        """What is true of the whole account."""
        ...


@frozen
class Batch:
    """Events and what is in force for them: an edited config takes effect between two batches.

    Only what failed is run `alone`: whatever went along may be to blame.
    """

    events: Sequence[Event | Deciding]
    now: datetime
    in_force: InForce
    house: House
    settings: Mapping[Where, GroupSettings | None]
    capabilities: frozenset[Capability]
    alone: bool = False


def group_of(event: Event | Deciding) -> Group | None:
    """Where it happened; None outside of any group."""
    return getattr(event, "group", None)


class Passage:
    """One batch on its way through the stages; `me` is who this account is, as soon as it is known.

    What surrounds an event is the same for all groups that share their settings, so it is put
    together once.
    """

    def __init__(
        self, stages: Sequence[Handler], batch: Batch, work: Work, me: Identity | None
    ) -> None:
        self.me = me
        self._batch = batch
        self._work = work
        self._stages = stages
        self._for_messages, self._ahead = _asked(tuple(stages))
        self._scenes: dict[int, Scene] = {}
        """By the settings: thousands of groups may share an entry of the config."""

    def announce(self) -> None:
        """Tells those who look ahead which messages come, before the first event is handled.

        What one look over all of them tells saves a look at each. Nothing depends on it: whatever
        goes wrong there is left to the message that it is about.
        """
        try:
            said = self._said() if self._ahead and len(self._batch.events) >= _MANY else ()
            for stage in self._ahead:
                stage.expect(said)
        except Exception as error:  # noqa: BLE001 - whatever it was, each is looked at by itself
            log.warning("未能一起看 looked at one by one: %s", type(error).__name__)
            self.close()

    def close(self) -> None:
        """All events have been handled: nothing of what was said is kept for their sake."""
        for stage in self._ahead:
            stage.expect(())

    def _said(self) -> list[tuple[Message, GroupSettings]]:
        """The messages of members in groups that the config names, in order."""
        settings = self._batch.settings
        return [
            (event, in_force)
            for event in self._batch.events
            if isinstance(event, Message) and not event.ours and event.group is not None
            if (in_force := settings.get((event.group.account, event.group.id))) is not None
        ]

    def handle(self, event: Event | Deciding) -> bool:
        """One event, and right after it those that follow from it: whether any of it acts."""
        if isinstance(event, Deciding):
            return event.go(self._scene(None))
        acts, follow = self._one(event)
        while follow:
            also, further = self._one(follow.pop(0))
            acts |= also
            follow[:0] = further
        return acts

    def _one(self, event: Event) -> tuple[bool, list[Event]]:
        if isinstance(event, GatewayChanged):
            self._learn(event)
            return True, self._pass(event, self._scene(None), self._stages)[1]
        group = group_of(event)
        settings = None if group is None else self._batch.settings.get((group.account, group.id))
        if group is not None and settings is None:
            _leave_alone(event, group, self._work)
            return False, []
        scene = self._scenes.get(id(settings))
        if scene is None:
            scene = self._scenes[id(settings)] = self._scene(settings)
        stages = self._for_messages if isinstance(event, Message) else self._stages
        return self._pass(event, scene, stages)

    def _scene(self, group: GroupSettings | None) -> Scene:
        batch = self._batch
        return Scene(
            work=self._work,
            house=batch.house,
            group=group,
            now=batch.now,
            me=self.me,
            capabilities=batch.capabilities,
            settings=batch.in_force.group,
        )

    def _pass(
        self, event: Event, scene: Scene, stages: Sequence[Handler]
    ) -> tuple[bool, list[Event]]:
        """Through the stages, until one of them ends it: whether it acts, and what follows."""
        acts = False
        follow: list[Event] = []
        for stage in stages:
            reply = stage(event, scene)
            if reply is Reply.NOTHING:
                continue
            if reply.actions:
                self._work.outbox.put(reply.actions, scene.now)
                acts = True
            follow.extend(reply.events)
            if reply.stop:
                break
        return acts, follow

    def _learn(self, event: GatewayChanged) -> None:
        if event.state is GatewayState.LOGGED_IN and event.me is not None:
            self.me = event.me
            self._scenes.clear()
        if event.state is GatewayState.LOGGED_OUT:
            # In the same transaction: not even a crash lets an action out after a logout.
            why = "账号退出了登录 the account was logged out"
            self._work.accounts.stop(event.account, why, event.at)


@lru_cache(maxsize=4)  # at rest each message is a batch, and there are twenty stages
def _asked(stages: tuple[Handler, ...]) -> tuple[list[Handler], list[LooksAhead]]:
    """Of the stages those that hear messages, and those that look ahead."""
    return (
        [stage for stage in stages if hears_messages(stage)],
        [stage for stage in stages if looks_ahead(stage)],
    )


def _leave_alone(event: Event, group: Group, work: Work) -> None:
    """A group that the config does not name: its name and a count, and our own word heard back."""
    if isinstance(event, Message) and event.ours:
        work.outbox.heard(event)
    elif isinstance(event, Message):
        work.groups.count(group, event.at)
