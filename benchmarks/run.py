"""`python -m benchmarks.run`: every row, one table.

After each row the table so far is in benchmarks/.scratch/so-far.md; a row that fails or stalls, or
an interrupt, leaves what was measured. benchmarks/RESULTS.md is replaced only by a run of all rows
at full size in which each of them was measured. `--quick` takes under two minutes. `--only NAME`
(may be repeated) runs single rows.
"""

import argparse
import signal
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks import harness, machine
from benchmarks.harness import Found
from benchmarks.process import SCRATCH
from benchmarks.report import Report
from benchmarks.row import Row

RESULTS = Path(__file__).parent / "RESULTS.md"
SO_FAR = SCRATCH / "so-far.md"
NAMES = (
    "pipeline",
    "words",
    "judging",
    "at_rest",
    "gateway",
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
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    SCRATCH.mkdir(exist_ok=True)
    about = machine.describe(options.seed, quick=options.quick)
    report = Report(about)
    try:
        for name in options.only:
            _measure(name, report, options)
    except KeyboardInterrupt:
        print(report)
        sys.exit(f"被打断，到此为止的在 Interrupted; what there is: {SO_FAR}")
    print(report)
    if not options.quick and tuple(options.only) == NAMES:
        _keep(report)


def _measure(name: str, report: Report, options: argparse.Namespace) -> None:
    """One row; whatever happens to it, the others are not lost."""
    print(f"{name} …", file=sys.stderr, flush=True)
    report.begin(name)
    try:
        row: Row = import_module(f"benchmarks.rows.{name}").ROW
        row, found = row.quick() if options.quick else row, Found()
        try:
            harness.run(row, found, seed=options.seed)
        finally:
            report.add(row, found)
    except Exception as error:  # noqa: BLE001 - noted in the table, and the next row goes on
        report.fail(name, repr(error))
    finally:
        SO_FAR.write_text(f"{report}", encoding="utf-8")


def _keep(report: Report) -> None:
    """Replace the figures by those of a whole run."""
    if report.whole:
        RESULTS.write_text(f"{_head()}\n{report}", encoding="utf-8")
    else:
        sys.exit(f"没有量全，RESULTS.md 没有改 Not all was measured, RESULTS.md stays: {SO_FAR}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--seed", type=int, default=1, help="of the generated chat")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=str(NAMES))
    options = parser.parse_args()
    options.only = options.only or NAMES
    return options


def _head() -> str:
    return (
        "# Figures\n\n"
        f"Written by one run of `make bench`, ended {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; "
        "`make bench QUICK=1` is the short look,\n`SEED=n` draws another chat. Medians; the sides "
        "of a row take turns. Every process talks over loopback only.\nWhat bounds the figures "
        "that are not met stands in `BOUNDS.md`.\n"
    )


if __name__ == "__main__":
    main()
