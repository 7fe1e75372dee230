"""What to do after each end of the line: how long to wait, whether to push, when to give way."""

from collections import deque
from datetime import datetime, timedelta
from random import Random

from bot.frozen import frozen
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.trouble import Cause, Trouble

_RIVALRY = timedelta(minutes=1)
_ROUNDS = 4
_PATIENCE_SECONDS = 0.3
"""A stream that we have just dropped may still count as taken for a moment."""
_SLOW_SECONDS = 15.0
"""For what a person has to change, and for the public directory: no use in asking every second."""
_MOST_DOUBLINGS = 30


@frozen
class Plan:
    """The next try: what to tell, seconds to wait, whether to free the stream by Stop first."""

    trouble: Trouble
    pause: float
    stop_first: bool = False


class Persistence:
    """Remembers how earlier tries ended and plans the next one.

    Pauses grow exponentially to a cap, with full jitter. A taken stream is freed by Stop at the
    second refusal. A stream lost in order, or freed by Stop, four times within a minute means
    another client doing the same: then we wait and no longer push.
    """

    def __init__(self, settings: WechatySettings, random: Random) -> None:
        self._settings = settings
        self._random = random
        self._failures = 0
        self._refusals = 0
        self._deafnesses = 0
        self._rounds: deque[datetime] = deque(maxlen=_ROUNDS)

    @property
    def failing(self) -> bool:
        """Whether the last try did not open the stream."""
        return self._failures > 1

    def opened(self) -> None:
        """The stream stands."""
        self._failures = self._refusals = 0

    def after(self, trouble: Trouble, now: datetime, *, answered: bool) -> Plan:
        """Plan the next try; `answered` says whether the line that ended ever passed a probe."""
        self._failures += 1
        if trouble.cause is Cause.DEAF:
            return self._deaf(trouble, answered=answered)
        if trouble.cause is Cause.ENDED:
            self._rounds.append(now)
        if trouble.cause in {Cause.ENDED, Cause.TAKEN} and self._contested(now):
            rivals = Trouble(Cause.SECOND_CLIENT, trouble.place)
            return Plan(rivals, self._random.uniform(0.5, 1) * _SLOW_SECONDS)
        if trouble.cause is Cause.TAKEN:
            return self._taken(trouble, now)
        return Plan(trouble, self._back_off(trouble))

    def _deaf(self, trouble: Trouble, *, answered: bool) -> Plan:
        """A new line usually helps; deaf again without one answer, the account is restarted."""
        self._deafnesses = 1 if answered else self._deafnesses + 1
        return Plan(trouble, self._back_off(trouble), stop_first=self._deafnesses > 1)

    def _taken(self, trouble: Trouble, now: datetime) -> Plan:
        self._refusals += 1
        if self._refusals == 1:
            return Plan(trouble, _PATIENCE_SECONDS)
        self._rounds.append(now)
        return Plan(trouble, self._back_off(trouble), stop_first=True)

    def _contested(self, now: datetime) -> bool:
        return len(self._rounds) == _ROUNDS and now - self._rounds[0] < _RIVALRY

    def _back_off(self, trouble: Trouble) -> float:
        slow = trouble.cause.lasting or trouble.cause is Cause.DIRECTORY
        cap = _SLOW_SECONDS if slow else self._settings.back_off_cap
        doublings = min(self._failures - 1, _MOST_DOUBLINGS)
        return self._random.uniform(0, min(cap, self._settings.back_off_first * 2.0**doublings))
