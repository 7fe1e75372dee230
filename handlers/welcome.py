"""Greets newcomers."""

from datetime import timedelta

from bot.actions import Priority, Say
from bot.events import Event, MemberJoined
from bot.texts import Text
from handlers.scene import Reply, Scene
from handlers.wording import harmless, say

BACK_SOON = timedelta(hours=24)
"""Who comes back within this time was greeted already, or left by mistake."""

_THIS_GROUP = Text(zh="这个群", en="this group")


def welcome(event: Event, scene: Scene) -> Reply:
    """A greeting with the newcomer mentioned; dropped once it would come too late."""
    if not isinstance(event, MemberJoined) or scene.group is None:
        return Reply.NOTHING
    settings = scene.group.welcome
    if not settings.enabled or event.member == scene.me or _is_back(event, scene):
        return Reply.NOTHING
    greeting = Say(
        key=f"welcome:{event.group.id}:{event.member.id}:{event.at.isoformat()}",
        why="新成员入群 a newcomer joined",
        priority=Priority.WELCOME,
        expires_at=event.at + settings.expires,
        about=(event.member,),
        to=event.group,
        text=say(
            settings.text,
            scene.group.language,
            group=harmless(event.group.name) or _THIS_GROUP,
        ),
        mentions=(event.member,),
    )
    return Reply(actions=(greeting,))


def _is_back(event: MemberJoined, scene: Scene) -> bool:
    left_at = scene.work.memberships.last_left(event.group, event.member)
    return left_at is not None and event.at - left_at < BACK_SOON
