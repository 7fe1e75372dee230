"""SIGKILL at seeded points while a bot is busy; then count.

    cd tests && ../.venv/bin/python -m faults.kill --kills 100 --seed 7

A seed gives the same kills at the same points and the same talk; how two processes race between
two points is the machine's affair, so a seed that failed once is worth running several times.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from faults.counting import Count, count
from faults.trial import Trial

POINTS = {
    "while starting": 900,  # milliseconds after the start
    "heard": 600,  # messages after the login
    "committed": 60,  # commits after the login
    "before the act": 12,  # the far side was asked and has done nothing
    "after the act": 12,  # it has acted and not answered
    "after the answer": 12,  # it has answered; the bot may not have written it down
}
"""Where a process dies, and the highest of what is counted until then."""
_AT_MOST = 15.0


@dataclass(frozen=True)
class Kill:
    """At which point, and at the how-manieth time it is passed in one life."""

    point: str
    number: int


def plan(kills: int, seed: int) -> list[Kill]:
    """The same seed, the same kills."""
    random = Random(seed)
    points = [random.choice(list(POINTS)) for _ in range(kills)]
    return [Kill(point, random.randint(1, POINTS[point])) for point in points]


async def live_and_die(trial: Trial, kill: Kill) -> None:
    """One process, from its start to its SIGKILL."""
    process = await trial.start()
    due = asyncio.Event()
    passed = 0

    def die() -> None:
        if not due.is_set():
            due.set()
            if process.returncode is None:
                process.kill()

    async def at_point(point: str) -> bool:
        nonlocal passed
        passed += point == kill.point
        if point == kill.point and passed >= kill.number:
            die()
        return due.is_set()

    trial.far.at_point = at_point
    loop = asyncio.get_running_loop()
    if kill.point == "while starting":
        loop.call_later(kill.number / 1000, die)
    limit = loop.call_later(_AT_MOST, die)
    await _talk(trial, due, kill, die)
    limit.cancel()
    await process.wait()
    trial.far.hang_up()


async def _talk(trial: Trial, due: asyncio.Event, kill: Kill, die: Callable[[], None]) -> None:
    waits = [asyncio.create_task(trial.far.listening.wait()), asyncio.create_task(due.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if kill.point == "heard":
        await trial.say(kill.number)
        die()
    await trial.talk(due)


async def run(trial: Trial, kills: list[Kill], *, tell: bool = False) -> Count:
    """All the kills, a last life in peace, and the count."""
    for number, kill in enumerate(kills, 1):
        await live_and_die(trial, kill)
        if tell:
            print(f"{number:4} {kill.point} ({kill.number})", flush=True)  # noqa: T201
    trial.far.at_point = _peace
    process = await trial.start()
    async with asyncio.timeout(30):
        await trial.far.listening.wait()
    await trial.say(50)
    await trial.somebody_is_back()
    await trial.heard_all()
    await trial.all_ended()
    await trial.settle()
    process.terminate()
    await process.wait()
    return count(trial)


async def _peace(_: str) -> bool:
    return False


async def _main(kills: int, seed: int, url: str) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="weilu-kill-") as folder:
        async with Trial(Path(folder), seed=seed, url=url) as trial:
            found = await run(trial, plan(kills, seed), tell=True)
            words = trial.log.read_text(encoding="utf-8", errors="replace")
    took = time.monotonic() - began
    print(f"seed {seed}, {kills} kills, {took:.0f} s\n{found.table()}")  # noqa: T201
    if not found.is_clean:
        print(words[-5000:])  # noqa: T201
    return 0 if found.is_clean else 1


def main() -> None:
    """From the command line; exit status 1 if anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", default="", help="a database of its own; default: a SQLite file")
    told = parser.parse_args()
    sys.exit(asyncio.run(_main(told.kills, told.seed, told.url)))


if __name__ == "__main__":
    main()
