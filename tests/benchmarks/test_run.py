"""A run of the benchmarks loses nothing of what was measured; the sides here are of paper."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import harness, process, run, table
from benchmarks.harness import Found
from benchmarks.row import Figure, Row, Side, Target

PAPER = """
import sys, time
print("a greeting")
print("{}", flush=True)
for number, _ in enumerate(sys.stdin):
    if "stalls" in sys.argv:
        time.sleep(60)
    if "fails" in sys.argv and number == 1:
        sys.exit("out of paper")
    print('{"speed": %d}' % (10 * number + (8 if "slow" in sys.argv else 10)), flush=True)
"""

PaperRow = Callable[..., Row]


@pytest.fixture
def paper_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PaperRow:
    """A row whose sides count: 10, 20, 30 … and for the slow one 8, 18, 28 …"""
    (tmp_path / "paper.py").write_text(PAPER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(process, "SCRATCH", tmp_path)

    def make(*arguments: str, **over: Any) -> Row:
        sides = tuple(Side(name, "", "paper", argument=name) for name in arguments)
        figure = Figure("speed", "speed", "/s", Target(1, at_least=True), arguments[-1])
        told = {"size": 1, "quick_size": 1, "rounds": 2, "seconds": 20.0} | over
        return Row("paper", sides, (figure,), **told)

    return make


def test_the_warm_up_does_not_count(paper_row: PaperRow):
    """The same for both sides: one round before those of which the median is taken."""
    found = Found()
    harness.run(paper_row("ours", "slow"), found, seed=1)

    assert {"ours": {"speed": 25.0}, "slow": {"speed": 23.0}} == found.medians()
    assert 2 == found.rounds


def test_a_side_that_fails_is_left_out(paper_row: PaperRow):
    """With its last words; the others are measured."""
    found = Found()
    harness.run(paper_row("ours", "fails"), found, seed=1)

    assert {"fails": "fails: out of paper"} == found.left_out
    assert {"ours": {"speed": 25.0}} == found.medians()


def test_a_side_that_stalls_is_left_out(paper_row: PaperRow):
    """After the longest that one measurement may take, a greeting notwithstanding."""
    found = Found()
    harness.run(paper_row("stalls", warm_up=0, seconds=0.3), found, seed=1)

    assert {} == found.medians()
    assert ["stalls"] == list(found.left_out)


@pytest.fixture
def runs(
    paper_row: PaperRow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """`python -m benchmarks.run` with three rows, one of which does what it is told to."""
    monkeypatch.setattr(run, "SCRATCH", tmp_path)
    monkeypatch.setattr(run, "SO_FAR", tmp_path / "so-far.md")
    monkeypatch.setattr(run, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(run, "NAMES", ("first", "second", "third"))

    def call(second: Callable[[], Row], *words: str) -> int:
        rows = {"first": paper_row, "second": second, "third": paper_row}
        monkeypatch.setattr(
            run,
            "import_module",
            lambda name: SimpleNamespace(ROW=made(rows[name.rpartition(".")[2]])),
        )
        monkeypatch.setattr(sys, "argv", ["benchmarks.run", *words])
        try:
            run.main()
        except SystemExit as left:
            return 1 if isinstance(left.code, str) else int(left.code or 0)
        return 0

    def made(row: Callable[..., Row]) -> Row:
        return row("ours", rounds=1, warm_up=0)

    return call


def test_a_whole_run_replaces_the_results(
    runs: Callable[..., int], paper_row: PaperRow, tmp_path: Path
):
    """Every row was measured: three lines in the table."""
    assert 0 == runs(paper_row)
    assert 3 == (tmp_path / "RESULTS.md").read_text().count("| speed |")


@pytest.mark.parametrize("trouble", [RuntimeError("a fault of ours"), KeyboardInterrupt()])
def test_whatever_happens_to_a_row(
    runs: Callable[..., int], tmp_path: Path, trouble: BaseException
):
    """What was measured is kept, and the results stay as they were."""
    (tmp_path / "RESULTS.md").write_text("as before")

    def broken(*_: object, **__: object) -> Row:
        raise trouble

    assert 1 == runs(broken)
    so_far = (tmp_path / "so-far.md").read_text()
    goes_on = isinstance(trouble, Exception)
    assert (2 if goes_on else 1) == so_far.count("| speed |")
    assert goes_on == ("a fault of ours" in so_far)
    assert "as before" == (tmp_path / "RESULTS.md").read_text()


def test_a_quick_run_is_only_printed(
    runs: Callable[..., int],
    paper_row: PaperRow,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    """The results are those of full size."""
    assert 0 == runs(paper_row, "--quick")
    assert 3 == capsys.readouterr().out.count("| speed |")
    assert not (tmp_path / "RESULTS.md").exists()


def test_what_is_not_measured_is_said():
    """A figure of a side that was left out, and no verdict."""
    figure = Figure("speed", "speed", "/s", Target(1, at_least=True), "peer")
    row = Row("paper", (Side("ours", "", ""), Side("peer", "", "")), (figure,), 1, 1)

    assert [("speed", "not measured", "peer: not measured", "—", "≥ 1 ×", "—")] == table.lines(
        row, {}
    )
