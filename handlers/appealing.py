"""Objecting: 申诉 17 理由, in private, about one's own case."""

from datetime import timedelta

from bot.actions import Action
from bot.events import Identity, Message
from bot.texts import Text
from handlers.answering import answer, aside, result, told
from handlers.cards import named, open_card
from handlers.phrases import Phrase
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import harmless, moment, plain_lines, say
from rules.consequences import Consequence
from storage.values import Case
from storage.values_of_order import Appeal, AppealState, CaseState, TaskKind

WORDS = ("申诉", "上诉", "appeal")

IN_PRIVATE = Text(
    zh="这样的事我们私下说：请私聊我，写「申诉 {number} 理由」。",
    en="Let us talk about this in private: write “appeal {number} reason” to me.",
)
USAGE = Text(
    zh="请写上案件号和理由，例如：申诉 17 我发的是读书笔记，不是广告",
    en="Please give the case number and why, for example: appeal 17 it was a book note, no ad",
)
NOT_YOURS = Text(
    zh="没有找到你的案件 {number}。写「我的记录」可以看到自己的案件。",
    en="I found no case {number} of yours. Write “my record” to see your cases.",
)
WAITING = Text(
    zh="你对案件 {number} 的申诉还在等人来看，最晚 {deadline} 前答复。",
    en="Your appeal on case {number} still waits for somebody; you will hear by {deadline}.",
)
LIFTED = Text(
    zh="案件 {number} 已经撤销，不用再申诉。",
    en="Case {number} has been overturned already, there is nothing left to appeal.",
)
DECIDED = Text(
    zh="案件 {number} 已经申诉过 {times} 次，都有人看过了，这个案件不再受理。",
    en="Case {number} has been appealed {times} times and looked at each time: that was the last.",
)
TOO_MANY = Text(
    zh="三十天内你已经申诉了 {times} 次，请过些日子再来。",
    en="You have appealed {times} times in thirty days, please come again later.",
)
CARD = Text(
    zh="{who} 对案件 {number}（{place}，{rule}）提出申诉：{words}\n"
    "由处理此案之外的人决定：维持 {number} 理由，或 撤销 {number} 理由。案件 {number} 可看详情。",
    en="{who} appeals case {number} ({place}, {rule}): {words}\nSomebody other than who acted"
    " decides: uphold {number} reason, or overturn {number} reason. case {number} shows it.",
)

_NAMES = {
    NOT_YOURS: "not yours",
    WAITING: "waiting",
    LIFTED: "lifted",
    DECIDED: "decided",
    TOO_MANY: "too many",
}
_LONGEST = 500
_SHOWN = 300
_MONTH = timedelta(days=30)


def appeal(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """What follows from an appeal; None if the message is none."""
    phrase = Phrase(message, scene.me)
    if phrase.word(WORDS) is None:
        return None
    number = phrase.number()
    if message.group is not None:
        if number is None:
            return None  # talk about appeals, not one
        words = told(IN_PRIVATE, scene, number=number)
        return (answer(message, "appeal", message.group, words, scene),)
    why = plain_lines(phrase.rest()).strip()[:_LONGEST]
    if not _known(message.author, scene):
        return ()
    if number is None or not why:
        return (answer(message, "appeal:usage", message.author, told(USAGE, scene), scene),)
    return _object(message, number, why, scene)


def may_appeal(case: Case) -> bool:
    """Whether it is anything the member heard of, and still stands."""
    heard = not case.shadow and case.consequence != Consequence.NOTE.word
    return heard and case.state in (CaseState.OPEN, CaseState.UPHELD)


def _known(person: Identity, scene: Scene) -> bool:
    """Somebody who was put out of every group is still answered; a stranger is not."""
    return scene.work.members.id_if_known(person) is not None


def _object(message: Message, number: int, why: str, scene: Scene) -> tuple[Action, ...]:
    case = scene.work.cases.get(number)
    if case is None or not _is_theirs(case, message.author, scene):
        return _no(message, NOT_YOURS, scene, number=number)
    if case.state is CaseState.OVERTURNED:
        return _no(message, LIFTED, scene, number=number)
    settings = scene.settings(case.group) or GroupSettings()
    earlier = scene.work.appeals.of_case(number)
    if any(each.at == message.at for each in earlier):
        return ()  # the very same message, heard again
    refused = _refused(message, case, earlier, settings, scene)
    if refused:
        return refused
    opened = scene.work.appeals.open(number, message.author, why, message.at)
    if opened is None:
        return _no(message, NOT_YOURS, scene, number=number)
    return _opened(message, case, opened, settings, scene)


def _is_theirs(case: Case, person: Identity, scene: Scene) -> bool:
    heard = case.state is CaseState.OVERTURNED or may_appeal(case)
    if not heard or case.shadow or case.member is None:
        return False
    return scene.work.members.same(case.member, person)


def _refused(
    message: Message, case: Case, earlier: list[Appeal], settings: GroupSettings, scene: Scene
) -> tuple[Action, ...]:
    """What stands against one more appeal; nothing if nothing does."""
    limits = settings.appeals
    waiting = [each for each in earlier if each.state is AppealState.OPEN]
    if waiting:
        due = moment(waiting[0].at + limits.waiting, settings.time_zone, scene.now)
        return _no(message, WAITING, scene, number=case.number, deadline=due)
    if len(earlier) >= limits.a_case:
        return _no(message, DECIDED, scene, number=case.number, times=len(earlier))
    month = scene.work.appeals.of_member(message.author, message.at - _MONTH)
    if len(month) >= limits.a_month:
        return _no(message, TOO_MANY, scene, times=len(month))
    return ()


def _opened(
    message: Message, case: Case, opened: Appeal, settings: GroupSettings, scene: Scene
) -> tuple[Action, ...]:
    """The operators get a card, the member a word; both hear the same deadline."""
    author, number = message.author, case.number
    scene.work.audit.note(
        author.account, author, "申诉 appeal", f"案件 {number}", opened.text, message.at
    )
    card = open_card(
        scene,
        f"appeal:{opened.id}",
        TaskKind.APPEAL,
        CARD,
        case=number,
        group=case.group,
        member=author,
        within=settings.appeals.waiting,
        who=named(author),
        number=number,
        place=harmless(case.group.name) or case.group.id,
        rule=harmless(case.rule),
        words=harmless(opened.text, _SHOWN),
    )
    words = say(
        settings.appeals.received,
        settings.language,
        case=number,
        deadline=moment(scene.now + settings.appeals.waiting, settings.time_zone, scene.now),
    )
    return (*card, result(message, "appeal", aside(message, scene), words, scene))


def _no(message: Message, text: Text, scene: Scene, **values: object) -> tuple[Action, ...]:
    words = told(text, scene, **values)
    about = values.get("number", "")
    return (answer(message, f"appeal:{_NAMES[text]}:{about}", message.author, words, scene),)
