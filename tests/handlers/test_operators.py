from builders import ACCOUNT, later
from hall import Hall

from bot.actions import Priority, Say
from bot.events import HourPassed
from bot.texts import Text
from handlers.operators import tell_operators
from handlers.settings import House

NEWS = Text(zh="出事了：{what}", en="Trouble: {what}")


def test_once_for_each_place_and_cause(hall: Hall):
    """Each operator is told of each cause once, and not after it is stale."""
    hall.house = House(account=ACCOUNT, operator_ids=frozenset({"a", "b"}))
    scene = hall.scene(HourPassed(at=hall.now))
    told = [
        *tell_operators(scene, "x", NEWS, what="甲"),
        *tell_operators(scene, "y", NEWS, what="乙"),
    ]

    assert ["operators:x:a", "operators:x:b", "operators:y:a", "operators:y:b"] == [
        one.key for one in told
    ]
    assert {Priority.NOTICE} == {one.priority for one in told}
    assert {later(days=1)} == {one.expires_at for one in told}
    assert "出事了：甲" == next(one.text for one in told if isinstance(one, Say))
