"""Posts the next topic when a programme is due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.actions import Action, Priority, Say
from bot.duration import show
from bot.events import Event, Group, ProgrammeStarted, SlotDue
from bot.gateway.base import Capability
from bot.gateway.pictures import is_address
from bot.texts import Language, Text
from handlers.lively import holds_back
from handlers.operators import tell_operators
from handlers.progress import below_topic
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings
from handlers.wording import harmless, plain_lines, say
from storage.values import SlotState, Topic
from storage.values_of_programmes import Arranged
from topics.programme import Programme

if TYPE_CHECKING:
    from handlers.casting import Casting
    from topics.choosing import Ranked

POST = Text(zh="【话题】{title}\n{text}", en="[Topic] {title}\n{text}")
CREDIT = Text(zh="（话题由 {author} 提出）", en="(topic proposed by {author})")
NOTHING_LEFT = Text(
    zh="「{group}」的节目 {programme} 没有合适的话题，这一次没有发。"
    "请用 weilu topics import 补充话题。",
    en="No topic fits the programme {programme} of “{group}”, nothing was posted this time."
    " Add some with weilu topics import.",
)
USED_UP = Text(
    zh="「{group}」的节目 {programme} 把合适的话题都发过了，从最久以前的开始重发。"
    "请用 weilu topics import 补充话题。",
    en="The programme {programme} of “{group}” has posted every topic that fits, and goes on with"
    " the one of longest ago. Add some with weilu topics import.",
)

_DROPPED = "配置里已没有这个节目 the config holds this programme no more"
_EMPTY = "没有合适的话题 no topic fits"
_PAUSED = "节目暂停中 the programme is paused"
_UNWANTED = "运营者让这一次跳过 an operator had this one skipped"
_IN_HAND = timedelta(minutes=5)
"""What was waited for until the end of its grace still has so long to get through the outbox."""


class _Due(NamedTuple):
    """A due time that has been taken up."""

    slot_id: int
    group: Group
    name: str
    wall: str
    due_at: datetime
    at: datetime
    because: Text | None = None


@deaf_to_messages
def post(event: Event, scene: Scene) -> Reply:
    """The slot's topic, once; or why there is none, told to the operators where they can help."""
    if isinstance(event, ProgrammeStarted):
        scene.work.slots.watch(event.group, event.programme, event.at)
    if not isinstance(event, SlotDue) or scene.group is None:
        return Reply.NOTHING
    slot_id = scene.work.slots.open(event)
    if slot_id is None:
        return Reply.NOTHING
    due = _Due(slot_id, event.group, event.programme, event.wall, event.due_at, event.at)
    return Reply(actions=_dealt_with(due, scene.group, scene))


def post_slot(  # noqa: PLR0917 in the order of a slot's story
    scene: Scene,
    group: Group,
    programme_name: str,
    wall: str,
    due_at: datetime,
    at: datetime,
    slot_id: int | None = None,
    *,
    hold: bool = True,
    because: Text | None = None,
) -> tuple[Action, ...]:
    """Deal with one due time of a programme, for everybody who makes one; once for each wall.

    `slot_id` is that of a slot that was taken up before and held. Without `hold` it does not wait
    for the end of a lively conversation. `because` says in front of the reasons why it is due.
    """
    if slot_id is None:
        taken_up = SlotDue(group=group, programme=programme_name, wall=wall, due_at=due_at, at=at)
        slot_id = scene.work.slots.open(taken_up)
    if slot_id is None:
        return ()
    due = _Due(slot_id, group, programme_name, wall, due_at, at, because)
    return _dealt_with(due, scene.settings(group), scene, hold=hold)


def _dealt_with(
    due: _Due, settings: GroupSettings | None, scene: Scene, *, hold: bool = True
) -> tuple[Action, ...]:
    programme = settings.programmes.get(due.name) if settings else None
    if settings is None or programme is None:
        return _skip(due, _DROPPED, scene)
    if reason := _against(due, programme, scene):
        return _skip(due, reason, scene)
    if hold and holds_back(scene, due.slot_id, due.group, settings, programme, due.due_at):
        return ()
    return _post(due, settings, programme, scene)


def _against(due: _Due, programme: Programme, scene: Scene) -> str:
    late = max(due.at, scene.now) - due.due_at
    if late > programme.grace:
        zh = f"迟了 {show(late)}，超过宽限 {show(programme.grace)}"
        return f"{zh} late by {show(late)}, the grace is {show(programme.grace)}"
    if scene.work.pauses.paused(due.group, due.name) is not None:
        return _PAUSED
    for each in scene.work.arrangements.for_slot(due.group, due.name, due.wall):
        if each.what is Arranged.SKIP:
            return _UNWANTED
    return ""


def _skip(due: _Due, reason: str, scene: Scene) -> tuple[Action, ...]:
    scene.work.slots.settle(due.slot_id, SlotState.SKIPPED, reason=reason)
    return ()


def _post(
    due: _Due, settings: GroupSettings, programme: Programme, scene: Scene
) -> tuple[Action, ...]:
    casting, choice = _chooses()
    chosen = choice(scene.work, due.group, settings, due.name, due.wall, due.due_at)
    if chosen is None:
        return _skip(due, _EMPTY, scene) + _tell(due, NOTHING_LEFT, due.wall, scene)
    topic = chosen.topic
    if topic.proposer is not None:  # who has changed their name since is thanked by the new one
        topic = scene.work.topics.get(topic.key) or topic
    topic = showable(topic, scene)
    below = below_topic(scene, due.group, settings, due.due_at)
    called = casting(scene, due.group, programme, due.name, due.wall, topic, settings.language)
    proposer = () if topic.proposer is None else (topic.proposer,)
    speech = Say(
        key=f"post:{due.slot_id}",
        why=f"节目 {due.name} {due.wall} programme slot: {topic.key}",
        priority=Priority.TOPIC,
        about=(*proposer, *called.members),
        expires_at=max(due.due_at + programme.grace, scene.now + _IN_HAND),
        to=due.group,
        text=_framed(topic, programme, settings.language, below, called.line),
        mentions=called.members,
        picture=topic.picture,
    )
    post_id = scene.work.posts.plan(
        due.slot_id,
        due.group,
        topic.key,
        speech.text,
        speech.key,
        programme.window,
        scene.now,
        why=_why(due, chosen, called.note, settings.language),
    )
    called.keep(post_id, scene, settings.language)
    if not chosen.again:
        return (speech,)
    size = len(scene.work.topics.bank().topics)
    return (speech, *_tell(due, USED_UP, f"used-up-{size}", scene))


@cache
def _chooses() -> "tuple[Callable[..., Casting], Callable[..., Ranked | None]]":
    """Imported late, as no topic is due before the first answer; and once, not for each slot."""
    from handlers.casting import casting
    from handlers.choice import choice

    return casting, choice


def _why(due: _Due, chosen: "Ranked", called: str, language: Language) -> str:
    because = "" if due.because is None else say(due.because, language)
    return "\n".join(filter(None, (because, chosen.why(language), called)))


def _tell(due: _Due, text: Text, occasion: str, scene: Scene) -> tuple[Action, ...]:
    return tell_operators(
        scene,
        f"no-topic:{due.group.id}:{due.name}:{occasion}",
        text,
        group=harmless(due.group.name),
        programme=due.name,
    )


def _framed(topic: Topic, programme: Programme, language: Language, *below: str) -> str:
    """The topic between the opening and the closing line of its programme, and what is below."""
    told = words(topic, language)
    if programme.opening is not None:
        told = f"{say(programme.opening, language)}\n{told}"
    if programme.closing is not None:
        told = f"{told}\n{say(programme.closing, language)}"
    return "\n".join(filter(None, (told, *below)))


def showable(topic: Topic, scene: Scene) -> Topic:
    """The topic as it can be shown: where no pictures can be sent, one on the web is a link."""
    if not topic.picture or Capability.SEND_PICTURE in scene.capabilities:
        return topic
    picture = topic.picture if is_address(topic.picture) else ""
    return replace(topic, picture="", link="\n".join(filter(None, (topic.link, picture))))


@lru_cache(maxsize=256)  # many groups are told the same at the same time
def words(topic: Topic, language: Language) -> str:
    """What the group reads: title, question, link, and thanks to the member it came from.

    A topic is written in one language, so only our own words around it follow the group's.
    """
    one = Language.ZH if language is Language.BOTH else language
    told = say(POST, one, title=harmless(topic.title, 100), text=plain_lines(topic.text).strip())
    told += f"\n{plain_lines(topic.link)}" if topic.link else ""
    author = harmless(topic.author)
    return f"{told}\n{say(CREDIT, language, author=author)}" if author else told
