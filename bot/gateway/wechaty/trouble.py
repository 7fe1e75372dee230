"""Why the line to a gateway does not stand, each in one sentence with what to do about it."""

from enum import Enum, auto

from bot.texts import Language, Text


class Cause(Enum):
    """What went wrong."""

    NO_TOKEN = auto()
    BAD_TOKEN = auto()
    NO_SERVER_NAME = auto()
    BAD_CA = auto()
    UNKNOWN_TOKEN = auto()
    DIRECTORY = auto()
    UNRESOLVABLE = auto()
    REFUSED = auto()
    UNREACHABLE = auto()
    TLS_NEEDED = auto()
    TLS_NOT_SPOKEN = auto()
    CERTIFICATE = auto()
    WRONG_TOKEN = auto()
    NOT_A_GATEWAY = auto()
    TAKEN = auto()
    SECOND_CLIENT = auto()
    ENDED = auto()
    BROKEN = auto()
    DEAF = auto()
    NOT_STARTED = auto()

    @property
    def lasting(self) -> bool:
        """It does not heal by itself: a person has to change something."""
        return self in _LASTING


_LASTING = {
    Cause.NO_TOKEN,
    Cause.BAD_TOKEN,
    Cause.NO_SERVER_NAME,
    Cause.BAD_CA,
    Cause.UNKNOWN_TOKEN,
    Cause.TLS_NEEDED,
    Cause.TLS_NOT_SPOKEN,
    Cause.CERTIFICATE,
    Cause.WRONG_TOKEN,
    Cause.NOT_A_GATEWAY,
    Cause.SECOND_CLIENT,
}

_WORDS = {
    Cause.NO_TOKEN: Text(
        zh=("没有 token：请设置环境变量 WECHATY_PUPPET_SERVICE_TOKEN。"),
        en=("There is no token: set WECHATY_PUPPET_SERVICE_TOKEN in the environment."),
    ),
    Cause.BAD_TOKEN: Text(
        zh=("token 里有空白或不能用的字符：请核对 WECHATY_PUPPET_SERVICE_TOKEN，重新复制一次。"),
        en=(
            "The token holds blanks or characters that no token has: copy "
            "WECHATY_PUPPET_SERVICE_TOKEN once more."
        ),
    ),
    Cause.NO_SERVER_NAME: Text(
        zh=(
            "token 里没有服务器名（最后一个下划线之前的部分）：社区证书请在 token 前加 "
            "insecure_，或设置 wechaty.server_name，或关掉 wechaty.tls。"
        ),
        en=(
            "The token names no server (what stands before its last _): put insecure_ before "
            "it for the community certificate, or set wechaty.server_name, or switch wechaty.tls "
            "off."
        ),
    ),
    Cause.BAD_CA: Text(
        zh=("读不出根证书：{detail}。请检查 wechaty.ca（文件路径或 PEM 原文）。"),
        en=(
            "The root certificate cannot be read: {detail}. Check wechaty.ca (a path or PEM text)."
        ),
    ),
    Cause.UNKNOWN_TOKEN: Text(
        zh=(
            "{place} 不认识这个 token：可能写错了，也可能已经过期，或者网关没有在线。请"
            "核对或续费，或直接写明 wechaty.endpoint。"
        ),
        en=(
            "{place} does not know this token: it is mistyped, or has expired, or its gateway "
            "is not running. Check or renew it, or name the gateway in wechaty.endpoint."
        ),
    ),
    Cause.DIRECTORY: Text(
        zh=("向 {place} 查找网关地址失败：{detail}。请检查网络，或直接写明 wechaty.endpoint。"),
        en=(
            "Looking up the gateway at {place} failed: {detail}. Check the network, or "
            "name the gateway in wechaty.endpoint."
        ),
    ),
    Cause.UNRESOLVABLE: Text(
        zh=("找不到主机 {place}：请检查 wechaty.endpoint 的拼写和 DNS。"),
        en=("The host of {place} cannot be resolved: check wechaty.endpoint for typos, and DNS."),
    ),
    Cause.REFUSED: Text(
        zh=("{place} 拒绝连接：网关没有启动，或端口不对。正在重试。"),
        en=(
            "{place} refuses the connection: the gateway is not running, or the port is "
            "wrong. Retrying."
        ),
    ),
    Cause.UNREACHABLE: Text(
        zh=("连不上 {place}（{detail}）：请检查网络和防火墙。正在重试。"),
        en=("{place} cannot be reached ({detail}): check the network and firewalls. Retrying."),
    ),
    Cause.TLS_NEEDED: Text(
        zh=("{place} 要求加密而 wechaty.tls 是关着的：请打开 wechaty.tls。"),
        en=("{place} wants TLS and wechaty.tls is off: switch it on."),
    ),
    Cause.TLS_NOT_SPOKEN: Text(
        zh=(
            "{place} 不加密（或不是 TLS 端口）而 wechaty.tls 是开着的：请核对端口；若网"
            "关确实不加密，关掉 wechaty.tls。"
        ),
        en=(
            "{place} does not speak TLS and wechaty.tls is on: check the port; if the gateway "
            "is really without TLS, switch wechaty.tls off."
        ),
    ),
    Cause.CERTIFICATE: Text(
        zh=(
            "{place} 的证书信不过（{detail}）：网关若用自己的根证书，请设置 wechaty.ca；"
            "名字不符则设置 wechaty.server_name 或核对 token 的前缀。"
        ),
        en=(
            "The certificate of {place} is not trusted ({detail}): if the gateway has its "
            "own root, set wechaty.ca; if the name differs, set wechaty.server_name or "
            "check the token's prefix."
        ),
    ),
    Cause.WRONG_TOKEN: Text(
        zh=(
            "{place} 不接受这个 token：请核对 WECHATY_PUPPET_SERVICE_TOKEN 与网关启动时的是否一致。"
        ),
        en=(
            "{place} does not accept this token: compare WECHATY_PUPPET_SERVICE_TOKEN with "
            "the one the gateway was started with."
        ),
    ),
    Cause.NOT_A_GATEWAY: Text(
        zh=("{place} 不是 Wechaty 网关（{detail}）：请核对 wechaty.endpoint。"),
        en=("{place} is not a Wechaty gateway ({detail}): check wechaty.endpoint."),
    ),
    Cause.TAKEN: Text(
        zh=("{place} 的事件流被占着：正在请旧的连接让位。"),
        en=("The event stream of {place} is taken: asking the old connection to make way."),
    ),
    Cause.SECOND_CLIENT: Text(
        zh=(
            "另有一个客户端在用同一个网关 {place}，双方一直互相挤掉：请只留一个（围炉或"
            "别的机器人）。在它退出之前，围炉只等不抢。"
        ),
        en=(
            "Another client uses the same gateway {place}, and each keeps pushing the other "
            "out: leave only one running. Until it goes, Weilu waits and does not fight."
        ),
    ),
    Cause.ENDED: Text(
        zh=("{place} 结束了事件流（网关重启，或另一个客户端接管）。正在重连。"),
        en=(
            "{place} ended the event stream (a restart, or another client took over). Reconnecting."
        ),
    ),
    Cause.BROKEN: Text(
        zh=("与 {place} 的连接断了（{detail}）。正在重连。"),
        en=("The line to {place} broke ({detail}). Reconnecting."),
    ),
    Cause.DEAF: Text(
        zh=("{place} 的连接还在，但听不见了：{detail} 没有回音。正在重连。"),
        en=(
            "The line to {place} stands but hears nothing: no answer within {detail}. Reconnecting."
        ),
    ),
    Cause.NOT_STARTED: Text(
        zh=("{place} 没能启动账号（{detail}）。正在重试；若一直如此，请看网关自己的日志。"),
        en=(
            "{place} could not start the account ({detail}). Retrying; if it stays so, "
            "read the gateway's own log."
        ),
    ),
}


class Trouble(Exception):  # noqa: N818  it is told to people, not only raised
    """The line does not stand. `str()` is the sentence for the operator, Chinese first."""

    def __init__(self, cause: Cause, place: str = "", detail: str = "") -> None:
        self.cause = cause
        self.place = place
        words, values = _WORDS[cause], {"place": place, "detail": detail}
        zh, en = (words.say(language, **values) for language in (Language.ZH, Language.EN))
        super().__init__(f"{zh} {en}")
