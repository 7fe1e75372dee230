"""How long to wait before acting: pure computing over `bot.pace.PaceSettings`, without a clock."""

from collections import deque
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.actions import Action, Say
from bot.cron import instant
from bot.pace import PaceSettings, QuietHours

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
_NOTHING = timedelta(0)


class Bucket:
    """Tokens that come back `per` after they were taken.

    So no window of that length, wherever it begins, holds more takings than the limit: stricter
    than a bucket that refills steadily, which lets nearly twice its rate through after a rest.
    The limit is asked with each question because an edited config may change it.
    """

    def __init__(self, per: timedelta) -> None:
        self._per = per
        self._taken: deque[datetime] = deque()
        self._now: datetime | None = None
        """When it was last looked which tokens are there again: a round asks often, all at once."""

    def left(self, now: datetime, limit: int) -> int:
        """How many tokens are there now."""
        self._forget(now)
        return max(limit - len(self._taken), 0)

    def free_at(self, now: datetime, limit: int) -> datetime | None:
        """When the next token is there: `now` if there is one, None if the limit is zero."""
        if limit <= 0:
            return None
        self._forget(now)
        return now if len(self._taken) < limit else self._taken[-limit] + self._per

    def take(self, now: datetime) -> None:
        """Take a token, whether or not one is left: what has been done counts."""
        self._forget(now)
        self._taken.append(now)

    def give_back(self) -> None:
        """The token that was taken last was not used after all."""
        if self._taken:
            self._taken.pop()

    def _forget(self, now: datetime) -> None:
        if now is self._now:
            return
        self._now = now
        while self._taken and self._taken[0] + self._per <= now:
            self._taken.popleft()
        if self._taken and self._taken[-1] > now:
            # The clock was put back: what was taken in its future counts as taken just now.
            self._taken = deque(min(at, now) for at in self._taken)


def typing(action: Action, pace: PaceSettings, random: Random) -> timedelta:
    """How long a person would type this; nothing for what is not said."""
    if not isinstance(action, Say):
        return _NOTHING
    cap = pace.typing_cap.total_seconds()
    seconds = min(len(action.text) * pace.typing_per_character, cap)
    if not seconds:
        return _NOTHING
    varied = seconds * random.uniform(1 - pace.typing_jitter, 1 + pace.typing_jitter)
    return timedelta(seconds=min(varied, cap))


def back_off(attempts: int, pace: PaceSettings, random: Random) -> timedelta:
    """How long to wait after `attempts` failures: doubling, capped, varied downwards by half."""
    doublings = min(max(attempts - 1, 0), 30)
    seconds = min(pace.retry_first.total_seconds() * 2**doublings, pace.retry_cap.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.5, 1))


def quiet_until(now: datetime, quiet: QuietHours | None) -> datetime | None:
    """When the present silence ends; None if it is not a quiet hour. By the wall, over midnight."""
    if quiet is None:
        return None
    wall = now.astimezone(quiet.time_zone).replace(tzinfo=None)
    if not quiet.holds(wall.time()):
        return None
    tomorrow = quiet.end <= quiet.start <= wall.time()
    day = wall.date() + timedelta(days=1 if tomorrow else 0)
    return _not_before(now, datetime.combine(day, quiet.end), quiet.time_zone)


def _not_before(now: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """The occurrence of a wall time that is still ahead: while an hour repeats, its second one."""
    first = instant(end, zone)
    return first if first > now else end.replace(tzinfo=zone, fold=1).astimezone(now.tzinfo)
