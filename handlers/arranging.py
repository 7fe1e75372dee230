"""What operators decide about the posts of programmes: due times ahead, and slots that are there.

Chat, command line and console all come here, and who may is checked here.
"""

from dataclasses import replace
from datetime import datetime

from bot.actions import Action
from bot.events import Group, SlotDue
from bot.texts import Text
from handlers.coming import Coming, coming, coming_at, zone_of
from handlers.delivering import FURTHEST, NOT_THEN, cancel, cancel_waiting, move_slot, resend
from handlers.post import post_slot
from handlers.rights import no_right
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import Verdict
from handlers.wording import filled, harmless, moment
from storage.values import Topic, TopicStatus
from storage.values_of_order import Doer
from storage.values_of_programmes import Arranged

__all__ = ["cancel", "move", "move_slot", "pause", "pin", "post_now", "resend", "resume", "skip"]

NO_PROGRAMME = Text(
    zh="「{place}」没有这样的节目。节目写在 config.yaml 的 programmes 里。",
    en="“{place}” has no such programme. Programmes are in config.yaml, under programmes.",
)
NOTHING_COMES = Text(
    zh="「{place}」接下来没有要发的时间了。", en="Nothing is due in “{place}” any more."
)
OVER_ALREADY = Text(
    zh="「{place}」的这一次已经办过，或者不再有了：请刷新。",
    en="This one of “{place}” is dealt with, or is no more: please look again.",
)
SKIPPED = Text(
    zh="「{place}」{at} 的「{programme}」这一次不发了。改主意就写：话题 照常 {place}",
    en="“{programme}” in “{place}” is left out on {at}. To take that back: topic restore {place}",
)
PINNED = Text(
    zh="「{place}」{at} 的「{programme}」会发：{title}",
    en="“{programme}” in “{place}” on {at} will be: {title}",
)
NOT_APPROVED = Text(
    zh="「{title}」现在是「{state}」，只有可用的话题能发。",
    en="“{title}” is {state} now; only approved topics can be posted.",
)
MOVED = Text(
    zh="「{place}」的「{programme}」从 {before} 移到 {at}。",
    en="“{programme}” in “{place}” is moved from {before} to {at}.",
)
PAUSED = Text(
    zh="「{place}」的{what}暂停了{left}。恢复就写：话题 恢复 {place}",
    en="{what} in “{place}” rests from now on{left}. To go on: topic resume {place}",
)
PAUSED_ALREADY = Text(
    zh="「{place}」的{what}本来就停着{left}。", en="{what} in “{place}” rests already{left}."
)
RESUMED = Text(zh="「{place}」的{what}恢复了。", en="{what} in “{place}” goes on.")
NOT_PAUSED = Text(zh="「{place}」的{what}没有暂停。", en="{what} in “{place}” does not rest.")
STILL_PAUSED = Text(
    zh="「{place}」的{what}停着，先恢复：话题 恢复 {place}",
    en="{what} in “{place}” rests; first: topic resume {place}",
)
ALL = Text(zh="话题", en="everything")
ONE = Text(zh="节目「{programme}」", en="the programme “{programme}”")
POSTED_NOW = Text(
    zh="好，「{place}」马上发。写「话题 状态」看结果。",
    en="All right, “{place}” gets one now. topic status shows what comes of it.",
)
NOTHING_TO_POST = Text(
    zh="「{place}」这一次没发：{why}", en="Nothing was posted in “{place}”: {why}"
)
AT_NIGHT = Text(
    zh="现在是安静时段（{start}–{end}），「{place}」没有发。可以写：话题 移到 {place} {end}",
    en="These are quiet hours ({start}–{end}), nothing was posted: topic move {place} {end}",
)
THIS_MINUTE = Text(
    zh="「{place}」这一分钟已经有一个了，过一分钟再试。",
    en="“{place}” has one this very minute already, try again in a minute.",
)


def skip(  # noqa: PLR0917 in the order of a sentence
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    by: Doer,
    programme: str = "",
    wall: str = "",
) -> Verdict:
    """The next due time, or the one at `wall`, is left out."""
    found = _next(scene, group, settings, by, programme, wall)
    if isinstance(found, Verdict):
        return found
    scene.work.arrangements.put(group, found.programme, found.wall, Arranged.SKIP, by, scene.now)
    _note(scene, by, "话题 跳过 topic skip", found)
    return Verdict(done=True, words=SKIPPED, values=_told(found, scene))


def pin(  # noqa: PLR0917 in the order of a sentence
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    topic: Topic,
    by: Doer,
    programme: str = "",
    wall: str = "",
) -> Verdict:
    """The next due time, or the one at `wall`, gets this topic."""
    found = _next(scene, group, settings, by, programme, wall)
    if isinstance(found, Verdict):
        return found
    if topic.status is not TopicStatus.APPROVED:
        return _not_approved(topic)
    scene.work.arrangements.remove(group, found.programme, found.wall, Arranged.SKIP)
    scene.work.arrangements.put(
        group, found.programme, found.wall, Arranged.PIN, by, scene.now, topic_key=topic.key
    )
    _note(scene, by, "话题 换 topic pin", found, topic.key)
    title = harmless(topic.title, 60)
    return Verdict(done=True, words=PINNED, values=_told(found, scene) | {"title": title})


def move(  # noqa: PLR0917 in the order of a sentence
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    to: datetime,
    by: Doer,
    programme: str = "",
    wall: str = "",
) -> Verdict:
    """The next due time, or the one at `wall`, is taken up now and held until another moment."""
    found = _next(scene, group, settings, by, programme, wall)
    if isinstance(found, Verdict):
        return found
    if not scene.now < to <= scene.now + FURTHEST:
        return Verdict(done=False, words=NOT_THEN, values={"days": FURTHEST.days})
    ahead = SlotDue(
        group=group, programme=found.programme, wall=found.wall, due_at=found.at, at=scene.now
    )
    slot_id = scene.work.slots.open(ahead)
    if slot_id is None:
        return Verdict(done=False, words=NOTHING_COMES, values={"place": _place(group)})
    scene.work.slots.move(slot_id, to, "运营者移了时间 moved by an operator")
    scene.work.arrangements.remove(group, found.programme, found.wall, Arranged.SKIP)
    scene.work.arrangements.put(
        group, found.programme, found.wall, Arranged.MOVE, by, scene.now, to=to
    )
    _note(scene, by, "话题 移到 topic move", found, to.isoformat(timespec="minutes"))
    values = _told(found, scene) | {
        "before": moment(found.at, found.zone, scene.now),
        "at": moment(to, found.zone, scene.now),
    }
    return Verdict(done=True, words=MOVED, values=values)


def pause(
    scene: Scene, group: Group, settings: GroupSettings, by: Doer, programme: str = ""
) -> Verdict:
    """Nothing is posted, of any programme if none is named, and nothing sent, until resumed."""
    refusal = _refusal(scene, group, settings, by, programme) if programme else no_right(scene, by)
    if refusal is not None:
        return refusal
    done = scene.work.pauses.pause(group, programme, by, scene.now)
    verdict = _rests(scene, group, by, programme, PAUSED if done else PAUSED_ALREADY, done=done)
    left = cancel_waiting(scene, group, programme, by)
    return replace(verdict, values={**verdict.values, "left": left})


def resume(
    scene: Scene, group: Group, settings: GroupSettings, by: Doer, programme: str = ""
) -> Verdict:
    """It goes on; a pause of everything and one of a programme end each by themselves."""
    refusal = _refusal(scene, group, settings, by, programme) if programme else no_right(scene, by)
    if refusal is not None:
        return refusal
    wanted = [programme] if programme else ["", *settings.programmes]
    ended = [scene.work.pauses.resume(group, each, by, scene.now) for each in wanted]
    done = any(ended)
    return _rests(scene, group, by, programme, RESUMED if done else NOT_PAUSED, done=done)


def post_now(  # noqa: PLR0917 in the order of a sentence
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    by: Doer,
    programme: str = "",
    topic: Topic | None = None,
) -> Verdict:
    """A post at once, of this topic or of the best one; the next due time stays what it is."""
    refusal = _refusal(scene, group, settings, by, programme)
    if refusal is not None:
        return refusal
    name = programme or next(iter(settings.programmes))
    if scene.work.pauses.paused(group, name):
        return Verdict(done=False, words=STILL_PAUSED, values=_resting(group, ""))
    if topic is not None and topic.status is not TopicStatus.APPROVED:
        return _not_approved(topic)
    quiet = scene.house.quiet_hours
    if quiet and quiet.holds(scene.now.astimezone(quiet.time_zone).time()):
        values = {
            "place": _place(group),
            "start": f"{quiet.start:%H:%M}",
            "end": f"{quiet.end:%H:%M}",
        }
        return Verdict(done=False, words=AT_NIGHT, values=values)
    due_at = scene.now.replace(second=0, microsecond=0)
    local = due_at.astimezone(zone_of(settings, name)).replace(tzinfo=None)
    found = Coming(
        group, settings, name, local.isoformat(timespec="minutes"), due_at, skipped=False
    )
    return _post(found, topic, by, scene)


def _post(found: Coming, topic: Topic | None, by: Doer, scene: Scene) -> Verdict:
    group, name, wall = found.group, found.programme, found.wall
    event = SlotDue(group=group, programme=name, wall=wall, due_at=found.at, at=scene.now)
    slot_id = scene.work.slots.open(event)
    if slot_id is None:
        return Verdict(done=False, words=THIS_MINUTE, values={"place": _place(group)})
    if topic is not None:
        scene.work.arrangements.put(
            group, name, wall, Arranged.PIN, by, scene.now, topic_key=topic.key
        )
    _note(scene, by, "话题 现在 topic now", found, topic.key if topic else "")
    actions: tuple[Action, ...] = post_slot(
        scene, group, name, wall, found.at, scene.now, slot_id=slot_id, hold=False
    )
    slot = scene.work.slots.get(slot_id)
    if slot is not None and slot.reason and not slot.topic_key:
        values = {"place": _place(group), "why": harmless(slot.reason, 200)}
        return Verdict(done=False, words=NOTHING_TO_POST, values=values, actions=actions)
    return Verdict(done=True, words=POSTED_NOW, values={"place": _place(group)}, actions=actions)


def _next(  # noqa: PLR0917 in the order of a sentence
    scene: Scene, group: Group, settings: GroupSettings, by: Doer, programme: str, wall: str
) -> Coming | Verdict:
    """The due time at `wall`, without one the first ahead that is not left out."""
    refusal = _refusal(scene, group, settings, by, programme)
    if refusal is not None:
        return refusal
    if wall:
        found = coming_at(scene, group, settings, programme, wall)
        return found or Verdict(done=False, words=OVER_ALREADY, values={"place": _place(group)})
    ahead = coming(scene, group, settings, programme, most=20)
    found = next((each for each in ahead if not each.skipped), None)
    return found or Verdict(done=False, words=NOTHING_COMES, values={"place": _place(group)})


def _refusal(
    scene: Scene, group: Group, settings: GroupSettings, by: Doer, programme: str
) -> Verdict | None:
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    if programme in settings.programmes or (settings.programmes and not programme):
        return None
    return Verdict(done=False, words=NO_PROGRAMME, values={"place": _place(group)})


def _not_approved(topic: Topic) -> Verdict:
    values = {"title": harmless(topic.title, 60), "state": topic.status.value}
    return Verdict(done=False, words=NOT_APPROVED, values=values)


def _rests(
    scene: Scene, group: Group, by: Doer, programme: str, words: Text, *, done: bool
) -> Verdict:
    if done:
        what = "话题 恢复 topic resume" if words is RESUMED else "话题 暂停 topic pause"
        about = f"「{_place(group)}」{harmless(programme)}"
        scene.work.audit.note(scene.house.account, by, what, about, "", scene.now)
    return Verdict(done=done, words=words, values=_resting(group, programme))


def _resting(group: Group, programme: str) -> dict[str, object]:
    what = filled(ONE, programme=harmless(programme)) if programme else ALL
    return {"place": _place(group), "what": what}


def _note(scene: Scene, by: Doer, what: str, found: Coming, why: str = "") -> None:
    about = f"「{_place(found.group)}」{harmless(found.programme)} {found.wall}"
    scene.work.audit.note(scene.house.account, by, what, about, why, scene.now)


def _told(found: Coming, scene: Scene) -> dict[str, object]:
    return {
        "place": _place(found.group),
        "programme": harmless(found.programme),
        "at": moment(found.at, found.zone, scene.now),
    }


def _place(group: Group) -> str:
    return harmless(group.name) or group.id
