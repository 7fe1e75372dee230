"""What happens on the sandbox network, as its watchers and its gateways are told.

Each reads as a sentence: `str(happening)`. The names in it are hostile like every name.
"""

from bot.frozen import frozen
from bot.gateway.sandbox.people import Line, Person, Room


@frozen
class Spoken:
    """Somebody said something, in a room or in private."""

    line: Line

    def __str__(self) -> str:
        return f"{self.line.name}：{self.line.text}"


@frozen
class Recalled:
    """The author took a line back."""

    line: Line

    def __str__(self) -> str:
        return f"{self.line.name} 撤回了一条消息"


@frozen
class Joined:
    """Somebody came into a room."""

    room: Room
    person: Person
    inviter: Person | None

    def __str__(self) -> str:
        by = f"{self.room.name_of(self.inviter)} 邀请 " if self.inviter else ""
        return f"{by}{self.room.name_of(self.person)} 加入了群聊"


@frozen
class Left:
    """Somebody left a room, or was removed from it."""

    room: Room
    person: Person
    name: str
    remover: Person | None

    def __str__(self) -> str:
        if self.remover:
            return f"{self.room.name_of(self.remover)} 把 {self.name} 移出了群聊"
        return f"{self.name} 离开了群聊"


@frozen
class Renamed:
    """A room has another name."""

    room: Room
    old_name: str
    by: Person | None

    def __str__(self) -> str:
        return f"群改名：{self.old_name} → {self.room.name}"


@frozen
class Nicknamed:
    """Somebody goes by another name in a room."""

    room: Room
    person: Person
    old_name: str

    def __str__(self) -> str:
        return f"{self.old_name} 的群昵称改为 {self.room.name_of(self.person)}"


@frozen
class Announced:
    """A room has another announcement."""

    room: Room
    by: Person
    text: str

    def __str__(self) -> str:
        return f"群公告：{self.text}"


@frozen
class Befriended:
    """Somebody asked to be another's contact."""

    id: str
    person: Person
    to: Person
    hello: str

    def __str__(self) -> str:
        return f"{self.person.name} 想加 {self.to.name} 为好友：{self.hello}"


@frozen
class Invited:
    """Somebody was invited into a room and has not come in."""

    id: str
    room: Room
    person: Person
    inviter: Person

    def __str__(self) -> str:
        return f"{self.inviter.name} 邀请 {self.person.name} 进群「{self.room.name}」"


Happening = (
    Spoken | Recalled | Joined | Left | Renamed | Nicknamed | Announced | Befriended | Invited
)


def concerns(happening: Happening, person: Person) -> bool:
    """Whether somebody's phone would hear of it: their rooms, and their own private words."""
    if isinstance(happening, Spoken | Recalled):
        line = happening.line
        room = line.room
        return room.has(person) if room else person in (line.author, line.to)
    if isinstance(happening, Befriended):
        return person is happening.to
    if isinstance(happening, Invited):
        return person is happening.person
    if isinstance(happening, Left) and happening.person is person:
        return True
    return happening.room.has(person)
