from datetime import datetime

import pytest
from builders import ACCOUNT, NOON, later
from hall import Hall, speech

from bot.actions import Say
from bot.events import ConfigRefused, GatewayChanged, GatewayState, Group, Identity
from bot.texts import Language
from handlers.settings import House

DESK = Group(ACCOUNT, "运营@room")


@pytest.fixture
def staffed(hall: Hall) -> Hall:
    """A hall with an operators' group."""
    hall.house = House(account=ACCOUNT, operators_group_id=DESK.id)
    return hall


def changed(state: GatewayState, at: datetime = NOON, detail: str = "令牌无效") -> GatewayChanged:
    """The connection changed."""
    return GatewayChanged(account=ACCOUNT, state=state, at=at, detail=detail)


def test_a_faulty_config(staffed: Hall):
    """The operators' group reads what is wrong and where, and that nothing has changed."""
    refused = ConfigRefused(account=ACCOUNT, detail="config.yaml:3:5 limt", at=NOON)
    (told,) = staffed.happens(refused, refused)

    assert isinstance(told, Say)
    assert DESK == told.to
    assert "改过的配置有误，原来的配置继续有效：\nconfig.yaml:3:5 limt" == told.text


@pytest.mark.parametrize("state", [GatewayState.LOGGED_OUT, GatewayState.FAILED])
def test_trouble_is_told_once(staffed: Hall, state: GatewayState):
    """The same trouble noticed again is one cause; after it was over it is another."""
    again = [changed(state, later(minutes=minute)) for minute in range(3)]
    over = changed(GatewayState.LOGGED_IN, later(minutes=5))

    assert 1 == len(staffed.happens(*again))
    assert 1 == len(staffed.happens(over, changed(state, later(minutes=9))))


@pytest.mark.parametrize(
    "state",
    [
        GatewayState.CONNECTING,
        GatewayState.WAITING_FOR_SCAN,
        GatewayState.LOGGED_IN,
        GatewayState.OFFLINE,
        GatewayState.DEAF,
    ],
)
def test_what_heals_by_itself(staffed: Hall, state: GatewayState):
    """States that pass, or that cannot be told through a chat, disturb nobody."""
    assert [] == staffed.happens(changed(state))


def test_each_operator_without_a_group(hall: Hall):
    """Where there is no operators' group, each operator is told in private."""
    hall.house = House(account=ACCOUNT, operator_ids=frozenset({"b", "a"}))
    told = hall.happens(changed(GatewayState.FAILED))

    places = [one.to for one in told if isinstance(one, Say)]
    assert [Identity(ACCOUNT, "a"), Identity(ACCOUNT, "b")] == places


def test_nobody_to_tell(hall: Hall):
    """Without operators there is nobody to tell; the log has it."""
    assert [] == hall.happens(changed(GatewayState.FAILED))


def test_in_the_language_of_the_house(staffed: Hall):
    """Operators read the house's language."""
    staffed.house = staffed.house.model_copy(update={"language": Language.EN})

    (text,) = speech(staffed.happens(changed(GatewayState.FAILED)))
    assert text.endswith("somebody has to act: 令牌无效")


def test_a_hostile_detail(staffed: Hall):
    """What comes from outside is cut short and stripped of what nobody sees."""
    (text,) = speech(
        staffed.happens(changed(GatewayState.FAILED, detail="\u202e{x}" + "长" * 5000))
    )

    assert "\u202e" not in text
    assert "{x}" in text
    assert len(text) < 1100
