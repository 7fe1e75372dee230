"""Answers what is said to the bot: questions, reports, appeals, codes, and operators' orders."""

import re

from bot.events import Event, Group, Message
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings

_UNASKED = re.compile("[举投申上绑aAbB](?:报|诉|定|[Pp][Pp][Ee][Aa][Ll]|[Ii][Nn][Dd] )")
"""What may be heard without a mention of us: 举报 投诉 申诉 上诉 绑定 appeal bind, and little else.

Searched in each message: with a set of beginnings it takes a third of the time.
"""


def command(event: Event, scene: Scene) -> Reply:
    """An answer to whoever mentions the bot in a group, or writes to it in private.

    Reports, appeals and the orders in the operators' group need no mention. A word that is no
    command gets a hint once in ten minutes, and may still answer a topic.
    """
    if not isinstance(event, Message) or event.ours:
        return Reply.NOTHING
    if event.group is None:
        from handlers.heed import heed_in_private  # the first answer need not wait for it

        return Reply(actions=heed_in_private(event, scene))
    if scene.group is None or not scene.group.commands.enabled:
        return Reply.NOTHING
    return _heard_in_group(event, event.group, scene.group, scene)


def _heard_in_group(message: Message, group: Group, settings: GroupSettings, scene: Scene) -> Reply:
    """Most messages by far ask for nothing, and nothing more is spent on them."""
    asks = scene.me in message.mentions
    desk = group.id == scene.house.operators_group_id
    if not (asks or desk or _UNASKED.search(message.text)):
        return Reply.NOTHING
    from handlers.heed import heed_in_group

    return heed_in_group(message, group, settings, scene, asks=asks)
