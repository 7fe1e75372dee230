"""Takes up what was held: a topic that waited for a conversation to end, or for its new time."""

from bot.actions import Action
from bot.events import Event, MinutePassed, SlotDue
from handlers.post import post_slot
from handlers.scene import Reply, Scene, deaf_to_messages
from storage.values import Slot


@deaf_to_messages
def release(event: Event, scene: Scene) -> Reply:
    """What was held until now is posted, held once more, or skipped with the reason."""
    if not isinstance(event, MinutePassed):
        return Reply.NOTHING
    held = scene.work.slots.held(scene.house.account, scene.now)
    if not held:
        return Reply.NOTHING
    scene.work.prepare([_due(slot, event) for slot in held])
    actions: tuple[Action, ...] = ()
    for slot in held:
        actions += post_slot(
            scene,
            slot.group,
            slot.programme,
            slot.wall,
            slot.due_at,
            event.at,
            slot_id=slot.id,
        )
    return Reply(actions=actions)


def _due(slot: Slot, event: MinutePassed) -> SlotDue:
    return SlotDue(
        group=slot.group,
        programme=slot.programme,
        wall=slot.wall,
        due_at=slot.due_at,
        at=event.at,
    )
