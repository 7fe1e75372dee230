"""The table with what it needs to be understood; true at any moment of a run."""

import os
import time

from benchmarks import table
from benchmarks.harness import Found
from benchmarks.row import Row, Side


class Report:
    """What has been measured so far. `whole` as long as every row had all of its rounds."""

    def __init__(self, about: list[str]) -> None:
        self.whole = True
        self._about = about
        self._begun = time.monotonic()
        self._cells: list[tuple[str, ...]] = []
        self._loads: list[str] = []
        self._notes: list[str] = []

    def begin(self, name: str) -> None:
        """A row begins: what else the machine does just now."""
        self._loads.append(f"{name} {os.getloadavg()[0]:.2f}")

    def add(self, row: Row, found: Found) -> None:
        """A row is over, or what there is of it."""
        medians = found.medians()
        self.whole &= found.rounds == row.rounds and row.sides[0].name in medians
        self._cells += table.lines(row, medians)
        left_out = [f"{side} left out: {why}" for side, why in found.left_out.items()]
        notes = (_rounds(row, found.rounds, row.size), *row.notes, *left_out)
        self._notes += [
            f"**{row.name}**",
            "",
            *map(_side, row.sides),
            *map("* {}".format, notes),
            "",
        ]

    def fail(self, name: str, why: str) -> None:
        """A row ended otherwise than it should."""
        self.whole = False
        self._notes += [f"**{name}** ended early: {why}", ""]

    def __str__(self) -> str:
        seconds = time.monotonic() - self._begun
        about = (*self._about, f"load before each row: {', '.join(self._loads)}")
        lines = [*about, f"took {seconds:,.0f} s"]
        return "\n".join(
            [*map("* {}".format, lines), "", table.markdown(self._cells), "", *self._notes]
        )


def _side(side: Side) -> str:
    part = f" (1/{side.part} of the messages)" if side.part > 1 else ""
    return f"* {side.name}: {side.what}{part}"


def _rounds(row: Row, rounds: int, size: int) -> str:
    """The same for all sides, but that a fresh process has nothing to be warmed up for."""
    how = f"{rounds} interleaved {'round' if rounds == 1 else 'rounds'} of {size:,}, the medians"
    warmed_up = row.warm_up and not all(side.fresh for side in row.sides)
    return f"{how}; {row.warm_up} before them, not counted" if warmed_up else how
