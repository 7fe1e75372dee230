"""Holds each message against the rules of its group; what follows is kind, and comes once."""

from collections.abc import Iterable
from functools import partial

from bot.events import Event, Group, Message
from handlers.breaching import broken
from handlers.exempting import excused
from handlers.following import Offence, follow, note
from handlers.foresight import Coming, Foresight, look_ahead
from handlers.judging import Judged, judged, spares
from handlers.past import Pasts, Said
from handlers.reading import read
from handlers.remember import NEW
from handlers.rights import role_of
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings
from rules.base import Role, Rule
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
        self._foresight = Foresight()

    def warm(self, said: Iterable[Said]) -> None:
        """Take in who spoke when before a restart, with the platform ids, oldest first."""
        self._pasts.warm(said)

    def expect(self, coming: Coming) -> None:
        """Look at what comes as a whole: most of it leaves most rules nothing to find."""
        look_ahead(coming, self._foresight, self._pasts)

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
        if (
            not under
            and event.quote is None
            and self._foresight.nothing(event, settings.rules, past)
        ):
            return Reply.NOTHING  # as nearly always: what follows comes to the same, and takes long
        about = _About(event, group, settings, scene)
        judge = partial(
            judged,
            rules=settings.rules,
            past=past,
            spares=about.spares,
            excuses=about.excuses,
            foreseen=self._foresight,
        )
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


class _About:
    """Whom rules spare because of who wrote a message: asked of few rules, made for each message.

    That a rule of the config does is asked before it judges, that an operator said so afterwards.
    """

    __slots__ = ("_group", "_message", "_scene", "_settings")

    def __init__(
        self, message: Message, group: Group, settings: GroupSettings, scene: Scene
    ) -> None:
        self._message = message
        self._group = group
        self._settings = settings
        self._scene = scene

    def spares(self, rule: Rule) -> bool:
        """Whether the config exempts the author from the rule."""
        return spares(rule, self._message, self._roles, self._settings.time_zone)

    def excuses(self, rule: Rule) -> bool:
        """Whether an operator said that it spares them."""
        message, zone = self._message, self._settings.time_zone
        return excused(rule, self._scene, self._group, message.author, message.at, zone)

    def _roles(self) -> frozenset[Role]:
        """Whether the author came lately; operators are never judged."""
        message = self._message
        joined_at = self._scene.work.memberships.joined_at(self._group, message.author)
        new = joined_at is not None and message.at - joined_at <= NEW
        return _NEWCOMER if new else _NO_ROLE
