"""Announces which rules are in force in a group, once a version."""

from bot.actions import Action, Priority, Say
from bot.events import Event, Group, HourPassed, MinutePassed, RosterRead, RulesChanged
from handlers.announcement import announcement
from handlers.pact import current, key
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings
from handlers.terms import digests, terms
from handlers.vouching import ask_if_seen
from storage.values import OutboxRow, OutboxState
from storage.values_of_order import Pact

_AT_ONCE = 200
"""So many groups an hour are looked at again: what they wait for is mostly the outbox's turn."""
_ASKED_EVERY = 10
"""Minutes: what was not heard back is no hurry, and most of the time there is none."""
_UNSAID = (OutboxState.DRY, OutboxState.REFUSED)
"""What became of an announcement that nobody read, though nobody decided against it."""


@deaf_to_messages
def announce(event: Event, scene: Scene) -> Reply:
    """The announcement of what is in force, once a version.

    Looked at when a group's roster is read (at the start and after each reconnect), when its rules
    were edited, and, where the newest version was not said yet, every hour. Of one that nobody
    knows to have arrived the operators are asked, looked for every ten minutes.
    """
    match event:
        case RosterRead() if scene.group is not None:
            _try_again(event.group, scene)
            return Reply(actions=_look(event.group, scene.group, scene))
        case RulesChanged() if scene.group is not None:
            return Reply(actions=_look(event.group, scene.group, scene))
        case HourPassed():
            return Reply(actions=_look_again(scene))
        case MinutePassed() if event.at.minute % _ASKED_EVERY == 0:
            return Reply(actions=ask_if_seen(scene))
    return Reply.NOTHING


def _look_again(scene: Scene) -> tuple[Action, ...]:
    waiting = scene.work.pacts.unposted(scene.house.account, _AT_ONCE)
    found = [(group, scene.settings(group)) for group in waiting]
    return tuple(
        action
        for group, settings in found
        if settings is not None
        for action in _look(group, settings, scene)
    )


def _look(group: Group, settings: GroupSettings, scene: Scene) -> tuple[Action, ...]:
    newest, wanted = current(scene, group), terms(settings)
    if newest is None and not wanted:
        return ()
    if newest is None or digests(newest.rules) != digests(wanted):
        if newest is not None and not _is_free(newest, scene):
            return ()  # it is just being said: what it changed is known when that is settled
        newest = scene.work.pacts.propose(group, wanted, scene.now)
    if newest.posted_at is not None:
        return ()
    before = scene.work.pacts.posted(group)
    if before is not None and digests(before.rules) == digests(newest.rules):
        scene.work.pacts.mark_posted(group, newest.version, scene.now)  # the group knows it
        return ()
    return (_announcement(newest, before, settings),)


def _is_free(pact: Pact, scene: Scene) -> bool:
    """Whether another version may take its place: it was said, or it never will be."""
    row = None if pact.posted_at else _row(pact, scene)
    if row is None or row.state not in (OutboxState.PENDING, OutboxState.CLAIMED):
        return True
    why = "群规又改了，一并公布 the rules changed again and are announced together"
    return scene.work.outbox.cancel(row.id, scene.now, why)


def _try_again(group: Group, scene: Scene) -> None:
    """A rehearsal is over, or the gateway refused: it is said after all."""
    pact = current(scene, group)
    row = _row(pact, scene) if pact is not None and pact.posted_at is None else None
    if row is not None and row.state in _UNSAID:
        scene.work.outbox.resend(row.id, scene.now)


def _row(pact: Pact, scene: Scene) -> OutboxRow | None:
    return scene.work.outbox.of_key(pact.group.account, key(pact))


def _announcement(pact: Pact, before: Pact | None, settings: GroupSettings) -> Say:
    return Say(
        key=key(pact),
        why=f"群规第 {pact.version} 版 version {pact.version} of the rules",
        priority=Priority.NOTICE,
        to=pact.group,
        text=announcement(pact, before, settings),
    )
