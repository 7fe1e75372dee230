"""What the tests of sanctions share: a rule that bites, a group that was told of it, a clock."""

from datetime import datetime
from typing import Any

from builders import ACCOUNT, group, later, person, said
from hall import Hall

from bot.actions import Action, Say
from bot.events import Identity, MinutePassed
from bot.gateway.base import Capability
from handlers.settings import GroupSettings, House
from handlers.terms import terms
from rules.base import Rule
from rules.keywords import Keywords
from storage.values import Case
from storage.values_of_order import Sanction
from storage.work import Work

GROUP, LIN = group(), person("小林")
CHIEF, DEPUTY = person("老周"), person("阿青")
"""Two operators."""
WECHAT = frozenset(Capability) - {Capability.MUTE}
"""What a WeChat group can."""
HOUSE = House(account=ACCOUNT, operator_ids=frozenset({CHIEF.id, DEPUTY.id}))


def ads(consequence: str = "warn", **over: Any) -> Rule:
    """No advertisements."""
    fields: dict[str, Any] = {"reason": "广告会把聊天冲散", "words": ("刷单",)}
    return Keywords(name="广告", consequence=consequence, **(fields | over))


def told(work: Work, settings: GroupSettings) -> None:
    """The group was told of these rules the day before."""
    pact = work.pacts.propose(GROUP, terms(settings), later(days=-1))
    work.pacts.mark_posted(GROUP, pact.version, later(days=-1))


def bind(hall: Hall, *rules: Rule, **over: Any) -> Hall:
    """These rules are in force in 读书会 and everybody was told; two operators, as in WeChat."""
    hall.rule(rules=rules, **over)
    hall.house, hall.capabilities = HOUSE, WECHAT
    told(hall.work, hall.settings[GROUP])
    return hall


def offends(hall: Hall, by: str = "小林", **after: float) -> list[Action]:
    """An advertisement, so long after noon; what came of it."""
    hall.now = later(**after)
    return hall.happens(said("来刷单", by, at=hall.now))


def speaks(hall: Hall, text: str = "早", by: str = "小林", **after: float) -> list[Action]:
    """A harmless word, so long after noon; what came of it."""
    hall.now = later(**after)
    return hall.happens(said(text, by, at=hall.now))


def minute(hall: Hall, **after: float) -> list[Action]:
    """The clock is looked at, so long after noon; what came of it."""
    hall.now = later(**after)
    return hall.happens(MinutePassed(at=hall.now))


def case(hall: Hall, number: int = 1) -> Case:
    """A case that there is."""
    found = hall.work.cases.get(number)
    assert found is not None
    return found


def in_force(hall: Hall, who: Identity = LIN, at: datetime | None = None) -> list[Sanction]:
    """What somebody is under in 读书会."""
    return hall.work.sanctions.in_force(GROUP, who, at or hall.now)


def kinds(actions: list[Action]) -> list[str]:
    """What was decided, shortly: the deed, or a word to the operators."""
    return [action.key.split(":")[0] for action in actions]


def words_to(actions: list[Action], who: object) -> str:
    """All that one place or person is told."""
    return "\n".join(
        action.text for action in actions if isinstance(action, Say) and action.to == who
    )
