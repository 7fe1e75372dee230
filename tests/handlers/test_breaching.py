"""Speaking in a quiet period: answered, made longer within bounds, and never judged beyond that."""

from datetime import timedelta

import pytest
from builders import joined, later, said
from court import GROUP, LIN, ads, bind, in_force, offends, speaks, words_to
from hall import Hall
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Say
from bot.gateway.base import Capability
from handlers.breaching import _lengthened
from handlers.settings import GroupSettings
from rules.ladder import Ladder


@pytest.fixture
def quiet(hall: Hall) -> Hall:
    """小林 is to be quiet for a day, from noon on."""
    bind(hall, ads("quiet"))
    offends(hall)
    return hall


def test_a_breach(quiet: Hall):
    """The member reads in private that it lasts a day longer; the message goes no further."""
    (answer,) = speaks(quiet, "@围炉 帮助", hours=2)

    assert isinstance(answer, Say)
    assert (LIN, ()) == (answer.to, answer.mentions)
    assert "你还在静言期，到 11月22日 12:00 结束" in answer.text
    (sanction,) = in_force(quiet)
    assert (later(days=2), 1) == (sanction.until, sanction.breaches)


def test_an_hour_of_talk_costs_as_much_as_one_word(quiet: Hall):
    """One answer and one day for all that is said within a day; all breaches are counted."""
    answers = [answer for minutes in range(2, 60) for answer in speaks(quiet, minutes=minutes)]

    assert 1 == len(answers)
    assert [(later(days=2), 58)] == [(each.until, each.breaches) for each in in_force(quiet)]


def test_the_next_day(quiet: Hall):
    """Who speaks again a day later hears it again."""
    speaks(quiet, hours=2)

    assert "11月23日 12:00" in words_to(speaks(quiet, hours=26), LIN)


def test_before_they_can_have_read_it(quiet: Hall):
    """What comes within a minute goes no further, and is no breach."""
    assert [] == speaks(quiet, seconds=59)
    assert [0] == [each.breaches for each in in_force(quiet)]


def test_heard_twice(quiet: Hall):
    """The same message is one breach."""
    message = said("早", at=later(hours=2))
    quiet.now = message.at
    quiet.happens(message)

    assert [] == quiet.happens(message)
    assert [1] == [each.breaches for each in in_force(quiet)]


def test_when_it_is_over(quiet: Hall):
    """They are members like everybody else, and rules are rules."""
    assert [] == speaks(quiet, days=1)
    assert "详情已私聊你" in words_to(offends(quiet, days=3), GROUP)


def test_offences_in_it_are_breaches(quiet: Hall):
    """They make it longer instead of climbing: nobody is told two things at once."""
    offends(quiet, hours=2)

    assert None is quiet.work.cases.get(2)
    assert [1] == [each.breaches for each in in_force(quiet)]


def test_where_nobody_can_be_told_in_private(quiet: Hall):
    """A word in the group, with the member mentioned."""
    quiet.capabilities -= {Capability.SPEAK_IN_PRIVATE}
    (answer,) = speaks(quiet, hours=2)

    assert isinstance(answer, Say)
    assert (GROUP, (LIN,)) == (answer.to, answer.mentions)


def test_under_another_name(quiet: Hall):
    """Two identities that an operator linked are one person."""
    quiet.happens(joined("小林二号"))
    quiet.work.members.link(LIN, said("", "小林二号").author, "test", quiet.now)

    assert 1 == len(speaks(quiet, by="小林二号", hours=2))


def test_without_lengthening(hall: Hall):
    """The ladder may say that nothing is added: it is answered once."""
    bind(hall, ads("quiet"), ladder=Ladder(lengthen=timedelta(0)))
    offends(hall)
    answers = [answer for hours in (2, 3, 4) for answer in speaks(hall, hours=hours)]

    assert 1 == len(answers)
    assert [(later(days=1), 3)] == [(each.until, each.breaches) for each in in_force(hall)]


@given(hours=st.lists(st.integers(0, 400), max_size=25))
def test_it_never_runs_away(hours: list[int]):
    """However often: never sooner than before, at most one day for each day that has begun."""
    quiet = _Quiet()
    for hour in sorted(hours):
        at = later(hours=hour)
        if at >= quiet.until:
            break
        longer = _lengthened(quiet, at, GroupSettings(), quiet)  # type: ignore[arg-type]
        assert longer is not None
        assert quiet.until <= longer <= later(days=1 + hour // 24 + 1)
        quiet.until = longer


class _Quiet:
    """A sanction, the scene around it and its case, as far as `_lengthened` asks."""

    def __init__(self) -> None:
        self.case, self.since, self.at, self.until = 1, later(), later(), later(days=1)
        self.first = self.until
        self.work = self.cases = self

    def get(self, _: int) -> object:
        """The case, as it was opened."""
        case = _Quiet.__new__(_Quiet)
        case.at, case.until = self.at, self.first
        return case
