"""Greets newcomers."""

from datetime import datetime, timedelta

from bot.actions import Priority, Say
from bot.events import Event, Group, Identity, MemberJoined, Message
from bot.texts import Text
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings
from handlers.wording import harmless, say
from rules.base import Past

BACK_SOON = timedelta(hours=24)
"""Who comes back within this time was greeted already, or left by mistake."""

_ABOUT_WORDS = frozenset({"keywords", "patterns", "links", "contact_bait", "newcomer"})
"""Rules that look at the words themselves."""
_PUT_OUT = "已经移出 they were removed"
_THIS_GROUP = Text(zh="这个群", en="this group")


@deaf_to_messages
def welcome(event: Event, scene: Scene) -> Reply:
    """A greeting with the newcomer mentioned; dropped once it would come too late.

    A name that the group's rules would not let anybody say is not said by us either.
    """
    if not isinstance(event, MemberJoined) or scene.group is None:
        return Reply.NOTHING
    settings = scene.group.welcome
    if not settings.enabled or event.member == scene.me or _is_back(event, scene):
        return Reply.NOTHING
    greeting = Say(
        key=_key(event.group, event.member, event.at),
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
        mentions=() if _advertises(event, scene.group) else (event.member,),
    )
    return Reply(actions=(greeting,))


def call_off(group: Group, member: Identity, scene: Scene) -> None:
    """Whoever is put out is not welcomed any more, if that still waits."""
    came = scene.work.memberships.joined_at(group, member)
    row = scene.work.outbox.of_key(group.account, _key(group, member, came)) if came else None
    if row is not None:
        scene.work.outbox.cancel(row.id, scene.now, _PUT_OUT)


def _key(group: Group, member: Identity, came: datetime) -> str:
    return f"welcome:{group.id}:{member.id}:{came.isoformat()}"


def _is_back(event: MemberJoined, scene: Scene) -> bool:
    left_at = scene.work.memberships.last_left(event.group, event.member)
    return left_at is not None and event.at - left_at < BACK_SOON


def _advertises(event: MemberJoined, settings: GroupSettings) -> bool:
    """Whether a rule about what is said finds something in the name."""
    said = Message(
        id="", group=event.group, author=event.member, at=event.at, text=event.member.name
    )
    past = Past(joined_at=event.at, zone=settings.time_zone)
    return any(
        rule.key in _ABOUT_WORDS and not rule.shadow and rule.judge(said, past) is not None
        for rule in settings.rules
    )
