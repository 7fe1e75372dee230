"""What was last seen on the sandbox network, for whoever opens its page."""

from collections import deque
from datetime import datetime

from bot.frozen import frozen
from bot.gateway import sandbox

_MOST = 400


@frozen
class Seen:
    """One thing that happened: something said, or a sentence about who came, went and the like."""

    at: datetime
    room: sandbox.Room | None
    line: sandbox.Line | None
    note: str


class Scrollback:
    """Remembers what happens from now on, after what was said before."""

    def __init__(self, network: sandbox.SandboxNetwork) -> None:
        self._network = network
        self._seen: deque[Seen] = deque(maxlen=_MOST)
        for line in network.lines:
            self._seen.append(Seen(line.at, line.room, line, ""))
        network.watch(self._heed)

    def of_room(self, room: sandbox.Room) -> list[Seen]:
        """What was said and what happened in a room, oldest first."""
        return [each for each in self._seen if each.room is room]

    def between(self, one: sandbox.Person, other: sandbox.Person) -> list[Seen]:
        """What two people said to each other in private, oldest first."""
        pair = {one.id, other.id}
        return [
            each
            for each in self._seen
            if each.line is not None
            and isinstance(each.line.to, sandbox.Person)
            and {each.line.author.id, each.line.to.id} == pair
        ]

    def _heed(self, happening: sandbox.Happening) -> None:
        at = self._network.now
        match happening:
            case sandbox.Spoken():
                line = happening.line
                self._seen.append(Seen(at, line.room, line, ""))
            case sandbox.Recalled():
                self._seen.append(Seen(at, happening.line.room, None, str(happening)))
            case sandbox.Befriended():
                pass
            case _:
                self._seen.append(Seen(at, happening.room, None, str(happening)))
