from bot.texts import Language
from handlers.ladder_words import climbs, what_follows
from rules.consequences import Consequence
from rules.ladder import Ladder


def test_every_step_has_words() -> None:
    """What lasts says how long, what does not says nothing of it."""
    ladder = Ladder()
    told = [what_follows(ladder.least(each, None), Language.ZH) for each in Consequence]

    assert ["只记下", "提醒", "警告", "静言 1 天", "移出 15 天", "移出，不再邀请"] == told


def test_the_ladder_in_english() -> None:
    """From the first strike to the last, and how long one counts."""
    ladder = Ladder.model_validate({"steps": ["warn", {"remove": "7d"}, "ban"], "decay": "30d"})

    words = "a warning → a removal of 7 days → removal for good; a strike counts for 30 days"
    assert words == climbs(ladder, Language.EN)
