"""The sandbox network: people and rooms, driven by plain calls, watched by whoever likes."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

from bot.clock import Clock, SystemClock
from bot.events import Kind
from bot.gateway.sandbox.directory import Directory, Where, Who
from bot.gateway.sandbox.happenings import (
    Announced,
    Befriended,
    Happening,
    Invited,
    Joined,
    Left,
    Nicknamed,
    Recalled,
    Renamed,
    Spoken,
)
from bot.gateway.sandbox.people import (
    NOTHING,
    Enclosure,
    Line,
    Membership,
    NotPossible,
    Person,
    Role,
    Room,
    short,
    unused,
)

Watcher = Callable[[Happening], None]


class SandboxNetwork(Directory):
    """Groups and people in this process. Drive it from the event loop's thread.

    People and rooms may be given by name, id or as what an earlier call returned; the same name
    makes the same ids in every run, and the same calls on the same clock the same ids altogether.
    Whatever cannot be is answered with NotPossible. It remembers the last `history` lines.
    """

    def __init__(self, clock: Clock | None = None, history: int = 10_000) -> None:
        super().__init__(clock or SystemClock(), history)
        self._watchers: list[Watcher] = []
        # Message ids must differ between two runs on one database, people's must not.
        self._run = int(self.clock.now().timestamp() * 1000)
        self._numbers = count(1)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with everything that happens from now on; returns how to stop it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    # Making the world

    def add_person(self, name: str, id_: str = "") -> Person:
        """Somebody new; two calls make two people, even of one name."""
        person = Person(unused(id_ or f"person-{short(name)}", self._people), name)
        self._people[person.id] = person
        return person

    def add_account(self, name: str) -> Person:
        """The person a gateway speaks for; the same one again for the same name."""
        for person in self._people.values():
            if person.is_account and person.name == name:
                return person
        person = self.add_person(name)
        person.is_account = True
        return person

    def add_group(self, name: str, owner: Who, *members: Who, admins: Iterable[Who] = ()) -> Room:
        """A new group. Names that nobody has yet become new people; nobody is told of joins."""
        room = Room(unused(f"group-{short(name)}@sandbox", self._rooms), name)
        chiefs = [self._known_or_new(who) for who in admins]
        for who in (owner, *members, *chiefs):
            self._enter(room, self._known_or_new(who), Role.MEMBER)
        for chief in chiefs:
            room.memberships[chief.id].role = Role.ADMIN
        room.memberships[room.members[0].id].role = Role.OWNER
        self._rooms[room.id] = room
        return room

    def _known_or_new(self, who: Who) -> Person:
        try:
            return self.person(who)
        except NotPossible:
            return self.add_person(str(who))

    def _enter(self, room: Room, person: Person, role: Role) -> None:
        room.memberships.setdefault(person.id, Membership(person, role))

    # What people do

    def speak(
        self,
        where: Where,
        who: Who,
        text: str = "",
        *,
        mention: Iterable[Who] = (),
        quote: Line | None = None,
        kind: int = Kind.TEXT,
        why: str = "",
        encloses: Enclosure = NOTHING,
    ) -> Line:
        """A member says something in a group, or sends a card or a picture there.

        As in WeChat, those mentioned stand in the text as `@name `, which is put before it where
        the text does not say it itself.
        """
        room = self.room(where)
        author = self._member(room, who)
        muted_until = room.memberships[author.id].muted_until
        if muted_until is not None and muted_until > self.now:
            raise NotPossible(f"{author.name} 正被禁言 is muted")
        mentions = tuple(dict.fromkeys(self._member(room, other) for other in mention))
        for other in reversed(mentions):
            called = f"@{room.name_of(other)}"
            text = text if called in text else f"{called}\u2005{text}"
        name, id_ = room.name_of(author), self._id("m")
        line = Line(id_, author, name, room, self.now, text, kind, mentions, quote, encloses, why)
        return self._say(line)

    def whisper(
        self,
        who: Who,
        to: Who,
        text: str = "",
        *,
        kind: int = Kind.TEXT,
        why: str = "",
        encloses: Enclosure = NOTHING,
    ) -> Line:
        """Somebody says something to another in private."""
        author = self.person(who)
        id_, listener = self._id("m"), self.person(to)
        line = Line(
            id_, author, author.name, listener, self.now, text, kind, encloses=encloses, why=why
        )
        return self._say(line)

    def _say(self, line: Line) -> Line:
        self.lines.append(line)
        self._happens(Spoken(line))
        return line

    def recall(self, line: Line, by: Who | None = None) -> None:
        """The author takes a line back; somebody else may not."""
        if by is not None and self.person(by) is not line.author:
            raise NotPossible("只能撤回自己的消息 only one's own words can be taken back")
        line.recalled = True
        self._happens(Recalled(line))

    def join(self, where: Where, who: Who, inviter: Who | None = None) -> Person:
        """Somebody comes into a group; a name that nobody has yet becomes a new person."""
        room = self.room(where)
        person = self._known_or_new(who)
        if room.has(person):
            raise NotPossible(f"{person.name} 已经在群里 is in the group already")
        by = self._member(room, inviter) if inviter is not None else None
        self._enter(room, person, Role.MEMBER)
        self._happens(Joined(room, person, by))
        return person

    def leave(self, where: Where, who: Who) -> None:
        """Somebody leaves of their own will; where the owner leaves, the eldest member owns it."""
        room = self.room(where)
        self._goes(room, self._member(room, who), None)

    def remove(self, where: Where, who: Who, by: Who) -> None:
        """The owner or an admin removes a member; nobody removes the owner."""
        room = self.room(where)
        remover, person = self._member(room, by), self._member(room, who)
        if not room.may_govern(remover) or room.role_of(person) is Role.OWNER:
            raise NotPossible(
                f"{remover.name} 没有权限移出 {person.name} has no right to remove them"
            )
        self._goes(room, person, remover)

    def mute(self, where: Where, who: Who, until: datetime | None, by: Who) -> None:
        """The owner or an admin keeps a member from speaking; None lets them speak again."""
        room = self.room(where)
        person = self._member(room, who)
        if not room.may_govern(self._member(room, by)) or room.role_of(person) is Role.OWNER:
            raise NotPossible(f"没有权限禁言 {person.name} no right to mute them")
        room.memberships[person.id].muted_until = until

    def _goes(self, room: Room, person: Person, remover: Person | None) -> None:
        gone = room.memberships.pop(person.id)
        if gone.role is Role.OWNER and room.memberships:
            next(iter(room.memberships.values())).role = Role.OWNER
        self._happens(Left(room, person, gone.name, remover))

    def rename(self, where: Where, name: str, by: Who | None = None) -> None:
        """A group gets another name."""
        room = self.room(where)
        old, room.name = room.name, name
        self._happens(Renamed(room, old, self._member(room, by) if by is not None else None))

    def nickname(self, where: Where, who: Who, name: str) -> None:
        """A member goes by another name in this group; an empty one takes it off."""
        room = self.room(where)
        person = self._member(room, who)
        old = room.name_of(person)
        room.memberships[person.id].nickname = name
        self._happens(Nicknamed(room, person, old))

    def appoint(self, where: Where, who: Who, role: Role) -> None:
        """A member gets another role; a new owner takes it from the old one."""
        room = self.room(where)
        person = self._member(room, who)
        for membership in room.memberships.values():
            if role is Role.OWNER and membership.role is Role.OWNER:
                membership.role = Role.MEMBER
        room.memberships[person.id].role = role

    def announce(self, where: Where, text: str, by: Who) -> None:
        """The owner or an admin sets the announcement."""
        room = self.room(where)
        author = self._member(room, by)
        if not room.may_govern(author):
            raise NotPossible("只有群主和管理员能发公告 only owner and admins may announce")
        room.announcement = text
        self._happens(Announced(room, author, text))

    def befriend(self, who: Who, to: Who, hello: str = "") -> None:
        """Somebody asks to be another's contact."""
        self._happens(Befriended(self._id("f"), self.person(who), self.person(to), hello))

    def invite(self, where: Where, who: Who, inviter: Who) -> None:
        """A member invites somebody, who is told and has yet to come in."""
        room = self.room(where)
        by = self._member(room, inviter)
        self._happens(Invited(self._id("i"), room, self.person(who), by))

    # Within

    def _member(self, room: Room, who: Who) -> Person:
        person = self.person(who, room)
        if not room.has(person):
            raise NotPossible(f"{person.name} 不在群「{room.name}」里 is not in this group")
        return person

    def _id(self, letter: str) -> str:
        return f"{letter}{self._run}-{next(self._numbers)}"

    def _happens(self, happening: Happening) -> None:
        for watcher in tuple(self._watchers):
            watcher(happening)
