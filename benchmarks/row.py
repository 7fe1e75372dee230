"""What a row of the table is: two or more sides, and the figures read off them."""

from dataclasses import dataclass, field, replace
from enum import Enum

_QUICK_SECONDS = 60.0


class Home(Enum):
    """Whose environment a side runs in."""

    OURS = "ours"
    PEERS = "peers"


@dataclass(frozen=True, slots=True)
class Side:
    """A module of this folder that serves measurements, and what exactly it does in them."""

    name: str
    what: str
    module: str
    home: Home = Home.OURS
    argument: str = ""
    needs_python310: bool = False
    fresh: bool = False
    """A process of its own for each measurement: start-up and memory are what is measured."""
    extra: bool = False
    """No target hangs on it: left out of --quick."""
    part: int = 1
    """It gets this part of the size only: at a hundred a second all of it would take minutes."""


@dataclass(frozen=True, slots=True)
class Target:
    """`at_least` or at most `value`, of the ratio to the peer or of our figure itself."""

    value: float
    at_least: bool
    of_ratio: bool = True

    def met(self, ours: float, ratio: float | None) -> bool | None:
        """Whether it is met; None where there is nothing to compare with."""
        value = ratio if self.of_ratio else ours
        if value is None:
            return None
        return value >= self.value if self.at_least else value <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:g}{' ×' if self.of_ratio else ''}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: our measurement `metric` beside that of a peer (or an own one)."""

    title: str
    metric: str
    unit: str
    target: Target | None = None
    peer: str = ""
    peer_metric: str = ""
    """As `metric` if left out."""


@dataclass(frozen=True, slots=True)
class Row:
    """Sides that take turns; the first is ours."""

    name: str
    sides: tuple[Side, ...]
    figures: tuple[Figure, ...]
    size: int
    quick_size: int
    rounds: int = 5
    quick_rounds: int = 1
    warm_up: int = 1
    """Rounds before those that count, for sides that go on running (not `fresh`)."""
    seconds: float = 120.0
    """The longest that one measurement may take."""
    needs_node: bool = False
    notes: tuple[str, ...] = field(default=())

    def quick(self) -> "Row":
        """The same for a short look: smaller, fewer rounds, without what no target hangs on."""
        extra = {side.name for side in self.sides if side.extra}
        return replace(
            self,
            sides=tuple(side for side in self.sides if not side.extra),
            figures=tuple(figure for figure in self.figures if figure.peer not in extra),
            size=self.quick_size,
            rounds=self.quick_rounds,
            seconds=min(self.seconds, _QUICK_SECONDS),
        )
