import pytest
from builders import NOON

from bot.config_file import parse
from bot.unsent import unsent

TEXT = """\
account: {{gateway: sandbox}}
pace: {{quiet_hours: {{from: 23:00, to: 07:30}}}}
groups:
- match: {{name: 读书会}}
  programmes: {{早: {{at: "{at}", grace: {grace}}}}}
"""


@pytest.mark.parametrize(
    ("at", "grace", "lost"),
    [
        ("每天 6:30", "30m", True),
        ("每天 9:00、23:30", "30m", True),
        ("每天 6:30", "1h", False),
        ("每天 7:30", "30m", False),
        ("每天 22:50", "30m", False),
        ("每天 23:30", "10h", False),
    ],
)
def test_what_the_quiet_hours_swallow(at: str, grace: str, *, lost: bool):
    """Named where the grace ends before they do."""
    config = parse(TEXT.format(at=at, grace=grace).encode(), "c.yaml")
    told = [*unsent(config, NOON)]

    assert lost == bool(told)
    assert all("「早」" in line and "23:00–07:30" in line for line in told)


def test_without_quiet_hours_nothing_is_swallowed():
    """There is nothing to tell."""
    text = TEXT.format(at="每天 6:30", grace="30m")
    quiet = "pace: {quiet_hours: {from: 23:00, to: 07:30}}\n"

    assert [] == [*unsent(parse(text.replace(quiet, "").encode(), "c.yaml"), NOON)]
