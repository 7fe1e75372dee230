"""Finds out which group, programme, topic or slot an order means; says what is not clear."""

import re
from collections.abc import Collection

from bot.events import Group
from bot.texts import Text
from handlers.coming import places
from handlers.delivering import NUMBERS
from handlers.phrases import folded
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import filled, harmless
from storage.values import Slot, Topic, TopicStatus

Place = tuple[Group, GroupSettings]

NO_GROUP = Text(
    zh="我照看的群里没有设节目的。节目写在 config.yaml 的 programmes 里。",
    en="No group that I look after has a programme. Programmes are in config.yaml.",
)
WHICH_GROUP = Text(zh="请写明哪个群：{choices}", en="Which group, please: {choices}")
UNKNOWN = Text(
    zh="「{words}」不是我照看的群，也不是节目。",
    en="“{words}” is no group of mine and no programme.",
)
NO_TOPIC = Text(
    zh="没有找到话题「{title}」。写「话题 列表」看有哪些。",
    en="There is no topic “{title}”. topic list shows them.",
)
WHICH_TOPIC = Text(
    zh="不止一个，请写全标题：{choices}",
    en="There is more than one, write all of the title: {choices}",
)
WHICH_SLOT = Text(
    zh="{number} 不止一个，请写全：{choices}",
    en="There is more than one {number}, write all of it: {choices}",
)
NO_SLOT = Text(
    zh="没有编号 {number}。写「话题 状态」看编号。",
    en="There is no {number}. topic status shows the numbers.",
)

_ALL = ("全部", "所有群", "所有", "all")
_BETWEEN = " ,:、;。\t"
_FEW = 6
_SLOTS = 1000
_OPEN, _CLOSE = '「『“"', '」』”"'


def where(words: str, here: Group | None, scene: Scene) -> tuple[list[Place] | Text, str]:
    """The groups that are named first, and what is left; else the group it was said in.

    Without either it is the only group with a programme; where there are more, what to ask back.
    """
    every = places(scene)
    whole, rest = _begins(words, _ALL)
    if whole:
        return every or NO_GROUP, rest
    names = {name: place for place in every for name in (place[0].id, place[0].name) if name}
    name, rest = _begins(words, names)
    if name:
        return [names[name]], rest
    if here is not None:
        return [place for place in every if place[0] == here] or NO_GROUP, words
    some = with_programmes(every)
    if len(some) > 1:
        return which(some), words
    return some or NO_GROUP, words


def with_programmes(every: list[Place]) -> list[Place]:
    """Those of them in which topics are posted by programmes."""
    return [place for place in every if place[1].programmes]


def which(some: list[Place]) -> Text:
    """Asks which of these groups is meant."""
    return filled(WHICH_GROUP, choices=_listed([place[0].name for place in some]))


def unknown(words: str) -> Text:
    """Says that these words are neither a group nor a programme."""
    return filled(UNKNOWN, words=harmless(words, 40))


def groups_named(words: str, scene: Scene) -> list[Place] | Text:
    """The groups of a list like 读书会、跑步, or all that are looked after; or what is unknown."""
    every = places(scene)
    if folded(words).strip() in _ALL:
        return every
    names = {folded(name): place for place in every for name in (place[0].name, place[0].id)}
    found: list[Place] = []
    for each in re.split("[、,，;；|]", words):
        place = names.get(folded(_bare(each)))
        if place is None:
            return which(every)
        found.append(place)
    return list({place[0]: place for place in found}.values())


def programme(words: str, *of: GroupSettings) -> tuple[str, str]:
    """The programme of these groups that is named first, empty if none is, and what is left."""
    return _begins(words, {name for settings in of for name in settings.programmes})


def topic(words: str, scene: Scene) -> Topic | Text:
    """The topic with this key or title, or the only one whose title holds the words."""
    wanted = folded(_bare(words))
    known = scene.work.topics.all()
    same = [each for each in known if wanted in (folded(each.title), folded(each.key))]
    alike = same or [
        each
        for each in known
        if wanted and wanted in folded(each.title) and each.status is not TopicStatus.RETIRED
    ]
    exact = [each for each in alike if each.status is TopicStatus.APPROVED] or alike
    if len(exact) == 1:
        return exact[0]
    if exact:
        return filled(WHICH_TOPIC, choices=_listed([each.title for each in exact]))
    return filled(NO_TOPIC, title=harmless(words, 60))


def slot(number: int, scene: Scene) -> Slot | Text:
    """The slot with this number, or with this key where two of the newest have the same number."""
    account = scene.house.account
    some = [each for each in scene.work.slots.list(limit=_SLOTS) if each.group.account == account]
    found = [each for each in some if number in (each.id, each.id % NUMBERS)]
    if len(found) > 1:
        choices = [f"{each.id}「{harmless(each.group.name)}」" for each in found]
        return filled(WHICH_SLOT, number=number, choices=_listed(choices))
    return found[0] if found else filled(NO_SLOT, number=number)


def _begins(words: str, names: Collection[str]) -> tuple[str, str]:
    """The longest of the names that the words begin with, and what is left; empty if none."""
    at = len(words) - len(words.lstrip())
    quoted = words[at : at + 1] in _OPEN and words[at : at + 1] != ""
    start = at + 1 if quoted else at
    low = folded(words)
    for name in sorted(names, key=len, reverse=True):
        end = start + len(name)
        if not name or low[start:end] != folded(name):
            continue
        after = words[end : end + 1]
        if quoted and after and after in _CLOSE:
            return name, words[end + 1 :].lstrip(_BETWEEN + "，：；")
        if not quoted and (not after or low[end] in _BETWEEN):
            return name, words[end:].lstrip(_BETWEEN + "，：；")
    return "", words


def _bare(words: str) -> str:
    return words.strip().strip(_OPEN + _CLOSE + "《》").strip()


def _listed(names: list[str]) -> str:
    shown = "、".join(harmless(name, 40) for name in names[:_FEW])
    return f"{shown}…" if len(names) > _FEW else shown
