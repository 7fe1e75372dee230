"""Holds each message against the rules of its group; what follows is kind, and comes once."""

from collections.abc import Iterable
from functools import partial

from bot.events import Event, Message
from handlers.breaching import broken
from handlers.exempting import excused
from handlers.following import Offence, follow, note
from handlers.judging import Judged, judged, spares
from handlers.past import Pasts, Said
from handlers.reading import read
from handlers.remember import NEW
from handlers.rights import role_of
from handlers.scene import Reply, Scene
from rules.base import Role
from rules.consequences import Consequence
from storage.values_of_order import Sanction

_NEWCOMER = frozenset({Role.NEWCOMER})
_NO_ROLE: frozenset[Role] = frozenset()


class Moderate:
    """The stage that judges. It keeps in memory when members spoke lately and what it was like.

    A message that is judged again (its batch is run anew, or it is heard twice) is judged by
    the same past as before. A change of the config loses nothing.
    """

    def __init__(self) -> None:
        self._pasts = Pasts()

    def warm(self, said: Iterable[Said]) -> None:
        """Take in who spoke when before a restart, with the platform ids, oldest first."""
        self._pasts.warm(said)

    def __call__(self, event: Event, scene: Scene) -> Reply:
        """Open a case for what is found; where something follows, the message goes no further."""
        if not isinstance(event, Message) or event.group is None or scene.group is None:
            return Reply.NOTHING
        if event.ours or event.author.id in scene.house.operator_ids:
            return Reply.NOTHING
        group, settings = event.group, scene.group
        past = self._pasts.of(event, group, settings, scene)
        at = min(event.at, scene.now)  # a platform's clock may be ahead of ours
        under = scene.work.sanctions.in_force(group, event.author, at)
        exempt = partial(
            spares, message=event, roles=partial(_roles, event, scene), zone=settings.time_zone
        )
        told = partial(
            excused,
            scene=scene,
            group=group,
            member=event.author,
            at=event.at,
            zone=settings.time_zone,
        )
        judge = partial(judged, rules=settings.rules, past=past, spares=exempt, excuses=told)
        seen, found = read(event, judge, scene)
        if not (under or found.counts or found.beside) or role_of(scene, event.author):
            return Reply.NOTHING
        return _answer(seen, found, under, scene)


def _answer(message: Message, found: Judged, under: list[Sanction], scene: Scene) -> Reply:
    """A message in a quiet period is a breach, whatever it says."""
    assert message.group is not None and scene.group is not None  # noqa: S101, PT018 judged
    quiet = next((each for each in under if each.kind is Consequence.QUIET), None)
    if quiet is not None:
        return Reply(actions=broken(message, quiet, scene.group, scene), stop=True)
    actions = tuple(
        action
        for each in found.beside
        for action in note(Offence(message, message.group, scene.group, each, scene))
    )
    if found.counts is None:
        return Reply(actions=actions)
    offence = Offence(message, message.group, scene.group, found.counts, scene)
    return Reply(actions=actions + follow(offence, under), stop=True)


def _roles(message: Message, scene: Scene) -> frozenset[Role]:
    """Whether the author came lately; operators are never judged."""
    assert message.group is not None  # noqa: S101 only groups have rules
    joined_at = scene.work.memberships.joined_at(message.group, message.author)
    new = joined_at is not None and message.at - joined_at <= NEW
    return _NEWCOMER if new else _NO_ROLE
