"""How consequences grow with strikes and decay with time: data from the config, and pure code."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from bot.duration import Duration, parse, show
from rules.consequences import Consequence, by_word

FOREVER = timedelta.max
_LASTING = (Consequence.QUIET, Consequence.REMOVE)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """What follows, and for how long; ordered by harshness. `lasting` is zero where nothing lasts.

    A quiet period and a removal last so long, a ban for ever.
    """

    consequence: Consequence
    lasting: timedelta = timedelta(0)

    @property
    def written(self) -> str | dict[str, str]:
        """As config.yaml has it."""
        word = self.consequence.word
        return {word: show(self.lasting)} if self.consequence in _LASTING else word

    def until(self, now: datetime) -> datetime | None:
        """When it ends; None where it never does, or where nothing lasts."""
        return now + self.lasting if self.consequence in _LASTING else None


def _step(written: Any) -> Step:
    """`warn`, `ban`, `{quiet: 1d}`, `{remove: 30d}`."""
    if isinstance(written, Step):
        return written
    if isinstance(written, dict) and len(written) == 1:
        ((word, length),) = written.items()
        consequence = by_word(word)
        if consequence in _LASTING and parse(length) > timedelta(0):
            return Step(consequence, parse(length))
    elif isinstance(written, str) and by_word(written) not in _LASTING:
        consequence = by_word(written)
        return Step(consequence, FOREVER if consequence is Consequence.BAN else timedelta(0))
    raise ValueError(
        "一级写成 warn、ban，或 {quiet: 1d}、{remove: 30d}"
        " a step is written warn or ban, or {quiet: 1d} or {remove: 30d}"
    )


_LENGTH = {"type": "string", "pattern": r"^\s*\d"}
_WRITTEN_STEP = {
    "anyOf": [
        {"enum": ["warn", "ban", "note", "remind"]},
        *(
            {
                "type": "object",
                "properties": {word: _LENGTH},
                "required": [word],
                "additionalProperties": False,
            }
            for word in ("quiet", "remove")
        ),
    ]
}
WrittenStep = Annotated[
    Step,
    BeforeValidator(_step),
    PlainSerializer(lambda step: step.written),
    WithJsonSchema(_WRITTEN_STEP),
]


class Ladder(BaseModel):
    """From the first strike to the last. The default: a warning, then 1, 7 and 15 days, then out.

    The position is the number of strikes that have not decayed, this one included, moved on by
    severity and aggravation; beyond the last step it stays there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    steps: tuple[WrittenStep, ...] = Field(
        default=("warn", {"quiet": "1d"}, {"quiet": "7d"}, {"quiet": "15d"}, "ban"),
        validate_default=True,
        min_length=1,
        max_length=20,
        description="一次一级，从轻到重：warn、{quiet: 1d}、{remove: 30d}、ban"
        " one step a strike, mildest first",
    )
    decay: Annotated[Duration, Field(gt=timedelta(0))] = Field(
        default=timedelta(days=90),
        description="一次记录多久后不再计 how long a strike counts",
    )
    lengthen: Duration = Field(
        default=timedelta(days=1),
        description="静言期内再发言，延长多久 by how much a breach lengthens a quiet period",
    )

    @model_validator(mode="after")
    def _mildest_first(self) -> Self:
        if list(self.steps) != sorted(self.steps):
            raise ValueError(
                "steps 要从轻到重，后一级不能比前一级轻"
                " no step may be milder than the one before it"
            )
        return self

    def follows(
        self,
        least: Step,
        strikes: Collection[datetime],
        now: datetime,
        *,
        further: int = 0,
        zone: tzinfo,
    ) -> Step:
        """What follows from a finding whose own consequence is `least`.

        `strikes` are the times of the member's earlier strikes, in any order; those as old as
        `decay` count no more. One on the same day in `zone` moves one step further, as does each
        of `further`. What is no strike itself (note, remind) follows as it is.
        """
        if not least.consequence.strikes:
            return least
        counting = [at for at in strikes if now - at < self.decay]
        today = now.astimezone(zone).date()
        again = any(at.astimezone(zone).date() == today for at in counting)
        position = min(len(counting) + again + further, len(self.steps) - 1)
        return max(least, self.steps[position])

    def least(self, consequence: Consequence, lasting: timedelta | None) -> Step:
        """A rule's own consequence as a step; a length that is not written is the ladder's.

        That of the first step of this kind, else of the longest step that ends, else a day.
        """
        if consequence is Consequence.BAN:
            return Step(consequence, FOREVER)
        if consequence not in _LASTING:
            return Step(consequence)
        same = [step.lasting for step in self.steps if step.consequence is consequence]
        ends = [step.lasting for step in self.steps if step.consequence in _LASTING]
        return Step(consequence, lasting or min(same, default=max(ends, default=timedelta(days=1))))
