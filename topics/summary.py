"""The summary that closes a topic: its settings, and which answers are worth repeating."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.texts import Text, placeholders
from storage.values_of_programmes import Answer
from topics.drift import words

_SHORTEST, _LONGEST = 6, 100
"""Characters of an answer that is repeated: enough to say something, little enough to read."""
_NOT_REPEATED = ("@", "://", "www.")
"""Whoever is mentioned did not agree to it, and nobody's links are spread."""

_TEXT = Text(
    zh="「{title}」聊到这里：{people} 个人说了 {answers} 句，其中 {replies} 句是接着别人的话说的。",
    en="“{title}”: {people} people said {answers} things, {replies} of them to one another.",
)


class Summary(BaseModel):
    """Whether and how a programme closes its topics."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    enabled: bool = Field(
        default=False,
        description="话题的回应时间过后，是否在群里小结一句"
        " whether a topic is summed up in the group once its window is over",
    )
    quotes: Annotated[int, Field(ge=0, le=5)] = Field(
        default=2,
        description="最多引用几句好回答；只引用说过「可以引用我」的人"
        " repeat so many good answers at most, only of members who said they may be quoted",
    )
    text: Text = Field(
        default=_TEXT,
        description="小结的话 the words; {title} {people} {answers} {replies}",
    )

    @field_validator("text")
    @classmethod
    def _fillable(cls, text: Text) -> Text:
        known = placeholders(_TEXT.zh)
        if unknown := sorted(placeholders(text.zh) - known):
            usable = "、".join(f"{{{name}}}" for name in sorted(known))
            raise ValueError(
                f"不认识的占位符 {{{unknown[0]}}}，这里可用：{usable}"
                f" unknown placeholder; these may be used: {usable}"
            )
        return text


def best(answers: Sequence[Answer], told: Sequence[bool | None]) -> list[Answer]:
    """Answers worth repeating, the best first, one a person.

    An answer is the better, the more other people took it up: said something later that shares a
    word with it. `told` says of each answer whether it is about the topic.
    """
    worth = [
        (_taken_up(place, answers), -place, each)
        for place, (each, is_about) in enumerate(zip(answers, told, strict=True))
        if is_about and _may_be_repeated(each)
    ]
    found: dict[int | None, Answer] = {}
    for *_, each in sorted(worth, key=lambda one: one[:2], reverse=True):
        found.setdefault(each.person, each)
    return list(found.values())


def _may_be_repeated(answer: Answer) -> bool:
    text = answer.text or ""
    return (
        answer.person is not None
        and answer.clean
        and _SHORTEST <= len(text.strip()) <= _LONGEST
        and not any(sign in text for sign in _NOT_REPEATED)
    )


def _taken_up(place: int, answers: Sequence[Answer]) -> int:
    mine = words(answers[place].text or "")
    others = {
        each.person
        for each in answers[place + 1 :]
        if each.text and not mine.isdisjoint(words(each.text))
    }
    return len(others - {answers[place].person, None})
