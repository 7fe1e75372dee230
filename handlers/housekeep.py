"""Erases the texts of messages when their days are over."""

from datetime import timedelta

from bot.events import Event, HourPassed
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings


def housekeep(event: Event, scene: Scene) -> Reply:
    """Hold each group to its `keep_text_days`; a group the config dropped, to the default."""
    if not isinstance(event, HourPassed):
        return Reply.NOTHING
    for known in scene.work.groups.all(scene.house.account):
        days = (scene.settings(known.group) or GroupSettings()).keep_text_days
        scene.work.messages.erase_texts(known.group, event.at - timedelta(days=days))
    return Reply.NOTHING
