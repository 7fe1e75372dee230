"""Answers what members ask the bot: 帮助, 群规, 我的记录."""

from datetime import timedelta

from bot.actions import Action, Priority, Say
from bot.events import Event, Group, Identity, Message
from bot.gateway.base import Capability
from handlers.answers import HELP, HINT, IN_PRIVATE, public_record, record, rules
from handlers.asking import Asked, asked
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings
from handlers.wording import say

_ONCE_IN = {Asked.UNKNOWN: 600}
_ONCE_IN_ELSE = 60
"""Seconds of the clock within which the same question of the same person is answered once."""

_STALE = timedelta(minutes=10)
_FEW_GROUPS = 5
"""So many of a person's groups are told about in one private answer."""


def command(event: Event, scene: Scene) -> Reply:
    """An answer to whoever mentions the bot in a group, or writes to it in private.

    A word that is no command gets a hint once in ten minutes, and may still answer a topic.
    """
    if not isinstance(event, Message) or event.ours:
        return Reply.NOTHING
    if event.group is None:
        return Reply(actions=_in_private(event, scene))
    if scene.group is None or not scene.group.commands.enabled or scene.me not in event.mentions:
        return Reply.NOTHING
    what = asked(event)
    actions = _in_group(event, what, event.group, scene.group, scene)
    return Reply(actions=actions, stop=what is not Asked.UNKNOWN)


def _in_group(
    message: Message, what: Asked, group: Group, settings: GroupSettings, scene: Scene
) -> tuple[Action, ...]:
    """What is private is said in private, where that can be done, and left out where not."""
    language, author = settings.language, message.author
    if what is Asked.RECORD and Capability.SPEAK_IN_PRIVATE in scene.capabilities:
        told = record(group, settings, author, scene, language)
        note = say(IN_PRIVATE, language)
        return (
            _answer(message, what, author, told, scene),
            _answer(message, what, group, note, scene),
        )
    match what:
        case Asked.HELP:
            words = say(HELP, language)
        case Asked.RULES:
            words = rules(group, settings, language)
        case Asked.RECORD:
            words = public_record(group, settings, author, scene, language)
        case Asked.UNKNOWN:
            words = say(HINT, language)
    return (_answer(message, what, group, words, scene),)


def _in_private(message: Message, scene: Scene) -> tuple[Action, ...]:
    """Only members are answered, and only about the groups they are in now."""
    theirs = _groups_of(message.author, scene)
    if not theirs or Capability.SPEAK_IN_PRIVATE not in scene.capabilities:
        return ()
    language, what = scene.house.language, asked(message)
    match what:
        case Asked.HELP:
            words = say(HELP, language)
        case Asked.RULES:
            words = "\n\n".join(rules(group, settings, language) for group, settings in theirs)
        case Asked.RECORD:
            words = "\n\n".join(
                record(group, settings, message.author, scene, language)
                for group, settings in theirs
            )
        case Asked.UNKNOWN:
            words = say(HINT, language)
    return (_answer(message, what, message.author, words, scene),)


def _groups_of(person: Identity, scene: Scene) -> list[tuple[Group, GroupSettings]]:
    found = []
    for group in scene.work.memberships.groups_of(person):
        settings = scene.settings(group)
        if settings and settings.commands.enabled:
            found.append((group, settings))
    return found[:_FEW_GROUPS]


def _answer(
    message: Message, what: Asked, place: Group | Identity, words: str, scene: Scene
) -> Say:
    """The key holds a piece of the clock: asking again and again is answered once in a while."""
    piece = int(message.at.timestamp()) // _ONCE_IN.get(what, _ONCE_IN_ELSE)
    in_group = isinstance(place, Group)
    return Say(
        key=f"answer:{what}:{place.id}:{message.author.id}:{piece}",
        why=f"成员询问 a member asked: {what}",
        priority=Priority.ANSWER,
        expires_at=scene.now + _STALE,
        about=(message.author,),
        to=place,
        text=words,
        mentions=(message.author,) if in_group else (),
        quotes=message.id if in_group else "",
    )
