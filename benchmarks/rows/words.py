"""Judging by 50,000 words, beside the bare matcher on text that is normal already."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from ahocorasick_rs import AhoCorasick

from benchmarks.chat import Chat
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, options, serve
from bot.events import Group, Identity, Message
from rules.base import Past
from rules.keywords import Keywords
from rules.lexicon import share
from rules.normalising import normalise

_MODULE = "benchmarks.rows.words"
_WORDS = 50_000
_MOST = Target(3, at_least=False)

ROW = Row(
    "words",
    (
        Side(
            "ours",
            f"Keywords.judge with {_WORDS:,} words, all steps of normalisation, each message new; "
            "processor time of the thread",
            _MODULE,
            argument="ours",
        ),
        Side(
            "bare matcher",
            "ahocorasick_rs, find_matches_as_indexes (overlapping) with the same words on the same "
            "messages after normalisation",
            _MODULE,
            argument="bare",
        ),
    ),
    (
        Figure("judging a message of 20 characters", "short", "µs", _MOST, "bare matcher"),
        Figure("judging a message of 200 characters", "long", "µs", _MOST, "bare matcher"),
        Figure("the same, made of ten short ones", "joined", "µs", None, "bare matcher"),
        Figure(
            f"processor time of a reload of {_WORDS:,} words while messages are judged",
            "reload",
            "s",
            Target(1, at_least=False, of_ratio=False),
            "bare matcher",
        ),
        Figure(f"memory that {_WORDS:,} words take", "memory", "MiB", None, "bare matcher"),
    ),
    size=3_000,
    quick_size=500,
    seconds=300,
    notes=(
        (
            "lines of the seeded chat that have 15 to 25 and 150 to 250 characters; words "
            "begin with two characters of the chat and end with one or two of GB2312; both sides "
            "have worked through other messages before"
        ),
        "memory: the first time in a process, with the tables that normalising loads for it",
    ),
)


def main() -> None:
    """Serve measurements."""
    asked = options()
    draw = Random(asked.seed)
    chat = Chat(asked.seed, hits=0)
    texts = _texts(chat, asked.size)
    words = _words(draw, sorted(set(filter(str.isalpha, "".join(texts.short)))))
    measure = _ours if asked.side == "ours" else _bare
    first = measure(words, _texts(chat, asked.size))
    # What is built later takes memory that was let go of: only the first time tells how much.
    serve(lambda: measure(words, texts) | {"memory": first["memory"]})


def _words(draw: Random, everyday: list[str]) -> tuple[str, ...]:
    """As many words as are asked for."""
    every = [bytes((row, cell)) for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFA)]
    chars = [pair.decode("gb2312") for pair in every]
    found: dict[str, None] = {}
    while len(found) < _WORDS:
        begin = draw.choices(everyday, k=2)
        found["".join((*begin, *draw.choices(chars, k=draw.choice((1, 2)))))] = None
    return tuple(found)


@dataclass(frozen=True)
class _Texts:
    short: list[str]
    long: list[str]
    """As they come, 150 to 250 characters: one line in three hundred."""
    joined: list[str]
    """As many lines as make 200: ten openings, ten endings."""


def _texts(chat: Chat, count: int) -> _Texts:
    texts = _Texts([], [], [])
    joined = ""
    for line in chat.lines(count * 20):
        length = len(line.text)
        if 15 <= length <= 25:  # noqa: PLR2004 - about twenty
            texts.short.append(line.text)
        elif 150 <= length <= 250:  # noqa: PLR2004 - about two hundred
            texts.long.append(line.text)
        joined += f"{line.text}，" if line.text else ""
        if len(joined) >= 200:  # noqa: PLR2004
            texts.joined.append(joined[:200])
            joined = ""
    return texts


def _ours(words: tuple[str, ...], texts: _Texts) -> Figures:
    before = _memory()
    rule = _rule(words)
    memory = _memory() - before
    past = Past()

    def judge(message: Message) -> object:
        return rule.judge(message, past)

    return {
        "short": _each(judge, list(map(_said, texts.short))),
        "long": _each(judge, list(map(_said, texts.long))),
        "joined": _each(judge, list(map(_said, texts.joined))),
        "reload": _reload(words, lambda: [judge(_said(text)) for text in texts.short]),
        "memory": memory,
    }


def _bare(words: tuple[str, ...], texts: _Texts) -> Figures:
    before = _memory()
    begun = time.thread_time()
    matcher = AhoCorasick(words)
    reload = time.thread_time() - begun
    memory = _memory() - before

    def find(text: str) -> object:
        return matcher.find_matches_as_indexes(text, overlapping=True)

    return {
        "short": _each(find, [normalise(text).text for text in texts.short]),
        "long": _each(find, [normalise(text).text for text in texts.long]),
        "joined": _each(find, [normalise(text).text for text in texts.joined]),
        "reload": reload,
        "memory": memory,
    }


def _rule(words: tuple[str, ...]) -> Keywords:
    rule = Keywords(words=words, reason="这里不做广告 no advertising here")
    share([rule])
    return rule


def _each(do: Callable[[Any], object], things: Sequence[object]) -> float:
    """Microseconds of processor time."""
    begun = time.thread_time()
    for thing in things:
        do(thing)
    return (time.thread_time() - begun) / len(things) * 1e6


def _reload(words: tuple[str, ...], meanwhile: Callable[[], object]) -> float:
    """Processor time of the thread that builds, while another judges."""
    seconds: list[float] = []

    def build() -> None:
        begun = time.thread_time()
        _rule(words)
        seconds.append(time.thread_time() - begun)

    thread = threading.Thread(target=build)
    thread.start()
    while thread.is_alive():
        meanwhile()
    thread.join()
    return seconds[0]


def _said(text: str) -> Message:
    return Message(
        id="",
        group=Group("围炉", "g"),
        author=Identity("围炉", "m"),
        at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        text=text,
    )


def _memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
