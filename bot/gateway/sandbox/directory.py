"""Who and what is on the sandbox network, found by id or name."""

from collections import deque
from datetime import datetime

from bot.clock import Clock
from bot.gateway.sandbox.people import Line, NotPossible, Person, Room

Who = Person | str
Where = Room | str


class Directory:
    """People and rooms, and the last `history` lines said. Raises NotPossible for what is not."""

    def __init__(self, clock: Clock, history: int) -> None:
        self.clock = clock
        self.lines: deque[Line] = deque(maxlen=history)
        self._people: dict[str, Person] = {}
        self._rooms: dict[str, Room] = {}

    @property
    def now(self) -> datetime:
        """The network's time, aware, in UTC."""
        return self.clock.now()

    @property
    def people(self) -> list[Person]:
        """Everybody, in the order they came."""
        return list(self._people.values())

    @property
    def rooms(self) -> list[Room]:
        """Every group, oldest first."""
        return list(self._rooms.values())

    @property
    def said(self) -> list[Line]:
        """What gateways' accounts said, oldest first, within the remembered history."""
        return [line for line in self.lines if line.author.is_account]

    def person(self, who: Who, room: Room | None = None) -> Person:
        """Somebody by id or name, those in the room before others. NotPossible if unknown."""
        if isinstance(who, Person):
            return who
        if who in self._people:
            return self._people[who]
        for membership in room.memberships.values() if room else ():
            if who in (membership.nickname, membership.person.name):
                return membership.person
        for person in self._people.values():
            if who == person.name:
                return person
        raise NotPossible(f"没有这个人：{who} there is nobody of this name")

    def room(self, where: Where) -> Room:
        """A group by id or name. NotPossible if unknown."""
        if isinstance(where, Room):
            return where
        if where in self._rooms:
            return self._rooms[where]
        for room in self._rooms.values():
            if where == room.name:
                return room
        raise NotPossible(f"没有这个群：{where} there is no group of this name")

    def person_of_id(self, id_: str) -> Person:
        """Somebody by id alone. NotPossible if unknown."""
        if id_ not in self._people:
            raise NotPossible(f"没有这个人：{id_} there is nobody with this id")
        return self._people[id_]

    def room_of_id(self, id_: str) -> Room:
        """A group by id alone. NotPossible if unknown."""
        if id_ not in self._rooms:
            raise NotPossible(f"没有这个群：{id_} there is no group with this id")
        return self._rooms[id_]

    def line(self, id_: str) -> Line:
        """A remembered line by its id. NotPossible if unknown."""
        for line in reversed(self.lines):
            if line.id == id_:
                return line
        raise NotPossible(f"没有这条消息：{id_} there is no such message")
