"""What operators read about topics: the bank, what comes next, and what became of each post."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.events import Group
from bot.texts import Language, Text
from bot.texts import named as literal
from handlers.choice import course
from handlers.coming import zone_of
from handlers.delivering import number_of
from handlers.proposals import number_of_proposal
from handlers.scene import Scene
from handlers.screen import one_screen
from handlers.settings import GroupSettings
from handlers.states import POSTS
from handlers.topic_places import Place
from handlers.wording import filled, harmless, moment, say
from storage.values import Slot, SlotState, Topic, TopicKind, TopicStatus
from topics.fields import STATUSES
from topics.life import WORDS
from topics.planning import HORIZONS, PAUSED, SKIPPED, Planned
from topics.planning import NOTHING as NOTHING_FITS
from topics.planning import ahead as planned
from topics.reasons import told as reasons

ZONE = ZoneInfo("Asia/Shanghai")
"""Where a group is gone from the config, and its time zone with it."""

HEAD = Text(zh="{what}的话题有 {count} 个：", en="{count} topics, {what}:")
NONE = Text(zh="没有{what}的话题。", en="No topics, {what}.")
PROPOSALS = Text(
    zh="写「通过 5」或「婉拒 5 理由」决定一个。", en="approve 5 or decline 5 and why decides one."
)
MORE = Text(
    zh="全部在电脑上看：weilu topics list", en="All of them, at a computer: weilu topics list"
)
NEXT = Text(zh="「{place}」{at}，{programme}：{title}", en="“{place}” {at}, {programme}: {title}")
LEFT_OUT = Text(zh="「{place}」{at}，{programme}：跳过", en="“{place}” {at}, {programme}: left out")
RESTS = Text(zh="「{place}」{programme} 暂停中", en="“{place}” {programme} rests")
ALL = Text(zh="全部节目", en="everything")
NOTHING = Text(zh="「{place}」接下来没有要发的。", en="Nothing is due in “{place}”.")
NOTED = Text(zh="{line}（{note}）", en="{line} ({note})")
BECAUSE = Text(zh="　因为：{why}", en="  because: {why}")
LINE = Text(
    zh="{number}「{place}」{at} {programme}：{title}，{state}",
    en="{number} “{place}” {at} {programme}: {title}, {state}",
)
WHY = Text(zh="{state}（{why}）", en="{state} ({why})")
NO_SLOTS = Text(zh="还没有到过点。", en="Nothing has been due yet.")
STATUS_HOW = Text(
    zh="写「话题 重发 编号」「话题 取消 编号」「话题 移到 编号 10:30」。",
    en="topic resend NO, topic cancel NO, topic move NO 10:30.",
)
HELD = Text(zh="等到 {until}", en="held until {until}")
TAGGED = Text(zh="标签「{tag}」", en="tagged “{tag}”")
_KINDS = {
    TopicKind.UNIVERSAL: Text(zh="万能", en="universal"),
    TopicKind.PROFESSIONAL: Text(zh="专业", en="professional"),
}
_KNOWN = STATUSES | {status.value: status for status in TopicStatus}
_TITLE = 40
_GROUPS = 5
_LINES = 8
_SEARCHED = 100
_WHY = 120
_LEFT_OUT = 2
"""So many due times that are left out are told with the one that comes."""


def bank(scene: Scene, words: str) -> str:
    """The topics of a status or with a tag on one screen; without either, those in use."""
    wanted = words.strip().casefold()
    status = _KNOWN.get(wanted) if wanted else TopicStatus.APPROVED
    what = filled(TAGGED, tag=harmless(words, _TITLE))
    if status is not None:
        what = Text(zh=WORDS[status], en=status.value)
    some = [
        topic
        for topic in scene.work.topics.all()
        if topic.status is status
        or (status is None and words.strip() in (*topic.tags, topic.category))
    ]
    language = _one(scene.house.language)
    if not some:
        return say(NONE, language, what=what)
    tail = PROPOSALS if status is TopicStatus.PROPOSED else MORE
    entries = [(literal(_title(topic)), _about(topic, language)) for topic in some]
    head = say(HEAD, language, what=what, count=len(some))
    return one_screen(head, entries, say(tail, language), language)


def _about(topic: Topic, language: Language) -> str:
    number = number_of_proposal(topic)
    if topic.status is TopicStatus.PROPOSED and number:
        return f"#{number} {harmless(topic.text, 200)}"
    return " ".join((_KINDS[topic.kind].say(language), *topic.tags))


def ahead(scene: Scene, places: Sequence[Place], programme: str = "") -> str:
    """Of each group what comes next, when, and why that; the same as `weilu topics next`.

    Of one programme, or of whichever is due first.
    """
    lines: list[Text] = []
    for group, settings in places[:_GROUPS]:
        rests = [
            each
            for each in scene.work.pauses.of(group)
            if programme in ("", each.programme) or not each.programme
        ]
        lines += [
            filled(RESTS, place=_place(group), programme=harmless(each.programme) or ALL)
            for each in rests
        ]
        found = _upcoming(scene, group, settings, programme)
        if not found and not rests:
            lines.append(filled(NOTHING, place=_place(group)))
        for each in found[-_LEFT_OUT - 1 :]:
            lines += _coming(scene, each, settings)
    return _told(lines, scene)


def _upcoming(scene: Scene, group: Group, settings: GroupSettings, programme: str) -> list[Planned]:
    """The first of the plan that is not left out, behind those that are."""
    bank, known = scene.work.topics.bank(), course(scene.work, group, settings)
    found: list[Planned] = []
    for horizon in HORIZONS:
        found = []
        for each in planned(bank, known, scene.now, scene.now + horizon):
            if each.note is PAUSED or programme not in ("", each.programme):
                continue
            found.append(each)
            if each.note is not SKIPPED:
                return found
    return found


def _coming(scene: Scene, each: Planned, settings: GroupSettings) -> list[Text]:
    values = {
        "place": _place(each.group),
        "at": moment(each.at, zone_of(settings, each.programme), scene.now),
        "programme": harmless(each.programme),
    }
    if each.note is SKIPPED:
        return [filled(LEFT_OUT, **values)]
    if each.topic is None:
        return [filled(NEXT, **values, title=NOTHING_FITS)]
    line = filled(NEXT, **values, title=_title(each.topic))
    if each.note is not None:
        line = filled(NOTED, line=line, note=each.note)
    zh, en = (harmless(reasons(each.reasons, one), _WHY) for one in (Language.ZH, Language.EN))
    return [line, filled(BECAUSE, why=Text(zh=literal(zh).zh, en=literal(en).en))]


def status(scene: Scene, places: Sequence[Place], programme: str = "") -> str:
    """What became of the newest due times, and what is on its way; newest first."""
    of_groups = [
        slot
        for group, _ in places
        for slot in scene.work.slots.list(group, _LINES if not programme else _SEARCHED)
        if programme in ("", slot.programme)
    ]
    newest = sorted(of_groups, key=lambda slot: (slot.due_at, slot.id), reverse=True)[:_LINES]
    if not newest:
        return say(NO_SLOTS, scene.house.language)
    titles = {topic.key: _title(topic) for topic in scene.work.topics.all()}
    return _told([*(_line(slot, titles, scene) for slot in newest), STATUS_HOW], scene)


def _line(slot: Slot, titles: dict[str, str], scene: Scene) -> Text:
    settings = scene.settings(slot.group)
    zone = zone_of(settings, slot.programme) if settings else ZONE
    state = POSTS[slot.state]
    if slot.state is SlotState.HELD:
        state = filled(HELD, until=moment(slot.not_before or slot.due_at, zone, scene.now))
    if slot.reason:
        state = filled(WHY, state=state, why=harmless(slot.reason, _WHY))
    return filled(
        LINE,
        number=number_of(slot),
        place=_place(slot.group),
        at=moment(slot.due_at, zone, scene.now),
        programme=harmless(slot.programme),
        title=titles.get(slot.topic_key, "—"),
        state=state,
    )


def _title(topic: Topic) -> str:
    return harmless(topic.title, _TITLE)


def _place(group: Group) -> str:
    return harmless(group.name) or group.id


def _told(lines: Sequence[Text], scene: Scene) -> str:
    both = scene.house.language is Language.BOTH
    languages = (Language.ZH, Language.EN) if both else (scene.house.language,)
    return "\n".join(say(line, language) for language in languages for line in lines)


def _one(language: Language) -> Language:
    return Language.ZH if language is Language.BOTH else language
