"""Heeds what is said to the bot: questions, reports, appeals, codes, and operators' orders."""

import re
from datetime import timedelta

from bot.actions import Action
from bot.events import Group, Identity, Message
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.answering import ONCE_IN, answer
from handlers.appealing import appeal
from handlers.asking import Asked, asked
from handlers.binding import bind, spoil
from handlers.entering import enter
from handlers.helping import HINT, help_for
from handlers.operating import operate
from handlers.phrases import folded
from handlers.record import public_record, record
from handlers.reporting import report
from handlers.rights import role_of
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings
from handlers.shown_rules import details, of_several, rules
from handlers.whom import looked_after
from handlers.wording import say

IN_PRIVATE = Text(zh="已私聊回复你。", en="I have answered you in private.")
FURTHER = Text(
    zh="还有别的群：到那个群里 @我 问。", en="There are more groups: mention me there and ask."
)

_OF_TOPICS = re.compile("话题|topic|通过|婉拒|approve|decline")
_FOR_ONE = (Asked.RECORD, Asked.DETAILS)
"""Asked in a group, it is answered in private where that can be done."""
_HINT_ONCE_IN = timedelta(minutes=10)
_FEW_GROUPS = 5
"""So many of a person's groups, or sets of groups with the same rules, one answer tells about."""


def heed_in_group(
    message: Message, group: Group, settings: GroupSettings, scene: Scene, *, asks: bool
) -> Reply:
    """What is ordered, reported or appealed; whoever `asks` us is answered in any case."""
    for heard in (operate, _topics, report, appeal, spoil):
        actions = heard(message, scene)
        if actions is not None:
            return Reply(actions=actions, stop=True)
    if not asks:
        return Reply.NOTHING
    what = asked(message)
    actions = _in_group(message, what, group, settings, scene)
    return Reply(actions=actions, stop=what is not Asked.UNKNOWN)


def _topics(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """Orders about topics, and what members propose."""
    if not _OF_TOPICS.search(folded(message.text)):
        return None
    from handlers.proposing import propose  # fewer still
    from handlers.topic_desk import operate_topics

    actions = operate_topics(message, scene)
    return propose(message, scene) if actions is None else actions


def _in_group(
    message: Message, what: Asked, group: Group, settings: GroupSettings, scene: Scene
) -> tuple[Action, ...]:
    """What is private is said in private, where that can be done, and left out where not."""
    language, author = settings.language, message.author
    if what in _FOR_ONE and Capability.SPEAK_IN_PRIVATE in scene.capabilities:
        shown = record(group, settings, author, scene, language)
        if what is Asked.DETAILS:
            shown = details(group, settings, scene, language)
        note = say(IN_PRIVATE, language)
        return (
            _answer(message, what, author, shown, scene),
            _answer(message, what, group, note, scene),
        )
    match what:
        case Asked.HELP:
            desk = group.id == scene.house.operators_group_id
            words = help_for(language, operator=desk and _operates(author, scene))
        case Asked.RULES:
            words = rules(group, settings, scene, language)
        case Asked.DETAILS:
            words = details(group, settings, scene, language)
        case Asked.RECORD:
            words = public_record(group, settings, author, scene, language)
        case Asked.UNKNOWN:
            if scene.work.posts.active(group, message.at):
                return ()  # it answers the topic of the hour (handlers/attribute.py)
            words = say(HINT, language)
    return (_answer(message, what, group, words, scene),)


def heed_in_private(message: Message, scene: Scene) -> tuple[Action, ...]:
    """Members are answered about the groups they are in now, operators about their work.

    Nobody else is, except for a code that makes an operator, and an appeal of one's own case.
    """
    if Capability.SPEAK_IN_PRIVATE not in scene.capabilities:
        return ()
    for heard in (bind, enter, operate, _topics, appeal, report):
        actions = heard(message, scene)
        if actions is not None:
            return actions
    theirs = _groups_of(message.author, scene)
    operates = _operates(message.author, scene)
    if not theirs and not operates:
        return ()
    words = _about(message.author, asked(message), theirs, scene, operates=operates)
    return (_answer(message, asked(message), message.author, words, scene),) if words else ()


def _about(
    person: Identity,
    what: Asked,
    theirs: list[tuple[Group, GroupSettings]],
    scene: Scene,
    *,
    operates: bool,
) -> str:
    language = scene.house.language
    match what:
        case Asked.HELP:
            return help_for(language, operator=operates)
        case Asked.UNKNOWN:
            return say(HINT, language)
        case Asked.RULES | Asked.DETAILS:
            told = of_several(theirs, scene, language, full=what is Asked.DETAILS)
        case Asked.RECORD:
            told = [record(group, settings, person, scene, language) for group, settings in theirs]
    further = [say(FURTHER, language)] if len(told) > _FEW_GROUPS else []
    return "\n\n".join([*told[:_FEW_GROUPS], *further])


def _operates(person: Identity, scene: Scene) -> bool:
    return role_of(scene, person) is not None


def _groups_of(person: Identity, scene: Scene) -> list[tuple[Group, GroupSettings]]:
    found = []
    for group in scene.work.memberships.groups_of(person):
        settings = looked_after(group, scene)
        if settings and settings.commands.enabled:
            found.append((group, settings))
    return found


def _answer(
    message: Message, what: Asked, place: Group | Identity, words: str, scene: Scene
) -> Action:
    """Asking again and again is answered once in a while."""
    once_in = _HINT_ONCE_IN if what is Asked.UNKNOWN else ONCE_IN
    return answer(message, what, place, words, scene, once_in)
