"""From what happens on the network to the events of one account in it."""

from datetime import datetime

from bot.events import (
    Event,
    FriendshipRequested,
    Group,
    GroupRenamed,
    Identity,
    InvitationReceived,
    Kind,
    MemberJoined,
    MemberLeft,
    Message,
    MessageRecalled,
    Quote,
    RosterRead,
)
from bot.gateway.base import CaresFor, nowhere
from bot.gateway.sandbox.happenings import (
    Befriended,
    Happening,
    Invited,
    Joined,
    Left,
    Recalled,
    Renamed,
    Spoken,
)
from bot.gateway.sandbox.people import Line, Person, Room


class Translation:
    """Names people and rooms as one account calls them."""

    def __init__(self, account: str, me: Person) -> None:
        self._account = account
        self._me = me

    def group(self, room: Room) -> Group:
        """A room, by its present name."""
        return Group(self._account, room.id, room.name)

    def identity(self, person: Person, room: Room | None = None) -> Identity:
        """Somebody, by the name the room calls them."""
        name = room.name_of(person) if room else person.name
        return Identity(self._account, person.id, name)

    def roster(self, room: Room, at: datetime) -> RosterRead:
        """Who is in a room now."""
        members = tuple(self.identity(person, room) for person in room.members)
        return RosterRead(group=self.group(room), members=members, at=at)

    def event(
        self, happening: Happening, at: datetime, sees_pictures: CaresFor = nowhere
    ) -> Event | None:
        """What the account hears of it; None for what this platform does not tell a bot."""
        if isinstance(happening, Spoken):
            return self._message(happening.line, sees_pictures)
        if isinstance(happening, Recalled):
            return self._recalled(happening.line, at)
        if isinstance(happening, Joined | Left):
            return self._came_or_went(happening, at)
        if isinstance(happening, Renamed):
            return GroupRenamed(
                group=self.group(happening.room),
                old_name=happening.old_name,
                at=at,
                by=self._maybe(happening.by, happening.room),
            )
        return self._asked(happening, at)

    def _message(self, line: Line, sees_pictures: CaresFor) -> Message:
        room = line.room
        group = self.group(room) if room else None
        return Message(
            id=line.id,
            group=group,
            author=Identity(self._account, line.author.id, line.name),
            at=line.at,
            kind=Kind(line.kind),
            text=line.text,
            mentions=tuple(self.identity(person, room) for person in line.mentions),
            quote=_quote(line.quote) if line.quote else None,
            ours=line.author is self._me,
            title=line.encloses.title,
            link=line.encloses.link,
            picture=line.encloses.picture if group and sees_pictures(group) else b"",
        )

    def _recalled(self, line: Line, at: datetime) -> MessageRecalled | None:
        room = line.room
        return MessageRecalled(id=line.id, group=self.group(room), at=at) if room else None

    def _came_or_went(self, happening: Joined | Left, at: datetime) -> MemberJoined | MemberLeft:
        room, group = happening.room, self.group(happening.room)
        if isinstance(happening, Joined):
            member, inviter = self.identity(happening.person, room), happening.inviter
            return MemberJoined(
                group=group, member=member, at=at, inviter=self._maybe(inviter, room)
            )
        member = Identity(self._account, happening.person.id, happening.name)
        remover = self._maybe(happening.remover, room)
        return MemberLeft(group=group, member=member, at=at, remover=remover)

    def _asked(self, happening: Happening, at: datetime) -> Event | None:
        if isinstance(happening, Befriended):
            return FriendshipRequested(
                account=self._account,
                id=happening.id,
                person=self.identity(happening.person),
                hello=happening.hello,
                at=at,
            )
        if isinstance(happening, Invited):
            return InvitationReceived(
                account=self._account,
                id=happening.id,
                group_name=happening.room.name,
                inviter=self.identity(happening.inviter),
                at=at,
            )
        return None

    def _maybe(self, person: Person | None, room: Room) -> Identity | None:
        return self.identity(person, room) if person else None


def _quote(line: Line) -> Quote:
    return Quote(line.name, line.text, line.id)
