"""Lets the sides of a row take turns and keeps the medians."""

import contextlib
import json
import os
import selectors
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from benchmarks import environment
from benchmarks.environment import MissingError
from benchmarks.row import Home, Row, Side

ROOT = Path(__file__).parent.parent

_QUICK_SECONDS = 30.0

Medians = dict[str, dict[str, float]]
"""Side, metric, median."""


class FailedError(Exception):
    """A side did not deliver; the sentence says what it printed last."""


class Process:
    """A running side."""

    def __init__(self, side: Side, row: Row, *, seed: int, quick: bool) -> None:
        self._side = side
        self._seconds = min(row.seconds, _QUICK_SECONDS) if quick else row.seconds
        size = str((row.quick_size if quick else row.size) // side.part)
        if side.needs_python310:
            environment.python310_peers()
        python = environment.peers() if side.home is Home.PEERS else Path(sys.executable)
        command = [str(python), "-m", side.module, side.argument]
        self._log = (Path(__file__).parent / ".scratch" / f"{row.name}-{side.name}.log").open("w")
        self._process = subprocess.Popen(  # its own session: what it starts ends with it
            [*command, "--seed", str(seed), "--size", size],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,
        )

    def measure(self) -> dict[str, float]:
        """One measurement."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin  # noqa: S101 - for the type checker
        assert stdout  # noqa: S101
        try:
            print("measure", file=stdin, flush=True)
        except BrokenPipeError:
            raise FailedError(self._last_words()) from None
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            if not selector.select(self._seconds):
                raise FailedError(f"no answer within {self._seconds:g} s")
        for line in stdout:  # some peers greet their users before they get to work
            if line.startswith("{"):
                return dict(json.loads(line))
        raise FailedError(self._last_words())

    def end(self) -> None:
        """End it and everything it started."""
        assert self._process.stdin  # noqa: S101
        with contextlib.suppress(subprocess.TimeoutExpired, BrokenPipeError):
            self._process.stdin.close()
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()

    def _last_words(self) -> str:
        self._process.wait(10)
        self._log.flush()
        words = Path(self._log.name).read_text(encoding="utf-8").strip().splitlines()
        return f"{self._side.name}: {words[-1] if words else 'ended without a word'}"


def run(row: Row, *, seed: int, quick: bool) -> tuple[Medians, list[str]]:
    """The medians of every side that could be run, and why the others could not."""
    rounds = row.quick_rounds if quick else row.rounds
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    running: dict[str, Process] = {}
    left_out: dict[str, str] = {}
    try:
        for _ in range(rounds):
            for side in row.sides:
                if side.name not in left_out and not (quick and side.extra):
                    _turn(side, row, running, found, left_out, seed=seed, quick=quick)
    finally:
        for process in running.values():
            process.end()
    medians = {
        side: {metric: statistics.median(values) for metric, values in metrics.items()}
        for side, metrics in found.items()
    }
    return medians, [f"{side} left out: {why}" for side, why in left_out.items()]


def _turn(
    side: Side,
    row: Row,
    running: dict[str, Process],
    found: dict[str, dict[str, list[float]]],
    left_out: dict[str, str],
    *,
    seed: int,
    quick: bool,
) -> None:
    """One measurement of one side; a side that fails is left out from then on."""
    try:
        if row.needs_node:
            environment.node()
        if side.name not in running:
            running[side.name] = Process(side, row, seed=seed, quick=quick)
        begun = time.monotonic()
        for metric, value in running[side.name].measure().items():
            found[side.name][metric].append(value)
        print(f"  {row.name}/{side.name}: {time.monotonic() - begun:.1f} s", file=sys.stderr)
    except (MissingError, FailedError) as trouble:
        left_out[side.name] = str(trouble)
    if (side.fresh or side.name in left_out) and side.name in running:
        running.pop(side.name).end()
