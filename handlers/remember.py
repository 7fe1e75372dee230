"""Writes down what happened, once: everything after this stage may rely on it."""

from datetime import timedelta

from bot.events import (
    Event,
    FriendshipRequested,
    GatewayChanged,
    Group,
    GroupRenamed,
    Identity,
    InvitationReceived,
    MemberJoined,
    MemberLeft,
    Message,
    MessageRecalled,
)
from handlers.scene import Reply, Scene
from storage.values import InteractionKind

NEW = timedelta(hours=24)
"""So long somebody is a newcomer: turning to them, or being turned to, answers the welcome."""


def remember(event: Event, scene: Scene) -> Reply:
    """Record the event; what was recorded before, and our own echo, goes no further."""
    if isinstance(event, Message):
        return _message(event, scene)
    match event:
        case MessageRecalled():
            scene.work.messages.recall(event)
        case MemberJoined():
            _see(event.group, scene)
            return Reply.NOTHING if scene.work.memberships.join(event) else Reply.STOP
        case MemberLeft():
            _see(event.group, scene)
            return Reply.NOTHING if scene.work.memberships.leave(event) else Reply.STOP
        case GroupRenamed():
            _see(event.group, scene)
        case GatewayChanged():
            scene.work.accounts.state(event)
        case InvitationReceived() | FriendshipRequested():
            scene.work.requests.add(event)
    return Reply.NOTHING


def _see(group: Group, scene: Scene) -> None:
    scene.work.groups.see(group, managed=True, at=scene.now)


def _message(message: Message, scene: Scene) -> Reply:
    """Private words are never recorded; that they are answered once is the outbox's key."""
    group, settings = message.group, scene.group
    if group is None or settings is None:
        return _echo(message, scene) if message.ours else Reply.NOTHING
    keep_text = settings.keep_text_days > 0
    message_id = scene.work.hearing.hear(message, group, scene.now, keep_text=keep_text)
    if message_id is None:
        return Reply.STOP
    if message.ours:
        return _echo(message, scene)
    if message.mentions or message.quote is not None:
        _who_turned_to_whom(message, group, message_id, scene)
    return Reply.NOTHING


def _echo(message: Message, scene: Scene) -> Reply:
    scene.work.outbox.heard(message)
    return Reply.STOP


def _who_turned_to_whom(message: Message, group: Group, message_id: int, scene: Scene) -> None:
    turned_to = [(member, InteractionKind.MENTION) for member in message.mentions]
    replied_to = _replied_to(message, group, scene)
    if replied_to:
        turned_to.append((replied_to, InteractionKind.REPLY))
    others = [(who, how) for who, how in turned_to if who not in (scene.me, message.author)]
    if not others:
        return
    answers_welcome = _is_new(message.author, message, group, scene)
    for who, how in others:
        kinds = [how]
        if answers_welcome or _is_new(who, message, group, scene):
            kinds.append(InteractionKind.WELCOME_ANSWERED)
        for kind in kinds:
            scene.work.interactions.add(
                group, message.author, who, kind, message.at, message_id=message_id
            )


def _replied_to(message: Message, group: Group, scene: Scene) -> Identity | None:
    """Who said what this message quotes, as far as it can be found out."""
    if message.quote is None:
        return None
    heard = scene.work.messages.quoted(group, message.quote, message.at)
    return None if heard is None or heard.ours else heard.author


def _is_new(who: Identity, message: Message, group: Group, scene: Scene) -> bool:
    joined_at = scene.work.memberships.joined_at(group, who)
    return joined_at is not None and message.at - joined_at <= NEW
