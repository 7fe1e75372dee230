"""A side while it runs: prepared, asked for measurements, ended with all that it started."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import environment
from benchmarks.row import Home, Row, Side

ROOT = Path(__file__).parent.parent
SCRATCH = Path(__file__).parent / ".scratch"


class FailedError(Exception):
    """A side did not deliver; the sentence says what it printed last."""


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
