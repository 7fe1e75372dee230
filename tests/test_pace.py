from datetime import time
from typing import Any

import pytest
from pydantic import ValidationError

from bot.pace import PaceSettings, QuietHours


def test_the_defaults_are_the_careful_ones() -> None:
    """What gateway-facts calls our defaults is what nobody has to write."""
    pace = PaceSettings()
    assert (20, 6, 5, 5) == (
        pace.per_minute,
        pace.group_per_minute,
        pace.removals_per_hour,
        pace.same_text_groups,
    )
    assert pace.quiet_hours is None


@pytest.mark.parametrize(
    ("written", "expected"), [("23:00", time(23)), ("7:30", time(7, 30)), ("00:00", time(0))]
)
def test_a_time_of_day_is_read(written: Any, expected: Any) -> None:
    """Hours with one digit are fine."""
    assert expected == QuietHours.model_validate({"from": written, "to": "12:34"}).start


@pytest.mark.parametrize("written", ["24:00", "7:60", "7", "", "07:30:00", 730, None, "七点"])
def test_what_is_no_time_of_day_is_refused(written: Any) -> None:
    """The message shows how to write it."""
    with pytest.raises(ValidationError, match="23:00"):
        QuietHours.model_validate({"from": written, "to": "12:34"})


def test_quiet_hours_that_end_when_they_begin_are_refused() -> None:
    """They would be either never or always: nobody can tell which was meant."""
    with pytest.raises(ValidationError, match="相同"):
        QuietHours.model_validate({"from": "23:00", "to": "23:00"})


def test_quiet_hours_are_written_back_as_they_were_read() -> None:
    """The keys are those of the file."""
    hours = QuietHours.model_validate({"from": "23:00", "to": "07:30"})
    expected = {"from": "23:00", "to": "07:30", "time_zone": "Asia/Shanghai"}
    assert expected == hours.model_dump(mode="json", by_alias=True)
