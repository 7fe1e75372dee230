"""What goes wrong between one gateway and the sandbox network, on purpose."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.actions import Action


@dataclass
class Faults:
    """Set what shall go wrong; a gateway without faults has them all at their defaults.

    `drop` and `duplicate` count down, one for each event that they hit. `delay` is how long an
    event is on its way, by the network's clock. An action of a kind in `refuse` is refused with
    `refusal` as the platform's words; in `ignore`, it is accepted and nothing happens; in `lose`,
    it happens and the line breaks before the answer. With `without_ids` the platform does not
    tell the id of what was sent; with `without_pictures` none can be loaded.
    """

    drop: int = 0
    duplicate: int = 0
    delay: timedelta = timedelta(0)
    refuse: set[type[Action]] = field(default_factory=set)
    refusal: str = "平台拒绝了这个操作 the platform said no"
    ignore: set[type[Action]] = field(default_factory=set)
    lose: set[type[Action]] = field(default_factory=set)
    without_ids: bool = False
    without_pictures: bool = False

    def copies(self) -> int:
        """How often the next event arrives: 0 if dropped, 2 if duplicated; counts down."""
        if self.drop:
            self.drop -= 1
            return 0
        if self.duplicate:
            self.duplicate -= 1
            return 2
        return 1
