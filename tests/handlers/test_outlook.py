"""What of the past the rules of a group need together."""

from datetime import timedelta

import pytest

from handlers.outlook import Enough, Outlook, outlook
from rules.base import Rule
from rules.contact_bait import ContactBait
from rules.coordinated import Coordinated
from rules.flood import Flood
from rules.newcomer import Newcomer
from rules.repeats import Repeats

WHY = "让每个人的话都有人看见"
MINUTE, ZERO = timedelta(minutes=1), timedelta(0)
FLOOD, REPEATS = Flood(reason=WHY, window=MINUTE), Repeats(reason=WHY, window=3 * MINUTE)


NEVER = Enough(0, ZERO)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], Outlook(False, False, ZERO, None, False, NEVER, NEVER)),
        ([ContactBait(reason=WHY)], Outlook(False, False, ZERO, None, False, NEVER, NEVER)),
        ([FLOOD], Outlook(True, False, MINUTE, None, False, Enough(10, MINUTE), NEVER)),
        (
            [FLOOD, REPEATS],
            Outlook(True, True, 3 * MINUTE, None, False, Enough(10, MINUTE), Enough(2, 3 * MINUTE)),
        ),
        (
            [FLOOD, Flood(reason=WHY, limit=3, window=MINUTE / 6)],
            Outlook(True, False, MINUTE, None, False, Enough(3, MINUTE), NEVER),
        ),
        (
            [Coordinated(reason=WHY, window=MINUTE)],
            Outlook(True, True, ZERO, MINUTE, False, NEVER, NEVER),
        ),
        ([Newcomer(reason=WHY)], Outlook(True, False, ZERO, None, True, NEVER, NEVER)),
    ],
)
def test_outlook(rules: list[Rule], expected: Outlook):
    """The furthest that any of them looks, the least it takes; a picture is not of the past."""
    assert expected == outlook(rules)
