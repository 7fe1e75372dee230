"""Members propose topics: 推荐话题 标题：内容, with a mention of us or in private."""

from dataclasses import replace
from datetime import timedelta

from bot.actions import Action
from bot.events import Group, Message
from bot.texts import Text
from handlers.answering import aside, result, said_before, told
from handlers.bank_orders import alike
from handlers.cards import named
from handlers.exempting import excused
from handlers.judging import judged, spares
from handlers.operators import tell_operators
from handlers.phrases import Phrase
from handlers.proposals import key_of_proposal, written
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.whom import looked_after
from handlers.wording import filled, harmless, say
from rules.base import Past, Rule
from storage.values import Topic, TopicStatus
from storage.values_of_order import TaskKind

WORDS = ("推荐话题", "推荐 话题", "propose topic", "propose a topic", "suggest a topic")

USAGE = Text(
    zh="请这样写：推荐话题 标题：想问大家的话。问一件小事、一次经历，最容易接上话。",
    en="Please write: propose topic TITLE: what to ask. Something small and lived is best.",
)
RECEIVED = Text(
    zh="谢谢你推荐「{title}」！运营者看过就告诉你。",
    en="Thank you for “{title}”! I will tell you when the operators have looked at it.",
)
ALIKE = Text(
    zh="想到一起了：这和「{title}」很像，它已经在话题库里。换个角度再推荐一个？",
    en="Great minds: this is much like “{title}”, which we have. Another angle, perhaps?",
)
ALIKE_UNSEEN = Text(
    zh="想到一起了：有人推荐过很像的，正等着看。换个角度再推荐一个？",
    en="Great minds: somebody proposed one much like it, which waits. Another angle, perhaps?",
)
AGAINST = Text(
    zh="这段话碰到了这里的约定「{rule}」，改一改再推荐好吗？",
    en="This touches our agreement “{rule}”. Would you put it another way?",
)
ENOUGH = Text(
    zh="你今天推荐得够多了，谢谢！明天再来。",
    en="You have proposed enough for today, thank you! Come again tomorrow.",
)
TOO_LONG = Text(
    zh="标题请在 60 字以内，内容在 1000 字以内，标签每个 20 字以内。",
    en="A title has 60 characters at most, a text 1000, a tag 20.",
)
NOTICE = Text(
    zh="{who} 推荐了话题「{title}」：\n{text}\n回复：通过 {number}，或：婉拒 {number} 理由",
    en="{who} proposed the topic “{title}”:\n{text}\nAnswer: approve {number}, or: decline {number}"
    " and why",
)
_CARD = Text(zh="{who} 推荐了话题「{title}」", en="{who} proposed the topic “{title}”")

PROPOSED = "推荐话题 topic proposed"
A_DAY = 3
"""So many topics may one person propose in a day."""
ALL_A_DAY = 50
"""So many may all together; more are not taken that day."""

_DAY = timedelta(days=1)
_SEEN_WITHIN = timedelta(days=7)
_NEWEST = 1000
_FEW_GROUPS = 5
_TITLE, _TEXT = 60, 400


def propose(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """What follows from a proposal; None if the message is none."""
    phrase = Phrase(message, scene.me)
    if phrase.word(WORDS) is None:
        return None
    if message.group is not None and scene.me not in message.mentions:
        return None
    homes = _homes(message, scene)
    if not homes:
        return None
    place = aside(message, scene)
    if said_before(message, place, scene):
        return ()
    words, actions = _received(message, phrase.rest(), homes, scene)
    return (*actions, result(message, "proposal", place, words, scene))


def _received(
    message: Message, words: str, homes: list[tuple[Group, GroupSettings]], scene: Scene
) -> tuple[str, tuple[Action, ...]]:
    try:
        topic = written(words, TopicStatus.PROPOSED, message.author)
    except ValueError:
        return told(TOO_LONG, scene), ()
    if topic is None:
        return told(USAGE, scene), ()
    refusal = _refusal(message, topic, homes, scene)
    if refusal is not None:
        return told(refusal, scene), ()
    return told(RECEIVED, scene, title=harmless(topic.title, _TITLE)), _kept(message, topic, scene)


def _refusal(
    message: Message, topic: Topic, homes: list[tuple[Group, GroupSettings]], scene: Scene
) -> Text | None:
    """Why it is not taken, as a kind word; the dear questions last."""
    if _enough(message, scene):
        return ENOUGH
    for group, settings in homes if message.group is None else ():
        rule = _against(message, group, settings, scene)
        if rule is not None:
            return filled(AGAINST, rule=rule.shown)
    like = alike(topic, scene.work.topics.all())
    if like is None:
        return None
    if like.status is TopicStatus.PROPOSED:
        return ALIKE_UNSEEN
    return filled(ALIKE, title=harmless(like.title, _TITLE))


def _enough(message: Message, scene: Scene) -> bool:
    deeds = scene.work.audit.list(scene.house.account, _NEWEST)
    lately = [each for each in deeds if each.what == PROPOSED and each.at > message.at - _DAY]
    theirs = sum(each.by == message.author for each in lately)
    return theirs >= A_DAY or len(lately) >= ALL_A_DAY


def _against(message: Message, group: Group, settings: GroupSettings, scene: Scene) -> Rule | None:
    """The rule of a group that what was said in private would break there.

    What was said in a group has been judged before it came here.
    """
    zone = settings.time_zone

    def spared(rule: Rule) -> bool:
        return spares(rule, message, frozenset, zone)

    def let_off(rule: Rule) -> bool:
        return excused(rule, scene, group, message.author, message.at, zone)

    def past(_: Rule) -> Past:
        return Past(zone=zone)

    found = judged(message, settings.rules, past, spared, let_off).counts
    return found.rule if found else None


def _kept(message: Message, topic: Topic, scene: Scene) -> tuple[Action, ...]:
    """In the bank as a proposal, on a card for the operators."""
    title, text = harmless(topic.title, _TITLE), harmless(topic.text, _TEXT)
    account, author = scene.house.account, message.author
    who = named(author)
    number = scene.work.tasks.open(
        account,
        f"proposal:{message.id}",
        TaskKind.TOPIC,
        say(_CARD, scene.house.language, who=who, title=title),
        scene.now + _SEEN_WITHIN,
        scene.now,
        group=message.group,
        member=author,
    )
    key = key_of_proposal(number, scene)
    scene.work.topics.keep([replace(topic, key=key)], author, scene.now)
    scene.work.audit.note(account, author, PROPOSED, key, "", scene.now)
    return tell_operators(
        scene,
        f"task:{number}",
        NOTICE,
        (author,),
        who=who,
        title=title,
        text=text,
        number=number,
    )


def _homes(message: Message, scene: Scene) -> list[tuple[Group, GroupSettings]]:
    """The groups of theirs that are looked after: whoever is in none proposes nothing."""
    if message.group is not None:
        return [(message.group, scene.group)] if scene.group else []
    theirs = scene.work.memberships.groups_of(message.author)
    found = [(group, settings) for group in theirs if (settings := looked_after(group, scene))]
    return found[:_FEW_GROUPS]
