"""nonebot2 with 5,000 words and nothing else: `one` handler with all, or ten words `each`."""

import asyncio
import time

import nonebot
from nonebot import on_keyword
from nonebot.matcher import Matcher
from nonebot.message import handle_event

from benchmarks.chat import Chat
from benchmarks.order import words
from benchmarks.peers.nonebot_judging import Peer, Taker, said
from benchmarks.side import Figures, options, serve_async


def main() -> None:
    """Serve measurements."""
    asked = options()
    nonebot.init(driver="~none", log_level="ERROR")
    chat = Chat(asked.seed)
    lines = chat.lines(asked.size)
    every = words(chat.words, asked.seed)
    bot = Taker(Peer(nonebot.get_driver()), "1")
    size = len(every) if asked.side == "one" else 10

    async def remind(matcher: Matcher) -> None:
        await matcher.send("请看群规")

    for first in range(0, len(every), size):
        on_keyword(set(every[first : first + size])).append_handler(remind)

    async def measure() -> Figures:
        before, begun = bot.answers, time.process_time()
        for line in lines:
            await handle_event(bot, said(line))
        seconds = time.process_time() - begun
        return {"messages": len(lines) / seconds, "answers": bot.answers - before}

    asyncio.run(serve_async(measure))


if __name__ == "__main__":
    main()
