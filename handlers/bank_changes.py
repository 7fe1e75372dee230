"""What operators change in the bank itself: fields, states, and whole files of topics.

Chat, command line and console may all come here, and who may is checked here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from bot.texts import Text
from handlers.bank_orders import ADDED, ALIKE, FAULTY, THERE_ALREADY, alike, approve, decline
from handlers.proposals import number_of_proposal
from handlers.rights import no_right
from handlers.scene import Scene
from handlers.verdicts import Verdict
from handlers.wording import filled, harmless
from storage.values import Topic, TopicStatus
from storage.values_of_order import Doer
from storage.values_of_topics import Bank
from topics.fields import COLUMNS
from topics.forms import FORM, read, written
from topics.importing import Import
from topics.life import WORDS, WrongStep, moved

NO_TOPIC = Text(zh="没有这个话题了，请刷新。", en="There is no such topic any more.")
CHANGED = Text(zh="「{title}」改好了。{alike}", en="“{title}” is changed. {alike}")
UNCHANGED = Text(zh="「{title}」没有变化。", en="Nothing changed in “{title}”.")
SOMEBODY_ELSE = Text(
    zh="「{title}」刚刚被别人改过，没有保存：请看过再改。",
    en="Somebody has just changed “{title}”, nothing was saved: look at it first.",
)
NOW = Text(zh="「{title}」现在是「{state}」。", en="“{title}” is {state} now.")
BANK_CHANGED = Text(
    zh="话题库刚刚被别人改动，什么也没有导入：请再预览一次。",
    en="Somebody has just changed the bank, nothing was imported: please look once more.",
)
IMPORTED = Text(
    zh="导入完成：新增 {new} 个，更新 {changed} 个，{same} 个不变。",
    en="Imported: {new} new, {changed} updated, {same} unchanged.",
)
_LONGEST = 60


def version(topic: Topic) -> str:
    """What tells two wordings of a topic apart; its state and its proposer do not count."""
    words = "\0".join(f"{name}={written(topic, name)}" for name in FORM if name != "author")
    return hashlib.sha256(words.encode(errors="replace")).hexdigest()[:16]


def edit(scene: Scene, key: str, words: Mapping[str, str], was: str, by: Doer) -> Verdict:
    """The fields that are given get these values, if the topic is still the `version` that was.

    Of a proposal the author stays who proposed it.
    """
    refusal = no_right(scene, by)
    topic = scene.work.topics.get(key)
    if refusal is not None or topic is None:
        return refusal or Verdict(done=False, words=NO_TOPIC)
    title = harmless(topic.title, _LONGEST)
    if version(topic) != was:
        return Verdict(done=False, words=SOMEBODY_ELSE, values={"title": title})
    wanted = {name: text for name, text in words.items() if name != "key"}
    if topic.proposer is not None:
        wanted.pop("author", None)
    values, faults = read(wanted)
    if faults:
        return _faulty(faults)
    after = replace(topic, **values)
    if after == topic:
        return Verdict(done=True, words=UNCHANGED, values={"title": title})
    scene.work.topics.keep([after], by, scene.now)
    _note(scene, by, "话题 修改 topic edit", key)
    near = _near(after, scene) if (after.title, after.text) != (topic.title, topic.text) else ""
    values = {"title": harmless(after.title, _LONGEST), "alike": near}
    return Verdict(done=True, words=CHANGED, values=values)


def write(scene: Scene, words: Mapping[str, str], by: Doer) -> Verdict:
    """A new topic, known by its key or else by its title; one that is there stays as it is."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    values, faults = read({"title": "", "text": ""} | dict(words))
    if faults:
        return _faulty(faults)
    values["key"] = values.get("key") or values["title"]
    topic = Topic(**values)
    title = harmless(topic.title, _LONGEST)
    named = {name.casefold() for name in (topic.key, topic.title)}
    for each in scene.work.topics.bank().topics:
        if not named.isdisjoint((each.key.casefold(), each.title.casefold())):
            return Verdict(done=False, words=THERE_ALREADY, values={"title": title})
    near = _near(topic, scene)
    scene.work.topics.keep([topic], by, scene.now)
    _note(scene, by, "话题 添加 topic add", topic.key)
    return Verdict(done=True, words=ADDED, values={"title": title, "alike": near})


def restatus(scene: Scene, key: str, status: TopicStatus, by: Doer, why: str = "") -> Verdict:
    """The topic is approved, rests or is retired; whoever proposed it is thanked, and told why."""
    refusal = no_right(scene, by)
    topic = scene.work.topics.get(key)
    if refusal is not None or topic is None:
        return refusal or Verdict(done=False, words=NO_TOPIC)
    if topic.status is TopicStatus.PROPOSED and status is not TopicStatus.PROPOSED:
        decide = approve if status is TopicStatus.APPROVED else decline
        number = number_of_proposal(topic)
        return decide(scene, number, why if number else topic.key, by)
    title = harmless(topic.title, _LONGEST)
    try:
        moved(topic.status, status)
    except WrongStep as wrong:
        return Verdict(done=False, words=FAULTY, values={"why": str(wrong)})
    if topic.status is not status:
        if not scene.work.topics.move(key, topic.status, status, by, scene.now):
            return Verdict(done=False, words=SOMEBODY_ELSE, values={"title": title})
        _note(scene, by, f"话题 {WORDS[status]} topic {status.value}", key, harmless(why, 200))
    state = Text(zh=WORDS[status], en=status.value)
    return Verdict(done=True, words=NOW, values={"title": title, "state": state})


def take_in(scene: Scene, plan: Import, by: Doer) -> Verdict:
    """Everything that was looked at, or nothing if the bank is another one by now."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    if not _still(plan, scene.work.topics.bank()):
        return Verdict(done=False, words=BANK_CHANGED)
    new, changed = scene.work.topics.keep(plan.topics, by, scene.now)
    same = plan.unchanged + len(plan.topics) - new - changed
    _note(scene, by, "话题 导入 topic import", f"+{new} ~{changed}")
    counts = {"new": new, "changed": changed, "same": same}
    return Verdict(done=True, words=IMPORTED, values=counts)


def _still(plan: Import, bank: Bank) -> bool:
    """Whether the bank is as it was, as far as the import is concerned."""
    if any(topic.key in bank.by_key for topic in plan.new):
        return False
    there = [(each.before, bank.by_key.get(each.before.key)) for each in plan.changed]
    return all(
        now is not None and (now.status, version(now)) == (before.status, version(before))
        for before, now in there
    )


def _near(topic: Topic, scene: Scene) -> Text | str:
    like = alike(topic, [each for each in scene.work.topics.bank().topics if each.key != topic.key])
    return filled(ALIKE, title=harmless(like.title, _LONGEST)) if like else ""


def _faulty(faults: Mapping[str, str]) -> Verdict:
    why = "；".join(f"{COLUMNS[name]} {name}：{said}" for name, said in faults.items())
    return Verdict(done=False, words=FAULTY, values={"why": why})


def _note(scene: Scene, by: Doer, what: str, key: str, why: str = "") -> None:
    scene.work.audit.note(scene.house.account, by, what, key, why, scene.now)
