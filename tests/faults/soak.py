"""Hours of a busy account in a minute: memory and open files of the bot's process stay flat.

cd tests && ../.venv/bin/python -m faults.soak --seconds 60
"""

import argparse
import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import linear_regression

from faults.counting import count
from faults.trial import Trial

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Sample:
    """The process at one moment."""

    second: float
    messages: int
    memory: int
    files: int


@dataclass(frozen=True)
class Soaked:
    """What was sampled, and whether anything was lost or doubled meanwhile."""

    samples: list[Sample]
    wrong: dict[str, list[str]]

    @property
    def bytes_a_message(self) -> float:
        """The slope of the memory over the second half, by when every cache is warm."""
        half = self.samples[len(self.samples) // 2 :]
        xs, ys = [s.messages for s in half], [s.memory for s in half]
        return linear_regression(xs, ys).slope

    @property
    def more_files(self) -> int:
        """Open files at the end beyond the most there were in the first half."""
        first = self.samples[: len(self.samples) // 2]
        return self.samples[-1].files - max(sample.files for sample in first)

    def table(self) -> str:
        """For a person."""
        lines = [
            f"{s.second:6.1f} s {s.messages:9} messages "
            f"{s.memory / 2**20:8.1f} MiB {s.files:4} files"
            for s in self.samples[:: max(len(self.samples) // 12, 1)]
        ]
        slope = f"{self.bytes_a_message:.0f} bytes a message, {self.more_files:+} files"
        return "\n".join([*lines, slope])


async def soak(folder: Path, seconds: float, seed: int = 1) -> Soaked:
    """Let people talk for so long, at 600 times the usual speed.

    An hour must have passed before the memory can be flat: so long the flood windows are kept.
    """
    async with Trial(folder, seed=seed, rate=600, every=timedelta(minutes=20)) as trial:
        process = await trial.start()
        async with asyncio.timeout(30):
            await trial.far.listening.wait()
        over = asyncio.Event()
        talking = asyncio.create_task(trial.talk(over, pause=0))
        samples = []
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() - began < seconds:
            await asyncio.sleep(seconds / 60)
            samples.append(_sample(process.pid, loop.time() - began, len(trial.far.committed)))
        over.set()
        await talking
        await trial.heard_all()
        await trial.settle()
        process.terminate()
        await process.wait()
        return Soaked(samples, {k: v for k, v in count(trial).wrong.items() if v})


def _sample(pid: int, second: float, messages: int) -> Sample:
    proc = Path(f"/proc/{pid}")
    resident = int((proc / "statm").read_text().split()[1])
    return Sample(second, messages, resident * _PAGE, len(list((proc / "fd").iterdir())))


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weilu-soak-") as folder:
        soaked = asyncio.run(soak(Path(folder), told.seconds, told.seed))
    print(soaked.table(), soaked.wrong or "")  # noqa: T201
    sys.exit(bool(soaked.wrong))


if __name__ == "__main__":
    main()
