"""A clock that runs fast, the same in every process that is told when it began."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class FastClock:
    """At `began` (seconds since 1970) it was right; since then it goes `rate` times as fast."""

    began: float
    rate: float = 60.0

    def now(self) -> datetime:
        """The present of this clock, in UTC."""
        passed = (time.time() - self.began) * self.rate
        return datetime.fromtimestamp(self.began, UTC) + timedelta(seconds=passed)

    async def sleep(self, seconds: float) -> None:
        """Return once this clock has gone on by `seconds`."""
        await asyncio.sleep(max(seconds, 0) / self.rate)
