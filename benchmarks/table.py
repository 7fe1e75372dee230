"""The one table."""

from collections.abc import Iterable

from benchmarks.harness import Medians
from benchmarks.row import Figure, Row

HEAD = ("figure", "ours", "peer or limit", "ratio", "target", "met")


def lines(row: Row, medians: Medians) -> list[tuple[str, ...]]:
    """The lines of the table that a row fills."""
    return [_line(figure, row.sides[0].name, medians) for figure in row.figures]


def _line(figure: Figure, ours: str, medians: Medians) -> tuple[str, ...]:
    value = medians.get(ours, {}).get(figure.metric)
    other = medians.get(figure.peer, {}).get(figure.peer_metric or figure.metric)
    ratio = value / other if value is not None and other else None
    met = figure.target.met(value, ratio) if figure.target and value is not None else None
    return (
        figure.title,
        _number(value, figure.unit),
        f"{figure.peer}: {_number(other, figure.unit)}" if figure.peer else "—",
        "—" if ratio is None else f"{ratio:.2f} ×",
        str(figure.target) if figure.target else "—",
        {True: "yes", False: "**no**", None: "—"}[met],
    )


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "not measured"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2  # noqa: PLR2004
    return f"{value:,.{digits}f} {unit}".strip()


def markdown(cells: Iterable[tuple[str, ...]]) -> str:
    """The lines as a Markdown table."""
    rows = [HEAD, ("---",) + ("---:",) * 4 + ("---",), *cells]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
