"""Whether Weilu slows down with what it has stored."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.chat import Chat
from benchmarks.filling import filled
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, folder, options, serve
from benchmarks.weilu import committed, config, messages, settled, weilu

_MODULE = "benchmarks.rows.growth"
_SMALL = 10_000
_WHAT = (
    "as in row pipeline (5,000 members of 200 groups), with {} messages stored before; start-up: "
    "from opening the database to the first message committed, in a running process"
)

ROW = Row(
    "growth",
    (
        Side("ours", _WHAT.format("10 million (quick: 200,000)"), _MODULE, argument="large"),
        Side("small", _WHAT.format("10 thousand"), _MODULE, argument="small"),
    ),
    (
        Figure(
            "throughput at 10 million stored messages against at 10 thousand",
            "messages",
            "/s",
            Target(0.9, at_least=True),
            "small",
        ),
        Figure("start-up likewise", "start", "s", Target(1.2, at_least=False), "small"),
    ),
    size=10_000_000,
    quick_size=200_000,
    quick_rounds=2,
    seconds=900,
)


def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = Chat(asked.seed)
    count = asked.size if asked.side == "large" else _SMALL
    said = 10_000 if asked.size > 1_000_000 else 5_000  # noqa: PLR2004 - quick or not
    with folder() as place:
        file = filled(place, chat, count)
        plays = 0

        def measure() -> Figures:
            nonlocal plays
            plays += 1
            return asyncio.run(_measure(file, chat, said, plays))

        serve(measure)


async def _measure(file: Path, chat: Chat, count: int, plays: int) -> Figures:
    due = messages(chat.lines(count), f"play-{plays}", timedelta(hours=plays))
    hello = messages(chat.lines(1), f"hello-{plays}", timedelta(hours=plays))
    begun = time.perf_counter()
    async with weilu(f"sqlite:///{file}", config(chat.words)) as (app, ear):
        ear.hear(hello[0])
        await committed(app, ear)
        start = time.perf_counter() - begun
        await settled(app, ear)
        begun = time.perf_counter()
        for message in due:
            ear.hear(message)
        await committed(app, ear)
        seconds = time.perf_counter() - begun
        await settled(app, ear)
    return {"messages": count / seconds, "start": start}


if __name__ == "__main__":
    main()
