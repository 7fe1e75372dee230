"""From what the gateway tells to what happened: events with people, groups and times."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from bot.clock import Clock
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
)
from bot.gateway.base import CaresFor, nowhere
from bot.gateway.wechaty.channel import Answer
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.enclosures import Enclosures, written
from bot.gateway.wechaty.names import Names
from bot.gateway.wechaty.order import Found
from bot.gateway.wechaty.patience import Patience, Unanswered
from bot.gateway.wechaty.wire import EventType, Raw, Spoken, read_spoken
from bot.gateway.wechaty.words import (
    MENTION_END,
    Notice,
    clean,
    mentioned_names,
    moment,
    split_quote,
)

log = logging.getLogger(__name__)

_RECEIVED = 2
"""The one kind of friendship event that asks for something."""
_MOST_NAMED = 10
"""More people mentioned at once are not looked up."""


class Reader:
    """Reads events up; `me` is who we are once logged in.

    Of a group that is not cared for it loads the name and nothing else.
    """

    def __init__(
        self,
        account: str,
        names: Names,
        patience: Patience,
        cares_for: CaresFor,
        clock: Clock,
        *,
        wants_pictures: CaresFor = nowhere,
    ) -> None:
        self.me: Identity | None = None
        self._account = account
        self._names = names
        self._patience = patience
        self._cares_for = cares_for
        self._clock = clock
        self._enclosures = Enclosures(patience, wants_pictures)
        self._complained: set[str] = set()
        self._readers = {
            EventType.ROOM_JOIN: self._joined,
            EventType.ROOM_LEAVE: self._left,
            EventType.ROOM_TOPIC: self._renamed,
            EventType.ROOM_INVITE: self._invited,
            EventType.FRIENDSHIP: self._befriended,
        }

    def read(self, raw: Raw, client: Client | None = None) -> Coroutine[Any, Any, Found]:
        """What happened; nothing if it cannot be understood, which is logged once a kind.

        Given a client, what was said is asked for before this returns: the question is on its way
        while everything else is got ready for the answer.
        """
        notice = asked = None
        if client is not None:
            with suppress(Exception):  # whatever it is, it is told when it is read up
                notice = Notice.read(raw.payload)
                if id_ := notice.text("messageId"):
                    asked = client.ask_message(id_)
        return self._read(raw, notice, asked)

    async def _read(self, raw: Raw, notice: Notice | None, asked: Answer | None) -> Found:
        try:
            notice = notice or Notice.read(raw.payload)
            if raw.type == EventType.MESSAGE:
                return await self._message(notice, asked)
            return await self._readers[EventType(raw.type)](notice)
        except (Unanswered, ValueError, KeyError) as error:
            self.complain(f"{raw.type}: {type(error).__name__}", raw, error)
            return ()
        except Exception as error:  # noqa: BLE001  one bad event spoils only itself
            self.complain(f"{raw.type}: {error!r}", raw, error)
            return ()

    def complain(self, kind: str, raw: Raw, error: Exception) -> None:
        """Log what was skipped: the first of its kind as a warning, the rest for debugging."""
        level = logging.DEBUG if kind in self._complained else logging.WARNING
        self._complained.add(kind)
        log.log(
            level,
            "读不懂的事件，已跳过（同类只报一次） event %s skipped, told once a kind: %s",
            raw.type,
            error,
        )

    async def _message(self, notice: Notice, asked: Answer | None) -> Found:
        id_ = notice.text("messageId")
        if not id_:
            raise ValueError("a message without an id")
        begun = None if asked is None else _spoken(asked)
        spoken = await self._patience.ask(lambda client: client.message(id_), begun)
        if not spoken.talker:
            raise ValueError("a message without an author")
        at, kind = moment(spoken.stamp, self._clock.now()), Kind(spoken.kind)
        if not spoken.room:
            author = await self._names.contact(spoken.talker)
            return (self._said(id_, spoken, None, author, at, kind, ()),)
        known = self._names.at_hand(spoken.room, spoken.talker)
        group, author = known or await self._loaded(spoken.room, spoken.talker)
        if kind is Kind.RECALLED and _is_id(spoken.text):
            return (MessageRecalled(id=spoken.text, group=group, at=at),)
        cared = self._cares_for(group)
        if not cared:
            author = Identity(self._account, spoken.talker)
        mentions = (
            await self._mentions(group, spoken)
            if spoken.mentions or MENTION_END in spoken.text
            else ()
        )
        said = self._said(id_, spoken, group, author, at, kind, mentions)
        bare = kind is Kind.TEXT or not cared
        return (said if bare else self._enclosures.of(said, spoken),)

    async def _loaded(self, room: str, talker: str) -> tuple[Group, Identity]:
        if self._cares_for(Group(self._account, room)):
            # Cared for whatever it is called: both names are asked for at the same time.
            return await asyncio.gather(self._names.group(room), self._names.member(room, talker))
        group = await self._names.group(room)
        return group, await self._member(group, talker)

    def _said(  # noqa: PLR0917 all of a message
        self,
        id_: str,
        spoken: Spoken,
        group: Group | None,
        author: Identity,
        at: datetime,
        kind: Kind,
        mentions: tuple[Identity, ...],
    ) -> Message:
        quote, text = split_quote(written(kind, spoken.text))
        return Message(
            id=id_,
            group=group,
            author=author,
            at=at,
            kind=kind,
            text=text,
            mentions=mentions,
            quote=quote,
            ours=author == self.me,
        )

    async def _mentions(self, group: Group, spoken: Spoken) -> tuple[Identity, ...]:
        """Who is mentioned: by id where the gateway says so, else by the names it wrote."""
        ids = tuple(dict.fromkeys(id_ for id_ in spoken.mentions if not id_.endswith("@all")))
        if not ids and MENTION_END in spoken.text:
            return await self._named(group, spoken.text)
        if len(ids) > _MOST_NAMED:
            return tuple(self._names.known_member(group.id, id_) for id_ in ids)
        return tuple([await self._member(group, id_) for id_ in ids])

    async def _named(self, group: Group, text: str) -> tuple[Identity, ...]:
        if self.me is not None:
            await self._member(group, self.me.id)
        names = mentioned_names(text)[:_MOST_NAMED]
        found = (self._names.bearer(group.id, name) for name in names)
        return tuple(dict.fromkeys(person for person in found if person is not None))

    async def _joined(self, notice: Notice) -> Sequence[Event]:
        group, at = await self._names.group(_room(notice)), notice.at(self._clock.now())
        ids = notice.ids("inviteeIdList")
        inviter = await self._other(group, notice.text("inviterId"))
        members = await asyncio.gather(*(self._member(group, id_) for id_ in ids))
        return [
            MemberJoined(
                group=group, member=member, at=at, inviter=None if inviter == member else inviter
            )
            for member in members
        ]

    async def _left(self, notice: Notice) -> Sequence[Event]:
        group, at = await self._names.group(_room(notice)), notice.at(self._clock.now())
        ids = notice.ids("removeeIdList")
        remover = await self._other(group, notice.text("removerId"))
        members = await asyncio.gather(*(self._member(group, id_) for id_ in ids))
        return [
            MemberLeft(
                group=group, member=member, at=at, remover=None if remover == member else remover
            )
            for member in members
        ]

    async def _renamed(self, notice: Notice) -> Sequence[Event]:
        group = Group(self._account, _room(notice), notice.text("newTopic"))
        by = await self._other(group, notice.text("changerId"))
        at = notice.at(self._clock.now())
        return (GroupRenamed(group=group, old_name=notice.text("oldTopic"), at=at, by=by),)

    async def _invited(self, notice: Notice) -> Sequence[Event]:
        id_ = notice.text("roomInvitationId")
        told = await self._patience.ask(lambda client: client.invitation(id_))
        inviter = await self._names.contact(told.inviter_id) if told.inviter_id else None
        return (
            InvitationReceived(
                account=self._account,
                id=id_,
                group_name=clean(told.topic),
                inviter=inviter,
                at=moment(told.timestamp, self._clock.now()),
            ),
        )

    async def _befriended(self, notice: Notice) -> Sequence[Event]:
        id_ = notice.text("friendshipId")
        told = await self._patience.ask(lambda client: client.friendship(id_))
        if told.type != _RECEIVED:
            return ()
        return (
            FriendshipRequested(
                account=self._account,
                id=id_,
                person=await self._names.contact(told.contact_id),
                hello=clean(told.hello),
                at=self._clock.now(),
            ),
        )

    async def _member(self, group: Group, id_: str) -> Identity:
        if not self._cares_for(group):
            return Identity(self._account, id_)
        return await self._names.member(group.id, id_)

    async def _other(self, group: Group, id_: str) -> Identity | None:
        return await self._member(group, id_) if id_ else None


async def _spoken(asked: Answer) -> Spoken:
    return read_spoken(await asked)


def _room(notice: Notice) -> str:
    room = notice.text("roomId")
    if not room:
        raise ValueError("no room")
    return room


def _is_id(text: str) -> bool:
    """Whether a recalled message's text names the message, as most puppets do, or is markup."""
    return bool(text) and not text.startswith("<") and not any(c.isspace() for c in text)
