"""What operators know members for: tags, by which topics find the people they concern."""

import re

from bot.events import Group, Identity
from bot.texts import Text
from handlers.cards import named
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.verdicts import NO_RIGHT, Verdict
from handlers.wording import harmless, plain_lines, writable
from storage.values_of_order import Doer

TAGGED = Text(
    zh="{who} 在「{place}」的标签：{tags}。本人写「我的记录」看得到。"
    "要去掉就写：去标签 {they} {last}",
    en="The tags of {who} in “{place}”: {tags}. They can read them in their record. To take one"
    " off: untag {they} {last}",
)
NO_TAGS = Text(zh="{who} 在「{place}」没有标签。", en="{who} has no tags in “{place}”.")
TOO_LONG = Text(
    zh="一个标签至多 {most} 个字：{word}", en="A tag has {most} characters at most: {word}"
)
TOO_MANY = Text(zh="一个人至多 {most} 个标签。", en="A person has {most} tags at most.")
NOT_TAGGED = Text(
    zh="{who} 在「{place}」没有这样的标签，有：{tags}",
    en="{who} has no such tag in “{place}”; there are: {tags}",
)
FORGOTTEN = Text(
    zh="对方的资料已应本人要求抹去，不能再给标签。",
    en="They were erased at their own request and cannot be tagged.",
)

LONGEST = 20
"""Characters of a tag."""
MOST = 20
"""Tags of a person in a group."""
_BETWEEN = re.compile(r"[\s、,，;；|/]+")


def tags_in(words: str) -> tuple[str, ...]:
    """The tags somebody wrote: 产品、增长 or #产品 #增长."""
    found = (each.strip("#＃") for each in _BETWEEN.split(plain_lines(words)))
    return tuple(dict.fromkeys(each for each in found if each))


def tag(scene: Scene, group: Group, member: Identity, tags: tuple[str, ...], by: Doer) -> Verdict:
    """They are known for these as well; without any, which tags they have."""
    if isinstance(by, Identity) and role_of(scene, by) is None:
        return Verdict(done=False, words=NO_RIGHT)
    there = scene.work.tags.of_member(group, member)
    if too_long := next((each for each in tags if len(each) > LONGEST), None):
        values = {"most": LONGEST, "word": harmless(too_long)}
        return Verdict(done=False, words=TOO_LONG, values=values)
    if len({*there, *tags}) > MOST:
        return Verdict(done=False, words=TOO_MANY, values={"most": MOST})
    if tags:
        if not scene.work.tags.add(group, member, tags, by, scene.now):
            return Verdict(done=False, words=FORGOTTEN)
        _note(scene, by, "标签 tag", group, member, tags)
    return _told(scene, group, member)


def untag(scene: Scene, group: Group, member: Identity, tags: tuple[str, ...], by: Doer) -> Verdict:
    """They are known for these no more."""
    if isinstance(by, Identity) and role_of(scene, by) is None:
        return Verdict(done=False, words=NO_RIGHT)
    there = scene.work.tags.of_member(group, member)
    off = tuple(each for each in there if each.lower() in {one.lower() for one in tags})
    if there and not off:
        values = _who(group, member) | {"tags": _listed(there)}
        return Verdict(done=False, words=NOT_TAGGED, values=values)
    if off:
        scene.work.tags.remove(group, member, off)
        _note(scene, by, "去标签 untag", group, member, off)
    return _told(scene, group, member)


def _told(scene: Scene, group: Group, member: Identity) -> Verdict:
    there = scene.work.tags.of_member(group, member)
    if not there:
        return Verdict(done=True, words=NO_TAGS, values=_who(group, member))
    values = _who(group, member) | {"tags": _listed(there), "last": harmless(there[-1])}
    return Verdict(done=True, words=TAGGED, values=values | {"they": writable(named(member))})


def _listed(tags: tuple[str, ...]) -> str:
    return "、".join(harmless(each) for each in tags)


def _who(group: Group, member: Identity) -> dict[str, object]:
    return {"who": named(member), "place": harmless(group.name) or group.id}


def _note(  # noqa: PLR0917 in the order of a sentence
    scene: Scene, by: Doer, what: str, group: Group, member: Identity, tags: tuple[str, ...]
) -> None:
    told = f"{group.id} {_listed(tags)}"
    scene.work.audit.note(scene.house.account, by, what, member, told, scene.now)
