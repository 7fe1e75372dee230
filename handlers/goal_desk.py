"""Answers how far a group is with its common goal, and takes an operator's count of it."""

import re
import unicodedata

from bot.actions import Action
from bot.events import Group, Message
from bot.frozen import frozen
from bot.gateway.base import Capability
from bot.texts import Text
from handlers import topic_places
from handlers.answering import answer, result, said_before
from handlers.coming import places
from handlers.goal import AROUND
from handlers.phrases import Phrase, folded
from handlers.progress import NO_GOAL, report, shown
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.topic_places import Place
from handlers.wording import harmless, say

USAGE = Text(
    zh="请写到了多少，或者又多了多少：目标 进展 120，目标 进展 +3。在运营群里写上群名。",
    en="How far is it, or how much more: goal progress 120, goal progress +3. In the operators'"
    " group add the name of the group.",
)
NO_GOALS = Text(
    zh="我照看的群里没有共同目标。目标写在 config.yaml 的 goal 里。",
    en="No group that I look after has a common goal. It is written in config.yaml, under goal.",
)

_WORDS = ("目标", "共同目标", "我们的目标", "goal", "our goal")
_GOAL = (*_WORDS, *(f"{word}?" for word in _WORDS))
_PROGRESS = re.compile(r"(?:进展|进度|progress)(?![a-z])[\s:]*", re.IGNORECASE)
_AMOUNT = re.compile(r"(.*?)\s*([+-]?)\s*([0-9]{1,10})\s*([^0-9]{0,20})")
_FEW = 5
"""The goals of so many groups are told at once."""


def asked(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """The answer to a question or an order; None if it is neither."""
    phrase = Phrase(message, scene.me)
    if phrase.word(_GOAL) is None:
        return None
    rest = unicodedata.normalize("NFKC", phrase.rest()).strip()
    ordered = _PROGRESS.match(rest)
    if ordered and role_of(scene, message.author) is not None:
        return _ordered(message, rest[ordered.end() :], scene)
    if rest.strip(AROUND + "?") or (scene.group and not scene.group.commands.enabled):
        return None
    if message.group is None and Capability.SPEAK_IN_PRIVATE not in scene.capabilities:
        return ()
    place = message.group or message.author
    return (answer(message, "goal", place, _lines(message, scene), scene),)


def _lines(message: Message, scene: Scene) -> str:
    """How far the group is; elsewhere, how far the groups are that the person has with us."""
    here = _here(message, scene)
    if here is not None:
        settings = scene.group
        told = shown(scene, here, settings) if settings else ""
        language = settings.language if settings else scene.house.language
        return told or say(NO_GOAL, language, place=harmless(here.name))
    some = _with_goal(scene)
    if message.group is None and role_of(scene, message.author) is None:
        theirs = {*scene.work.memberships.groups_of(message.author)}
        some = [place for place in some if place[0] in theirs]
    lines = [f"「{harmless(group.name)}」{shown(scene, group, each)}" for group, each in some]
    return "\n".join(lines[:_FEW]) or say(NO_GOALS, scene.house.language)


@frozen
class _Count:
    """What an operator says was reached, and where; `more` where it is said by how much."""

    place: str
    count: int
    more: bool
    unit: str


def _ordered(message: Message, words: str, scene: Scene) -> tuple[Action, ...]:
    place = message.group or message.author
    if said_before(message, place, scene):
        return ()
    told = _carried_out(message, words, scene)
    return (result(message, "goal", place, told, scene),)


def _carried_out(message: Message, words: str, scene: Scene) -> str:
    language = scene.house.language
    counted = _counted(words)
    found = _where(counted.place, _here(message, scene), scene) if counted else USAGE
    if counted is None or isinstance(found, Text):
        return say(USAGE if isinstance(found, tuple) else found, language)
    group, settings = found
    if counted.unit and settings.goal and counted.unit != settings.goal.measure.unit:
        return say(USAGE, language)
    verdict = report(scene, group, settings, message.author, counted.count, more=counted.more)
    return verdict.say(language)


def _counted(words: str) -> _Count | None:
    found = _AMOUNT.fullmatch(words.strip(AROUND))
    if found is None:
        return None
    place, sign, number, unit = found.groups()
    count = -int(number) if sign == "-" else int(number)
    return _Count(place, count, bool(sign), unit.strip())


def _where(words: str, here: Group | None, scene: Scene) -> Place | Text:
    """The group that is named; else the one it was said in, else the only one with a goal."""
    if words:
        wanted = folded(words.strip(AROUND)).strip()
        some = [each for each in places(scene) if wanted in map(folded, (each[0].name, each[0].id))]
        if not some:
            return topic_places.unknown(words)
    elif here is not None:
        some = [each for each in places(scene) if each[0] == here]
    else:
        some = _with_goal(scene)
    if len(some) == 1:
        return some[0]
    return topic_places.which(some) if some else NO_GOALS


def _with_goal(scene: Scene) -> list[Place]:
    return [place for place in places(scene) if place[1].goal is not None]


def _here(message: Message, scene: Scene) -> Group | None:
    """The members' group it was said in."""
    group = message.group
    return None if group is None or group.id == scene.house.operators_group_id else group
