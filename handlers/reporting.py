"""Reporting: 举报 with a quote, 举报 @谁, or in private 举报 名字. How it counts: `complaining`."""

from collections.abc import Iterable
from datetime import timedelta

from bot.actions import Action
from bot.events import Group, Message
from bot.texts import Text
from handlers.answering import answer, aside, result, told
from handlers.complaining import Matter, raised, weight
from handlers.phrases import Phrase
from handlers.scene import Scene
from handlers.whom import Found, present
from handlers.wording import plain_lines, say

WORDS = ("举报", "投诉", "report")

USAGE = Text(
    zh="要举报一条消息，请引用它并写「举报」；或写：举报 @对方 理由",
    en="To report a message, quote it and write “report”; or write: report @somebody reason",
)
USAGE_IN_PRIVATE = Text(
    zh="请写上对方在群里的名字和理由，例如：举报 小林 一直发广告",
    en="Please give their name in the group and why, like: report Lin keeps posting ads",
)
NOT_FOUND = Text(
    zh="没有找到你引用的那条消息。可以写：举报 @对方 理由",
    en="I could not find the message you quote. You can write: report @somebody reason",
)
NOT_MINE = Text(
    zh="那是我自己说的。对我有意见，请直接告诉管理员。",
    en="That was me. If something I said is wrong, please tell an admin.",
)
YOURSELF = Text(zh="这是你自己呀。", en="That is yourself.")
ALREADY = Text(
    zh="你已经告诉过我了，运营者会留意。", en="You have told me already, the operators will see it."
)
SEEN_TO = Text(
    zh="这条消息已经有人处理过了，谢谢你。",
    en="That message has been dealt with already, thank you.",
)
ENOUGH = Text(
    zh="今天你举报的次数已经够多了，明天再来吧。",
    en="You have reported enough for today, come again tomorrow.",
)

_LONGEST = 300
_LOOK_BACK = timedelta(days=7)
_DAY = timedelta(days=1)


def report(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """What follows from a report; None if the message is none."""
    phrase = Phrase(message, scene.me)
    word = phrase.word(WORDS)
    if word is None:
        return None
    if message.group is None:
        return _in_private(message, phrase, scene)
    if word.isascii() and scene.me not in message.mentions:
        return None  # many an English sentence begins with this word
    target = _quoted(message, message.group, scene) or _named(message, phrase, scene)
    if target is None:
        return None  # talk about reporting, not a report
    if isinstance(target, Text):
        return _answer(message, target, scene)
    return _report(message, target, plain_lines(phrase.rest()).strip()[:_LONGEST], scene)


def _quoted(message: Message, group: Group, scene: Scene) -> Matter | Text | None:
    """The message that is quoted, by whoever said it."""
    if message.quote is None or scene.group is None:
        return None
    heard = scene.work.messages.quoted(group, message.quote, message.at)
    if heard is None or heard.author is None:
        return NOT_FOUND
    if heard.ours or heard.author == scene.me:
        return NOT_MINE
    said = scene.work.speech.one(group, heard.platform_id, heard.author)
    return Matter(group, scene.group, heard.author, said)


def _named(message: Message, phrase: Phrase, scene: Scene) -> Matter | Text | None:
    """The last message of whoever is mentioned; a mention of us alone asks how to do it."""
    others = [each for each in message.mentions if each != scene.me]
    whom = phrase.whom() if others else None
    if whom is None or whom.mentioned is None:
        return USAGE if scene.me in message.mentions else None
    found = present(whom, scene, here=message.group)
    return found if isinstance(found, Text) else _last(message, found, scene)


def _in_private(message: Message, phrase: Phrase, scene: Scene) -> tuple[Action, ...]:
    """Only people of the reporter's own groups can be named, so nobody learns who is elsewhere."""
    theirs = scene.work.memberships.groups_of(message.author)
    if not theirs:
        return ()
    whom = phrase.whom()
    why = plain_lines(phrase.rest()).strip()[:_LONGEST]
    if whom is None or whom.case or not why:
        return _answer(message, USAGE_IN_PRIVATE, scene)
    found = present(whom, scene, within=theirs)
    if isinstance(found, Text):
        return _answer(message, found, scene)
    return _report(message, _last(message, found, scene), why, scene)


def _last(message: Message, found: Found, scene: Scene) -> Matter:
    since = message.at - _LOOK_BACK
    said = scene.work.speech.last_of(found.group, found.member, since, message.at)
    return Matter(found.group, found.settings, found.member, said)


def _report(message: Message, target: Matter, why: str, scene: Scene) -> tuple[Action, ...]:
    refused = _refused(message, target, scene)
    if refused is not None:
        return _answer(message, refused, scene)
    said_id = target.said.platform_id if target.said else None
    complaints = scene.work.complaints
    new = complaints.add(target.group, said_id, target.about, message.author, message.at, why)
    if not new:
        return _answer(message, ALREADY, scene)
    scene.work.audit.note(
        message.author.account, message.author, "举报 report", target.about, why, message.at
    )
    settings = target.settings
    thanks = say(settings.reports.received, settings.language)
    place = aside(message, scene)
    card = raised(target, message.at, scene)
    return (*card, result(message, "report", place, thanks, scene))


def _refused(message: Message, target: Matter, scene: Scene) -> Text | None:
    if target.about == scene.me:
        return NOT_MINE
    if scene.work.members.same(target.about, message.author):
        return YOURSELF
    if target.said is not None and _seen_to(target.group, target.said.platform_id, scene):
        return SEEN_TO
    limits = target.settings.reports
    most = limits.a_day if weight(message.author, limits, scene) else 1
    made = scene.work.complaints.made(message.author, message.at - _DAY)
    return ENOUGH if made >= most else None


def _seen_to(group: Group, platform_id: str, scene: Scene) -> bool:
    """Whether a rule or a human has acted on it; reports that wait still may be joined."""
    return any(
        not case.shadow and case.consequence != "note" and case.state != "confirming"
        for case in scene.work.cases.of_message(group, platform_id)
    )


_NAMES: Iterable[tuple[Text, str]] = (
    (USAGE, "usage"),
    (USAGE_IN_PRIVATE, "usage"),
    (NOT_FOUND, "not found"),
    (NOT_MINE, "ours"),
    (YOURSELF, "oneself"),
    (ALREADY, "already"),
    (SEEN_TO, "seen to"),
    (ENOUGH, "enough"),
)


def _answer(message: Message, text: Text, scene: Scene) -> tuple[Action, ...]:
    """A word about the report itself: for the reporter alone, where that can be."""
    what = dict(_NAMES).get(text, "which")
    return (answer(message, f"report:{what}", aside(message, scene), told(text, scene), scene),)
