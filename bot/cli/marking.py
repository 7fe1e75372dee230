"""How the command line shows what a rule found: the place in the text, and what follows."""

from rich.table import Table

from bot.cli.speech import language
from bot.shown import shown
from handlers import found_words
from handlers.found_words import LACKING, UNDONE, parted
from handlers.ladder_words import CONSEQUENCES, what_follows
from handlers.recorded import Part
from handlers.trying import Outcome
from rules.consequences import Consequence
from rules.ladder import Step
from rules.steps import Step as Normalising


def marked(text: str, span: tuple[int, int]) -> str:
    """The text with 【what was found】, on one line, as much of it as fits.

    Unmarked where the whole message, or what somebody does, is the offence.
    """
    before, found, after = parted(text, span)
    return shown(f"{before}【{found}】{after}" if found else before)


def follows(step: Step) -> str:
    """What a step of the ladder is, in the words that members read."""
    return what_follows(step, language())


def consequence(which: Consequence) -> str:
    """What follows from a finding, in words."""
    return CONSEQUENCES[which].say(language())


def normalising(step: str) -> str:
    """What a step of normalisation undoes, in words."""
    return UNDONE[Normalising(step)].say(language())


def then(outcome: Outcome) -> str:
    """What would follow from a finding, or why nothing does."""
    return found_words.then(outcome, language())


def lacking(part: Part) -> str:
    """Why a rule could not judge a recorded message, in words."""
    return LACKING[part].say(language())


def unshortened(table: Table) -> Table:
    """On a narrow screen its cells go on below: nothing is cut off, though Chinese has no gaps."""
    for column in table.columns:
        column.overflow = "fold"
    return table
