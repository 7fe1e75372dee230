"""Memory with much that is known."""

import asyncio
from datetime import timedelta
from pathlib import Path

from benchmarks import gateway_load
from benchmarks.chat import Chat
from benchmarks.filling import filled
from benchmarks.gateway_load import gateway, start_client
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, folder, options, serve
from benchmarks.weilu import committed, config, messages, rosters, settled, weilu

_MODULE = "benchmarks.rows.memory"

ROW = Row(
    "memory",
    (
        Side(
            "ours",
            "App in a process of its own, 500 groups of 500 members and 1 million messages in the "
            "SQLite file; all rosters are read anew as after a login, one after another, then "
            "2,000 messages are handled; resident memory after that",
            _MODULE,
            argument="ours",
            fresh=True,
        ),
        Side(
            "python-wechaty",
            "python-wechaty 0.10.7 on Python 3.10, idle after it has answered in one room of 500",
            _MODULE,
            argument="python-wechaty",
            needs_python310=True,
            fresh=True,
        ),
    ),
    (
        Figure(
            "memory with 500 groups of 500 members known and 1 million messages stored",
            "memory",
            "MiB",
            Target(150, at_least=False, of_ratio=False),
            "python-wechaty",
        ),
        Figure("the same, at its peak", "peak", "MiB", None, "python-wechaty"),
    ),
    size=1_000_000,
    quick_size=200_000,
    rounds=5,
    seconds=600,
    needs_node=True,
)


def main() -> None:
    """Serve measurements."""
    asked = options()
    if asked.side == "ours":
        _ours(asked.seed, asked.size)
    else:
        _wechaty(asked.seed)


def _ours(seed: int, count: int) -> None:
    groups = count // 2_000
    chat = Chat(seed, groups=groups, members=500 * groups)
    with folder() as place:
        file = filled(place, chat, count)
        serve(lambda: asyncio.run(_use(file, chat)))


async def _use(file: Path, chat: Chat) -> Figures:
    async with weilu(f"sqlite:///{file}", config(chat.words)) as (app, ear):
        for roster in rosters(chat):
            ear.hear(roster)
            await committed(app, ear)
        del roster
        for message in messages(chat.lines(2_000), "play", timedelta(0)):
            ear.hear(message)
        await settled(app, ear)
        return {"memory": _status("VmRSS"), "peak": _status("VmHWM")}


def _status(what: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024


def _wechaty(seed: int) -> None:
    words = gateway_load.chat(seed).words
    with gateway(rooms=1, members=500, ofOne=500) as (running, place):
        client = start_client("python-wechaty", running.endpoint, words, place)
        try:
            running.knock(words[0])
            running.quiet()
            serve(lambda: {"memory": client.memory("VmRSS"), "peak": client.memory("VmHWM")})
        finally:
            client.process.kill()
            client.process.wait()


if __name__ == "__main__":
    main()
