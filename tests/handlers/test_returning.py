"""Who comes back before their time."""

from datetime import timedelta

import pytest
from builders import ACCOUNT, joined, later, person
from court import CHIEF, GROUP, LIN, ads, bind, kinds, minute, offends, words_to
from desk import hears, whispers
from hall import Hall

from bot.actions import Action, Remove
from bot.events import MemberLeft, MinutePassed
from bot.gateway.base import Capability
from handlers.decisions import exempt, overturn, release
from handlers.scene import Scene
from handlers.settings import EarlyReturn, ModerateSettings
from storage.values import OutboxState
from storage.values_of_order import OperatorRole

WEEK = timedelta(days=7)
BY_ITSELF = ModerateSettings(early_return=EarlyReturn.REMOVE)


def removed(hall: Hall, consequence: str = "remove", **over: object) -> Hall:
    """小林 was removed at noon, and is out; who comes back is removed again by itself."""
    hall.happens(joined("小林", at=later(days=-1)))
    lasting = {"lasting": WEEK} if consequence == "remove" else {}
    bind(hall, ads(consequence, **lasting), **({"moderate": BY_ITSELF} | over))
    offends(hall)
    done(hall, "remove:1")
    leaves(hall, minutes=1)
    return hall


def done(hall: Hall, key: str) -> None:
    """The outbox did it."""
    row = hall.work.outbox.of_key(ACCOUNT, key)
    assert row is not None
    hall.work.outbox.settle(row.id, OutboxState.DONE, hall.now)


def leaves(hall: Hall, **after: float) -> None:
    """小林 is out."""
    hall.now = later(**after)
    hall.happens(MemberLeft(group=GROUP, member=LIN, at=hall.now))


def comes(hall: Hall, who: str = "小林", **after: float) -> list[Action]:
    """Somebody comes in, so long after noon; what came of it."""
    hall.now = later(**after)
    return hall.happens(joined(who, at=hall.now))


def strikes(hall: Hall) -> int:
    """How many count against 小林."""
    return len(hall.work.cases.strikes(GROUP, LIN, later(days=-99)))


def state(hall: Hall, key: str) -> str:
    """What has become of an action."""
    row = hall.work.outbox.of_key(ACCOUNT, key)
    return row.state.value if row else ""


def scene(hall: Hall) -> Scene:
    """Somebody decides now."""
    return hall.scene(MinutePassed(at=hall.now))


@pytest.mark.parametrize("consequence", ["remove", "ban"])
def test_removed_again(hall: Hall, consequence: str):
    """Under the same case, each time, told in private, not welcomed, and without a new strike."""
    removed(hall, consequence)
    first = comes(hall, days=3)

    assert ["details", "remove"] == kinds(first)
    assert "移出还没有结束（案件 1）" in words_to(first, LIN)
    assert "没有另记一次" in words_to(first, LIN)
    assert [] == hall.happens(joined("小林", at=hall.now))
    leaves(hall, days=3, minutes=1)
    assert ["remove:1:2"] == [each.key for each in comes(hall, days=4) if isinstance(each, Remove)]
    assert 1 == strikes(hall)
    assert [] == hall.work.tasks.list(ACCOUNT)
    assert None is hall.work.cases.get(2)


def test_the_date_of_return_stays(hall: Hall):
    """Whoever was removed again is invited back on the same day as before."""
    removed(hall)
    comes(hall, days=3)
    done(hall, "remove:1:1")
    leaves(hall, days=3, minutes=1)

    assert ["invite"] == kinds(minute(hall, days=7))


def test_by_default_a_human_decides(hall: Hall):
    """A card; 再移出 removes by the same case, once; what the bot cannot do is not offered."""
    removed(hall, moderate=ModerateSettings())
    card = words_to(comes(hall, days=3), CHIEF)

    assert "要我再移出，回复「再移出」加任务号；可以留下，回复：解封 1 理由" in card
    actions = hall.happens(whispers("再移出 1", by="老周"))
    assert ["details", "remove", "result"] == kinds(actions)
    assert "按案件 1 再移出 小林，不另计次。" == words_to(actions, CHIEF)
    assert "不必再移出" in "".join(hears(hall, whispers("再移出 1", by="阿青")))
    assert 1 == strikes(hall)


def test_under_another_name(hall: Hall):
    """Only an operator said who it is, so a human decides; then the other account goes."""
    removed(hall)
    hall.work.members.link(LIN, person("新号"), CHIEF, hall.now)
    assert ["operators", "operators"] == kinds(comes(hall, "新号", days=3))

    actions = hall.happens(whispers("再移出 1", by="老周"))
    assert [person("新号")] == [each.member for each in actions if isinstance(each, Remove)]


def test_where_the_bot_cannot_remove(hall: Hall):
    """The operators do it by hand."""
    removed(hall).capabilities -= {Capability.REMOVE}
    actions = comes(hall, days=3)

    assert ["operators", "operators"] == kinds(actions)
    assert "请移出，或者回复：解封 1 理由" in words_to(actions, CHIEF)
    assert "平台不让我移出人" in "".join(hears(hall, whispers("再移出 1", by="老周")))


def test_whom_a_human_trusts_since(hall: Hall):
    """Whoever became an operator, or was exempted since, is left to a human."""
    removed(hall)
    given = exempt(scene(hall), GROUP, hall.settings[GROUP], LIN, "所有", None, CHIEF, "讲师")
    assert given.done
    assert ["operators", "operators"] == kinds(comes(hall, days=3))
    leaves(hall, days=3, minutes=1)
    hall.work.operators.invite(OperatorRole.OPERATOR, "x", later(days=9), CHIEF, hall.now)
    hall.work.operators.redeem("x", LIN, hall.now)

    assert "remove" not in kinds(comes(hall, days=4))


def test_whoever_may_stay(hall: Hall):
    """Released while the second removal waits: it is called off, and so is its word."""
    removed(hall)
    comes(hall, days=3)
    assert release(scene(hall), GROUP, LIN, CHIEF, "可以回来").done

    assert "cancelled" == state(hall, "remove:1:1")
    leaves(hall, days=4)
    assert ["welcome"] == kinds(comes(hall, days=6))


def test_taken_back(hall: Hall):
    """Overturned: nothing that waits is done or said, however often they came."""
    removed(hall)
    comes(hall, days=3)
    leaves(hall, days=3, minutes=1)
    comes(hall, days=4)
    assert overturn(scene(hall), 1, CHIEF, "弄错了").done

    assert {"cancelled"} == {
        state(hall, key) for key in ("remove:1:1", "remove:1:2", "details:1:1", "details:1:2")
    }


def test_no_such_card(hall: Hall):
    """Another task, no task, a stranger: nothing happens."""
    removed(hall, moderate=ModerateSettings())

    assert "任务 9 说的不是提前回来的人" in "".join(hears(hall, whispers("再移出 9", by="老周")))
    assert "请写上任务号，例如：再移出 5" in "".join(hears(hall, whispers("再移出", by="老周")))
