"""Says in words what follows from rules, as members read it."""

from datetime import datetime, tzinfo

from bot.texts import Language, Text
from handlers.wording import filled, length, moment, say
from rules.consequences import Consequence
from rules.ladder import Ladder, Step

CONSEQUENCES = {
    Consequence.NOTE: Text(zh="只记下", en="a note"),
    Consequence.REMIND: Text(zh="提醒", en="a reminder"),
    Consequence.WARN: Text(zh="警告", en="a warning"),
    Consequence.QUIET: Text(zh="静言", en="a quiet period"),
    Consequence.REMOVE: Text(zh="移出", en="a removal"),
    Consequence.BAN: Text(zh="移出，不再邀请", en="removal for good"),
}
"""What each is called, by whomever it is read."""

_UNTIL = Text(zh="{what}，到 {until}", en="{what} until {until}")
_FOR = Text(zh="{what} {length}", en="{what} of {length}")
_LADDER = Text(zh="{steps}；一次记 {decay}", en="{steps}; a strike counts for {decay}")


def what_follows(step: Step, language: Language) -> str:
    """One consequence, with how long it lasts where that is not for good."""
    what = CONSEQUENCES[step.consequence]
    if step.consequence not in (Consequence.QUIET, Consequence.REMOVE):
        return say(what, language)
    return say(_FOR, language, what=what, length=length(step.lasting))


def with_end(consequence: Consequence, until: datetime | None, zone: tzinfo, now: datetime) -> Text:
    """A consequence with the moment when it ends, by a group's clock, where it does."""
    what = CONSEQUENCES[consequence]
    return what if until is None else filled(_UNTIL, what=what, until=moment(until, zone, now))


def climbs(ladder: Ladder, language: Language) -> str:
    """The whole ladder, from the first strike on, in one language."""
    steps = [what_follows(step, language) for step in ladder.steps]
    return say(_LADDER, language, steps=" → ".join(steps), decay=length(ladder.decay))
