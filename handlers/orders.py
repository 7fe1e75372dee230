"""Understands what an operator orders: 案件 17, 维持 17 理由, 静言 3天 @谁 理由, 关联 A B …"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from bot.events import Identity, Message
from bot.frozen import frozen
from bot.texts import Text
from handlers.phrases import NOBODY, Phrase, Whom, folded
from handlers.wording import filled, plain_lines
from rules.consequences import Consequence


class What(StrEnum):
    """What operators may order."""

    CASES = "cases"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    SANCTION = "sanction"
    RELEASE = "release"
    EXEMPTIONS = "exemptions"
    EXEMPT = "exempt"
    END_EXEMPTION = "end exemption"
    LINK = "link"
    UNLINK = "unlink"
    TASKS = "tasks"
    DONE = "done"
    REMOVE_AGAIN = "remove again"
    POSTED = "posted"
    SAY_AGAIN = "say again"
    TAG = "tag"
    UNTAG = "untag"


@frozen
class Order:
    """An order with everything it needs.

    `lasting` None is the ladder's. `until` is the last day of an exemption, None for good.
    """

    what: What
    number: int = 0
    whom: Whom = NOBODY
    other: Whom = NOBODY
    consequence: Consequence = Consequence.NOTE
    lasting: timedelta | None = None
    why: str = ""
    rule: str = ""
    until: date | None = None
    false_hit: bool = False


@frozen
class Wrong:
    """An order that lacks something, and what to say of it.

    `latin`: its word was an English one, which may well begin an ordinary sentence.
    """

    says: Text
    latin: bool = False


_WORDS = {
    "案件": What.CASES,
    "cases": What.CASES,
    "case": What.CASES,
    "维持": What.UPHOLD,
    "uphold": What.UPHOLD,
    "撤销": What.OVERTURN,
    "overturn": What.OVERTURN,
    "解封": What.RELEASE,
    "解除": What.RELEASE,
    "release": What.RELEASE,
    "unban": What.RELEASE,
    "豁免": What.EXEMPT,
    "exempt": What.EXEMPT,
    "exemptions": What.EXEMPTIONS,
    "取消豁免": What.END_EXEMPTION,
    "unexempt": What.END_EXEMPTION,
    "关联": What.LINK,
    "link": What.LINK,
    "取消关联": What.UNLINK,
    "unlink": What.UNLINK,
    "任务": What.TASKS,
    "tasks": What.TASKS,
    "完成": What.DONE,
    "done": What.DONE,
    "再移出": What.REMOVE_AGAIN,
    "remove again": What.REMOVE_AGAIN,
    "已公布": What.POSTED,
    "posted": What.POSTED,
    "再发": What.SAY_AGAIN,
    "say again": What.SAY_AGAIN,
    "标签": What.TAG,
    "tag": What.TAG,
    "去标签": What.UNTAG,
    "untag": What.UNTAG,
}
_SANCTIONS = {
    "提醒": Consequence.REMIND,
    "remind": Consequence.REMIND,
    "警告": Consequence.WARN,
    "warn": Consequence.WARN,
    "静言": Consequence.QUIET,
    "禁言": Consequence.QUIET,
    "quiet": Consequence.QUIET,
    "mute": Consequence.QUIET,
    "移出": Consequence.REMOVE,
    "踢出": Consequence.REMOVE,
    "remove": Consequence.REMOVE,
    "kick": Consequence.REMOVE,
    "封禁": Consequence.BAN,
    "ban": Consequence.BAN,
}
_LASTING = (Consequence.QUIET, Consequence.REMOVE)

_MISSING = Text(zh="{missing}，例如：{example}", en="{missing}, for example: {example}")
_NUMBER = Text(zh="请写上案件号", en="Please give the number of the case")
_WHY = Text(zh="请写上理由，当事人会读到", en="Please say why: the person will read it")
_WHO = Text(zh="请写明是谁", en="Please say whom")
_TOO_LONG = Text(zh="时长不能超过十年，也不能是零", en="At most ten years, and not nothing")
_RULE = Text(zh="请写上规则的名字和理由", en="Please name the rule and say why")
_TWO = Text(zh="请写明是哪两个人", en="Please name both of them")
_TASK = Text(zh="请写上任务号", en="Please give the number of the task")
_WHICH_TAG = Text(zh="请写上哪个标签", en="Please say which tag")
_DAY = Text(zh="日期请写成 2026-12-31 这样", en="Write the day like 2026-12-31")
_EXAMPLES = {
    What.UPHOLD: Text(zh="维持 17 确实是广告", en="uphold 17 it was an ad"),
    What.OVERTURN: Text(zh="撤销 17 是读书笔记 误判", en="overturn 17 a book note, false hit"),
    What.RELEASE: Text(zh="解封 @小林 已经说清楚了", en="release @Lin we have talked about it"),
    What.EXEMPT: Text(
        zh="豁免 @小林 广告 群主请来的讲师 到 2026-12-31",
        en="exempt @Lin ads our invited speaker until 2026-12-31",
    ),
    What.END_EXEMPTION: Text(
        zh="取消豁免 @小林 广告 讲座办完了", en="unexempt @Lin ads the talk is over"
    ),
    What.LINK: Text(zh="关联 @小林 小林的小号", en="link @Lin “Lin's other account”"),
    What.UNLINK: Text(zh="取消关联 @小林 小林的小号", en="unlink @Lin “Lin's other account”"),
    What.DONE: Text(zh="完成 5", en="done 5"),
    What.REMOVE_AGAIN: Text(zh="再移出 5", en="remove again 5"),
    What.TAG: Text(zh="标签 @小林 产品、增长", en="tag @Lin product, growth"),
    What.UNTAG: Text(zh="去标签 @小林 产品", en="untag @Lin product"),
}
_SANCTION_EXAMPLES = {
    Consequence.REMIND: Text(zh="提醒 @小林 请别连发", en="remind @Lin one message will do"),
    Consequence.WARN: Text(zh="警告 @小林 又发广告", en="warn @Lin ads again"),
    Consequence.QUIET: Text(zh="静言 3天 @小林 刷屏", en="quiet 3d @Lin flooding"),
    Consequence.REMOVE: Text(zh="移出 7天 @小林 骂人", en="remove 7d @Lin insults"),
    Consequence.BAN: Text(zh="封禁 @小林 诈骗", en="ban @Lin fraud"),
}
_FALSE_HIT = re.compile(r"(?:^|[\s,.;(（\[【])(?:误判|false hit)[\])）】.!]*\s*$|^误判\b")
_UNTIL = re.compile(r"[\s,;]*(?:到|直到|until)\s*([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[\s.]*$")


def order(message: Message, me: Identity | None) -> Order | Wrong | None:
    """The order in a message, or what it lacks; None if it does not begin like an order."""
    phrase = Phrase(message, me)
    word = phrase.word((*_WORDS, *_SANCTIONS))
    if word is None:
        return None
    read = _sanction(phrase, _SANCTIONS[word]) if word in _SANCTIONS else _read(phrase, word)
    return Wrong(read, latin=word.isascii()) if isinstance(read, Text) else read


def _read(phrase: Phrase, word: str) -> Order | Text | None:
    what = _WORDS[word]
    return _READERS.get(what, _task)(phrase, what)


def _list(phrase: Phrase, what: What) -> Order | None:
    """With anything behind it, it is talk about cases or tasks."""
    number = phrase.number() if what is What.CASES else None
    return None if phrase.rest() else Order(what, number=number or 0)


def _link(phrase: Phrase, what: What) -> Order | Text:
    one, other = phrase.whom(), phrase.whom()
    if one is None or other is None:
        return _lacks(_TWO, _EXAMPLES[what])
    return Order(what, whom=one, other=other)


def _task(phrase: Phrase, what: What) -> Order | Text:
    number = phrase.task()
    if number is None:
        return _lacks(_TASK, _EXAMPLES[what])
    return Order(what, number=number, why=_reason(phrase))


def _of_a_notice(phrase: Phrase, what: What) -> Order | None:
    """The number may be left out where one task waits; with words behind it, it is talk."""
    number = phrase.task()
    return None if phrase.rest() else Order(what, number=number or 0)


def _decision(phrase: Phrase, what: What) -> Order | Text:
    number, why = phrase.number(), _reason(phrase)
    if number is None or not why:
        return _lacks(_NUMBER if number is None else _WHY, _EXAMPLES[what])
    mark = _FALSE_HIT.search(folded(why)) if what is What.OVERTURN else None
    if mark is not None:
        why = f"{why[: mark.start()]}{why[mark.end() :]}".strip(" ，,;；。.:：") or why
    return Order(what, number=number, why=why, false_hit=mark is not None)


def _sanction(phrase: Phrase, consequence: Consequence) -> Order | Text:
    example = _SANCTION_EXAMPLES[consequence]
    try:
        lasting = phrase.lasting() if consequence in _LASTING else None
        whom = phrase.whom()
        if lasting is None and consequence in _LASTING:
            lasting = phrase.lasting()
    except ValueError:
        return _lacks(_TOO_LONG, example)
    why = _reason(phrase)
    if lasting == timedelta(0):
        return _lacks(_TOO_LONG, example)
    if whom is None or not why:
        return _lacks(_WHO if whom is None else _WHY, example)
    return Order(What.SANCTION, whom=whom, consequence=consequence, lasting=lasting, why=why)


def _release(phrase: Phrase, what: What) -> Order | Text:
    number = phrase.number()
    whom = Whom(case=number) if number is not None else phrase.whom()
    why = _reason(phrase)
    if whom is None or not why:
        return _lacks(_WHO if whom is None else _WHY, _EXAMPLES[what])
    return Order(what, whom=whom, why=why)


def _exemption(phrase: Phrase, what: What) -> Order | Text | None:
    """豁免 alone asks for the list."""
    whom, rule, why = phrase.whom(), phrase.one(), _reason(phrase)
    if what is What.EXEMPTIONS or (what is What.EXEMPT and not (whom or rule or why)):
        return None if whom or rule or why else Order(What.EXEMPTIONS)
    example = _EXAMPLES[what]
    if whom is None:
        return _lacks(_WHO, example)
    last = _UNTIL.search(folded(why)) if what is What.EXEMPT else None
    until = None
    if last is not None:
        why = why[: last.start()].strip()
        try:
            until = date(int(last[1]), int(last[2]), int(last[3]))
        except ValueError:
            return _lacks(_DAY, example)
    if not rule or not why:
        return _lacks(_RULE, example)
    return Order(what, whom=whom, rule=rule, why=why, until=until)


def _tags(phrase: Phrase, what: What) -> Order | Text:
    """标签 @小林 alone asks for the tags they have."""
    whom, why = phrase.whom(), _reason(phrase)
    if whom is None:
        return _lacks(_WHO, _EXAMPLES[what])
    if what is What.UNTAG and not why:
        return _lacks(_WHICH_TAG, _EXAMPLES[what])
    return Order(what, whom=whom, why=why)


def _reason(phrase: Phrase) -> str:
    """What is left, on one line; a reason of nothing but unseen characters is none."""
    return " ".join(plain_lines(phrase.rest()).split())


def _lacks(missing: Text, example: Text) -> Text:
    return filled(_MISSING, missing=missing, example=example)


_READERS: dict[What, Callable[[Phrase, What], Order | Text | None]] = {
    What.CASES: _list,
    What.TASKS: _list,
    What.UPHOLD: _decision,
    What.OVERTURN: _decision,
    What.RELEASE: _release,
    What.EXEMPT: _exemption,
    What.END_EXEMPTION: _exemption,
    What.EXEMPTIONS: _exemption,
    What.LINK: _link,
    What.UNLINK: _link,
    What.POSTED: _of_a_notice,
    What.SAY_AGAIN: _of_a_notice,
    What.TAG: _tags,
    What.UNTAG: _tags,
}
"""How what stands behind the word is read; all others ask for the number of a task."""
