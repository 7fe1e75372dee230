"""Writes down whether members want to be mentioned in topics and quoted in summaries."""

from bot.events import Event, Group, Message
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.answering import result
from handlers.phrases import Phrase
from handlers.scene import Reply, Scene
from handlers.summing_up import withdraw
from handlers.wording import say
from storage.values_of_programmes import ConsentKind

Said = tuple[ConsentKind, bool]

_NO_MENTION, _MENTION = (ConsentKind.MENTION, False), (ConsentKind.MENTION, True)
_NO_QUOTE, _QUOTE = (ConsentKind.QUOTE, False), (ConsentKind.QUOTE, True)
_ANSWERS: dict[Said, Text] = {
    _NO_MENTION: Text(
        zh="好的，发话题时不点你。改主意就说：可以点我。",
        en="All right, no topic will mention you. To change that: you may mention me.",
    ),
    _MENTION: Text(
        zh="好的，合适的话题会点到你，不会太多。不想了就说：别点我。",
        en="All right, topics that fit may mention you, not often. To stop it: don't mention me.",
    ),
    _NO_QUOTE: Text(
        zh="好的，不引用你的话。改主意就说：可以引用我。",
        en="All right, you will not be quoted. To change that: you may quote me.",
    ),
    _QUOTE: Text(
        zh="好的，小结里可以引用你的话。不想了就说：别引用我。",
        en="All right, summaries may quote you. To stop it: don't quote me.",
    ),
}
_WORDS: dict[str, Said] = {
    **dict.fromkeys(
        ("别点我", "不要点我", "别@我", "don't mention me", "do not mention me"), _NO_MENTION
    ),
    **dict.fromkeys(("可以点我", "可以@我", "you may mention me"), _MENTION),
    **dict.fromkeys(("别引用我", "不要引用我", "don't quote me", "do not quote me"), _NO_QUOTE),
    **dict.fromkeys(("可以引用我", "you may quote me"), _QUOTE),
}
_LONGEST = 60
"""Characters, the mention included."""
_END = "。.！!～~ "


def consent(event: Event, scene: Scene) -> Reply:
    """A member's word, to the bot in a group, or in private for all groups they are in with it.

    It counts from that moment on: summaries on their way that quote who says no are dropped, and
    topics on their way do not mention them.
    """
    if not isinstance(event, Message) or event.ours or len(event.text) > _LONGEST:
        return Reply.NOTHING
    if event.group is not None and (scene.group is None or scene.me not in event.mentions):
        return Reply.NOTHING
    said = _said(event, scene)
    groups = _groups(event, scene) if said is not None else []
    if said is None or not groups:
        return Reply.NOTHING
    what, given = said
    for group in groups:
        scene.work.consents.set(group, event.author, what, event.at, given=given)
        if not given:
            withdraw(group, scene, event.author)
            if what is ConsentKind.MENTION:
                from handlers.casting import take_out  # rarer than starts

                take_out(group, scene, event.author)
    if event.group is None and Capability.SPEAK_IN_PRIVATE not in scene.capabilities:
        return Reply.STOP
    language = scene.group.language if scene.group else scene.house.language
    words = say(_ANSWERS[said], language)
    place = event.group or event.author
    return Reply(actions=(result(event, f"consent:{what}", place, words, scene),), stop=True)


def _said(message: Message, scene: Scene) -> Said | None:
    phrase = Phrase(message, scene.me)
    word = phrase.word(_WORDS)
    return None if word is None or phrase.rest().strip(_END) else _WORDS[word]


def _groups(message: Message, scene: Scene) -> list[Group]:
    if message.group is not None:
        return [message.group]
    theirs = scene.work.memberships.groups_of(message.author)
    return [group for group in theirs if scene.settings(group) is not None]
