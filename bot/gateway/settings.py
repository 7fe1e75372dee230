"""How the Wechaty gateway is reached: the `wechaty` section of config.yaml.

The token is no setting: it is a secret and comes from the environment alone.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.duration import Duration

DEFAULT_AUTHORITY = "api.chatie.io"
"""The Wechaty community's directory of gateways."""

_PORTS = range(1, 65536)


def split_endpoint(endpoint: str) -> tuple[str, int]:
    """`host:port` or `[::1]:port` as a host and a port. Raises ValueError for anything else."""
    host, colon, port = endpoint.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) in _PORTS):
        raise ValueError(
            "网关地址请写成 主机:端口，例如 127.0.0.1:8788 "
            "write the endpoint as host:port, e.g. 127.0.0.1:8788"
        )
    return host, int(port)


class WechatySettings(BaseModel):
    """Where the gateway is, how the line is secured, and when it counts as dead."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    endpoint: str = Field(
        default="",
        description="网关地址 主机:端口；留空则凭 token 查找 "
        "host:port of the gateway; empty: looked up by the token",
        examples=["127.0.0.1:8788"],
    )
    authority: str = Field(
        default=DEFAULT_AUTHORITY,
        min_length=1,
        description="凭 token 查找网关地址的服务 the directory that knows a token's endpoint",
    )
    tls: bool = Field(
        default=True,
        description="是否加密；只有很旧的或本机的网关才关掉 "
        "whether the line is encrypted; off only for old or local gateways",
    )
    ca: str = Field(
        default="",
        description="根证书：文件路径或 PEM 原文；留空用 Wechaty 社区的 "
        "root certificate: a path or PEM text; empty: that of the Wechaty community",
    )
    server_name: str = Field(
        default="",
        description="证书上的名字；留空取 token 里最后一个下划线之前的部分 "
        "the name on the certificate; empty: what stands before the last _ of the token",
    )
    probe_every: Duration = Field(
        default=timedelta(seconds=5),
        description="多久探一次网关是否还听得见；0s 为不探 "
        "how often to ask whether the gateway still hears; 0s: never",
    )
    probe_timeout: Duration = Field(
        default=timedelta(seconds=4),
        description="多久没有回音算失聪 how long without an answer counts as deaf",
    )
    call_timeout: Duration = Field(
        default=timedelta(seconds=15),
        description="一次调用最多等多久 how long one call may take",
    )
    read_back: Duration = Field(
        default=timedelta(seconds=5),
        description="移出成员、发公告之后，最多花多久核实 "
        "how long to look for the effect of a removal or an announcement",
    )
    back_off_first: Annotated[float, Field(gt=0, le=60)] = Field(
        default=0.1,
        description="断线后第一次重连前最多等几秒 at most these seconds before the first retry",
    )
    back_off_cap: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=0.8,
        description="重连间隔逐次加倍，最多到几秒 retries are spaced out up to these seconds",
    )
    fetch_ahead: Annotated[int, Field(ge=1, le=256)] = Field(
        default=32,
        description="同时取多少条消息的内容 how many messages are fetched at the same time",
    )

    @field_validator("endpoint")
    @classmethod
    def _endpoint_is_an_address(cls, endpoint: str) -> str:
        if endpoint:
            split_endpoint(endpoint)
        return endpoint
