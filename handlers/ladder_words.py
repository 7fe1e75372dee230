"""Says in words what follows from rules, as members read it."""

from bot.texts import Language, Text
from handlers.wording import length, say
from rules.consequences import Consequence
from rules.ladder import Ladder, Step

_STEPS = {
    Consequence.NOTE: Text(zh="记下", en="a note"),
    Consequence.REMIND: Text(zh="提醒", en="a reminder"),
    Consequence.WARN: Text(zh="警告", en="a warning"),
    Consequence.QUIET: Text(zh="静言", en="a quiet period"),
    Consequence.REMOVE: Text(zh="移出", en="a removal"),
    Consequence.BAN: Text(zh="移出，不再邀请", en="removal for good"),
}
_FOR = Text(zh="{what} {length}", en="{what} of {length}")
_LADDER = Text(zh="{steps}；一次记 {decay}", en="{steps}; a strike counts for {decay}")


def what_follows(step: Step, language: Language) -> str:
    """One consequence, with how long it lasts where that is not for good."""
    what = _STEPS[step.consequence]
    if step.consequence not in (Consequence.QUIET, Consequence.REMOVE):
        return say(what, language)
    return say(_FOR, language, what=what, length=length(step.lasting))


def climbs(ladder: Ladder, language: Language) -> str:
    """The whole ladder, from the first strike on, in one language."""
    steps = [what_follows(step, language) for step in ladder.steps]
    return say(_LADDER, language, steps=" → ".join(steps), decay=length(ladder.decay))
