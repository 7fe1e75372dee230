"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path


def describe(seed: int, *, quick: bool) -> list[str]:
    """The lines that stand above the table."""
    ours = ("sqlalchemy", "pydantic", "hpack", "ahocorasick-rs", "psycopg")
    return [
        f"machine: {os.cpu_count()} × {_cpu()}, {_memory()} GiB, {platform.platform()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, Node {_node()}",
        "packages: " + ", ".join(f"{name} {version(name)}" for name in ours),
        f"load before the start: {os.getloadavg()[0]:.2f}",
        f"seed {seed}" + (", quick: smaller sizes, fewer rounds" if quick else ""),
    ]


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.processor() or "unknown"


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _node() -> str:
    try:
        done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "from the wheel"
    return done.stdout.strip()
