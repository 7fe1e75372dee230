"""What the states of things are called on the command line, in the reader's language."""

from bot.cli.speech import language, tr
from bot.events import GatewayState
from handlers.states import ACTIONS, POSTS
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
    return POSTS[state].say(language())


def outbox(state: OutboxState) -> str:
    """Where an action is on its way out."""
    return ACTIONS[state].say(language())
