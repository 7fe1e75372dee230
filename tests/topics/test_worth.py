import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.values_of_topics import Worth
from topics.worth import believed, points, result


@pytest.mark.parametrize(
    ("people", "usual", "expected"), [(3, 3, 0), (7, 3, 1), (40, 3, 1), (0, 3, -0.75), (0, 0, 0)]
)
def test_a_result(people: int, usual: float, expected: float):
    """As usual is nothing, twice as many is all there is to gain."""
    assert expected == result(people, usual)


@given(st.floats(0, 500), st.floats(0, 500))
def test_within_bounds(people: float, usual: float):
    """No post counts for more than one, however large the group."""
    assert -1 <= result(people, usual) <= 1


def test_few_results_say_little():
    """One good post is believed less than ten, and none at all says nothing."""
    assert 0 == believed(0, 0)
    assert believed(0.9, 1) < believed(0.9, 10) < 0.9


def test_new_topics_stand_between_good_and_usual_ones():
    """Whatever is known to be good goes before, what is as usual or flat behind."""
    usual, good, flat = (points(Worth(5, 3, went)) for went in (0.0, 0.8, -0.8))

    assert flat < usual < points(None) < good
