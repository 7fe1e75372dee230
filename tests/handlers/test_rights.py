import pytest
from builders import ACCOUNT, NOON, later, person
from hall import Hall

from handlers.rights import operators, role_of
from handlers.settings import House
from storage.values_of_order import OperatorRole

XIU, ZHOU, LIN = person("阿秀"), person("老周"), person("小林")


@pytest.fixture
def ruled(hall: Hall) -> Hall:
    """阿秀 is an operator by the config, 老周 an admin; nobody has said a code."""
    ids = {"operator_ids": {XIU.id, ZHOU.id}, "admin_ids": {ZHOU.id}}
    hall.house = House(account=ACCOUNT, **ids)
    return hall


def bind(hall: Hall, who: object, role: OperatorRole) -> None:
    """Somebody says a code for this role."""
    code = f"CODE-{who}"
    hall.work.operators.invite(role, code, later(minutes=30), "weilu cli", NOON)
    hall.work.operators.redeem(code, who, NOON)  # type: ignore[arg-type]


def role(hall: Hall, who: object) -> OperatorRole | None:
    """What somebody may do."""
    return role_of(hall.scene(None), who)  # type: ignore[arg-type]


def test_by_the_config(ruled: Hall):
    """The config names operators and admins; others have no role."""
    assert OperatorRole.OPERATOR is role(ruled, XIU)
    assert OperatorRole.ADMIN is role(ruled, ZHOU)
    assert role(ruled, LIN) is None


@pytest.mark.parametrize("given", OperatorRole)
def test_by_a_code(ruled: Hall, given: OperatorRole):
    """Who said a code has its role until it is revoked, and counts from that very moment."""
    bind(ruled, LIN, given)
    assert given is role(ruled, LIN)
    assert sorted([XIU, ZHOU, LIN], key=lambda each: each.id) == operators(ruled.scene(None))  # type: ignore[arg-type]

    ruled.work.operators.revoke(LIN, NOON, "weilu cli")
    assert role(ruled, LIN) is None


def test_the_higher_of_two(ruled: Hall):
    """A code neither lowers what the config gives, nor is it lowered by it."""
    bind(ruled, ZHOU, OperatorRole.OPERATOR)
    bind(ruled, XIU, OperatorRole.ADMIN)

    assert [OperatorRole.ADMIN] * 2 == [role(ruled, ZHOU), role(ruled, XIU)]
