"""What the states of things are called on the command line, in the reader's language."""

from bot.cli.speech import tr
from bot.events import GatewayState
from storage.values import OutboxState, SlotState


def gateway(state: str) -> str:
    """The state of the connection; an account that never ran has none."""
    if not state:
        return tr("还没有连接过", "never connected yet")
    return {
        GatewayState.CONNECTING: tr("正在连接", "connecting"),
        GatewayState.WAITING_FOR_SCAN: tr("等待扫码", "waiting for scan"),
        GatewayState.LOGGED_IN: tr("已登录", "logged in"),
        GatewayState.LOGGED_OUT: tr("已退出登录", "logged out"),
        GatewayState.DEAF: tr("听不见", "deaf"),
        GatewayState.OFFLINE: tr("离线", "offline"),
        GatewayState.FAILED: tr("需要人处理", "needs a person"),
    }[GatewayState(state)]


def slot(state: SlotState) -> str:
    """What became of a post."""
    return {
        SlotState.PLANNED: tr("待发", "planned"),
        SlotState.HELD: tr("等着", "held"),
        SlotState.POSTED: tr("已发", "posted"),
        SlotState.CONFIRMED: tr("已确认", "confirmed"),
        SlotState.UNCONFIRMED: tr("未确认", "unconfirmed"),
        SlotState.SKIPPED: tr("跳过", "skipped"),
    }[state]


def outbox(state: OutboxState) -> str:
    """Where an action is on its way out."""
    return {
        OutboxState.PENDING: tr("待办", "pending"),
        OutboxState.CLAIMED: tr("正在办", "in hand"),
        OutboxState.SENT: tr("已交出", "sent"),
        OutboxState.DONE: tr("已办成", "done"),
        OutboxState.UNCONFIRMED: tr("未确认", "unconfirmed"),
        OutboxState.EXPIRED: tr("过时未办", "expired"),
        OutboxState.REFUSED: tr("被拒绝", "refused"),
        OutboxState.CANCELLED: tr("已取消", "cancelled"),
        OutboxState.DRY: tr("演练", "rehearsed"),
    }[state]
