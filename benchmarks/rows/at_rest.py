"""What a message costs when nothing else is going on: one at a time, each durable."""

import asyncio
import time
from datetime import timedelta

from benchmarks.chat import Chat
from benchmarks.row import Figure, Home, Row, Side, Target
from benchmarks.side import Figures, folder, options, serve_async
from benchmarks.weilu import committed, config, know_everybody, messages, settled, weilu

ROW = Row(
    "at_rest",
    (
        Side(
            "ours",
            "one message fed to App, awaited until its commit, then the next; what a hit causes in "
            "the outbox is awaited in between and not counted",
            "benchmarks.rows.at_rest",
        ),
        Side(
            "core",
            "one row into a bare table and a commit, SQLAlchemy Core, SQLite (WAL, FULL)",
            "benchmarks.peers.core_rows",
            Home.PEERS,
            "one",
        ),
    ),
    (
        Figure(
            "cost of a message at rest, in all",
            "milliseconds",
            "ms",
            Target(1.5, at_least=False),
            "core",
        ),
    ),
    size=1_000,
    quick_size=200,
)


async def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = Chat(asked.seed)
    with folder() as place:
        url = f"sqlite:///{place / 'weilu.db'}"
        async with weilu(url, config(chat.words)) as (app, ear):
            await know_everybody(app, ear, chat)
            plays = 0

            async def measure() -> Figures:
                nonlocal plays
                plays += 1
                lines = chat.lines(asked.size)
                seconds = 0.0
                due = messages(lines, f"play-{plays}", timedelta(hours=plays))
                for line, message in zip(lines, due, strict=True):
                    begun = time.perf_counter()
                    ear.hear(message)
                    await committed(app, ear)
                    seconds += time.perf_counter() - begun
                    if line.hit:
                        await settled(app, ear)
                return {"milliseconds": 1_000 * seconds / asked.size}

            await serve_async(measure)


if __name__ == "__main__":
    asyncio.run(main())
