"""Says what a rule found: the place in the text, what was undone to find it, and what follows."""

from bot.texts import Language, Text
from handlers.ladder_words import what_follows
from handlers.recorded import Part
from handlers.trying import Outcome
from handlers.wording import say
from rules.steps import Step

AROUND = 40
"""So many characters are shown on either side of what was found."""

UNDONE = {
    Step.INVISIBLE: Text(zh="看不见的字符", en="invisible characters"),
    Step.WIDTH: Text(zh="全角半角", en="full and half width"),
    Step.ORNATE: Text(zh="带圈、花体", en="ornate letters"),
    Step.MARKS: Text(zh="附加符号", en="marks on letters"),
    Step.LOOKALIKES: Text(zh="形近字母", en="look-alike letters"),
    Step.CASE: Text(zh="大小写", en="capitals"),
    Step.TRADITIONAL: Text(zh="繁体", en="traditional characters"),
    Step.SEPARATORS: Text(zh="字间的符号", en="signs in between"),
    Step.EMOJI: Text(zh="字间的表情", en="emoji in between"),
    Step.DIGITS: Text(zh="汉字数字", en="Chinese numerals"),
    Step.REPEATS: Text(zh="叠字", en="repeated characters"),
    Step.SPELLINGS: Text(zh="拆字、谐音", en="other spellings"),
}
"""What each step of normalisation undoes."""

LACKING = {
    Part.TEXT: Text(zh="原文没有留", en="text not kept"),
    Part.LINK: Text(zh="卡片的链接没有记", en="link of a card not recorded"),
    Part.TITLE: Text(zh="卡片的标题没有记", en="title of a card not recorded"),
    Part.PICTURE: Text(zh="图片没有留", en="picture not kept"),
}
"""Why a rule could not judge a recorded message."""

_SHADOW = Text(zh="影子规则：只计数", en="in shadow: only counted")
_BESIDE = Text(
    zh="不另处理：前面的规则已经算数", en="nothing more: a rule before it counts already"
)


def parted(text: str, span: tuple[int, int]) -> tuple[str, str, str]:
    """What stands before, in and after what was found, as much of each as fits on a line.

    Where the whole message, or what somebody does, is the offence, nothing is in it.
    """
    start, end = span
    if not end:
        return (text if len(text) <= 2 * AROUND else f"{text[: 2 * AROUND]}…"), "", ""
    before, found, after = text[:start], text[start:end], text[end:]
    if len(before) > AROUND:
        before = "…" + before[-AROUND:]
    if len(after) > AROUND:
        after = after[:AROUND] + "…"
    if len(found) > 2 * AROUND:
        found = f"{found[:AROUND]}…{found[-AROUND:]}"
    return before, found, after


def then(outcome: Outcome, language: Language) -> str:
    """What would follow, or why nothing does."""
    if outcome.found.rule.shadow:
        return say(_SHADOW, language)
    if not outcome.counts:
        return say(_BESIDE, language)
    return what_follows(outcome.step, language)
