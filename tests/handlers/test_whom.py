import pytest
from builders import ACCOUNT, NOON, group, person, said
from desk import opens
from hall import Hall

from bot.events import Group, Identity
from bot.texts import Text
from handlers.phrases import Whom
from handlers.whom import Found, one_person, present

LIN = person("小林")


@pytest.fixture
def house(hall: Hall) -> Hall:
    """小林 is in 读书会 and 健身群, 阿明 in 读书会 and the operators' group."""
    opens(hall, "阿秀")
    hall.rule("健身群")
    for name, places in [("小林", ("读书会", "健身群")), ("阿明", ("读书会", "运营群"))]:
        for place in places:
            hall.happens(said("在", by=name, group=group(place)))
    return hall


def found(hall: Hall, whom: Whom, here: Group | None = None) -> object:
    """Who and where, or what is asked back."""
    answer = present(whom, hall.scene(None), here)  # type: ignore[arg-type]
    return (answer.member, answer.group) if isinstance(answer, Found) else answer.zh


@pytest.mark.parametrize(
    ("whom", "place"),
    [
        (Whom(name="阿明"), "读书会"),
        (Whom(name="id-阿明"), "读书会"),
        (Whom(name="阿明", group="读书会"), "读书会"),
        (Whom(mentioned=person("阿明")), "读书会"),
        (Whom(name="阿明", group="健身群"), "健身群"),
    ],
)
def test_found(house: Hall, whom: Whom, place: str):
    """By name or id, in the one group of members they are in, or in the one that was named."""
    assert (person("阿明"), group(place)) == found(house, whom)


def test_a_mention_means_this_group(house: Hall):
    """Whoever is mentioned in a group is meant there, also if they are in others."""
    assert (LIN, group("健身群")) == found(house, Whom(mentioned=LIN), group("健身群"))


@pytest.mark.parametrize(
    ("whom", "answer"),
    [
        (Whom(name="小林"), "不止一个，请写清是哪个：小林@「读书会」、小林@「健身群」"),
        (Whom(name="谁"), "没有找到「谁」。请 @ 对方，或写群里的全名，或写案件号如 #17。"),
        (
            Whom(name="小林", group="没有的群"),
            "小林 不在我照看的群里。请写上群名，例如：小林@读书会",
        ),
        (Whom(case=9), "没有案件 9。"),
        (Whom(name="阿明", group="运营群"), "阿明 不在我照看的群里。请写上群名，例如：阿明@读书会"),
    ],
)
def test_asking_back(house: Hall, whom: Whom, answer: str):
    """What is not clear is asked, and nobody is sanctioned in the operators' own group."""
    assert answer == found(house, whom)


def test_one_person(house: Hall):
    """Where the group does not matter; namesakes are listed by id."""
    scene = house.scene(None)  # type: ignore[arg-type]
    assert LIN == one_person(Whom(name="小林"), scene)

    house.work.memberships.seen(group(), Identity(ACCOUNT, "id-2", "小林"), NOON)
    question = one_person(Whom(name="小林"), scene)
    assert isinstance(question, Text)
    assert "不止一个，请写清是哪个：id-小林、id-2" == question.zh
