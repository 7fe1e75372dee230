"""What cards are called and where they lead: as the gateway tells it, or as its markup says."""

import re

from bot.frozen import frozen
from bot.gateway.wechaty.wire import read_part, read_text
from bot.gateway.wechaty.words import Notice, clean

_MOST = 2000
"""Characters that are kept of each part."""
_LOOKED_AT = 100_000
"""Characters of markup in which the parts are looked for."""
_MARKUP = re.compile(r"\s*(?:[\w@.-]{1,64}:\s*)?(?:<|&lt;)")
"""XML, as it is or escaped, some puppets with the author's id before it."""
_DATA = re.compile(r"\A\s*(?:\{.*\}|\[.*\])\s*\Z", re.DOTALL)
_CDATA = "<![CDATA["


@frozen
class Card:
    """`title`: what it is called and, on the lines below, how it is described; either may be empty.

    `link` is the address it leads to; for a mini-program its app id and the page.
    """

    title: str = ""
    link: str = ""


def read_url(data: bytes) -> Card:
    """A MessageUrlResponse. Raises Malformed."""
    part = read_part(data, 2)
    if part:
        return _card(part.get(3, ""), part.get(1, ""), part.get(4, ""))
    told = _json(data)
    return _card(told.text("title"), told.text("description"), told.text("url"))


def read_mini_program(data: bytes) -> Card:
    """A MessageMiniProgramResponse. Raises Malformed."""
    part = read_part(data, 2)
    if part:
        where = _page(part.get(1, "") or part.get(8, ""), part.get(3, ""))
        return _card(part.get(7, ""), part.get(2, ""), where)
    told = _json(data)
    where = _page(told.text("appid") or told.text("username"), told.text("pagePath"))
    return _card(told.text("title"), told.text("description"), where)


def is_markup(text: str) -> bool:
    """Whether it is a platform's own notation for what is no text, which nobody wrote."""
    return bool(_MARKUP.match(text) or _DATA.match(text))


def read_markup(text: str) -> Card:
    """What WeChat's XML says of a card, a file, a forwarded history; nothing if it is none."""
    if not _MARKUP.match(text):
        return Card()
    text = text[:_LOOKED_AT]
    text = text if "<" in text else _unescaped(text)
    return _card(_inside(text, "title"), _inside(text, "des"), _inside(text, "url"))


def _card(title: str, description: str, link: str) -> Card:
    title, description = title.strip()[:_MOST], description.strip()[:_MOST]
    lines = dict.fromkeys(line for line in (title, description) if line)
    return Card(clean("\n".join(lines)), clean(link.strip()[:_MOST]))


def _page(program: str, page: str) -> str:
    return f"{program}/{page.lstrip('/')}" if program and page else program or page


def _json(data: bytes) -> Notice:
    """What gateways before 2022 wrote in the first field; empty if it is not JSON."""
    try:
        return Notice.read(read_text(data, 1))
    except ValueError:
        return Notice({})


def _inside(text: str, tag: str) -> str:
    """What stands in the first element of this name; empty if there is none."""
    opened = text.find(f"<{tag}>")
    start = opened + len(tag) + 2
    end = text.find(f"</{tag}>", start) if opened >= 0 else -1
    if end < 0:
        return ""
    inside = text[start:end].strip()
    if inside.startswith(_CDATA):
        return inside.removeprefix(_CDATA).removesuffix("]]>")
    return _unescaped(inside)


def _unescaped(text: str) -> str:
    from html import unescape  # brings a large table, and most messages are no cards

    return unescape(text)
