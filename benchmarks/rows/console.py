"""The console over a large past, and what five people who click cost the pipeline."""

import asyncio
import contextlib
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

import httpx

from benchmarks.chat import Chat
from benchmarks.filling import ROOT
from benchmarks.judging import ACCOUNT, START, rules
from benchmarks.long_past import long_past
from benchmarks.pages import LIVE, PAGES
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, folder, options, serve_async
from benchmarks.weilu import ME, Ear, committed, config, messages, settled
from bot.app import App, InForce
from bot.clock import MovableClock
from bot.events import GatewayChanged, GatewayState
from console.access import Access
from console.server import serving
from handlers.settings import GroupSettings
from storage.database import Database
from topics.programme import Programme

_LARGE = 1_000_000
_PEOPLE = 5
_TIMES = 7
_FED = 10_000
_BETWEEN = 2.0
_A_TURN = timedelta(minutes=30)
_MS = 1_000

ROW = Row(
    "console",
    (
        Side(
            "ours",
            "App and its console in one process, 500 groups of 500 members and 5 million messages "
            "of half a year in the SQLite file; each page asked for over loopback, groups drawn at "
            "random, nothing remembered from page to page. Then messages are fed as fast as they "
            f"are taken, in turns alone and while {_PEOPLE} people, a process of their own, each "
            "open a page every two seconds whose pieces ask again",
            "benchmarks.rows.console",
        ),
    ),
    (
        Figure(
            "the page that takes longest, median",
            "slowest",
            "ms",
            Target(300, at_least=False, of_ratio=False),
        ),
        *(Figure(f"page “{name}”, median", name, "ms") for name in PAGES),
        Figure("the page of the loudest group", "loudest", "ms"),
        Figure(f"processor time a second while {_PEOPLE} people click", "busy", "ms"),
        Figure(
            f"messages a second while {_PEOPLE} people click, of those while nobody does",
            "kept",
            "×",
            Target(0.9, at_least=True, of_ratio=False),
        ),
    ),
    size=5_000_000,
    quick_size=100_000,
    rounds=1,
    warm_up=0,  # it warms up by itself: the first play of messages
    seconds=1_200,
)


Tell = Callable[[str], None]


@dataclass
class _House:
    app: App
    ear: Ear
    access: Access
    clock: MovableClock
    chat: Chat
    client: httpx.AsyncClient
    turns: int = 0


async def main() -> None:
    """Serve measurements."""
    asked = options()
    groups = min(500, asked.size // 1_000)
    turns, look = (7, 15.0) if asked.size >= _LARGE else (2, 4.0)
    chat = Chat(asked.seed, groups=groups, members=500 * groups)
    with folder() as place:
        file = long_past(place, chat, asked.size)
        async with _house(file, chat) as house:

            async def measure() -> Figures:
                pages = await _pages(house, Random(asked.seed))
                async with _people(house) as tell:
                    busy = await _busy(tell, look)
                    kept = await _kept(house, turns, tell)
                return pages | {"busy": busy, "kept": kept}

            await serve_async(measure)


@contextlib.asynccontextmanager
async def _house(file: Path, chat: Chat) -> AsyncIterator[_House]:
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    settings = GroupSettings(
        rules=rules(chat.words), programmes={"晚间": Programme(cron="0 21 * * *")}
    )
    ear, clock = Ear(), MovableClock(START)
    in_force = InForce(config(chat.words, settings))
    app = App(in_force, database=database, gateway=ear, clock=clock, random=Random(1))
    async with app.running():
        ear.hear(GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, at=START, me=ME))
        await settled(app, ear)
        access = Access(
            database=database, in_force=in_force, decide=app.pipeline.decide, clock=clock
        )
        async with (
            serving(access, host="127.0.0.1", port=0) as address,
            _entered(address) as client,
        ):
            yield _House(app, ear, access, clock, chat, client)
    database.close()


@contextlib.asynccontextmanager
async def _entered(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has signed in."""
    where = urlsplit(address)
    base = f"http://{where.netloc}"
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        key = parse_qs(where.query)["key"][0]
        await client.post("/enter", data={"key": key}, headers={"origin": base})
        yield client


async def _pages(house: _House, draw: Random) -> Figures:
    """How long each page takes with all that it asks for, in milliseconds."""
    found: Figures = {}
    for name in PAGES:
        took = [await _one(house, name, draw.randint(1, house.chat.groups)) for _ in range(_TIMES)]
        found[name] = statistics.median(took)
    found["slowest"] = max(found.values())
    found["loudest"] = await _one(house, "group", 1)
    return found


async def _one(house: _House, name: str, group: int) -> float:
    house.access.sharing.forget()
    took = []
    for path in (PAGES[name], *LIVE.get(name, ())):
        begun = time.perf_counter()
        answer = await house.client.get(path.format(group=group))
        took.append((time.perf_counter() - begun) * _MS)
        answer.raise_for_status()
    return max(took)


async def _busy(tell: Tell, look: float) -> float:
    """Processor time of the house in a second, in milliseconds, while people click at rest."""
    tell("go")
    await asyncio.sleep(_BETWEEN)
    begun, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(look)
    busy = (time.process_time() - used) / (time.perf_counter() - begun)
    return busy * _MS


async def _kept(house: _House, turns: int, tell: Tell) -> float:
    """The throughput while people click, as a part of that while nobody does; the median."""
    ratios = []
    await _throughput(house)  # the first play knows nobody yet
    doing = "go"
    for turn in range(turns):
        found = {}
        for what in ("rest", "go") if turn % 2 else ("go", "rest"):
            if what != doing:
                tell(what)
                await asyncio.sleep(_BETWEEN)  # whoever was about to click has clicked
            doing = what
            found[what] = await _throughput(house)
        ratios.append(found["go"] / found["rest"])
        print(f"alone {found['rest']:.0f}/s, clicked {found['go']:.0f}/s", file=sys.stderr)
    return statistics.median(ratios)


async def _throughput(house: _House) -> float:
    house.turns += 1
    later = house.turns * _A_TURN
    house.clock.move_to(START + later + _A_TURN)
    due = messages(house.chat.lines(_FED), f"play-{house.turns}", later)
    await settled(house.app, house.ear)
    begun = time.perf_counter()
    for message in due:
        house.ear.hear(message)
    await committed(house.app, house.ear)
    seconds = time.perf_counter() - begun
    await settled(house.app, house.ear)
    return _FED / seconds


@contextlib.asynccontextmanager
async def _people(house: _House) -> AsyncIterator[Tell]:
    """People who click or rest, as they are told."""
    cookies = "; ".join(f"{name}={value}" for name, value in house.client.cookies.items())
    people = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.clicking",
        house.client.base_url.netloc.decode(),
        cookies,
        str(_PEOPLE),
        str(house.chat.groups),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
    )
    line = people.stdin
    assert line  # noqa: S101 - for the type checker
    try:
        yield lambda what: line.write(f"{what}\n".encode())
    finally:
        people.kill()
        await people.wait()


if __name__ == "__main__":
    asyncio.run(main())
