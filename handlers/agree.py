"""Writes down that a member agrees to the rules, by a word to the bot."""

from datetime import timedelta

from bot.actions import Priority, Say
from bot.events import Event, Group, Message
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.pact import posted
from handlers.phrases import Phrase
from handlers.scene import Reply, Scene
from handlers.wording import harmless, say

THANKS = Text(
    zh="谢谢，已记下你同意「{group}」的群规（第 {version} 版）。",
    en="Thank you: noted that you agree to the rules of “{group}” (version {version}).",
)

_WORDS = ("同意", "我同意", "接受", "agree", "i agree", "accept", "i accept")
_LONGEST = 60
"""Characters, the mention included: a word of agreement is no speech."""
_STALE = timedelta(minutes=10)


def agree(event: Event, scene: Scene) -> Reply:
    """A member's word, to the bot in a group or in private for all their groups.

    Thanked for once a version. Where no rules were posted the word means something else.
    """
    if not isinstance(event, Message) or event.ours or len(event.text) > _LONGEST:
        return Reply.NOTHING
    if event.group is not None and (scene.group is None or scene.me not in event.mentions):
        return Reply.NOTHING
    if not _is_the_word(event, scene):
        return Reply.NOTHING
    agreed = [(group, version) for group in _groups(event, scene) if (version := _of(group, scene))]
    new = [each for each in agreed if _is_new(event, *each, scene)]
    speaks = event.group is not None or Capability.SPEAK_IN_PRIVATE in scene.capabilities
    thanks = [_thanks(event, *each, scene) for each in new] if speaks else []
    return Reply(actions=tuple(thanks), stop=bool(agreed))


def _is_the_word(message: Message, scene: Scene) -> bool:
    phrase = Phrase(message, scene.me)
    return phrase.word(_WORDS) is not None and not phrase.rest()


def _groups(message: Message, scene: Scene) -> list[Group]:
    if message.group is not None:
        return [message.group]
    theirs = scene.work.memberships.groups_of(message.author)
    return [group for group in theirs if scene.settings(group) is not None]


def _of(group: Group, scene: Scene) -> int:
    """The version that the group was told last, 0 if none."""
    pact = posted(scene, group)
    return pact.version if pact else 0


def _is_new(message: Message, group: Group, version: int, scene: Scene) -> bool:
    return scene.work.pacts.accept(group, version, message.author, message.at)


def _thanks(message: Message, group: Group, version: int, scene: Scene) -> Say:
    """Where it was said, in the language of the group that it is about."""
    settings, author, in_group = scene.settings(group), message.author, message.group is not None
    language = settings.language if settings else scene.house.language
    return Say(
        key=f"agree:{group.id}:{author.id}:{version}",
        why=f"成员同意群规第 {version} 版 a member agrees to version {version} of the rules",
        priority=Priority.ANSWER,
        expires_at=scene.now + _STALE,
        about=(author,),
        to=group if in_group else author,
        text=say(THANKS, language, group=harmless(group.name), version=version),
        mentions=(author,) if in_group else (),
        quotes=message.id if in_group else "",
    )
