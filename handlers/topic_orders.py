"""Understands what an operator orders about topics: 话题 下一个, 话题 添加 标题：内容, 通过 5 …"""

import re
from enum import StrEnum

from bot.events import Identity, Message
from bot.frozen import frozen
from handlers.phrases import Phrase


class Ordered(StrEnum):
    """What operators may order about topics."""

    ADD = "add"
    LIST = "list"
    NEXT = "next"
    SKIP = "skip"
    RESTORE = "restore"
    PIN = "pin"
    PAUSE = "pause"
    RESUME = "resume"
    NOW = "now"
    MOVE = "move"
    APPROVE = "approve"
    DECLINE = "decline"
    STATUS = "status"
    RESEND = "resend"
    CANCEL = "cancel"
    BROADCAST = "broadcast"
    EFFECTS = "effects"
    HOW = "how"
    """话题 alone, or with a word that is no order: which orders there are."""


@frozen
class TopicOrder:
    """An order: the number that stands first (0: none), and all that follows the word.

    `latin`: its words were English ones, which may well begin an ordinary sentence.
    """

    what: Ordered
    rest: str = ""
    number: int = 0
    latin: bool = False


_CHINESE = {
    "添加": Ordered.ADD,
    "增加": Ordered.ADD,
    "列表": Ordered.LIST,
    "下一个": Ordered.NEXT,
    "跳过": Ordered.SKIP,
    "照常": Ordered.RESTORE,
    "换": Ordered.PIN,
    "换成": Ordered.PIN,
    "暂停": Ordered.PAUSE,
    "恢复": Ordered.RESUME,
    "现在": Ordered.NOW,
    "移到": Ordered.MOVE,
    "通过": Ordered.APPROVE,
    "婉拒": Ordered.DECLINE,
    "状态": Ordered.STATUS,
    "重发": Ordered.RESEND,
    "取消": Ordered.CANCEL,
    "群发": Ordered.BROADCAST,
    "效果": Ordered.EFFECTS,
    "帮助": Ordered.HOW,
}
_ENGLISH = {
    "add": Ordered.ADD,
    "list": Ordered.LIST,
    "next": Ordered.NEXT,
    "skip": Ordered.SKIP,
    "restore": Ordered.RESTORE,
    "pin": Ordered.PIN,
    "pause": Ordered.PAUSE,
    "resume": Ordered.RESUME,
    "now": Ordered.NOW,
    "move": Ordered.MOVE,
    "move to": Ordered.MOVE,
    "approve": Ordered.APPROVE,
    "decline": Ordered.DECLINE,
    "status": Ordered.STATUS,
    "resend": Ordered.RESEND,
    "cancel": Ordered.CANCEL,
    "broadcast": Ordered.BROADCAST,
    "effects": Ordered.EFFECTS,
    "help": Ordered.HOW,
}
_HEADS = ("话题", "topic", "topics")
_NOTHING = re.compile(r"$")
_UNKNOWN = re.compile(r"$|[\u4e00-\u9fff]{2,3}\s+\S")
"""After 话题: nothing, or something like 删除 一杯茶, which is no order of ours."""
_WORDS = (
    {f"话题{word}": what for word, what in _CHINESE.items()}
    | {f"话题 {word}": what for word, what in (_CHINESE | _ENGLISH).items()}
    | {f"{head} {word}": what for head in _HEADS[1:] for word, what in _ENGLISH.items()}
)
_SHORT = {"通过": Ordered.APPROVE, "婉拒": Ordered.DECLINE} | {
    "approve": Ordered.APPROVE,
    "decline": Ordered.DECLINE,
}
"""What may be ordered without 话题, if a number follows."""

_NUMBER = re.compile(r"\s*(?:[#＃]|编号)?\s*([0-9０-９]{1,19})(?![0-9a-zA-Z])\s*")
_ALONE = re.compile(rf"{_NUMBER.pattern}[。.!！]?$")
_LONG = re.compile(r"\s*[#＃]?\s*([0-9０-９]{5,19})\s+")
_NUMBERED = {
    Ordered.APPROVE: _NUMBER,
    Ordered.DECLINE: _NUMBER,
    Ordered.RESEND: _NUMBER,
    Ordered.CANCEL: _NUMBER,
    Ordered.BROADCAST: _ALONE,
    Ordered.MOVE: _LONG,
}
"""How a number stands first; before a time, a number of a slot has five digits at least."""


def topic_order(message: Message, me: Identity | None) -> TopicOrder | None:
    """The order in a message; None if it does not begin like one."""
    phrase = Phrase(message, me)
    word = phrase.word(_WORDS)
    if word is not None:
        return _read(_WORDS[word], phrase, word)
    word = phrase.word(_SHORT)
    if word is not None:
        short = _read(_SHORT[word], phrase, word)
        return short if short.number else None
    word = phrase.word(_HEADS)
    if word is None or not (_NOTHING if word.isascii() else _UNKNOWN).match(phrase.rest()):
        return None
    return TopicOrder(Ordered.HOW, latin=word.isascii())


def _read(what: Ordered, phrase: Phrase, word: str) -> TopicOrder:
    rest = phrase.rest()
    pattern = _NUMBERED.get(what)
    found = pattern.match(rest) if pattern else None
    number = int(found[1]) if found else 0
    return TopicOrder(what, rest[found.end() :] if found else rest, number, word.isascii())
