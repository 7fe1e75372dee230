"""Erases what members wrote when its days are over: messages, appeals, complaints."""

from datetime import datetime, timedelta

from bot.events import Event, HourPassed
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings

_DAYS: int = GroupSettings.model_fields["keep_text_days"].default


@deaf_to_messages
def housekeep(event: Event, scene: Scene) -> Reply:
    """Hold each group to its `keep_text_days`; a group the config dropped, to the default."""
    if not isinstance(event, HourPassed):
        return Reply.NOTHING
    ends: dict[int, datetime] = {}
    before = {}
    for group in scene.work.groups.every(scene.house.account):
        settings = scene.settings(group)
        days = _DAYS if settings is None else settings.keep_text_days
        before[group] = ends.setdefault(days, event.at - timedelta(days=days))
    scene.work.messages.erase_texts(before)
    scene.work.appeals.erase_texts(before)
    scene.work.complaints.erase_texts(before)
    return Reply.NOTHING
