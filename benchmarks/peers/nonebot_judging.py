"""nonebot2 judging the same chat, storing nothing: `one` handler, or a handler a rule."""

import asyncio
import time
from typing import Any

import nonebot
from nonebot import on_keyword, on_message
from nonebot.adapters import Adapter, Bot, Event, Message, MessageSegment
from nonebot.matcher import Matcher
from nonebot.message import handle_event

from benchmarks.chat import Chat, Line
from benchmarks.judging import Judge
from benchmarks.side import Figures, options, serve_async


class _Segment(MessageSegment["_Message"]):
    @classmethod
    def get_message_class(cls) -> type["_Message"]:
        return _Message

    def __str__(self) -> str:
        return str(self.data["text"])

    def is_text(self) -> bool:
        return True


class _Message(Message[_Segment]):
    @classmethod
    def get_segment_class(cls) -> type[_Segment]:
        return _Segment

    @staticmethod
    def _construct(msg: str) -> Any:
        yield _Segment("text", {"text": msg})


class _Said(Event):
    group: str
    member: str
    seconds: float
    message: _Message

    def get_type(self) -> str:
        return "message"

    def get_event_name(self) -> str:
        return "message"

    def get_event_description(self) -> str:
        return "message"

    def get_user_id(self) -> str:
        return self.member

    def get_session_id(self) -> str:
        return f"{self.group}_{self.member}"

    def get_message(self) -> _Message:
        return self.message

    def is_tome(self) -> bool:
        return False


class Taker(Bot):
    """Takes every answer at once."""

    answers = 0

    async def send(self, event: Event, message: Any, **_: Any) -> None:  # noqa: ARG002
        """Taken."""
        self.answers += 1


class Peer(Adapter):
    """No platform."""

    @classmethod
    def get_name(cls) -> str:
        """What it is called."""
        return "benchmark"

    async def _call_api(self, bot: Bot, api: str, **data: Any) -> None:
        raise NotImplementedError


def one_handler(judge: Judge) -> None:
    """Everything is judged in a single handler, by Weilu's rules."""
    matcher = on_message()

    @matcher.handle()
    async def _(event: _Said, matcher: Matcher) -> None:
        if judge.judge(event.group, event.member, event.get_plaintext(), event.seconds):
            await matcher.send("请看群规")


def a_handler_a_rule(judge: Judge, words: tuple[str, ...]) -> None:
    """Twenty lists of ten words, each `on_keyword`, and one handler for flooding."""

    async def remind(matcher: Matcher) -> None:
        await matcher.send("请看群规")

    for first in range(0, len(words), 10):
        on_keyword(set(words[first : first + 10])).append_handler(remind)

    async def flood(event: _Said, matcher: Matcher) -> None:
        if judge.judge(event.group, event.member, "", event.seconds):
            await matcher.send("请慢一点")

    on_message().append_handler(flood)


def main() -> None:
    """Serve measurements."""
    asked = options()
    nonebot.init(driver="~none", log_level="ERROR")
    chat = Chat(asked.seed)
    lines = chat.lines(asked.size)
    bot = Taker(Peer(nonebot.get_driver()), "1")
    judge = Judge(chat.words)
    one_handler(judge) if asked.side == "one" else a_handler_a_rule(judge, chat.words)

    async def measure() -> Figures:
        judge.begin()
        before, begun = bot.answers, time.perf_counter()
        for line in lines:
            await handle_event(bot, said(line))
        seconds = time.perf_counter() - begun
        return {"messages": len(lines) / seconds, "answers": bot.answers - before}

    asyncio.run(serve_async(measure))


def said(line: Line) -> _Said:
    """A line as nonebot hears it."""
    return _Said(
        group=f"{line.group}@room",
        member=f"wxid_{line.member}",
        seconds=line.seconds,
        message=_Message(line.text),
    )


if __name__ == "__main__":
    main()
