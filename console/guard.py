"""What every request has to pass: known host, own origin, bounded size; and what every answer says.

Pages of other origins can make a browser send requests here, and names can be made to point here
(DNS rebinding): so the host is checked as well as the origin, and nothing is changed by GET.
"""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 12 * 1024 * 1024
"""Bytes of a request: an imported file, or a picture in the sandbox."""
_SAFE = ("GET", "HEAD")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    # Not "no-referrer": browsers then say "Origin: null" of our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_STRANGE_HOST = (
    "这个地址不是控制台的。 This is not the console's address: open it as it was printed."
)
_FOREIGN = "请求来自别的网页，未执行。 The request comes from another site: nothing was done."
_TOO_LARGE = "内容太大。 That is too large."


class Guard:
    """Middleware around everything. `hosts` are the names it is reached by, without a port."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with a sentence."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        answer = _with_headers(send, fresh=not scope["path"].startswith("/static/"))
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        await self._app(scope, _bounded(receive), answer)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if host.rpartition(":")[0] not in self._hosts and host not in self._hosts:
            return PlainTextResponse(_STRANGE_HOST, 421)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return PlainTextResponse(_TOO_LARGE, 413)
        if scope["method"] not in _SAFE and not _own(headers, scope["scheme"], host):
            return PlainTextResponse(_FOREIGN, 403)
        return None


def _own(headers: Headers, scheme: str, host: str) -> bool:
    """Whether a page of ours sent it: browsers say so in one of these headers."""
    origin = headers.get("origin")
    if origin is not None:
        return origin == f"{scheme}://{host}"
    return headers.get("sec-fetch-site") in ("same-origin", "none")


def _bounded(receive: Receive) -> Receive:
    """A body that does not say how long it is ends at the limit as well."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            return {"type": "http.disconnect"}
        return message

    return bounded


def _with_headers(send: Send, *, fresh: bool) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            if fresh:
                headers["cache-control"] = "no-store"
        await send(message)

    return answer
