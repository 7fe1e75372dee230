"""One side of a comparison: a process that measures once for each line it reads.

Standard library only: the peers' environments use it too. A side prepares itself when it starts
(that is not measured), says `{}` when it is ready, and then answers each line on its standard input
with one JSON object of figures, so that the harness can let the sides take turns.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

Figures = dict[str, float]


def options() -> argparse.Namespace:
    """What the harness tells every side."""
    parser = argparse.ArgumentParser()
    parser.add_argument("side", nargs="?", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=1_000)
    return parser.parse_args()


def serve(measure: Callable[[], Figures]) -> None:
    """Measure whenever asked, until the standard input ends."""
    with _only_figures() as answer:
        for _ in sys.stdin:
            answer(measure())


async def serve_async(measure: Callable[[], Awaitable[Figures]]) -> None:
    """The same on an event loop, which goes on turning between two measurements."""
    with _only_figures() as answer:
        while await asyncio.to_thread(sys.stdin.readline):
            answer(await measure())


@contextlib.contextmanager
def _only_figures() -> Iterator[Callable[[Figures], None]]:
    """Whatever else is printed goes to the standard error, where the harness keeps it apart."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as channel:
        os.dup2(2, 1)

        def answer(figures: Figures) -> None:
            print(json.dumps(figures), file=channel, flush=True)

        answer({})  # ready
        yield answer


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder on a disk (never in memory: durable means durable), gone afterwards."""
    place = Path(__file__).parent / ".scratch"
    place.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=place) as name:
        yield Path(name)
