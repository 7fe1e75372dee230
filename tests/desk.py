"""The operators' desk: who speaks to the bot in private, in a group and in the operators' group."""

from typing import Any

from builders import ACCOUNT, BOT, group, person, said
from hall import Hall, speech

from bot.actions import Action, Say
from bot.events import Identity, Message
from handlers.settings import House
from rules.keywords import Keywords

DESK = group("运营群")
ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",), name="广告", consequence="warn")


def opens(hall: Hall, *operators: str, **over: Any) -> None:
    """A hall with these operators and their own group."""
    ids = frozenset(person(name).id for name in operators)
    hall.house = House(
        account=ACCOUNT, operator_ids=ids, **({"operators_group_id": DESK.id} | over)
    )
    hall.rule("运营群", keep_text_days=0)


def whispers(words: str, by: str = "小林", **over: Any) -> Message:
    """Said to the bot in private."""
    return said(words, by=by, group=None, **over)


def orders(words: str, by: str = "阿秀", **over: Any) -> Message:
    """Said in the operators' own group."""
    return said(words, by=by, group=DESK, **over)


def asks(words: str, by: str = "小林", *others: Identity, **over: Any) -> Message:
    """Said in 读书会 with a mention of the bot."""
    return said(f"@围炉 {words}", by=by, mentions=(BOT, *others), **over)


def hears(hall: Hall, *messages: Message) -> list[str]:
    """What is said in answer, wherever."""
    return speech(hall.happens(*messages))


def said_to(actions: list[Action], whom: Any) -> list[str]:
    """What is said there."""
    return [each.text for each in actions if isinstance(each, Say) and each.to == whom]
