"""Carries out what operators order about topics; who may is asked again where it is decided."""

from collections.abc import Callable

from bot.actions import Action
from bot.events import Group, Message
from bot.texts import Text
from handlers import arranging, broadcasting, effects_told, topic_lists, topic_places
from handlers.answering import aside, result, said_before
from handlers.bank_orders import add, approve, decline
from handlers.coming import zone_of
from handlers.restoring import restore_next
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.topic_orders import Ordered, TopicOrder, topic_order
from handlers.topic_places import Place
from handlers.verdicts import Verdict
from handlers.wording import filled, say
from topics.moments import moment

NO_NUMBER = Text(
    zh="请写上编号，「话题 状态」里有，例如：话题 {what} 41702",
    en="Please give the number, topic status shows it, for example: topic {what} 41702",
)
NO_TITLE = Text(
    zh="请写上话题的标题，例如：话题 换 一杯茶",
    en="Which topic, please, for example: topic pin Tea",
)
NO_TIME = Text(
    zh="看不懂这个时间，例如：话题 移到 明天 9:00", en="When, please, for example: topic move 10:30"
)
TO_WHERE = Text(
    zh="请这样写：话题 群发 一杯茶 到 读书会、跑步（或：到 全部）",
    en="Please write: topic broadcast Tea to Readers, Runners (or: to all)",
)
OF_GROUPS = Text(
    zh="效果按群看，不分节目，例如：话题 效果 读书会",
    en="Effects are told of a group, not of a programme: topic effects Readers",
)
HOW = Text(
    zh="话题的口令：\n话题 下一个、话题 跳过、话题 换 标题、话题 照常、话题 现在 标题、\n"
    "话题 移到 明天 9:00；话题 暂停、话题 恢复：整个群，或写上节目\n"
    "话题 状态；话题 重发 编号、话题 取消 编号、话题 移到 编号 10:30\n"
    "话题 添加 标题：内容 #标签 专业；话题 列表 待审\n"
    "通过 5、婉拒 5：成员的推荐\n话题 群发 标题 到 群A、群B\n话题 效果\n群名写在口令后面。",
    en="Orders about topics:\ntopic next, topic skip, topic pin TITLE, topic restore,"
    " topic now TITLE, topic move tomorrow 9:00\n"
    "topic pause, topic resume: a group, or one programme\n"
    "topic status; topic resend NO, topic cancel NO, topic move NO 10:30\n"
    "topic add TITLE: TEXT #tag professional; topic list proposed\n"
    "approve 5, decline 5: what members proposed\ntopic broadcast TITLE to A, B\ntopic effects\n"
    "The name of a group follows the order.",
)

AND_MORE = Text(zh="……还有 {count} 个群也一样", en="… and {count} groups more")

_LINES = 8
_FEW = 5
"""The effects of so many groups are told at once."""


def operate_topics(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """What follows from an order about topics; None if the message is none, or not an operator's.

    As all orders: in a group of members it mentions us, in the operators' own and in private it
    need not. Answered in private, or in the operators' group, where that can be done.
    """
    desk = message.group is not None and message.group.id == scene.house.operators_group_id
    addressed = message.group is None or scene.me in message.mentions
    if not (desk or addressed):
        return None
    ordered = topic_order(message, scene.me)
    if ordered is None or role_of(scene, message.author) is None:
        return None
    place = message.group if desk and message.group else aside(message, scene)
    if said_before(message, place, scene):
        return ()
    words, actions, understood = _carry_out(message, ordered, scene)
    if ordered.latin and ordered.rest and not (understood or ordered.number or addressed):
        return None  # talk among operators that begins with an English word
    return (*actions, result(message, f"topic:{ordered.what}", place, words, scene))


def _carry_out(
    message: Message, ordered: TopicOrder, scene: Scene
) -> tuple[str, tuple[Action, ...], bool]:
    ways: dict[Ordered, Callable[[Message, TopicOrder, Scene], Verdict | Text | str]] = {
        Ordered.ADD: _add,
        Ordered.LIST: _list,
        Ordered.NEXT: _next,
        Ordered.SKIP: _one_place,
        Ordered.RESTORE: _one_place,
        Ordered.PIN: _pin,
        Ordered.PAUSE: _places,
        Ordered.RESUME: _places,
        Ordered.NOW: _now,
        Ordered.MOVE: _move,
        Ordered.APPROVE: _judge,
        Ordered.DECLINE: _judge,
        Ordered.STATUS: _status,
        Ordered.RESEND: _slot,
        Ordered.CANCEL: _slot,
        Ordered.BROADCAST: _broadcast,
        Ordered.EFFECTS: _effects,
        Ordered.HOW: _how,
    }
    told = ways[ordered.what](message, ordered, scene)
    if isinstance(told, Verdict):
        return told.say(scene.house.language), told.actions, told.done
    if isinstance(told, Text):
        return say(told, scene.house.language), (), told is HOW
    return told, (), True


def _how(_: Message, __: TopicOrder, ___: Scene) -> Text:
    return HOW


def _add(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict:
    return add(scene, ordered.rest, message.author)


def _list(_: Message, ordered: TopicOrder, scene: Scene) -> str:
    return topic_lists.bank(scene, ordered.rest)


def _next(message: Message, ordered: TopicOrder, scene: Scene) -> Text | str:
    asked = _where(message, ordered, scene)
    if isinstance(asked, Text):
        return asked
    some, programme = asked
    some = topic_places.with_programmes(some)
    return topic_lists.ahead(scene, some, programme) if some else topic_places.NO_GROUP


def _status(message: Message, ordered: TopicOrder, scene: Scene) -> Text | str:
    asked = _where(message, ordered, scene)
    return asked if isinstance(asked, Text) else topic_lists.status(scene, *asked)


def _effects(message: Message, ordered: TopicOrder, scene: Scene) -> Text | str:
    asked = _where(message, ordered, scene)
    if isinstance(asked, Text):
        return asked
    some, programme = asked
    if programme:
        return OF_GROUPS
    return "\n\n".join(effects_told.told(scene, group) for group, _ in some[:_FEW])


def _where(message: Message, ordered: TopicOrder, scene: Scene) -> tuple[list[Place], str] | Text:
    """The groups of a question, all of them where none is named; and its programme, if any."""
    words = ordered.rest or ("全部" if _here(message, scene) is None else "")
    some, rest = topic_places.where(words, _here(message, scene), scene)
    if isinstance(some, Text):
        return some
    programme, more = topic_places.programme(rest, *(settings for _, settings in some))
    return topic_places.unknown(more) if more.strip() else (some, programme)


def _one(message: Message, words: str, scene: Scene) -> tuple[Place, str, str] | Text:
    """The one group an order is about, its programme if one is named, and what is left."""
    some, rest = topic_places.where(words, _here(message, scene), scene)
    if isinstance(some, Text):
        return some
    if len(some) > 1:
        return topic_places.which(some)
    programme, rest = topic_places.programme(rest, some[0][1])
    return some[0], programme, rest


def _one_place(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict | Text:
    found = _one(message, ordered.rest, scene)
    if isinstance(found, Text):
        return found
    (group, settings), programme, rest = found
    if rest.strip():
        return topic_places.unknown(rest)
    decide = arranging.skip if ordered.what is Ordered.SKIP else restore_next
    return decide(scene, group, settings, message.author, programme)


def _pin(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict | Text:
    found = _one(message, ordered.rest, scene)
    if isinstance(found, Text):
        return found
    (group, settings), programme, title = found
    topic = topic_places.topic(title, scene) if title.strip() else NO_TITLE
    if isinstance(topic, Text):
        return topic
    return arranging.pin(scene, group, settings, topic, message.author, programme)


def _now(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict | Text:
    found = _one(message, ordered.rest, scene)
    if isinstance(found, Text):
        return found
    (group, settings), programme, title = found
    topic = topic_places.topic(title, scene) if title.strip() else None
    if isinstance(topic, Text):
        return topic
    return arranging.post_now(scene, group, settings, message.author, programme, topic)


def _move(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict | Text:
    if ordered.number:
        slot = topic_places.slot(ordered.number, scene)
        if isinstance(slot, Text):
            return slot
        settings = scene.settings(slot.group)
        zone = zone_of(settings, slot.programme) if settings else topic_lists.ZONE
        try:
            to = moment(ordered.rest, scene.now, zone)
        except ValueError:
            return NO_TIME
        return arranging.move_slot(scene, slot, to, message.author)
    found = _one(message, ordered.rest, scene)
    if isinstance(found, Text):
        return found
    (group, settings), programme, when = found
    try:
        to = moment(when, scene.now, zone_of(settings, programme))
    except ValueError:
        return NO_TIME
    return arranging.move(scene, group, settings, to, message.author, programme)


def _places(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict | Text | str:
    some, rest = topic_places.where(ordered.rest, _here(message, scene), scene)
    if isinstance(some, Text):
        return some
    programme, more = topic_places.programme(rest, *(settings for _, settings in some))
    if more.strip():
        return topic_places.unknown(more)
    decide = arranging.pause if ordered.what is Ordered.PAUSE else arranging.resume
    told = [
        decide(scene, group, settings, message.author, programme).say(scene.house.language)
        for group, settings in some
        if not programme or programme in settings.programmes
    ]
    more_of = len(told) - _LINES
    if more_of > 0:
        told[_LINES:] = [say(AND_MORE, scene.house.language, count=more_of)]
    return "\n".join(told)


def _slot(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict | Text:
    if not ordered.number:
        return _lacks_number(ordered)
    slot = topic_places.slot(ordered.number, scene)
    if isinstance(slot, Text):
        return slot
    decide = arranging.resend if ordered.what is Ordered.RESEND else arranging.cancel
    return decide(scene, slot, message.author)


def _lacks_number(ordered: TopicOrder) -> Text:
    again = ordered.what is Ordered.RESEND
    what = Text(zh="重发" if again else "取消", en=ordered.what.value)
    return filled(NO_NUMBER, what=what)


def _judge(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict:
    decide = approve if ordered.what is Ordered.APPROVE else decline
    return decide(scene, ordered.number, ordered.rest, message.author)


def _broadcast(message: Message, ordered: TopicOrder, scene: Scene) -> Verdict | Text:
    if ordered.number:
        return broadcasting.confirm(scene, ordered.number, message.author)
    title, between, groups = _split(ordered.rest)
    if not (title and between and groups):
        return TO_WHERE
    topic = topic_places.topic(title, scene)
    if isinstance(topic, Text):
        return topic
    some = topic_places.groups_named(groups, scene)
    if isinstance(some, Text):
        return some
    return broadcasting.ask(scene, topic, some, message.author, message.id)


def _split(words: str) -> tuple[str, str, str]:
    """A title and the groups behind the last 到 or to."""
    for between in (" 到 ", " 到", " to "):
        if between in words:
            title, _, groups = words.rpartition(between)
            return title.strip(), between, groups.strip()
    return words, "", ""


def _here(message: Message, scene: Scene) -> Group | None:
    """The members' group the order was given in."""
    group = message.group
    return None if group is None or group.id == scene.house.operators_group_id else group
