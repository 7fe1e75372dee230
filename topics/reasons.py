"""Why a topic is chosen, in words: one reason for each term of its score."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.texts import Language, Text
from storage.values import TopicKind

FRESH = Text(zh="在这个群没发过", en="not posted here before")
AGAIN = Text(
    zh="合适的都发过了，这个在这里 {days} 天没发过",
    en="all that fit have been posted; this one not for {days} days",
)
PINNED = Text(zh="运营者指定的", en="an operator wants it")
SHORT = {
    TopicKind.UNIVERSAL: Text(
        zh="万能话题比设定的比例少 {percent}%",
        en="the universal share is {percent} % below the ratio",
    ),
    TopicKind.PROFESSIONAL: Text(
        zh="专业话题比设定的比例少 {percent}%",
        en="the professional share is {percent} % below the ratio",
    ),
}
OVER = {
    TopicKind.UNIVERSAL: Text(
        zh="虽然万能话题比设定的比例多 {percent}%",
        en="though the universal share is {percent} % above the ratio",
    ),
    TopicKind.PROFESSIONAL: Text(
        zh="虽然专业话题比设定的比例多 {percent}%",
        en="though the professional share is {percent} % above the ratio",
    ),
}
NEAR = Text(
    zh="虽然和它相近的话题 {number} 次前刚发过",
    en="though a related topic was posted {number} posts ago",
)
WENT = Text(
    zh="平均 {people} 人回应（{posts} 次）", en="{people} people answer on average ({posts} posts)"
)
FELL_FLAT = Text(
    zh="虽然反响平淡：平均 {people} 人回应（{posts} 次）",
    en="though it fell flat: {people} people answer on average ({posts} posts)",
)
UNTRIED = Text(zh="还没有效果数据，给它机会", en="not known how it goes, so it gets its chance")
HERE = Text(zh="在这里平均 {people} 人回应", en="{people} people answered here on average")
LIKED = Text(
    zh="「{category}」在这里平均 {people} 人回应，平时 {usual} 人",
    en="“{category}” brings {people} people here on average, usual are {usual}",
)
DRAWN = Text(zh="「{category}」在这里试得还少，换换口味", en="“{category}” for a change")
UNDRAWN = Text(
    zh="虽然「{category}」在这里试得还少，这次抽签靠后",
    en="though “{category}” drew a poor lot this time",
)
IN_SEASON = Text(zh="正当时令：{season}", en="in season: {season}")
OF_STAGE = Text(zh="适合「{stage}」阶段", en="for the stage “{stage}”")
OF_GOAL = Text(zh="服务目标「{goal}」", en="for the goal “{goal}”")
WEIGHTY = Text(zh="权重 {weight}", en="weight {weight}")


class Reason(NamedTuple):
    """One term of a score: its points, above 0 for and below 0 against, and what to say of it."""

    points: float
    text: Text
    values: Mapping[str, Any] = MappingProxyType({})

    def say(self, language: Language = Language.ZH) -> str:
        """The reason in words."""
        return self.text.say(language, **self.values)


def told(reasons: Sequence[Reason], language: Language = Language.ZH) -> str:
    """All of them in one line; in both languages, one line each."""
    if language is Language.BOTH:
        return "\n".join(told(reasons, one) for one in (Language.ZH, Language.EN))
    return ("; " if language is Language.EN else "；").join(each.say(language) for each in reasons)


def number(value: float) -> str:
    """With one digit behind the point, or none where that is 0."""
    return f"{round(value, 1):g}"
