"""Finds out whom an order means, and in which group; asks back where that is not clear."""

from collections.abc import Iterable

from bot.events import Group, Identity
from bot.frozen import frozen
from bot.texts import Text
from handlers.cards import named
from handlers.phrases import Whom
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import filled, harmless

NOBODY = Text(
    zh="没有找到「{who}」。请 @ 对方，或写群里的全名，或写案件号如 #17。",
    en="I found nobody called “{who}”. Mention them, write their whole name, or a case like #17.",
)
NO_CASE = Text(zh="没有案件 {number}。", en="There is no case {number}.")
FORGOTTEN = Text(
    zh="案件 {number} 的人已经被抹去，没有记录了。",
    en="Whoever case {number} was about has been erased.",
)
NOT_THERE = Text(
    zh="{who} 不在我照看的群里。请写上群名，例如：{who}@读书会",
    en="{who} is in no group that I look after. Name the group, like {who}@Readers",
)
WHICH = Text(
    zh="不止一个，请写清是哪个：{choices}",
    en="There is more than one, please say which: {choices}",
)

_MOST = 5


@frozen
class Found:
    """Somebody in a group that is looked after."""

    member: Identity
    group: Group
    settings: GroupSettings


def people(whom: Whom, scene: Scene) -> list[Identity] | Text:
    """Whom it may mean, or why that is nobody."""
    if whom.mentioned is not None:
        return [whom.mentioned]
    if whom.case:
        case = scene.work.cases.get(whom.case)
        if case is None or case.group.account != scene.house.account:
            return filled(NO_CASE, number=whom.case)
        return [case.member] if case.member else filled(FORGOTTEN, number=whom.case)
    called = scene.work.members.called(scene.house.account, whom.name)
    return called or filled(NOBODY, who=harmless(whom.name))


def present(
    whom: Whom, scene: Scene, here: Group | None = None, within: Iterable[Group] | None = None
) -> Found | Text:
    """The one person meant and their group, or what to ask back.

    A mention means somebody of the group `here`. Groups are those where they are now and, where
    a group was named, that one in any case; with `within`, only groups among those.
    """
    candidates = people(whom, scene)
    if isinstance(candidates, Text):
        return candidates
    if whom.case and (case := scene.work.cases.get(whom.case)) and case.member:
        return _one([(case.member, case.group)], whom, scene)
    if whom.mentioned is not None and here is not None and not whom.group:
        return _one([(whom.mentioned, here)], whom, scene)
    allowed = None if within is None else set(within)
    pairs = [
        (who, group)
        for who in candidates
        for group in _groups(who, whom, scene)
        if allowed is None or group in allowed
    ]
    if allowed is not None and not pairs:
        return filled(NOBODY, who=harmless(whom.name))  # who is elsewhere is nobody's business
    return _one(pairs, whom, scene)


def one_person(whom: Whom, scene: Scene) -> Identity | Text:
    """The one person meant, wherever they are, or what to ask back."""
    candidates = people(whom, scene)
    if isinstance(candidates, Text) or len(candidates) == 1:
        return candidates if isinstance(candidates, Text) else candidates[0]
    return _which([each.id for each in candidates])


def looked_after(group: Group, scene: Scene) -> GroupSettings | None:
    """What is in force in a group of members; None for the operators' own, and for all others."""
    return None if group.id == scene.house.operators_group_id else scene.settings(group)


def _groups(who: Identity, whom: Whom, scene: Scene) -> list[Group]:
    there = scene.work.memberships.groups_of(who)
    if not whom.group:
        return there
    wanted = (whom.group, whom.group.strip())
    found = [each for each in there if each.name in wanted or each.id in wanted]
    if found:
        return found
    known = [each.group for each in scene.work.groups.all(scene.house.account)]
    return [each for each in known if each.name in wanted or each.id in wanted]


def _one(pairs: list[tuple[Identity, Group]], whom: Whom, scene: Scene) -> Found | Text:
    found = [
        Found(who, group, settings)
        for who, group in pairs
        if (settings := looked_after(group, scene)) is not None
    ]
    if len(found) == 1:
        return found[0]
    if found:
        return _which(_told_apart(found))
    who = whom.mentioned or (pairs[0][0] if pairs else None)
    return filled(NOT_THERE, who=named(who) if who else harmless(whom.name))


def _told_apart(found: list[Found]) -> list[str]:
    """Each as it can be written: by name and group, by id where that is not enough."""
    names = [f"{named(each.member)}@「{harmless(each.group.name)}」" for each in found]
    return [
        name if names.count(name) == 1 else f"{each.member.id}@「{harmless(each.group.name)}」"
        for name, each in zip(names, found, strict=True)
    ]


def _which(choices: list[str]) -> Text:
    shown = "、".join(choices[:_MOST]) + ("…" if len(choices) > _MOST else "")
    return filled(WHICH, choices=shown)
