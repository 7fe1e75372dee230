"""Who and what is in the sandbox: people, rooms (groups as the network holds them), lines said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import count

from bot.events import Kind
from bot.frozen import frozen


class NotPossible(Exception):  # noqa: N818 - it is a sentence to read, not a breakdown
    """The network says no to what was asked; the text is for a person, Chinese first."""


class Role(StrEnum):
    """What somebody is in a room."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


@dataclass(eq=False)
class Person:
    """Somebody on the network; `is_account` when a gateway speaks for them."""

    id: str
    name: str
    is_account: bool = False


@dataclass(eq=False)
class Membership:
    """One person in one room: their role, the nickname they go by there, and until when muted."""

    person: Person
    role: Role
    nickname: str = ""
    muted_until: datetime | None = None

    @property
    def name(self) -> str:
        """What the room calls them."""
        return self.nickname or self.person.name


@dataclass(eq=False)
class Room:
    """A group of the network, with its members in the order they came."""

    id: str
    name: str
    memberships: dict[str, Membership] = field(default_factory=dict)
    announcement: str = ""

    @property
    def members(self) -> list[Person]:
        """Who is in it, in the order they came."""
        return [membership.person for membership in self.memberships.values()]

    def has(self, person: Person) -> bool:
        """Whether this person is in it."""
        return person.id in self.memberships

    def name_of(self, person: Person) -> str:
        """What the room calls them; of somebody who is not in it, their own name."""
        membership = self.memberships.get(person.id)
        return membership.name if membership else person.name

    def role_of(self, person: Person) -> Role | None:
        """Their role; None for somebody who is not in it."""
        membership = self.memberships.get(person.id)
        return membership.role if membership else None

    def may_govern(self, person: Person) -> bool:
        """Whether they may remove members and set the announcement."""
        return self.role_of(person) in {Role.OWNER, Role.ADMIN}


@frozen
class Enclosure:
    """What is in a card or a picture: the fields of those names of bot.events.Message."""

    title: str = ""
    link: str = ""
    picture: bytes = field(default=b"", repr=False)


NOTHING = Enclosure()


@dataclass(eq=False)
class Line:
    """Something said: in a room, or by one person to another in private.

    `kind` may be a number that nobody knows. `name` is what the room called the author then.
    `why` is for those who watch: the reason an account gave for saying it.
    """

    id: str
    author: Person
    name: str
    to: Room | Person
    at: datetime
    text: str
    kind: int = Kind.TEXT
    mentions: tuple[Person, ...] = ()
    quote: "Line | None" = None
    encloses: Enclosure = NOTHING
    why: str = ""
    recalled: bool = False

    @property
    def room(self) -> Room | None:
        """The room it was said in, None for a private word."""
        return self.to if isinstance(self.to, Room) else None


def short(name: str) -> str:
    """Eight letters that stand for a name, the same in every run."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def unused(id_: str, taken: Iterable[str]) -> str:
    """The id itself, or with the first number behind it that makes it new."""
    candidates = (f"{id_}-{number}" if number else id_ for number in count())
    return next(candidate for candidate in candidates if candidate not in taken)
