"""`python -m benchmarks.run`: every row, one table.

`--quick` takes under two minutes and writes nothing; without it the table is written to
benchmarks/RESULTS.md. `--only NAME` (may be repeated) runs single rows, which are printed only.
"""

import argparse
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks import harness, machine, table
from benchmarks.row import Row, Side

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
NAMES = (
    "pipeline",
    "words",
    "judging",
    "at_rest",
    "gateway",
    "latency",
    "start",
    "burst",
    "slots",
    "topics",
    "memory",
    "growth",
    "console",
    "postgres",
)


def main() -> None:
    """Run what the command line asks for."""
    options = _options()
    rows: list[Row] = [import_module(f"benchmarks.rows.{name}").ROW for name in options.only]
    about = machine.describe(options.seed, quick=options.quick)
    (HERE / ".scratch").mkdir(exist_ok=True)
    cells, notes = [], []
    for row in rows:
        print(f"{row.name} …", file=sys.stderr, flush=True)
        medians, left_out = harness.run(row, seed=options.seed, quick=options.quick)
        cells += table.lines(row, medians)
        notes += [f"**{row.name}**", "", *_notes(row, left_out, quick=options.quick), ""]
    report = "\n".join([*(f"* {line}" for line in about), "", table.markdown(cells), "", *notes])
    print(report)
    if not options.quick and len(rows) == len(NAMES):
        RESULTS.write_text(f"{_head()}\n{report}", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--seed", type=int, default=1, help="of the generated chat")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=str(NAMES))
    options = parser.parse_args()
    options.only = options.only or NAMES
    return options


def _notes(row: Row, left_out: list[str], *, quick: bool) -> list[str]:
    sides = [
        f"* {side.name}: {side.what}{_part(side)}"
        for side in row.sides
        if not (quick and side.extra)
    ]
    rounds, size = (row.quick_rounds, row.quick_size) if quick else (row.rounds, row.size)
    sizes = f"* {rounds} interleaved rounds of {size:,}; the medians"
    return [*sides, sizes, *(f"* {note}" for note in (*row.notes, *left_out))]


def _part(side: Side) -> str:
    return f" (1/{side.part} of the messages)" if side.part > 1 else ""


def _head() -> str:
    return (
        "# Figures\n\n"
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}; `make bench QUICK=1` takes "
        "under two minutes,\n`SEED=n` draws another chat. Medians; the sides of a row take turns. "
        "Every process talks over loopback only.\n"
    )


if __name__ == "__main__":
    main()
