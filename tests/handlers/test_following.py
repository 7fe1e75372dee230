"""What is about the person and not about the message: noted, and said, once in its cool-down."""

import pytest
from builders import later, person, said
from court import LIN, bind, case, kinds
from hall import Hall

from rules.nickname import Nickname

FORM = Nickname(reason="大家好认人", form="称呼-城市")


def test_a_name_is_asked_for_once(hall: Hall):
    """The member is told the form; the messages are messages, and no case is opened for each."""
    bind(hall, FORM)
    actions = [
        each for minutes in range(5) for each in hall.happens(said("早", at=later(minutes=minutes)))
    ]

    assert ["remind"] == kinds(actions)
    assert "：大家好认人（称呼-城市）（案件 1）" in actions[0].text  # type: ignore[union-attr]
    assert None is hall.work.cases.get(2)
    assert (LIN, "remind", True) == (
        case(hall).member,
        case(hall).consequence,
        case(hall).reminded,
    )


def test_reminded_after_a_week(hall: Hall):
    """As long as the name stays."""
    bind(hall, FORM)
    hall.happens(said("早"))
    hall.now = later(days=7)

    assert ["remind"] == kinds(hall.happens(said("早", at=hall.now)))


@pytest.mark.parametrize("over", [{"shadow": True}, {"consequence": "note"}])
def test_silently(hall: Hall, over: dict[str, object]):
    """In shadow, or for the operators only: one case, no word."""
    bind(hall, Nickname.model_validate({"reason": "大家好认人", "form": "称呼-城市"} | over))

    assert [] == hall.happens(*(said("早") for _ in range(3)))
    assert None is hall.work.cases.get(2)


def test_a_name_of_the_form(hall: Hall):
    """Nothing to say."""
    bind(hall, FORM)

    assert [] == hall.happens(said("早", author=person("小林-杭州")))
    assert None is hall.work.cases.get(1)
