"""Lets the sides of a row take turns and keeps the medians."""

import contextlib
import json
import os
import select
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import environment
from benchmarks.environment import MissingError
from benchmarks.row import Home, Row, Side

ROOT = Path(__file__).parent.parent
SCRATCH = Path(__file__).parent / ".scratch"

Medians = dict[str, dict[str, float]]
"""Side, metric, median."""


class FailedError(Exception):
    """A side did not deliver; the sentence says what it printed last."""


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


class Process:
    """A running side, which prepares itself."""

    def __init__(self, side: Side, row: Row, *, seed: int) -> None:
        self._side = side
        self._seconds = row.seconds
        size = str(row.size // side.part)
        if side.needs_python310:
            environment.python310_peers()
        python = environment.peers() if side.home is Home.PEERS else Path(sys.executable)
        command = [str(python), "-m", side.module, side.argument]
        self._log = (SCRATCH / f"{row.name}-{side.name}.log").open("w")
        self._process = subprocess.Popen(  # its own session: what it starts ends with it
            [*command, "--seed", str(seed), "--size", size],
            cwd=ROOT,
            env=environment.installed(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )
        self._ready = False
        self._heard = b""

    def ready(self) -> None:
        """Return once it is prepared."""
        if not self._ready:
            self._answer("not ready")
            self._ready = True

    def measure(self) -> dict[str, float]:
        """One measurement."""
        assert self._process.stdin  # noqa: S101 - for the type checker
        try:
            self._process.stdin.write(b"measure\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise FailedError(self._last_words()) from None
        return self._answer("no answer")

    def leave(self) -> None:
        """Tell it that nothing more is asked."""
        assert self._process.stdin  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()

    def end(self, patience: float) -> None:
        """End it and everything it started, after `leave`."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout  # noqa: S101
        self._process.stdout.close()
        self._log.close()

    def _answer(self, otherwise: str) -> dict[str, float]:
        """The next line of figures; what some peers greet their users with is passed over."""
        until = time.monotonic() + self._seconds
        while True:
            for line in iter(self._line, None):
                if line.startswith(b"{"):
                    return dict(json.loads(line))
            self._hear(until, f"{self._side.name}: {otherwise} within {self._seconds:g} s")

    def _line(self) -> bytes | None:
        line, end, rest = self._heard.partition(b"\n")
        if not end:
            return None
        self._heard = rest
        return line

    def _hear(self, until: float, otherwise: str) -> None:
        assert self._process.stdout  # noqa: S101
        if not select.select([self._process.stdout], [], [], max(0, until - time.monotonic()))[0]:
            raise FailedError(otherwise)
        more = os.read(self._process.stdout.fileno(), 1 << 16)
        if not more:
            raise FailedError(self._last_words())
        self._heard += more

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._log.flush()
        words = Path(self._log.name).read_text(encoding="utf-8").strip().splitlines()
        return f"{self._side.name}: {words[-1] if words else 'ended without a word'}"


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
