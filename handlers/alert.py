"""Tells the operators what only they can put right, once per cause."""

from datetime import datetime

from bot.events import ConfigRefused, Event, GatewayChanged, GatewayState
from bot.texts import Text
from handlers.operators import tell_operators
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.wording import plain_lines

CONFIG = Text(
    zh="改过的配置有误，原来的配置继续有效：\n{detail}",
    en="The edited config is faulty, the old one stays in force:\n{detail}",
)
LOGGED_OUT = Text(
    zh="账号曾退出登录，发送已停止。确认安全后请运行 weilu outbox resume。{detail}",
    en="The account was logged out, so nothing is sent. Once you know it is safe, run weilu outbox"
    " resume. {detail}",
)
FAILED = Text(
    zh="网关连接失败，重试没有用，需要人来处理：{detail}",
    en="The gateway connection failed and trying again cannot help, somebody has to act: {detail}",
)

_LONGEST = 1000
_STATES = {GatewayState.LOGGED_OUT: LOGGED_OUT, GatewayState.FAILED: FAILED}


@deaf_to_messages
def alert(event: Event, scene: Scene) -> Reply:
    """A word to the operators where there are any; the log has it in any case."""
    if isinstance(event, ConfigRefused):
        cause, text = f"config:{event.at.isoformat()}", CONFIG
    elif isinstance(event, GatewayChanged) and event.state in _STATES:
        cause, text = f"{event.state}:{_since(event, scene).isoformat()}", _STATES[event.state]
    else:
        return Reply.NOTHING
    detail = plain_lines(event.detail)[:_LONGEST]
    return Reply(actions=tell_operators(scene, cause, text, detail=detail))


def _since(event: GatewayChanged, scene: Scene) -> datetime:
    """When this state began: the same trouble noticed again is the same cause."""
    known = scene.work.accounts.get(event.account)
    return known.since if known and known.state == event.state else event.at
