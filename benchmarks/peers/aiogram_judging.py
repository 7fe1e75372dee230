"""aiogram 3 judging the same chat, storing nothing: `one` handler, or a handler a rule."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.filters import Filter
from aiogram.types import Chat as TelegramChat
from aiogram.types import Message, TelegramObject, Update, User

from benchmarks.chat import Chat, Line
from benchmarks.judging import START, Judge
from benchmarks.side import Figures, options, serve_async


class _Session(BaseSession):
    """A network that takes everything at once."""

    answers = 0

    async def make_request(self, *_: Any, **__: Any) -> Any:
        self.answers += 1

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        pass


def one_handler(dispatcher: Dispatcher, judge: Judge) -> None:
    """Everything is judged in a single handler, by Weilu's rules."""

    @dispatcher.message()
    async def _(message: Message) -> None:
        if _judged(judge, message, message.text or ""):
            await message.answer("请看群规")


def a_handler_a_rule(dispatcher: Dispatcher, judge: Judge, words: tuple[str, ...]) -> None:
    """Twenty lists of ten words, each a filtered handler, and a middleware for flooding."""

    async def remind(message: Message) -> None:
        await message.answer("请看群规")

    for first in range(0, len(words), 10):
        dispatcher.message.register(remind, _HasWord(words[first : first + 10]))

    @dispatcher.message.outer_middleware()
    async def _(
        handler: Callable[..., Awaitable[Any]], event: TelegramObject, data: dict[str, Any]
    ) -> Any:
        if isinstance(event, Message) and _judged(judge, event, ""):
            return await event.answer("请慢一点")
        return await handler(event, data)


class _HasWord(Filter):
    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words

    async def __call__(self, message: Message) -> bool:
        return any(word in (message.text or "") for word in self._words)


def _judged(judge: Judge, message: Message, text: str) -> bool:
    assert message.from_user  # noqa: S101 - for the type checker
    seconds = (message.date - START).total_seconds()
    return bool(judge.judge(str(message.chat.id), str(message.from_user.id), text, seconds))


def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = Chat(asked.seed)
    lines = chat.lines(asked.size)
    session = _Session()
    bot = Bot("1:benchmark", session=session)
    dispatcher = Dispatcher()
    judge = Judge(chat.words)
    if asked.side == "one":
        one_handler(dispatcher, judge)
    else:
        a_handler_a_rule(dispatcher, judge, chat.words)

    async def measure() -> Figures:
        judge.begin()
        before, begun = session.answers, time.perf_counter()
        for line in lines:
            await dispatcher.feed_update(bot, _update(line))
        seconds = time.perf_counter() - begun
        return {"messages": len(lines) / seconds, "answers": session.answers - before}

    asyncio.run(serve_async(measure))


def _update(line: Line) -> Update:
    return Update(
        update_id=line.number,
        message=Message(
            message_id=line.number,
            date=datetime.fromtimestamp(START.timestamp() + line.seconds, UTC),
            chat=TelegramChat(id=line.group, type="group"),
            from_user=User(id=line.member, is_bot=False, first_name="成员"),
            text=line.text,
        ),
    )


if __name__ == "__main__":
    main()
