from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import group
from pydantic import ValidationError

from bot.config import (
    AccountSettings,
    Config,
    GroupEntry,
    Match,
    OperatorsSettings,
    Person,
    StorageSettings,
)
from bot.config_file import load
from bot.events import Group
from bot.texts import Language
from handlers.settings import GroupSettings, House
from topics.goal import Goal, Measure
from topics.liveliness import OnSilence
from topics.programme import Programme

DAY = date(2026, 11, 20)
SHIPPED = Path(__file__).parents[1] / "config.yaml"


def config(*matches: Match, **over: object) -> Config:
    """A config with an entry for each matcher, its purpose saying which one it is."""
    entries = tuple(
        GroupEntry(match=match, settings=GroupSettings(purpose=str(number)))
        for number, match in enumerate(matches)
    )
    return Config.model_validate({"account": AccountSettings(), "groups": entries} | over)


def test_the_first_entry_that_fits_counts() -> None:
    """From the top, by id, name or pattern."""
    held = config(
        Match(id="x@room"), Match(name="读书会"), Match(pattern="*会"), Match(pattern="?")
    )
    asked = [
        Group("围炉", "x@room", "读书会"),
        group("读书会"),
        group("品茶会"),
        group("茶"),
    ]
    purposes = [settings.purpose for one in asked if (settings := held.group(one))]
    assert ["0", "1", "2", "3"] == purposes


def test_a_group_that_no_entry_fits_is_left_alone() -> None:
    """Nothing is in force in it, not even the defaults."""
    assert config(Match(name="读书会")).group(group("股票群")) is None
    assert config().group(group()) is None


@pytest.mark.parametrize(
    "matcher", [{}, {"id": "a", "name": "b"}, {"name": None}, {"id": None, "name": "a"}, {"id": ""}]
)
def test_a_matcher_says_exactly_one_thing(matcher: dict[str, str | None]) -> None:
    """Two would raise the question whether both or either is meant."""
    with pytest.raises(ValidationError):
        Match.model_validate(matcher)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (Match(name="a"), Match(name="a"), True),
        (Match(name="a"), Match(id="a"), False),
        (Match(name="a"), Match(pattern="a"), False),
        (Match(pattern="a*"), Match(name="abc"), True),
        (Match(pattern="a*"), Match(name="bc"), False),
        (Match(pattern="*"), Match(id="a"), True),
        (Match(pattern="a*"), Match(pattern="ab*"), False),
    ],
)
def test_an_entry_that_can_never_fit_is_known(earlier: Match, later: Match, expected: Any) -> None:
    """As far as the two matchers alone can tell."""
    assert expected == earlier.covers(later)


def test_the_house_knows_operators_and_their_group() -> None:
    """Admins are spared like operators; the group is found by name once it was seen."""
    held = config(
        language=Language.BOTH,
        operators=OperatorsSettings(group="运营群", people=(Person(id="a"),)),
        admins=(Person(id="b", name="小周"),),
    )
    expected = House(
        account="围炉",
        language=Language.BOTH,
        operator_ids=frozenset({"a", "b"}),
        admin_ids=frozenset({"b"}),
        operators_group_id="运营群@room",
    )
    assert expected == held.house([group("读书会"), group("运营群")])
    assert "" == held.house([]).operators_group_id


def test_the_house_knows_where_a_goal_or_a_silence_is_looked_after() -> None:
    """Of the groups seen so far: every minute or hour only these are looked at."""
    goal = Goal(name="共读", start=DAY, end=DAY, measure=Measure(unit="页", target=1))
    quiet = {"早": Programme(cron="0 9 * * *"), "冷": Programme(on_silence=OnSilence())}
    wants = ({"goal": goal}, {"programmes": quiet}, {})
    names = ("共读", "冷场", "读书会")
    held = config(*(Match(name=name) for name in names))
    entries = (
        each.model_copy(update={"settings": GroupSettings.model_validate(want)})
        for each, want in zip(held.groups, wants, strict=True)
    )
    house = held.model_copy(update={"groups": (*entries,)}).house([*map(group, (*names, "闲聊"))])
    assert ((group("共读"),), (group("冷场"),)) == (house.with_goal, house.on_silence)


def test_without_an_operators_group_no_group_is_taken_for_it() -> None:
    """A group whose name is not known yet has an empty name, too."""
    assert "" == config().house([Group("围炉", "x", "")]).operators_group_id


def test_the_names_of_the_groups_are_as_written() -> None:
    """For the first line of `weilu run`."""
    held = config(Match(pattern="*会"), Match(id="x"), Match(name="读书会"))
    assert ["*会", "x", "读书会"] == held.group_names()
    assert "读书会" == held.first_group_name()
    assert "" == config().first_group_name()


@pytest.mark.parametrize(
    "url",
    ["mysql://db", "sqlite:memory", "postgresql://me:pw@db/x", "postgresql://db/x?password=pw"],
)
def test_a_database_address_is_known_and_holds_no_password(url: str) -> None:
    """And the message does not show it."""
    with pytest.raises(ValidationError) as refused:
        StorageSettings(url=url)
    assert url not in refused.value.errors()[0]["msg"]


def test_the_config_is_frozen() -> None:
    """A change goes through the file."""
    with pytest.raises(ValidationError):
        setattr(config(), "language", Language.EN)  # noqa: B010 — mypy knows it is frozen


def test_the_shipped_file_is_sound_and_keeps_its_reading_group() -> None:
    """`make run` and `make demo` are played in the group 围炉读书会, operators sit in 运营群."""
    held = load(SHIPPED)
    kept = held.group(group("围炉读书会"))
    assert kept is not None
    named = [rule.called for rule in kept.rules]
    assert ["广告", "诈骗", "引流", "文明", "flood", "repeats"] == named
    assert ["每天 9:00"] == [programme.at for programme in kept.programmes.values()]
    assert ("运营群", 30, "sandbox") == (
        held.operators.group,
        kept.keep_text_days,
        held.account.gateway,
    )
    assert held.pace.quiet_hours is not None
    desk = held.group(group("运营群"))
    assert desk is not None
    assert () == desk.rules


def test_the_operators_group_is_heard():
    """Where `groups` does not name it, it has no rules and keeps no texts: it is for orders."""
    held = config(operators=OperatorsSettings(group="运营群"), language=Language.EN)
    settings = held.group(group("运营群"))

    assert settings is not None
    assert ((), 0, False) == (settings.rules, settings.keep_text_days, settings.welcome.enabled)
    assert Language.EN is settings.language
    assert held.group(group("别的群")) is None
    assert config().group(Group("围炉", "x", "")) is None
