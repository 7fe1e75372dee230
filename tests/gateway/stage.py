"""The far side of a gateway, as the shared exam drives it: other people, their groups, the line.

One stage a platform: the sandbox's is in this process, Wechaty's is the real Node server with a
mock puppet behind it. Everything is async because the far side may be another process.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.actions import Action
from bot.events import Group, Identity, Kind, Quote
from bot.gateway.base import CaresFor, Gateway, nowhere

ACCOUNT = "围炉"
"""The account's name in config.yaml; every identity and group that a stage gives carries it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the far side received from us.

    `to` is the platform id of the group or the person. `text` is all of it, with whatever the
    gateway put before it to mention somebody; `mentions` are platform ids.
    """

    to: str
    text: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What is in a card or a picture that somebody sends.

    `link` is an address; of a mini-program the app id, a slash, and the page.
    """

    title: str = ""
    description: str = ""
    link: str = ""
    picture: bytes = b""


NOTHING = Enclosed()


class Stage(ABC):
    """The far side. `open` comes first, `close` last; each test has a stage with nobody in it.

    `pictures` is the folder from which later gateways send picture files.
    """

    pictures: Path | None = None

    @abstractmethod
    async def open(self) -> None:
        """Make the platform reachable, with our account logged in there."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of everything `open` and `gateway` started; may be called after a failure."""

    @abstractmethod
    def gateway(self, cares_for: CaresFor, wants_pictures: CaresFor = nowhere) -> Gateway:
        """A new gateway for our account; it connects when its events are first asked for."""

    @abstractmethod
    async def me(self) -> Identity:
        """Our own account, as the platform knows it."""

    @abstractmethod
    async def person(self, name: str) -> Identity:
        """Somebody new with this nickname, our contact; two calls make two people."""

    @abstractmethod
    async def add_group(
        self, name: str, members: Sequence[Identity], *, admin: bool = True
    ) -> Group:
        """A new group of these people and us; the first of them owns it.

        `admin` says whether we are an admin there. It exists silently: nobody is told of joins.
        """

    @abstractmethod
    async def join(self, group: Group, who: Identity, inviter: Identity) -> None:
        """Somebody comes into the group, invited by a member."""

    @abstractmethod
    async def leave(self, group: Group, who: Identity) -> None:
        """Somebody leaves of their own will."""

    @abstractmethod
    async def remove(self, group: Group, who: Identity, by: Identity) -> None:
        """The owner or an admin removes somebody."""

    @abstractmethod
    async def speak(
        self,
        group: Group | None,
        who: Identity,
        text: str = "",
        *,
        kind: int = Kind.TEXT,
        mentions: Sequence[Identity] = (),
        quote: Quote | None = None,
        encloses: Enclosed = NOTHING,
    ) -> str:
        """Somebody says something in the group, or (None) to us in private: the platform id.

        `kind` may be a number that nobody knows. `quote` is an earlier message replied to.
        """

    @abstractmethod
    async def lose_pictures(self) -> None:
        """From now on no picture can be loaded."""

    @abstractmethod
    async def rename(self, group: Group, name: str, by: Identity) -> None:
        """A member gives the group a new name."""

    @abstractmethod
    async def recall(self, group: Group, message_id: str) -> None:
        """The author takes a message back."""

    @abstractmethod
    async def said(self) -> list[Said]:
        """What we have said so far, everywhere, in order."""

    @abstractmethod
    async def shown(self) -> list[Enclosed]:
        """The pictures that we have sent so far, everywhere, in order."""

    @abstractmethod
    async def refuse_pictures(self) -> None:
        """From now on the platform takes no picture from us."""

    @abstractmethod
    async def members(self, group: Group) -> set[str]:
        """The platform ids of those in the group now, ours among them."""

    @abstractmethod
    async def announcement(self, group: Group) -> str:
        """The group's announcement now."""

    @abstractmethod
    async def refuse(self, action: type[Action]) -> None:
        """From now on the platform says no to actions of this kind."""

    @abstractmethod
    async def ignore(self, action: type[Action]) -> None:
        """From now on the platform accepts actions of this kind and does nothing."""

    @abstractmethod
    async def disconnect(self) -> None:
        """Cut the line; what happens from now on is lost on it."""

    @abstractmethod
    async def reconnect(self) -> None:
        """Make the platform reachable again; the gateway comes back when it notices."""
