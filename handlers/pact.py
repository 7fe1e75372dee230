"""The pact: which version of its rules a group was told, and which of them binds.

The announcement in the outbox is the proof: a version is posted once its action was sent. So
nobody is sanctioned for what was decided to be said, but was not.
"""

from datetime import datetime

from bot.events import Group, Identity
from handlers.scene import Scene
from handlers.settings import Acceptance, GroupSettings
from handlers.terms import digest_of, digests
from rules.base import Rule
from storage.values_of_order import Pact


def version_in_force(
    scene: Scene,
    group: Group,
    rule: Rule,
    member: Identity | None = None,
    at: datetime | None = None,
) -> int:
    """The version of the pact under which this very rule bound at that time; 0 if it did not.

    It does not before the group was told of it as it is, nor within the notice after that. A rule
    that leads onto the ladder binds only together with the ladder as it is. Where acceptance needs
    a word, it does not bind a `member` who has not agreed to it. `at` is when the offence happened,
    by default now.
    """
    settings = scene.group or scene.settings(group)
    said = min(at or scene.now, scene.now)
    pact = _in_force(scene, group, said - settings.pact.notice) if settings else None
    if settings is None or pact is None or not _holds(pact, rule, settings):
        return 0
    asks = settings.pact.accept is Acceptance.WORD
    if asks and member is not None and not _agreed(scene, pact, rule, member, settings):
        return 0
    return pact.version


def current(scene: Scene, group: Group) -> Pact | None:
    """The newest version; one that was said since somebody last looked is written down as posted.

    A rehearsal (weilu run --dry-run) tells nobody anything, so it posts nothing.
    """
    pact = scene.work.pacts.current(group)
    if pact is None or pact.posted_at is not None:
        return pact
    said = scene.work.outbox.said(group.account, key(pact))
    if said is None:
        return pact
    return scene.work.pacts.note_posted(pact, said.settled_at or scene.now)


def posted(scene: Scene, group: Group) -> Pact | None:
    """The newest version that the group was told."""
    newest = current(scene, group)
    return newest if newest and newest.posted_at else scene.work.pacts.posted(group)


def key(pact: Pact) -> str:
    """The key of the action that announces this version."""
    return f"pact:{pact.group.id}:{pact.version}"


def _in_force(scene: Scene, group: Group, at: datetime) -> Pact | None:
    """The newest version that was posted by then."""
    pact = posted(scene, group)
    while pact and pact.posted_at and pact.posted_at > at:
        pact = scene.work.pacts.before(group, pact.version)
    return pact


def _holds(pact: Pact, rule: Rule, settings: GroupSettings) -> bool:
    told = digests(pact.rules)
    on_ladder = rule.consequence.strikes
    return rule.digest in told and (not on_ladder or digest_of(settings.ladder) in told)


def _agreed(
    scene: Scene, pact: Pact, rule: Rule, member: Identity, settings: GroupSettings
) -> bool:
    """Whether they agreed to this version or a newer one, or to an older one that has the same."""
    agreed = scene.work.pacts.accepted(pact.group, member)
    if agreed == 0 or agreed >= pact.version:
        return agreed > 0
    older = scene.work.pacts.before(pact.group, agreed + 1)
    return older is not None and older.version == agreed and _holds(older, rule, settings)
