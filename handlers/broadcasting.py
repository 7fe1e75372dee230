"""One topic to several groups: asked for, shown, confirmed, and spread over time."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from bot.actions import Priority, Say
from bot.events import Group, SlotDue
from bot.frozen import frozen
from bot.texts import Text
from handlers.coming import zone_of
from handlers.post import showable
from handlers.rights import no_right
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.variants import MOST, TooMany, variants
from handlers.verdicts import Verdict
from handlers.whom import looked_after
from handlers.wording import filled, harmless
from storage.values import SlotState, Topic, TopicStatus
from storage.values_of_order import Doer
from topics.programme import BROADCAST

PREVIEW = Text(
    zh="群发预览：「{title}」→ {count} 个群：{places}{left}\n"
    "每个群的说法都不同，隔几分钟一个，约 {minutes} 分钟发完。第一个群会看到：\n{sample}\n"
    "确认就在 10 分钟内回复：话题 群发 {number}",
    en="Broadcast: “{title}” → {count} groups: {places}{left}\nEach in other words, minutes apart,"
    " done in about {minutes} minutes. The first one reads:\n{sample}\nTo confirm within 10"
    " minutes: topic broadcast {number}",
)
LEFT = Text(zh="（不含聊过它或暂停着的 {count} 个）", en=" (without {count} that had it or rest)")
NOBODY = Text(
    zh="这些群都聊过「{title}」，或者暂停着，没有可发的。",
    en="All of these groups have had “{title}”, or rest: there is nowhere to post it.",
)
NOT_APPROVED = Text(
    zh="「{title}」不是可用的话题，不能群发。", en="“{title}” is no approved topic."
)
TOO_MANY = Text(
    zh="一次最多 {most} 个群，才能每个群说法都不同。请分几次，隔一段时间。",
    en="At most {most} groups at a time, so that each reads other words. Please do it in parts.",
)
CONFIRMED = Text(
    zh="好，{count} 个群，从 {first} 到 {last} 陆续发出。"
    "写「话题 状态」看进展，「话题 取消 编号」取消一个。",
    en="All right, {count} groups, from {first} to {last}. topic status shows how it goes, topic"
    " cancel and a number takes one out.",
)
NO_SUCH = Text(
    zh="没有等着确认的群发 {number}：写错了、用过了，或超过了 10 分钟。",
    en="No broadcast {number} waits for you: it is wrong, used, or older than 10 minutes.",
)

ASKED = "话题 群发 待确认 broadcast asked"
DONE = "话题 群发 broadcast"
VALID = timedelta(minutes=10)
_FIRST = timedelta(minutes=1)
_APART = (timedelta(minutes=2), timedelta(minutes=5))
_GRACE = timedelta(minutes=30)
_WINDOW = timedelta(hours=3)
_NEWEST = 500
_SLOTS = 1000
_FEW = 6


@frozen
class _Part:
    """What one group is told, and when."""

    group: Group
    settings: GroupSettings
    text: str
    at: datetime


def ask(
    scene: Scene,
    topic: Topic,
    places: Sequence[tuple[Group, GroupSettings]],
    by: Doer,
    cause: str,
) -> Verdict:
    """The preview and a number that confirms it once, within ten minutes, said by the same person.

    `cause` is the message that asks. Groups that had the topic, or rest, are left out.
    """
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    title = harmless(topic.title, 60)
    if topic.status is not TopicStatus.APPROVED:
        return Verdict(done=False, words=NOT_APPROVED, values={"title": title})
    wanted = [place for place in places if _may_have(scene, place[0], topic)]
    if not wanted:
        return Verdict(done=False, words=NOBODY, values={"title": title})
    number = _number(cause)
    try:
        parts = _parts(scene, topic, wanted, number)
    except TooMany:
        return Verdict(done=False, words=TOO_MANY, values={"most": MOST})
    groups = " ".join(part.group.id for part in parts)
    scene.work.audit.note(
        scene.house.account, by, ASKED, topic.key, f"{number} {groups}", scene.now
    )
    left = len(places) - len(wanted)
    values = {
        "title": title,
        "count": len(parts),
        "places": _listed(parts),
        "left": filled(LEFT, count=left) if left else "",
        "minutes": max(1, round((parts[-1].at - scene.now) / timedelta(minutes=1))),
        "sample": parts[0].text,
        "number": number,
    }
    return Verdict(done=True, words=PREVIEW, values=values)


def confirm(scene: Scene, number: int, by: Doer) -> Verdict:
    """What was asked for goes on its way: a slot and an action a group, minutes apart."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    asked = _asked(scene, number, by)
    topic = scene.work.topics.get(asked[0]) if asked else None
    if asked is None or topic is None or topic.status is not TopicStatus.APPROVED:
        return Verdict(done=False, words=NO_SUCH, values={"number": number})
    wanted = [
        (group, settings)
        for group in asked[1]
        if (settings := looked_after(group, scene)) and _may_have(scene, group, topic)
    ]
    parts = _parts(scene, topic, wanted, number)
    sent = [part for part in parts if _send(scene, topic, part)]
    scene.work.audit.note(
        scene.house.account, by, DONE, topic.key, f"{number} {len(sent)}", scene.now
    )
    if not sent:
        return Verdict(done=False, words=NO_SUCH, values={"number": number})
    zone = sent[0].settings.time_zone
    first, last = (f"{part.at.astimezone(zone):%H:%M}" for part in (sent[0], sent[-1]))
    values = {"count": len(sent), "first": first, "last": last}
    return Verdict(done=True, words=CONFIRMED, values=values)


def _parts(
    scene: Scene, topic: Topic, places: Sequence[tuple[Group, GroupSettings]], number: int
) -> list[_Part]:
    """In an order, at a distance and in words that follow from the number alone."""
    random = Random(number)  # noqa: S311 nothing depends on its being secret
    mixed = random.sample(list(places), len(places))
    own = [(settings.language, _opening(settings)) for _, settings in mixed]
    at, parts = scene.now + _FIRST, []
    for (group, settings), text in zip(mixed, variants(topic, own, number), strict=True):
        parts.append(_Part(group, settings, text, at))
        at += _between(random)
    return parts


def _between(random: Random) -> timedelta:
    least, most = _APART
    return least + (most - least) * random.random()


def _opening(settings: GroupSettings) -> Text | None:
    """The line that the group's own programme opens with."""
    return next((each.opening for each in settings.programmes.values() if each.opening), None)


def _send(scene: Scene, topic: Topic, part: _Part) -> bool:
    zone = zone_of(part.settings, BROADCAST)
    local = scene.now.astimezone(zone).replace(tzinfo=None)
    wall = local.isoformat(timespec="minutes")
    slot_id = scene.work.slots.open(
        SlotDue(group=part.group, programme=BROADCAST, wall=wall, due_at=part.at, at=scene.now)
    )
    if slot_id is None:
        return False
    speech = Say(
        key=f"post:{slot_id}",
        why=f"群发 broadcast: {topic.key}",
        priority=Priority.TOPIC,
        about=() if topic.proposer is None else (topic.proposer,),
        expires_at=part.at + _GRACE,
        to=part.group,
        text=part.text,
        picture=showable(topic, scene).picture,
    )
    scene.work.posts.plan(
        slot_id,
        part.group,
        topic.key,
        part.text,
        speech.key,
        _WINDOW,
        scene.now,
        why="运营者群发 a broadcast by an operator",
    )
    return scene.work.outbox.stage(speech, scene.now, not_before=part.at)


def _asked(scene: Scene, number: int, by: Doer) -> tuple[str, list[Group]] | None:
    """The topic and the groups of a broadcast that waits for this person; each only once."""
    account = scene.house.account
    for deed in scene.work.audit.list(account, _NEWEST):
        if deed.by != by or not re.match(rf"{number}(?: |$)", deed.why):
            continue
        if deed.what == DONE or scene.now - deed.at > VALID:
            return None
        if deed.what == ASKED and isinstance(deed.about, str):
            known = {each.group.id: each.group for each in scene.work.groups.all(account)}
            ids = deed.why.split()[1:]
            return deed.about, [known[each] for each in ids if each in known]
    return None


def _may_have(scene: Scene, group: Group, topic: Topic) -> bool:
    if scene.work.pauses.paused(group, BROADCAST) is not None:
        return False
    return not any(
        slot.topic_key == topic.key and slot.state is not SlotState.SKIPPED
        for slot in scene.work.slots.list(group, _SLOTS)
    )


def _number(cause: str) -> int:
    """Four digits that nobody can guess who has not read them."""
    return int.from_bytes(hashlib.sha256(cause.encode()).digest()[:4]) % 9000 + 1000


def _listed(parts: Sequence[_Part]) -> str:
    names = "、".join(harmless(part.group.name) or part.group.id for part in parts[:_FEW])
    return f"{names}…" if len(parts) > _FEW else names
