"""Lets the sides of a row take turns and keeps the medians."""

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks import environment
from benchmarks.environment import MissingError
from benchmarks.process import FailedError, Process
from benchmarks.row import Row, Side

Medians = dict[str, dict[str, float]]
"""Side, metric, median."""


@dataclass
class Found:
    """What the sides of a row have delivered so far, and why some did not."""

    rounds: int = 0
    """That are over and count."""
    left_out: dict[str, str] = field(default_factory=dict)
    _values: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, side: Side, figures: dict[str, float]) -> None:
        """One measurement."""
        for metric, value in figures.items():
            self._values[side.name][metric].append(value)

    def medians(self) -> Medians:
        """Of every side that could be measured."""
        return {
            side: {metric: statistics.median(values) for metric, values in metrics.items()}
            for side, metrics in self._values.items()
        }


def run(row: Row, found: Found, *, seed: int) -> None:
    """Measure every side that can be, into `found`: it has what there is when this is interrupted.

    The sides prepare themselves side by side, and are measured one after another.
    """
    sides = _Sides(row, found, seed=seed)
    try:
        for _ in range(row.warm_up):  # a fresh process has nothing to be warmed up for
            sides.round(count=False)
        for _ in range(row.rounds):
            sides.round(count=True)
            found.rounds += 1
    finally:
        sides.end(row.sides)


class _Sides:
    """The sides of a row, as far as they are running."""

    def __init__(self, row: Row, found: Found, *, seed: int) -> None:
        self._row = row
        self._found = found
        self._seed = seed
        self._running: dict[str, Process] = {}

    def round(self, *, count: bool) -> None:
        """One measurement of each; one that fails is left out from then on."""
        sides = tuple(side for side in self._row.sides if count or not side.fresh)
        begun = time.monotonic()
        if any(side.name not in self._running for side in sides):
            self._each(sides, self._start)
            self._each(sides, lambda side: self._running[side.name].ready())
            print(f"  {self._row.name}: all ready, {_since(begun)}", file=sys.stderr)
        self._each(sides, lambda side: self._measure(side, count=count))
        self.end(tuple(side for side in sides if side.fresh))

    def end(self, sides: tuple[Side, ...], patience: float = 10) -> None:
        """End those of them that are running, all at once."""
        ending = [self._running.pop(side.name) for side in sides if side.name in self._running]
        for process in ending:
            process.leave()
        for process in ending:
            process.end(patience)

    def _each(self, sides: tuple[Side, ...], do: Callable[[Side], None]) -> None:
        for side in sides:
            if side.name in self._found.left_out:
                continue
            try:
                do(side)
            except (MissingError, FailedError) as trouble:
                self._found.left_out[side.name] = str(trouble)
                self.end((side,), patience=1)

    def _start(self, side: Side) -> None:
        if self._row.needs_node:
            environment.node()
        if side.name not in self._running:
            process = Process(side, self._row, seed=self._seed)
            self._running[side.name] = process

    def _measure(self, side: Side, *, count: bool) -> None:
        begun = time.monotonic()
        figures = self._running[side.name].measure()
        print(f"  {self._row.name}/{side.name}: {_since(begun)}", file=sys.stderr)
        if count:
            self._found.add(side, figures)


def _since(begun: float) -> str:
    return f"{time.monotonic() - begun:.1f} s"
