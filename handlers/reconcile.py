"""Turns a roster into the joins and leaves that were missed."""

from bot.events import Event, MemberJoined, MemberLeft, Noticed, RosterRead
from handlers.scene import Reply, Scene, deaf_to_messages


@deaf_to_messages
def reconcile(event: Event, scene: Scene) -> Reply:
    """For a roster, an event for each member who came or went while nobody was listening."""
    if not isinstance(event, RosterRead):
        return Reply.NOTHING
    scene.work.groups.see(event.group, managed=True, at=scene.now)
    difference = scene.work.memberships.reconcile(event)
    if difference.first:
        return Reply.NOTHING
    joined = [
        MemberJoined(group=event.group, member=member, at=event.at, noticed=Noticed.ROSTER)
        for member in difference.joined
    ]
    left = [
        MemberLeft(group=event.group, member=member, at=event.at, noticed=Noticed.ROSTER)
        for member in difference.left
    ]
    return Reply(events=(*joined, *left))
