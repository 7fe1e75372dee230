"""Tests of bot/app.py that need no gateway: what is in force."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import ACCOUNT, group

from bot.app import InForce
from bot.config import AccountSettings, Config, GroupEntry, Match
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.contact_bait import Codes, ContactBait
from rules.flood import Flood
from rules.newcomer import Newcomer
from rules.repeats import Repeats
from topics.programme import Programme

MORNING = Programme(cron="0 9 * * *")


def config(*rules: Rule, **programmes: Programme) -> Config:
    """Every group with these rules and programmes."""
    settings = GroupSettings(rules=rules, programmes=programmes, time_zone=ZoneInfo("Asia/Tokyo"))
    return Config(
        account=AccountSettings(name=ACCOUNT),
        groups=(GroupEntry(match=Match(pattern="*"), settings=settings),),
    )


def test_programmes_follow_groups_and_config() -> None:
    """A group that is noticed, a new name of one and an edited config are seen at once."""
    in_force = InForce(config(早=MORNING))
    zone = ZoneInfo("Asia/Tokyo")
    told = [in_force.programmes()]
    in_force.notice(group("甲"))
    told.append(in_force.programmes())
    berlin = MORNING.model_copy(update={"time_zone": ZoneInfo("Europe/Berlin")})
    in_force.config = config(早=MORNING, 晚=berlin)
    told.append(in_force.programmes())

    first = (group("甲"), "早", MORNING, zone)
    assert [[], [first], [first, (group("甲"), "晚", berlin, ZoneInfo("Europe/Berlin"))]] == told


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), (timedelta(0), False)),
        ((Flood(reason="慢慢说", window=timedelta(minutes=3)),), (timedelta(minutes=3), False)),
        ((Repeats(reason="说一遍"), Flood(reason="慢慢说")), (timedelta(minutes=10), True)),
    ],
)
def test_what_is_taken_in_at_the_start(
    rules: tuple[Rule, ...], expected: tuple[timedelta, bool]
) -> None:
    """As far back as the rules of the known groups look; texts only where one compares them."""
    in_force = InForce(config(*rules), [group("甲")])

    assert expected == (in_force.looks_back(), in_force.compares_texts())


def test_whose_rules_an_edit_changed() -> None:
    """Known groups with other rules, another ladder, or in the config for the first time."""
    slow, slower = Flood(reason="慢慢说"), Flood(reason="慢慢说", limit=3)
    in_force = InForce(config(slow, 早=MORNING), [group("甲"), group("乙")])
    known = [group("甲"), group("乙")]

    assert [] == in_force.ruled_otherwise(config(slow))
    assert known == in_force.ruled_otherwise(config(slower))
    assert known == in_force.ruled_otherwise(Config(account=AccountSettings(name=ACCOUNT)))


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ((), False),
        ((Flood(reason="留给大家"),), False),
        ((ContactBait(reason="不引流"),), True),
        ((ContactBait(reason="不引流", codes=Codes.OFF),), False),
        ((Newcomer(reason="先聊天"), Flood(reason="留给大家")), True),
    ],
)
def test_pictures_are_wanted_where_a_rule_looks_into_them(rules: tuple[Rule, ...], wanted: bool):  # noqa: FBT001
    """As the rules of the group are now."""
    in_force = InForce(config(*rules))
    assert wanted == in_force.wants_pictures(group())
    in_force.config = config()
    assert not in_force.wants_pictures(group())
