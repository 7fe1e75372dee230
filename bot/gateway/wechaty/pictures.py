"""Pictures as file boxes, the form in which gateways hand them on and take them."""

import asyncio
import json
from base64 import b64decode, b64encode

from bot.gateway.pictures import Picture
from bot.gateway.wechaty.client import Client, TooLarge
from bot.gateway.wechaty.status import OF_THE_LINE, Failed
from bot.gateway.wechaty.words import Notice

MOST_BYTES = 10 * 1024 * 1024
_BASE64, _URL, _UUID = 1, 2, 7
"""The kinds of file boxes that come over the wire."""


async def load(client: Client, message_id: str) -> bytes:
    """The picture of a message, of 10 MB at most.

    Raises status.Failed, Malformed, ValueError, OSError or TooLarge.
    """
    try:
        box = Notice.read(await client.picture(message_id))
    except Failed as error:
        if error.code in OF_THE_LINE:
            raise
        # Some puppets know files only, and small pictures in memory the server cannot write down.
        return await client.file(message_id, MOST_BYTES)
    if box.number("size") > MOST_BYTES:
        raise TooLarge
    kind = box.number("type") or box.number("boxType")
    if kind == _BASE64:
        return _decoded(box.text("base64"))
    if kind == _UUID:
        return await client.download(box.text("uuid"), MOST_BYTES)
    if kind == _URL:
        from bot.gateway.wechaty.web import fetch  # slow to import, and few gateways need it

        return await asyncio.to_thread(fetch, box.text("url"), MOST_BYTES)
    raise ValueError("a file box of an unknown kind")


def boxed(picture: Picture) -> str:
    """The JSON of a file box that holds the picture, or says where it is on the web.

    Older gateways know the kind and the address by other names.
    """
    if picture.url:
        kind, where = _URL, {"url": picture.url, "remoteUrl": picture.url}
    else:
        kind, where = _BASE64, {"base64": b64encode(picture.data).decode()}
    return json.dumps({"type": kind, "boxType": kind, "name": picture.name} | where)


def _decoded(text: str) -> bytes:
    if len(text) > MOST_BYTES * 4 // 3 + 4:
        raise TooLarge
    return b64decode(text)
