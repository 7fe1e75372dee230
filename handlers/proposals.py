"""A topic as somebody writes it in the chat, and the key under which a proposal is kept."""

import re

from bot.events import Identity
from handlers.scene import Scene
from handlers.wording import plain_lines
from storage.values import Topic, TopicStatus
from topics.fields import KINDS, clean, parse
from topics.sheets import Cell

_KEY = re.compile(r"proposal-([0-9]+)\+*")
_TITLE = re.compile(
    r"(?:[「《【\[](?P<marked>[^「《【\[」》】\]]+)[」》】\]]|(?P<bare>.+?))\s*(?:[:：]|\n)\s*(?P<text>.+)",
    re.DOTALL,
)
_CLAUSE = re.compile(r"[,，。.!！?？;；\n]")
_COLONS = ":："
_TAG = re.compile(r"(?:^|\s)[#＃]([^\s#＃]+)\s*$")
_KINDS = KINDS | {kind.value: kind for kind in KINDS.values()}
_KIND = re.compile(rf"(?:^|\s)({'|'.join(_KINDS)})\s*$", re.IGNORECASE)
_LONGEST = 1500
_SHORT = 20
"""So much of a topic without a title becomes its title."""


def written(words: str, status: TopicStatus, proposer: Identity | None = None) -> Topic | None:
    """The topic in `标题：内容 #标签 专业`, its title for a key; None if nothing is asked there.

    Cleaned, within the limits of every field. Raises ValueError with what is too long.
    """
    whole = clean(plain_lines(words))  # what nobody sees is no question
    if len(whole) > _LONGEST:
        raise ValueError(f"太长：至多 {_LONGEST} 字 too long: at most {_LONGEST} characters")
    rest, tags, kind = _endings(whole)
    rest = rest.lstrip(_COLONS + " ")
    found = _TITLE.fullmatch(rest)
    if found is None and rest.endswith(tuple(_COLONS)):
        return None  # a title, and nothing to ask
    title, text = _CLAUSE.split(rest)[0][:_SHORT], rest
    if found is not None:
        title, text = found["marked"] or found["bare"], found["text"]
    title = parse("title", Cell(title, 0, 0))
    text = parse("text", Cell(text, 0, 0))
    if not title or not text:
        return None
    return Topic(
        key=title,
        title=title,
        text=text,
        kind=_KINDS[kind.casefold() or "universal"],
        tags=parse("tags", Cell("", 0, 0, tuple(tags))),
        proposer=proposer,
        status=status,
    )


def _endings(words: str) -> tuple[str, list[str], str]:
    """The words without the tags and the kind behind them."""
    tags: list[str] = []
    kind = ""
    while True:
        tag, named = _TAG.search(words), _KIND.search(words)
        if tag is not None:
            tags.insert(0, tag[1])
            words = words[: tag.start()].rstrip()
        elif named is not None and not kind:
            kind, words = named[1], words[: named.start()].rstrip()
        else:
            return words, tags, kind


def key_of_proposal(number: int, scene: Scene) -> str:
    """The key of a proposal by the number of its card: it says nothing of whose it is."""
    key = f"proposal-{number}"
    while scene.work.topics.get(key) is not None:  # a topic that came in a file
        key += "+"
    return key


def number_of_proposal(topic: Topic) -> int:
    """The number of the card that asks about a proposal; 0 for other topics."""
    found = _KEY.fullmatch(topic.key)
    return int(found[1]) if found else 0
