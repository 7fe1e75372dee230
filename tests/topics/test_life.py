import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.values import TopicStatus
from topics.life import WORDS, WrongStep, moved

PROPOSED, APPROVED, RESTING, RETIRED = TopicStatus
ALLOWED = {
    (PROPOSED, APPROVED),
    (PROPOSED, RETIRED),
    (APPROVED, RESTING),
    (APPROVED, RETIRED),
    (RESTING, APPROVED),
    (RESTING, RETIRED),
}


@given(st.sampled_from(TopicStatus), st.sampled_from(TopicStatus))
def test_the_steps_of_a_life(was: TopicStatus, status: TopicStatus):
    """These steps and staying as it is, and no others."""
    if was is status or (was, status) in ALLOWED:
        assert status is moved(was, status)
    else:
        with pytest.raises(WrongStep):
            moved(was, status)


def test_what_is_said():
    """A wrong step is refused in words, with what can be done instead."""
    with pytest.raises(WrongStep) as resting:
        moved(PROPOSED, RESTING)
    with pytest.raises(WrongStep) as back:
        moved(RETIRED, APPROVED)

    assert (
        "「待审」的话题不能改成「休息」；可以改成「可用」、「停用」"
        " a topic that is proposed cannot become resting; it can become approved or retired"
    ) == str(resting.value)
    assert "停用后不再改，请另写一个" in str(back.value)
    assert "write another one" in str(back.value)


def test_every_status_has_a_name():
    """No two statuses are called the same."""
    assert set(TopicStatus) == set(WORDS)
    assert len(WORDS) == len({*WORDS.values()})
