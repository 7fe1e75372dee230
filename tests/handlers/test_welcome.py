import pytest
from builders import ACCOUNT, BOT, group, joined, later, person
from hall import Hall, speech

from bot.actions import Priority, Say
from bot.events import Group, MemberLeft
from bot.texts import Language, Text
from handlers.settings import WelcomeSettings
from rules.contact_bait import ContactBait
from rules.keywords import Keywords
from rules.links import Links
from rules.patterns import Patterns

GROUP = group()
HELLO = WelcomeSettings(text=Text(zh="欢迎来到{group}", en="Welcome to {group}"))


def left(name: str, **delta: float) -> MemberLeft:
    """Somebody goes."""
    return MemberLeft(group=GROUP, member=person(name), at=later(**delta))


def test_a_newcomer_is_greeted(hall: Hall):
    """By name, in the group, before topics, and not hours late."""
    (welcome,) = hall.happens(joined("新月"))

    assert isinstance(welcome, Say)
    assert GROUP == welcome.to
    assert (person("新月"),) == welcome.mentions == welcome.about
    assert Priority.WELCOME is welcome.priority
    assert later(hours=2) == welcome.expires_at
    assert "欢迎来到「读书会」" in welcome.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ZH, "欢迎来到读书会"),
        (Language.EN, "Welcome to 读书会"),
        (Language.BOTH, "欢迎来到读书会\nWelcome to 读书会"),
    ],
)
def test_in_the_language_of_the_group(hall: Hall, language: Language, words: str):
    """The words follow the group's language."""
    hall.rule(language=language, welcome=HELLO)

    assert [words] == speech(hall.happens(joined("新月")))


def test_not_when_switched_off(hall: Hall):
    """A group may do without."""
    hall.rule(welcome=WelcomeSettings(enabled=False))

    assert [] == hall.happens(joined("新月"))


def test_not_ourselves(hall: Hall):
    """The bot does not greet itself."""
    assert [] == hall.happens(joined(BOT.name))


@pytest.mark.parametrize(("hours", "greetings"), [(23, 0), (25, 1)])
def test_who_is_soon_back(hall: Hall, hours: int, greetings: int):
    """Who comes back within a day is not greeted anew; later they are."""
    hall.happens(joined("新月"), left("新月", hours=1))

    assert greetings == len(hall.happens(joined("新月", at=later(hours=1 + hours))))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("读书\n会", "读书 会"),
        ("a\u202eb\u0007c", "abc"),
        ("{reason}{0.__class__}", "{reason}{0.__class__}"),
        ("读" * 200, "读" * 23 + "…"),
        ("」案件 1：你被移出", "'案件 1：你被移出"),
        ("\u200b", "这个群"),
    ],
)
def test_a_hostile_group_name(hall: Hall, name: str, shown: str):
    """A name cannot break the line, turn the text round, be a placeholder, or be endless."""
    hall.rule(welcome=HELLO)

    event = joined("新月", group=Group(ACCOUNT, GROUP.id, name))
    assert [f"欢迎来到{shown}"] == speech(hall.happens(event))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("小林", True),
        ("带你刷单", False),
        ("加薇 abc_1234", False),
        ("看 example.com", False),
        ("日赚500", False),
        ("先看看", True),
    ],
)
def test_a_name_that_advertises(hall: Hall, name: str, *, said: bool):
    """What nobody may say here is not said as a newcomer's name either; the greeting stays."""
    why = {"reason": "广告会把聊天冲散"}
    hall.rule(
        rules=(
            Keywords(words=("刷单",), **why),
            ContactBait(**why),
            Links(**why),
            Patterns(patterns=(r"日赚\d+",), **why),
            Keywords(name="试", words=("先看看",), shadow=True, **why),
        )
    )
    (welcome,) = hall.happens(joined(name))

    assert isinstance(welcome, Say)
    assert "欢迎来到「读书会」" in welcome.text
    assert said == bool(welcome.mentions)
