from collections.abc import Sequence
from datetime import date, datetime

import pytest
from builders import NOON, group, later, person, said
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Identity
from handlers.granted import NONE, Granted
from handlers.rehearsing import Rehearsal, every_finding
from handlers.settings import GroupSettings
from rules.base import Past
from rules.keywords import Keywords
from storage.values_of_order import Exemption

LIN, OTHER = person("小林"), person("小号")
ADS = Keywords(name="广告", reason="慢慢来", words=("刷单",))
ZONE = GroupSettings().time_zone


def exempt(
    rule: str = "广告",
    since: datetime = NOON,
    until: date | None = None,
    lifted: datetime | None = None,
    accounts: Sequence[Identity] = (LIN,),
) -> Granted:
    """小林 is exempt in 读书会."""
    told = Exemption(1, group(), LIN, rule, "讲师", until, "阿秀", since, lifted)
    return Granted([(told, accounts)])


def spared(granted: Granted, at: datetime, who: Identity = LIN, where: str = "读书会") -> bool:
    """Whether 广告 spares somebody at a moment."""
    return granted.excuses(group(where), who, at, ZONE)(ADS)


@pytest.mark.parametrize(
    ("given", "hours", "is_spared"),
    [
        (exempt(), -1, False),
        (exempt(), 0, True),
        (exempt(lifted=later(hours=2)), 1, True),
        (exempt(lifted=later(hours=2)), 2, False),
        (exempt(until=date(2026, 11, 20)), 11, True),
        (exempt(until=date(2026, 11, 20)), 12, False),
        (exempt(rule=""), 1, True),
        (exempt(rule="别的"), 1, False),
        (NONE, 1, False),
    ],
)
def test_from_its_beginning_to_its_end(given: Granted, hours: int, *, is_spared: bool):
    """What was said before an exemption, or after it was over, is judged."""
    assert is_spared == spared(given, later(hours=hours))


def test_under_every_name():
    """Who is the same person is spared as well; elsewhere, and for others, it counts nothing."""
    given = exempt(accounts=(LIN, OTHER))

    assert spared(given, NOON, OTHER)
    assert not spared(given, NOON, person("别人"))
    assert not spared(given, NOON, LIN, "跑团")


def test_by_name():
    """As the command line names people: never nobody."""
    assert (group(), LIN) == exempt().named("读书会", "小林")
    assert exempt().named("读书会", "") is None
    assert exempt().named("跑团", "小林") is None


@given(st.lists(st.integers(-5, 5), max_size=8))
def test_a_rehearsal_spares_only_then(hours: list[int]):
    """Each message is judged by what had been said of its author at that moment."""
    settings = GroupSettings(rules=(ADS,))
    granted = exempt(lifted=later(hours=3))
    rehearsal = Rehearsal(lambda _: settings, (), granted)
    found = []
    for hour in sorted(hours):
        message = said("刷单", at=later(hours=hour))
        past = rehearsal.hear(message, group(), (None, 0))
        found.append(rehearsal.judge(message, group(), past, (None, 0)).touch is None)

    assert [0 <= hour < 3 for hour in sorted(hours)] == found


def test_a_text_that_is_tried():
    """Every finding but those of rules from which the author is exempt."""
    other = Keywords(name="其他", reason="慢慢来", words=("刷单",))
    settings, message = GroupSettings(rules=(ADS, other)), said("刷单")
    excuses = exempt().excuses(group(), LIN, NOON, ZONE)
    found = every_finding(message, settings, lambda _: Past(), (None, 0), excuses)

    assert ["其他"] == [each.rule.called for each, _ in found]
