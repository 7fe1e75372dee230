"""The sandbox's far side for the shared exam."""

from collections.abc import Sequence
from datetime import UTC, datetime

from gateway.stage import ACCOUNT, NOTHING, Enclosed, Said, Stage

from bot.actions import Action
from bot.clock import Clock, MovableClock
from bot.events import Group, Identity, Kind, Quote
from bot.gateway.base import Capability, CaresFor, nowhere
from bot.gateway.sandbox import Enclosure, Person, Role, SandboxGateway, SandboxNetwork


class SandboxStage(Stage):
    """The network is in this process; only the newest gateway is on the line."""

    def __init__(self, clock: Clock) -> None:
        self._network = SandboxNetwork(clock)
        self._gateways: list[SandboxGateway] = []
        self._us = self._network.add_account(ACCOUNT)

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Close the gateways."""
        for gateway in self._gateways:
            await gateway.close()

    def gateway(self, cares_for: CaresFor, wants_pictures: CaresFor = nowhere) -> SandboxGateway:
        """A new gateway of our account."""
        gateway = SandboxGateway(
            self._network,
            ACCOUNT,
            cares_for=cares_for,
            wants_pictures=wants_pictures,
            pictures=self.pictures,
        )
        self._gateways.append(gateway)
        return self._gateways[-1]

    async def me(self) -> Identity:
        """Our account."""
        return self._identity(self._us)

    async def person(self, name: str) -> Identity:
        """Somebody new."""
        return self._identity(self._network.add_person(name))

    async def add_group(
        self, name: str, members: Sequence[Identity], *, admin: bool = True
    ) -> Group:
        """A new group."""
        owner, *others = [member.id for member in members]
        room = self._network.add_group(name, owner, *others, self._us)
        if admin:
            self._network.appoint(room, self._us, Role.ADMIN)
        return Group(ACCOUNT, room.id, room.name)

    async def join(self, group: Group, who: Identity, inviter: Identity) -> None:
        """Somebody comes."""
        self._network.join(group.id, who.id, inviter.id)

    async def leave(self, group: Group, who: Identity) -> None:
        """Somebody leaves."""
        self._network.leave(group.id, who.id)

    async def remove(self, group: Group, who: Identity, by: Identity) -> None:
        """Somebody is removed."""
        self._network.remove(group.id, who.id, by.id)

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
        """Somebody speaks."""
        if group is None:
            return self._network.whisper(who.id, self._us, text, kind=kind).id
        return self._network.speak(
            group.id,
            who.id,
            text,
            mention=[person.id for person in mentions],
            quote=self._network.line(quote.message_id) if quote else None,
            kind=kind,
            encloses=Enclosure(
                "\n".join(filter(None, (encloses.title, encloses.description))),
                encloses.link,
                encloses.picture,
            ),
        ).id

    async def lose_pictures(self) -> None:
        """Load none from now on."""
        self._gateways[-1].faults.without_pictures = True

    async def rename(self, group: Group, name: str, by: Identity) -> None:
        """The group is renamed."""
        self._network.rename(group.id, name, by.id)

    async def recall(self, group: Group, message_id: str) -> None:
        """A message is taken back."""
        self._network.recall(self._network.line(message_id))

    async def said(self) -> list[Said]:
        """What we said."""
        return [
            Said(line.to.id, line.text, tuple(person.id for person in line.mentions))
            for line in self._network.said
        ]

    async def shown(self) -> list[Enclosed]:
        """What we showed."""
        sent = [line.encloses for line in self._network.said if line.kind == Kind.IMAGE]
        return [Enclosed(each.title, link=each.link, picture=each.picture) for each in sent]

    async def refuse_pictures(self) -> None:
        """Refuse from now on."""
        self._gateways[-1].switch_off(Capability.SEND_PICTURE)

    async def members(self, group: Group) -> set[str]:
        """Who is in the group."""
        return {person.id for person in self._network.room_of_id(group.id).members}

    async def announcement(self, group: Group) -> str:
        """The announcement."""
        return self._network.room_of_id(group.id).announcement

    async def refuse(self, action: type[Action]) -> None:
        """Refuse from now on."""
        self._gateways[-1].faults.refuse.add(action)

    async def ignore(self, action: type[Action]) -> None:
        """Ignore from now on."""
        self._gateways[-1].faults.ignore.add(action)

    async def disconnect(self) -> None:
        """Cut the line."""
        self._gateways[-1].disconnect()

    async def reconnect(self) -> None:
        """Mend the line."""
        self._gateways[-1].reconnect()

    def _identity(self, person: Person) -> Identity:
        return Identity(ACCOUNT, person.id, person.name)


def make(clock: Clock | None = None) -> Stage:
    """A stage with nobody on it but us; its clock stands still unless another is given."""
    return SandboxStage(clock or MovableClock(datetime(2026, 11, 20, tzinfo=UTC)))
