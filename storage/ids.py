"""Keys made by us: 63 bits, growing with time, different in every process."""

import secrets
import time
from collections.abc import Callable

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC: 41 bits of milliseconds last until 2089
_NODE_BITS = 14
_TURN_BITS = 8


def _wall_ms() -> int:
    """The computer's clock; it only makes keys differ and grow, it is never read as a time."""
    return time.time_ns() // 1_000_000


class Ids:
    """Gives keys: each larger than the one before.

    A key is the millisecond, this object's own random node, and a turn within the millisecond.
    When the turns are used up the millisecond is taken from the future; when the clock goes back,
    the last one is kept.
    """

    def __init__(self, now_ms: Callable[[], int] = _wall_ms, node: int | None = None) -> None:
        self._now_ms = now_ms
        self._node = (secrets.randbits(_NODE_BITS) if node is None else node) << _TURN_BITS
        self._ms = 0
        self._turn = 0

    def next(self) -> int:
        """A new key."""
        ms = self._now_ms() - _EPOCH_MS
        if ms > self._ms:
            self._ms, self._turn = ms, 0
        elif self._turn + 1 < 1 << _TURN_BITS:
            self._turn += 1
        else:
            self._ms, self._turn = self._ms + 1, 0
        return self._ms << (_NODE_BITS + _TURN_BITS) | self._node | self._turn
