"""What operators decide about the bank: a new topic, and what members proposed."""

from datetime import timedelta

from bot.actions import Action, Priority, Say
from bot.events import Group
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.cards import named
from handlers.proposals import number_of_proposal, written
from handlers.rights import no_right
from handlers.scene import Scene
from handlers.verdicts import Verdict
from handlers.wording import filled, harmless, say
from storage.values import Topic, TopicStatus
from storage.values_of_order import Doer, TaskState

ADDED = Text(zh="加进话题库了：{title}{alike}", en="Added to the bank: {title}{alike}")
ALIKE = Text(
    zh="\n（和「{title}」很像；不想要两个就写：话题 列表，再在电脑上停用一个）",
    en="\n(much like “{title}”; weilu topics retire takes one out)",
)
THERE_ALREADY = Text(zh="话题库里已经有「{title}」了。", en="“{title}” is in the bank already.")
HOW_TO_ADD = Text(
    zh="请这样写：话题 添加 标题：想问大家的话 #标签 专业",
    en="Please write: topic add TITLE: what to ask #tag professional",
)
FAULTY = Text(zh="这样存不进话题库：{why}", en="The bank cannot take it: {why}")
NO_PROPOSAL = Text(
    zh="没有等着决定的推荐 {which}。写「话题 列表 待审」看有哪些。",
    en="No proposal {which} waits. topic list proposed shows them.",
)
APPROVED = Text(zh="通过了：{title}。已谢过 {who}。", en="Approved: {title}. {who} is thanked.")
DECLINED = Text(zh="婉拒了：{title}。已谢过 {who}。", en="Declined: {title}. {who} is thanked.")
THANKS = Text(
    zh="谢谢你推荐的「{title}」，大家都会看到：它进了话题库，发出来时会写上你的名字。",
    en="Thank you for “{title}”: it is in the topic bank now and will be posted with your name.",
)
KIND_NO = Text(
    zh="谢谢你推荐「{title}」，看得出你用心想过。这次先不用{why}，下次有想聊的再告诉我。",
    en="Thank you for “{title}”, you gave it some thought. It is not for now{why}; do tell me when"
    " you have another one.",
)
WHY = Text(zh="（{why}）", en=" ({why})")
SEEN = Text(
    zh="谢谢你推荐话题，运营者看过了。", en="Thank you for your topic, the operators have seen it."
)
NOBODY = Text(zh="推荐的人", en="whoever proposed it")

_TOLD_WITHIN = timedelta(days=2)
_LONGEST = 60
_FEW = 2
"""Texts that have less than one in so many characters in common share no half of their pairs."""


def add(scene: Scene, words: str, by: Doer) -> Verdict:
    """A topic of the operators' own; one that is there under the same title stays as it is."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    try:
        topic = written(words, TopicStatus.APPROVED)
    except ValueError as fault:
        return Verdict(done=False, words=FAULTY, values={"why": str(fault)})
    if topic is None:
        return Verdict(done=False, words=HOW_TO_ADD)
    title = harmless(topic.title, _LONGEST)
    known = scene.work.topics.all()
    if any(topic.title in (each.title, each.key) for each in known):
        return Verdict(done=False, words=THERE_ALREADY, values={"title": title})
    like = alike(topic, known)
    scene.work.topics.keep([topic], by, scene.now)
    scene.work.audit.note(scene.house.account, by, "话题 添加 topic add", topic.key, "", scene.now)
    near = filled(ALIKE, title=harmless(like.title, _LONGEST)) if like else ""
    return Verdict(done=True, words=ADDED, values={"title": title, "alike": near})


def alike(topic: Topic, known: list[Topic]) -> Topic | None:
    """The topic that asks nearly the same, retired ones left out."""
    from topics.duplicates import Bank  # what is seldom needed is not loaded at the start

    # Comparing takes a tenth of a millisecond each: too long for a whole bank while others wait.
    title, text = set(topic.title), set(topic.text)
    near = (
        each
        for each in known
        if each.status is not TopicStatus.RETIRED
        and (title == set(each.title) or _FEW * len(text & set(each.text)) >= len(text))
    )
    found = Bank(near).like(topic)
    return found[0] if found else None


def approve(scene: Scene, number: int, words: str, by: Doer) -> Verdict:
    """A proposal may be posted from now on, and whoever proposed it is thanked."""
    return _decide(scene, number, words, by, TopicStatus.APPROVED)


def decline(scene: Scene, number: int, words: str, by: Doer) -> Verdict:
    """A proposal will not be posted; whoever proposed it is thanked and told why if it was said."""
    return _decide(scene, number, words, by, TopicStatus.RETIRED)


def _decide(scene: Scene, number: int, words: str, by: Doer, status: TopicStatus) -> Verdict:
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    topic = _proposal(scene, number, words)
    if topic is None or not scene.work.topics.move(
        topic.key, TopicStatus.PROPOSED, status, by, scene.now
    ):
        which = number or harmless(words, _LONGEST)
        return Verdict(done=False, words=NO_PROPOSAL, values={"which": which})
    good = status is TopicStatus.APPROVED
    what = "话题 通过 topic approve" if good else "话题 婉拒 topic decline"
    why = harmless(words, 2 * _LONGEST) if number else ""
    card = number_of_proposal(topic)
    if card:
        scene.work.tasks.settle(card, TaskState.DONE, scene.now, what)
    scene.work.audit.note(scene.house.account, by, what, topic.key, why, scene.now)
    values = {
        "title": harmless(topic.title, _LONGEST),
        "who": named(topic.proposer) if topic.proposer else NOBODY,
    }
    actions = _thank(scene, topic, card, why, good=good)
    return Verdict(True, APPROVED if good else DECLINED, values, actions)


def _proposal(scene: Scene, number: int, words: str) -> Topic | None:
    """The proposal by the number of its card, by its key or its title."""
    wanted = words.strip()
    for topic in scene.work.topics.all(TopicStatus.PROPOSED):
        if number and number == number_of_proposal(topic):
            return topic
        if not number and wanted and wanted in (topic.key, topic.title):
            return topic
    return None


def _thank(scene: Scene, topic: Topic, card: int, why: str, *, good: bool) -> tuple[Action, ...]:
    """In private, where that can be done; else in the group, where a no is not told."""
    who = topic.proposer
    if who is None:
        return ()
    private = Capability.SPEAK_IN_PRIVATE in scene.capabilities
    task = scene.work.tasks.get(card) if card else None
    group: Group | None = task.group if task else None
    if not private and group is None:
        return ()
    settings = scene.settings(group) if group else None
    language = settings.language if settings else scene.house.language
    text = THANKS if good else KIND_NO if private else SEEN
    told = {"title": harmless(topic.title, _LONGEST), "why": filled(WHY, why=why) if why else ""}
    return (
        Say(
            key=f"thanks:{topic.key}",
            why=f"话题推荐的答复 the answer to a proposal: {topic.key}",
            priority=Priority.ANSWER,
            expires_at=scene.now + _TOLD_WITHIN,
            about=(who,),
            to=who if private or group is None else group,
            text=say(text, language, **told),
            mentions=() if private else (who,),
        ),
    )
