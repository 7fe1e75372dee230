"""Which topics are meant on the command line: by status, tag, key or title."""

from collections.abc import Iterable
from typing import Annotated

import typer

from bot.cli.leaving import FAULTY, leave
from bot.cli.speech import tr
from bot.faults import did_you_mean
from bot.shown import shown
from storage.values import Topic, TopicStatus
from topics.fields import STATUSES

Statuses = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        help=tr(f"状态：{'、'.join(STATUSES)}", f"one of {', '.join(STATUSES.values())}"),
        show_default=False,
    ),
]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", help=tr("标签", "a tag"), show_default=False)
]
_KNOWN = STATUSES | {status.value: status for status in TopicStatus}


def chosen(topics: Iterable[Topic], status: list[str] | None, tag: list[str] | None) -> list[Topic]:
    """Those with one of the statuses and one of the tags; without any of them, all."""
    statuses = {_status(word) for word in status or ()}
    tags = set(tag or ())
    return [
        topic
        for topic in topics
        if (not statuses or topic.status in statuses)
        and (not tags or not tags.isdisjoint(topic.tags))
    ]


def _status(word: str) -> TopicStatus:
    if word in _KNOWN:
        return _KNOWN[word]
    choice = "、".join(f"{zh} {status}" for zh, status in STATUSES.items())
    raise leave(
        tr(f"没有「{shown(word)}」这个状态：{choice}", f"No status “{shown(word)}”: {choice}"),
        FAULTY,
    )


def named(topics: Iterable[Topic], words: Iterable[str]) -> list[Topic]:
    """The topics with these keys or titles, each once; leaves if one is not there."""
    topics = tuple(topics)
    known = {topic.title: topic for topic in reversed(topics)}
    known |= {topic.key: topic for topic in topics}
    words = tuple(dict.fromkeys(words))
    missing = [word for word in words if word not in known]
    if missing:
        lines = (
            tr(f"没有话题「{shown(word)}」。", f"There is no topic “{shown(word)}”. ")
            + did_you_mean(word, known)
            for word in missing
        )
        raise leave("\n".join(lines))
    return list({known[word].key: known[word] for word in words}.values())
