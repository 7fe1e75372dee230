"""Becoming an operator: 绑定 CODE, in private; the code is from `weilu operators invite`."""

from datetime import timedelta

from bot.actions import Action
from bot.events import Identity, Message
from bot.texts import Text
from handlers.answering import answer, result, told
from handlers.phrases import Phrase
from handlers.rights import role_of
from handlers.scene import Scene
from storage.values_of_order import OperatorRole

WORDS = ("绑定", "bind")

WELCOME = Text(
    zh="绑定好了，你现在是{role}。写「帮助」看可以做什么。",
    en="Done, you are an {role} now. Write “help” to see what you can do.",
)
ROLES = {
    OperatorRole.OPERATOR: Text(zh="运营者", en="operator"),
    OperatorRole.ADMIN: Text(zh="管理员", en="admin"),
}
NO = Text(
    zh="这个绑定码不能用：写错了、用过了，或超过了 30 分钟。请让管理员再给一个，一小时后再试也行。",
    en="This code does not work: it is wrong, used, or older than 30 minutes. Ask for another one,"
    " or try again in an hour.",
)

SPOILT = Text(
    zh="绑定码只能私聊发给我；这里谁都看得到，刚才那个已经作废，请让管理员再给一个。",
    en="A code is for my eyes only: everybody can read it here, so that one is void. Please ask the"
    " admin for another and send it to me in private.",
)

FAILED = "绑定失败 failed to bind"
VOID = "绑定码作废 a code became void"
GUESSES = 5
"""So many codes that do not work may one person say in an hour; no more are even looked at."""

_HOUR = timedelta(hours=1)
_NEWEST = 500
_LONGEST = 40


def bind(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """What follows from a code; None if the message holds none. Said in a group: see `spoil`.

    Whatever is wrong with a code, the answer is the same, also once too many were tried.
    """
    phrase = Phrase(message, scene.me)
    if message.group is not None or phrase.word(WORDS) is None:
        return None
    author = message.author
    code = _code(phrase)
    known = scene.work.operators.get(author)
    if known is not None and known.since == message.at:
        return ()  # the very same message, heard again
    if _guesses(author, message, scene) < GUESSES:
        if 0 < len(code) <= _LONGEST and scene.work.operators.redeem(code, author, message.at):
            return _welcome(message, scene)
        scene.work.audit.note(author.account, author, FAILED, author, "", message.at)
    return (answer(message, "bind", author, told(NO, scene), scene),)


def spoil(message: Message, scene: Scene) -> tuple[Action, ...] | None:
    """A code said in a group is void; None if none that works was said."""
    phrase = Phrase(message, scene.me)
    if message.group is None or phrase.word(WORDS) is None:
        return None
    if not scene.work.operators.void(_code(phrase), message.at):
        return None
    scene.work.audit.note(message.author.account, message.author, VOID, "", "", message.at)
    return (result(message, "bind", message.group, told(SPOILT, scene), scene),)


def _code(phrase: Phrase) -> str:
    return phrase.rest().upper().replace("-", "").replace(" ", "")[: _LONGEST + 1]


def _welcome(message: Message, scene: Scene) -> tuple[Action, ...]:
    author = message.author
    role = role_of(scene, author) or OperatorRole.OPERATOR
    scene.work.audit.note(author.account, author, "绑定 bind", author, role.value, message.at)
    words = told(WELCOME, scene, role=ROLES[role])
    return (result(message, "bind", author, words, scene),)


def _guesses(who: Identity, message: Message, scene: Scene) -> int:
    """How many codes of theirs failed lately; the audit trail outlives a restart."""
    deeds = scene.work.audit.list(who.account, _NEWEST)
    lately = [deed for deed in deeds if deed.at > message.at - _HOUR]
    return sum(deed.what == FAILED and deed.by == who for deed in lately)
