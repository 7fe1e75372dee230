from datetime import timedelta
from random import Random

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.persistence import Persistence, Plan
from bot.gateway.wechaty.trouble import Cause, Trouble

MINUTE = timedelta(minutes=1)


class Story:
    """Ends of the line, one after another, a second apart."""

    def __init__(self, **settings: float) -> None:
        self.persistence = Persistence(WechatySettings.model_validate(settings), Random(1))
        self.now = NOON

    def after(self, cause: Cause, *, answered: bool = True, seconds: float = 1) -> Plan:
        """The plan after this end."""
        self.now += timedelta(seconds=seconds)
        return self.persistence.after(Trouble(cause, "gateway"), self.now, answered=answered)

    def ended(self) -> Plan:
        """The stream stood, and was ended in order."""
        self.persistence.opened()
        return self.after(Cause.ENDED)


@given(st.lists(st.sampled_from([Cause.REFUSED, Cause.BROKEN, Cause.NOT_STARTED]), max_size=60))
def test_pauses_stay_below_the_cap(causes: list[Cause]) -> None:
    """However long a gateway is away, the next try is never further off than the cap."""
    story = Story(back_off_first=0.1, back_off_cap=0.8)
    pauses = [story.after(cause).pause for cause in causes]
    assert all(0 <= pause <= min(0.8, 0.1 * 2**n) for n, pause in enumerate(pauses))


def test_pauses_differ() -> None:
    """Full jitter: many clients do not come back at one instant."""
    pauses = {Story(back_off_first=5, back_off_cap=5).after(Cause.BROKEN).pause}
    story = Story(back_off_first=5, back_off_cap=5)
    pauses |= {story.after(Cause.BROKEN).pause for _ in range(20)}
    assert 20 == len(pauses)


@pytest.mark.parametrize("cause", [Cause.WRONG_TOKEN, Cause.TLS_NEEDED, Cause.DIRECTORY])
def test_what_a_person_must_change_is_tried_slowly(cause: Cause) -> None:
    """After a while such a gateway is asked every few seconds only, and never given up."""
    story = Story(back_off_first=0.1, back_off_cap=0.8)
    pauses = [story.after(cause).pause for _ in range(60)]
    assert max(pauses) > 5
    assert max(pauses) <= 15


def test_opening_starts_the_pauses_anew() -> None:
    """Once the stream stood, the first retry is quick again."""
    story = Story(back_off_first=0.1, back_off_cap=60)
    for _ in range(20):
        story.after(Cause.REFUSED)
    story.persistence.opened()
    assert story.after(Cause.BROKEN).pause <= 0.1


def test_a_taken_stream_is_freed_at_the_second_refusal() -> None:
    """The first time our own dropped stream may only need a moment; then Stop is sent."""
    story = Story()
    assert [False, True] == [story.after(Cause.TAKEN).stop_first for _ in range(2)]


def test_who_is_pushed_out_again_and_again_gives_way() -> None:
    """Ended four times within a minute: another client; we say so and no longer push."""
    story = Story()
    causes = [story.ended().trouble.cause for _ in range(4)]
    assert [Cause.ENDED] * 3 + [Cause.SECOND_CLIENT] == causes
    plan = story.after(Cause.TAKEN)
    assert (Cause.SECOND_CLIENT, False) == (plan.trouble.cause, plan.stop_first)
    assert plan.pause > 5


def test_who_pushes_again_and_again_gives_way() -> None:
    """Four Stops within a minute are enough."""
    story = Story()
    plans = [story.after(Cause.TAKEN, seconds=0.5) for _ in range(6)]
    assert [False, True, True, True, True, False] == [plan.stop_first for plan in plans]
    assert Cause.SECOND_CLIENT is plans[-1].trouble.cause


def test_rare_ends_are_no_rivalry() -> None:
    """A gateway that restarts now and then is reconnected to for ever."""
    story = Story()
    for _ in range(20):
        story.now += MINUTE
        assert Cause.ENDED is story.ended().trouble.cause


def test_deaf_again_without_an_answer_restarts_the_account() -> None:
    """A new line first; deaf on that one too, Stop and Start; an answer in between forgives."""
    story = Story()
    plans = [story.after(Cause.DEAF, answered=answered) for answered in (True, False, True)]
    assert [False, True, False] == [plan.stop_first for plan in plans]


@pytest.mark.parametrize("cause", Cause)
def test_every_trouble_is_a_sentence_in_both_languages(cause: Cause) -> None:
    """Each cause names the place where it has one, Chinese first."""
    text = str(Trouble(cause, "here:1", "because"))
    assert "{" not in text
    zh, en = text.split("。 ", 1)
    assert any("\u4e00" <= char <= "\u9fff" for char in zh)
    assert en.isascii()
    assert text.count("here:1") in {0, 2}
