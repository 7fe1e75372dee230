"""The common goal of a group: from when to when, what is counted, and the stages on the way."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from bot.texts import Language, Text

_DAY = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MOST = 1_000_000_000
"""What can be counted; a database holds it as a plain integer."""

_RUNNING = Text(zh="{name}：第 {day} 天，共 {days} 天", en="{name}: day {day} of {days}")
_AHEAD = Text(zh="{name}：{day} 开始，共 {days} 天", en="{name}: begins on {day}, {days} days")
_OVER = Text(zh="{name}：已经结束", en="{name}: over")
_STAGE = Text(zh="{stage}阶段", en="stage {stage}")
_REACHED = Text(
    zh="{verb} {reached} / {target} {unit}（{percent}%）",
    en="{verb} {reached} of {target} {unit} ({percent}%)",
)
_DID = Text(zh="到", en="reached")


def _day(value: Any) -> date:
    """`2026-12-01` as a day; a day passes."""
    if type(value) is date:
        return value
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found:
        with suppress(ValueError):  # the 30th of February
            return date(*map(int, found.groups()))
    raise ValueError("日期请写成 2026-12-01 这样 write a day like 2026-12-01")


def _one_line(words: str) -> str:
    line = " ".join(words.split())
    if not line:
        raise ValueError("不能是空的 may not be empty")
    return line


Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DAY.pattern}$", "examples": ["2026-12-01"]}),
]
_Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_one_line)]
_Word = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(_one_line)]


class _Part(BaseModel):
    """Frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Measure(_Part):
    """What is counted on the way to the goal."""

    unit: _Word = Field(description="数什么：页、公里、篇 what is counted: pages, km")
    target: Annotated[int, Field(ge=1, le=_MOST)] = Field(
        description="目标是多少 how many of them the goal is"
    )
    verb: Annotated[str, Field(max_length=20)] = Field(
        default="",
        description="怎么说进展：读到、跑了；不写则说「到」 how progress is said: read, ran",
    )


class Aim(NamedTuple):
    """What topics may serve on a day: the goal and its stage, empty where there is none."""

    goal: str = ""
    stage: str = ""


class Goal(_Part):
    """A goal that a group has together. Days are by the group's clock, both ends belong to it."""

    name: _Name = Field(description="目标的名字，大家看到的就是它 its name, as everybody reads it")
    kind: Annotated[str, Field(max_length=60)] = Field(
        default="",
        description="话题里把它叫什么，如 一起读完一本书；不写则同 name。写了目标的话题只在这时发"
        " what topics call it, if not by its name; topics with a goal are posted only then",
    )
    start: Day = Field(description="第一天 the first day")
    end: Day = Field(description="最后一天 the last day")
    measure: Measure = Field(description="怎样算进展 what is counted")
    stages: Annotated[Mapping[_Word, Day], Field(max_length=20)] = Field(
        default={},
        description="阶段 → 它的第一天，按先后写；节目没写 stage 就跟着它选话题"
        " stage → its first day, in order; programmes without a stage of their own follow it",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("end 早于 start end is earlier than start")
        before: date | None = None
        for stage, day in self.stages.items():
            if not self.start <= day <= self.end:
                raise ValueError(
                    f"阶段「{stage}」的第一天 {day} 不在 {self.start} 到 {self.end} 之间"
                    f" the first day of the stage “{stage}” is not within the goal"
                )
            if before is not None and day <= before:
                raise ValueError(
                    f"阶段「{stage}」的第一天 {day} 要晚于前一个阶段，请按先后写"
                    f" the stage “{stage}” must begin later than the one before it"
                )
            before = day
        return self

    @property
    def key(self) -> str:
        """The name and the first day: the same book read again next year is another goal."""
        return f"{self.name} {self.start}"

    @property
    def days(self) -> int:
        """How many days it takes."""
        return (self.end - self.start) // timedelta(days=1) + 1

    def stage_on(self, day: date) -> str:
        """The stage the group is in; empty before the first, and outside the goal."""
        begun = [stage for stage, first in self.stages.items() if first <= day]
        return begun[-1] if begun and day <= self.end else ""

    def aim_on(self, day: date) -> Aim:
        """What topics may serve on this day."""
        running = self.start <= day <= self.end
        return Aim(self.kind or self.name, self.stage_on(day)) if running else Aim()


def aim(goal: Goal | None, day: date) -> Aim:
    """What topics may serve in a group with this goal, or with none."""
    return goal.aim_on(day) if goal else Aim()


def line(goal: Goal, day: date, reached: int | None, language: Language) -> str:
    """How far the group is, in one line (in both languages, one line each).

    `reached` is what was told last, None if nobody has told anything yet.
    """
    if language is Language.BOTH:
        return "\n".join(line(goal, day, reached, one) for one in (Language.ZH, Language.EN))
    between = "; " if language is Language.EN else "；"
    return between.join(_parts(goal, day, reached, language))


def _parts(goal: Goal, day: date, reached: int | None, language: Language) -> Iterator[str]:
    if day < goal.start:
        yield _AHEAD.say(language, name=goal.name, day=goal.start, days=goal.days)
    elif day > goal.end:
        yield _OVER.say(language, name=goal.name)
    else:
        number = (day - goal.start).days + 1
        yield _RUNNING.say(language, name=goal.name, day=number, days=goal.days)
    if stage := goal.stage_on(day):
        shown = stage.removesuffix("阶段") or stage
        yield _STAGE.say(language, stage=shown)
    if reached is not None:
        yield _REACHED.say(
            language,
            verb=goal.measure.verb or _DID.say(language),
            reached=reached,
            target=goal.measure.target,
            unit=goal.measure.unit,
            percent=reached * 100 // goal.measure.target,
        )
