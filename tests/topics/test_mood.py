import pytest

from topics.mood import Mood, mood


@pytest.mark.parametrize(
    ("messages", "usually", "expected"),
    [
        (0, None, Mood.RESTING),
        (0, 0.0, Mood.RESTING),
        (0, 3.0, Mood.RESTING),
        (1, None, Mood.TALKING),
        (0, 20.0, Mood.QUIET),
        (9, 20.0, Mood.QUIET),
        (10, 20.0, Mood.TALKING),
        (59, 1.0, Mood.TALKING),
        (60, 1.0, Mood.FLOODED),
        (79, 20.0, Mood.TALKING),
        (80, 20.0, Mood.FLOODED),
        (299, None, Mood.TALKING),
        (300, None, Mood.FLOODED),
    ],
)
def test_a_group_against_its_own_usual(messages: int, usually: float | None, expected: Mood):
    """Quiet is below half of what is usual, a flood four times as much and what nobody can read."""
    assert expected is mood(messages, usually)
