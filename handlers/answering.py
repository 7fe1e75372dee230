"""Says an answer: in private or in the group, never twice, and not to somebody who only asks on."""

from datetime import timedelta

from bot.actions import Priority, Say
from bot.events import Group, Identity, Message
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.scene import Scene
from handlers.wording import say

ONCE_IN = timedelta(minutes=1)
"""Within this piece of the clock the same question of the same person is answered once."""

_STALE = timedelta(minutes=10)
_MATTERS = timedelta(hours=12)


def answer(  # noqa: PLR0917 in the order of a sentence
    message: Message,
    what: str,
    place: Group | Identity,
    words: str,
    scene: Scene,
    once_in: timedelta = ONCE_IN,
) -> Say:
    """The answer to a question that changes nothing; `what` names question and outcome."""
    piece = int(message.at.timestamp()) // int(once_in.total_seconds())
    key = f"answer:{what}:{place.id}:{message.author.id}:{piece}"
    return _say(message, key, f"成员询问 a member asked: {what}", place, words, scene, _STALE)


def result(message: Message, what: str, place: Group | Identity, words: str, scene: Scene) -> Say:
    """What came of a message that changed something, or was to; said once for that message."""
    return _say(
        message, _result(message, place), f"答复 an answer: {what}", place, words, scene, _MATTERS
    )


def said_before(message: Message, place: Group | Identity, scene: Scene) -> bool:
    """Whether this very message was answered there with what came of it: it was heard twice."""
    row = scene.work.outbox.of_key(message.author.account, _result(message, place))
    return row is not None


def aside(message: Message, scene: Scene) -> Group | Identity:
    """Where something is answered that need not be read by all: in private, if that can be."""
    if message.group is None or Capability.SPEAK_IN_PRIVATE in scene.capabilities:
        return message.author
    return message.group


def told(text: Text, scene: Scene, /, **values: object) -> str:
    """Our text in the language of the group the event is in, else of the house."""
    language = scene.group.language if scene.group else scene.house.language
    return say(text, language, **values)


def _result(message: Message, place: Group | Identity) -> str:
    return f"result:{place.id}:{message.id}"


def _say(  # noqa: PLR0917
    message: Message,
    key: str,
    why: str,
    place: Group | Identity,
    words: str,
    scene: Scene,
    lasts: timedelta,
) -> Say:
    in_group = isinstance(place, Group)
    return Say(
        key=key,
        why=why,
        priority=Priority.ANSWER,
        expires_at=scene.now + lasts,
        about=(message.author,),
        to=place,
        text=words,
        mentions=(message.author,) if in_group else (),
        quotes=message.id if in_group else "",
    )
