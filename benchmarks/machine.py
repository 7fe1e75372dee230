"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent


def describe(seed: int, *, quick: bool) -> list[str]:
    """The lines that stand above the table."""
    ours = ("sqlalchemy", "pydantic", "hpack", "ahocorasick-rs", "psycopg")
    node = _said("node", "--version") or "from the wheel"
    commit = _said("git", "describe", "--always", "--dirty") or "of no commit"
    return [
        f"machine: {os.cpu_count()} × {_cpu()}, {_memory()} GiB, {platform.platform()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, Node {node}",
        "packages: " + ", ".join(f"{name} {version(name)}" for name in ours),
        f"Weilu {commit}",
        f"seed {seed}" + (", quick: smaller than the titles say, see the notes" if quick else ""),
    ]


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.processor() or "unknown"


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _said(*command: str) -> str | None:
    """What a program says of itself; None where there is none or it does not know."""
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
