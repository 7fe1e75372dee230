"""The ladder: data and pure code."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.consequences import Consequence
from rules.ladder import FOREVER, Ladder, Step

ZONE = ZoneInfo("Asia/Shanghai")
WARN = Step(Consequence.WARN)
LADDER = Ladder()
AGES = st.timedeltas(timedelta(0), timedelta(days=200))
STRIKES = st.lists(AGES.map(lambda age: NOON - age), max_size=8)
LEAST = st.sampled_from(Consequence).map(lambda each: LADDER.least(each, None))


def days(*ago: float) -> list[datetime]:
    """Strikes so many days before noon."""
    return [NOON - timedelta(days=each) for each in ago]


@pytest.mark.parametrize(
    ("strikes", "follows"),
    [
        (days(), WARN),
        (days(10), Step(Consequence.QUIET, timedelta(days=1))),
        (days(10, 20), Step(Consequence.QUIET, timedelta(days=7))),
        (days(10, 20, 30), Step(Consequence.QUIET, timedelta(days=15))),
        (days(10, 20, 30, 40), Step(Consequence.BAN, FOREVER)),
        (days(10, 20, 30, 40, 50, 60), Step(Consequence.BAN, FOREVER)),
        (days(90), WARN),
        (days(0.1), Step(Consequence.QUIET, timedelta(days=7))),
    ],
)
def test_the_default_ladder(strikes: list[datetime], follows: Step):
    """A warning, 1, 7 and 15 days, then for good; the same day counts for one more."""
    assert follows == LADDER.follows(WARN, strikes, NOON, zone=ZONE)


@given(LEAST, STRIKES, st.integers(0, 4), AGES)
def test_never_milder_for_more(least: Step, strikes: list[datetime], further: int, age: timedelta):
    """One strike more, or one step further, is never milder."""
    before = LADDER.follows(least, strikes, NOON, further=further, zone=ZONE)

    assert LADDER.follows(least, [*strikes, NOON - age], NOON, further=further, zone=ZONE) >= before
    assert LADDER.follows(least, strikes, NOON, further=further + 1, zone=ZONE) >= before
    assert before >= least


@given(LEAST, STRIKES)
def test_strikes_decay_to_nothing(least: Step, strikes: list[datetime]):
    """Once all are old enough it is as if there had been none."""
    then = NOON + LADDER.decay

    assert LADDER.follows(least, [], then, zone=ZONE) == LADDER.follows(
        least, strikes, then, zone=ZONE
    )


@given(LEAST, STRIKES, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(least: Step, strikes: list[datetime], random: Random):
    """However the strikes arrived, the same follows."""
    shuffled = random.sample(strikes, len(strikes))

    assert LADDER.follows(least, strikes, NOON, zone=ZONE) == LADDER.follows(
        least, shuffled, NOON, zone=ZONE
    )


@given(STRIKES)
def test_what_is_no_strike_stays_as_it_is(strikes: list[datetime]):
    """A reminder never climbs."""
    remind = Step(Consequence.REMIND)

    assert remind == LADDER.follows(remind, strikes, NOON, further=4, zone=ZONE)


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        (["ban", "warn"], "从轻到重"),
        (["quiet"], "{quiet: 1d}"),
        ([{"quiet": "soon"}], "时长"),
        ([{"warn": "1d"}], "{quiet: 1d}"),
        (["hang"], "note、remind、warn"),
        ([], "at least 1"),
    ],
)
def test_a_crooked_ladder_is_refused(steps: list[object], says: str):
    """It says what a step looks like."""
    with pytest.raises(ValidationError, match=says):
        Ladder.model_validate({"steps": steps})


def test_a_ladder_is_written_in_words():
    """As config.yaml has it."""
    ladder = Ladder.model_validate({"steps": ["warn", {"remove": "30d"}, "ban"], "decay": "30d"})

    assert (
        WARN,
        Step(Consequence.REMOVE, timedelta(days=30)),
        Step(Consequence.BAN, FOREVER),
    ) == ladder.steps
    assert timedelta(days=30) == ladder.least(Consequence.REMOVE, None).lasting
    assert timedelta(days=30) == ladder.least(Consequence.QUIET, None).lasting


@pytest.mark.parametrize(
    ("step", "ends"),
    [
        (Step(Consequence.QUIET, timedelta(days=1)), datetime(2026, 11, 21, 4, tzinfo=UTC)),
        (Step(Consequence.BAN, FOREVER), None),
        (WARN, None),
    ],
)
def test_when_it_ends(step: Step, ends: datetime | None):
    """A ban never, a warning leaves nothing to end."""
    assert ends == step.until(NOON)
