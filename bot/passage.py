"""The way of events through the handlers, one batch at a time, in the writer's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.deciding import Deciding
from bot.events import Event, GatewayChanged, GatewayState, Group, Identity, Message
from bot.gateway.base import Capability
from handlers.scene import Handler, Reply, Scene, hears_messages
from handlers.settings import GroupSettings, House
from storage.work import Work

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


@dataclass(frozen=True, slots=True)
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

    What surrounds an event is the same for all of its group, so it is put together once.
    """

    def __init__(
        self, stages: Sequence[Handler], batch: Batch, work: Work, me: Identity | None
    ) -> None:
        self.me = me
        self._batch = batch
        self._work = work
        self._stages = stages
        self._for_messages = [stage for stage in stages if hears_messages(stage)]
        self._scenes: dict[Where | None, Scene] = {}

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
        where = None if group is None else (group.account, group.id)
        scene = self._scenes.get(where)
        if scene is None:
            settings = None if where is None else self._batch.settings.get(where)
            if group is not None and settings is None:
                _leave_alone(event, group, self._work)
                return False, []
            scene = self._scenes[where] = self._scene(settings)
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


def _leave_alone(event: Event, group: Group, work: Work) -> None:
    """A group that the config does not name: its name and a count, and our own word heard back."""
    if isinstance(event, Message) and event.ours:
        work.outbox.heard(event)
    elif isinstance(event, Message):
        work.groups.count(group, event.at)
