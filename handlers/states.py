"""What the states of things are called: one table for chat, command line and console."""

from bot.texts import Text
from storage.values import OutboxState, SlotState

POSTS = {
    SlotState.PLANNED: Text(zh="待发", en="planned"),
    SlotState.HELD: Text(zh="等着", en="held"),
    SlotState.POSTED: Text(zh="已发", en="posted"),
    SlotState.CONFIRMED: Text(zh="已确认", en="confirmed"),
    SlotState.UNCONFIRMED: Text(zh="未确认", en="unconfirmed"),
    SlotState.SKIPPED: Text(zh="没有发", en="skipped"),
}
"""What became of a post."""

ACTIONS = {
    OutboxState.PENDING: Text(zh="待办", en="pending"),
    OutboxState.CLAIMED: Text(zh="正在办", en="in hand"),
    OutboxState.SENT: Text(zh="已交出，等回音", en="sent, no echo yet"),
    OutboxState.DONE: Text(zh="已办成", en="done"),
    OutboxState.UNCONFIRMED: Text(zh="未确认", en="unconfirmed"),
    OutboxState.EXPIRED: Text(zh="过时未办", en="expired"),
    OutboxState.REFUSED: Text(zh="被拒绝", en="refused"),
    OutboxState.CANCELLED: Text(zh="已取消", en="cancelled"),
    OutboxState.DRY: Text(zh="演练", en="rehearsed"),
}
"""Where an action is on its way out."""
