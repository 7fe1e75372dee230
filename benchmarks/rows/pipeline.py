"""Messages a second through the whole pipeline to a durable commit."""

import asyncio
import time
from datetime import timedelta

from benchmarks.chat import Chat
from benchmarks.row import Figure, Home, Row, Side, Target
from benchmarks.side import Figures, folder, options, serve_async
from benchmarks.weilu import committed, config, know_everybody, messages, rows_in, settled, weilu

_NONEBOT = "benchmarks.peers.nonebot_judging"
_AIOGRAM = "benchmarks.peers.aiogram_judging"
_TITLE = "messages a second through the whole pipeline to a durable commit"

ROW = Row(
    "pipeline",
    (
        Side(
            "ours",
            "bot.app.App: events fed as fast as they are taken, all handlers, recorded in a "
            "SQLite file (WAL, FULL), reminders through the outbox to a gateway that takes them at "
            "once; until the last message is committed. 5,000 members of 200 groups known before",
            "benchmarks.rows.pipeline",
        ),
        Side(
            "nonebot",
            "nonebot2 2.5, one on_message handler with the same rules (Weilu's own), events made "
            "and handle_event awaited one after another, answers taken at once; stores nothing",
            _NONEBOT,
            Home.PEERS,
            "one",
        ),
        Side(
            "aiogram",
            "aiogram 3, one message handler with the same rules, updates made and feed_update "
            "awaited one after another, answers taken at once; stores nothing",
            _AIOGRAM,
            Home.PEERS,
            "one",
        ),
        Side(
            "core",
            "SQLAlchemy Core, rows of eight columns into a bare table without any index, 50 a "
            "commit, SQLite (WAL, FULL)",
            "benchmarks.peers.core_rows",
            Home.PEERS,
            "fifty",
        ),
        Side(
            "nonebot, idiomatic",
            "as its users write it: twenty on_keyword handlers of ten words, one for flooding",
            _NONEBOT,
            Home.PEERS,
            "each",
            extra=True,
            part=20,
        ),
        Side(
            "aiogram, idiomatic",
            "as its users write it: twenty handlers filtered by ten words each, a middleware for "
            "flooding",
            _AIOGRAM,
            Home.PEERS,
            "each",
            extra=True,
            part=20,
        ),
    ),
    (
        Figure(_TITLE, "messages", "/s", Target(5, at_least=True), "nonebot"),
        Figure("the same", "messages", "/s", Target(3, at_least=True), "aiogram"),
        Figure(
            "the same, as rows written a second", "rows", "/s", Target(0.3, at_least=True), "core"
        ),
        Figure("the same", "messages", "/s", peer="nonebot, idiomatic"),
        Figure("the same", "messages", "/s", peer="aiogram, idiomatic"),
    ),
    size=20_000,
    quick_size=2_000,
    notes=(
        (
            "200 words and flood windows: as many rules as exist today; 200 groups, 5,000 members, "
            "one line in ten a hit, 6 % mention, 3 % quote, 15 % are pictures and the like"
        ),
        "rows written: what was inserted into any table (messages, interactions, cases, outbox)",
    ),
)


async def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = Chat(asked.seed)
    with folder() as place:
        file = place / "weilu.db"
        async with weilu(f"sqlite:///{file}", config(chat.words)) as (app, ear):
            await know_everybody(app, ear, chat)
            plays = 0

            async def measure() -> Figures:
                nonlocal plays
                plays += 1
                lines = chat.lines(asked.size)
                due = messages(lines, f"play-{plays}", timedelta(hours=plays))
                before = rows_in(file)
                begun = time.perf_counter()
                for message in due:
                    ear.hear(message)
                await committed(app, ear)
                seconds = time.perf_counter() - begun
                rows = rows_in(file) - before
                await settled(app, ear)
                answered = time.perf_counter() - begun
                return {
                    "messages": asked.size / seconds,
                    "rows": rows / seconds,
                    "answered": asked.size / answered,
                }

            await serve_async(measure)


if __name__ == "__main__":
    asyncio.run(main())
