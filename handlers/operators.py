"""Tells the operators something they have to know."""

from collections.abc import Sequence
from datetime import timedelta

from bot.actions import Action, Priority, Say
from bot.events import Group, Identity
from bot.texts import Text
from handlers.rights import operators
from handlers.scene import Scene
from handlers.wording import say

_WORTH_KNOWING = timedelta(days=1)


def tell_operators(
    scene: Scene, cause: str, text: Text, /, about: Sequence[Identity] = (), **values: object
) -> tuple[Action, ...]:
    """A word to the operators' group, else to each operator; nothing where there is neither.

    `cause` names what happened: operators hear of one cause once, however often this is called.
    """
    house = scene.house
    return tuple(
        Say(
            key=f"operators:{cause}:{place.id}",
            why=f"运营须知 the operators should know: {cause}",
            priority=Priority.NOTICE,
            expires_at=scene.now + _WORTH_KNOWING,
            about=tuple(about),
            to=place,
            text=say(text, house.language, **values),
        )
        for place in _places(scene)
    )


def _places(scene: Scene) -> list[Group] | list[Identity]:
    house = scene.house
    if house.operators_group_id:
        return [Group(house.account, house.operators_group_id)]
    return operators(scene)
