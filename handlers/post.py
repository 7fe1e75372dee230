"""Posts the next topic when a programme is due."""

from datetime import datetime, timedelta
from functools import lru_cache

from bot.actions import Action, Priority, Say
from bot.duration import show
from bot.events import Event, ProgrammeStarted, SlotDue
from bot.texts import Language, Text
from handlers.operators import tell_operators
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings
from handlers.wording import harmless, plain_lines, say
from storage.values import SlotState, Topic
from topics.bank import choose
from topics.programme import Programme

POST = Text(zh="【话题】{title}\n{text}", en="[Topic] {title}\n{text}")
CREDIT = Text(zh="（话题由 {author} 提出）", en="(topic proposed by {author})")
NOTHING_LEFT = Text(
    zh="「{group}」的节目 {programme} 没有可用的话题了，这一次没有发。"
    "请用 weilu topics import 补充话题。",
    en="The programme {programme} of “{group}” has run out of topics, nothing was posted this time."
    " Add some with weilu topics import.",
)

_DROPPED = "配置里已没有这个节目 the config holds this programme no more"
_EMPTY = "没有未用过的话题 no unused topic is left"


def post(event: Event, scene: Scene) -> Reply:
    """The slot's topic, once; or why there is none, told to the operators where they can help."""
    if isinstance(event, ProgrammeStarted):
        scene.work.slots.watch(event.group, event.programme, event.at)
    if not isinstance(event, SlotDue) or scene.group is None:
        return Reply.NOTHING
    slot_id = scene.work.slots.open(event)
    if slot_id is None:
        return Reply.NOTHING
    return Reply(actions=_decide(event, slot_id, scene.group, scene))


def _decide(
    event: SlotDue, slot_id: int, settings: GroupSettings, scene: Scene
) -> tuple[Action, ...]:
    programme = settings.programmes.get(event.programme)
    late = max(event.at, scene.now) - event.due_at
    if programme is None:
        return _skip(slot_id, _DROPPED, scene)
    if late > programme.grace:
        return _skip(slot_id, _too_late(late, programme), scene)
    topic = choose(
        scene.work.topics.unused(event.group), programme, datetime.fromisoformat(event.wall).date()
    )
    if topic is None:
        return _skip(slot_id, _EMPTY, scene) + _tell(event, scene)
    return _plan(event, slot_id, topic, programme, language=settings.language, scene=scene)


def _skip(slot_id: int, reason: str, scene: Scene) -> tuple[Action, ...]:
    scene.work.slots.settle(slot_id, SlotState.SKIPPED, reason=reason)
    return ()


def _too_late(late: timedelta, programme: Programme) -> str:
    zh = f"迟了 {show(late)}，超过宽限 {show(programme.grace)}"
    return f"{zh} late by {show(late)}, the grace is {show(programme.grace)}"


def _tell(event: SlotDue, scene: Scene) -> tuple[Action, ...]:
    return tell_operators(
        scene,
        f"no-topic:{event.group.id}:{event.programme}:{event.wall}",
        NOTHING_LEFT,
        group=harmless(event.group.name),
        programme=event.programme,
    )


def _plan(
    event: SlotDue,
    slot_id: int,
    topic: Topic,
    programme: Programme,
    *,
    language: Language,
    scene: Scene,
) -> tuple[Action, ...]:
    speech = Say(
        key=f"post:{slot_id}",
        why=f"节目 {event.programme} {event.wall} programme slot: {topic.key}",
        priority=Priority.TOPIC,
        about=() if topic.proposer is None else (topic.proposer,),
        expires_at=event.due_at + programme.grace,
        to=event.group,
        text=words(topic, language),
    )
    scene.work.posts.plan(
        slot_id, event.group, topic.key, speech.text, speech.key, programme.window, scene.now
    )
    return (speech,)


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
