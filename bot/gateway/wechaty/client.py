"""The gateway's calls, typed, with the message classes of wechaty-grpc where calls are rare.

Every call raises status.Failed when it fails, and Malformed when the answer is no answer.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from bot.gateway.wechaty.cards import Card, read_mini_program, read_url
from bot.gateway.wechaty.channel import Answer, Channel
from bot.gateway.wechaty.status import Failed
from bot.gateway.wechaty.wire import (
    Spoken,
    number_field,
    read_bytes,
    read_renewed,
    read_spoken,
    read_text,
    read_texts,
    text_field,
)

_ANNOUNCEMENT_FIELD = 3
_FULL_SIZE = 2
"""Of the image types: neither the thumbnail, in which no code can be read, nor the original."""
_START_SECONDS = 20.0
"""The server itself gives its puppet 15 seconds to start or stop."""
_FILE_SECONDS = 30.0
_MESSAGE_SECONDS = 5.0
"""Later messages wait for an earlier one, so that it must not take long; it is asked again."""


class TooLarge(Exception):  # noqa: N818  it says what the file is
    """A file of more bytes than were asked for."""


class Client:
    """One connection to one gateway."""

    def __init__(self, channel: Channel, timeout: float) -> None:
        self._channel = channel
        self._timeout = timeout

    def connected(self) -> bool:
        """Whether the transport stands."""
        return self._channel.connected()

    async def events(self, hear: Callable[[bytes], None]) -> None:
        """Give each EventResponse to `hear` until the stream ends; the server allows one."""
        await self._channel.listen("Event", b"", hear)

    async def start(self) -> None:
        """Start the account; quick if it is already running."""
        await self._channel.ask("Start", b"", _START_SECONDS)

    async def stop(self) -> None:
        """Stop the account and free the event stream, whoever holds it."""
        await self._channel.ask("Stop", b"", _START_SECONDS)

    async def ding(self, data: str, timeout: float) -> None:  # noqa: ASYNC109  the call's deadline
        """Ask for a `dong` event."""
        await self._channel.ask("Ding", text_field(1, data), timeout)

    async def message(self, id_: str) -> Spoken:
        """What was said."""
        return read_spoken(await self._channel.ask(*_message(id_)))

    def ask_message(self, id_: str) -> Answer | None:
        """What was said, in bytes: asked for when this returns. None while it cannot be."""
        try:
            return self._channel.asked(*_message(id_))
        except Failed:
            return None

    async def url_card(self, id_: str) -> Card:
        """What a message's card is called and where it leads."""
        return read_url(await self._ask("MessageUrl", id_))

    async def mini_program(self, id_: str) -> Card:
        """What a message's mini-program is called, and which page of it that is."""
        return read_mini_program(await self._ask("MessageMiniProgram", id_))

    async def picture(self, id_: str) -> str:
        """Where a message's picture is, as the JSON of a file box."""
        request = text_field(1, id_) + number_field(2, _FULL_SIZE)
        return read_text(await self._channel.ask("MessageImage", request, self._timeout), 1)

    async def file(self, id_: str, most: int) -> bytes:
        """A message's file, piece by piece. Raises TooLarge beyond so many bytes."""
        pieces = await self._pieces("MessageFileStream", id_, most)
        return b"".join(read_bytes(read_bytes(piece, 1), 1) for piece in pieces)

    async def download(self, id_: str, most: int) -> bytes:
        """A file that the gateway keeps. Raises TooLarge beyond so many bytes."""
        pieces = await self._pieces("Download", id_, most)
        return b"".join(read_bytes(piece, 1) for piece in pieces)

    async def _pieces(self, method: str, id_: str, most: int) -> Sequence[bytes]:
        parts: list[bytes] = []
        size = 0

        def hear(data: bytes) -> None:
            nonlocal size
            size += len(data)
            if size <= most:
                parts.append(data)
            else:
                loading.cancel()

        loading = asyncio.ensure_future(self._channel.listen(method, text_field(1, id_), hear))
        try:
            await asyncio.wait({loading})
        finally:
            loading.cancel()
        if size > most:
            raise TooLarge
        loading.result()
        return parts

    async def rooms(self) -> Sequence[str]:
        """The ids of the groups the account is in."""
        return read_texts(await self._ask("RoomList"), 1)

    async def room_name(self, room: str) -> str:
        """The name of a group."""
        return read_text(await self._ask("RoomPayload", room), 2)

    async def member_ids(self, room: str) -> Sequence[str]:
        """Who is in a group, asked of the platform and not of the gateway's cache."""
        return read_texts(await self._ask("RoomMemberList", room), 1)

    async def member_name(self, room: str, id_: str) -> str:
        """What a group shows: the alias there, else the nickname."""
        data = await self._ask("RoomMemberPayload", room, id_)
        return read_text(data, 2) or read_text(data, 5)

    async def contact_name(self, id_: str) -> str:
        """A person's nickname."""
        return read_text(await self._ask("ContactPayload", id_), 4)

    async def friendship(self, id_: str) -> Any:
        """A FriendshipPayloadResponse."""
        data = await self._ask("FriendshipPayload", id_)
        return _stubs().FriendshipPayloadResponse().parse(data)

    async def invitation(self, id_: str) -> Any:
        """A RoomInvitationPayloadResponse."""
        data = await self._ask("RoomInvitationPayload", id_)
        return _stubs().RoomInvitationPayloadResponse().parse(data)

    async def say(self, to: str, text: str, mentions: Sequence[str]) -> str:
        """Say something in a group or to a person; the message's id if the gateway tells it."""
        people = b"".join(text_field(3, id_) for id_ in mentions)
        request = text_field(1, to) + text_field(2, text) + people
        return read_renewed(await self._channel.ask("MessageSendText", request, self._timeout))

    async def send_file(self, to: str, box: str) -> str:
        """Send a file, given as the JSON of a file box; the message's id if the gateway tells it.

        The gateway may have to load the file from the web first.
        """
        request = text_field(1, to) + text_field(2, box)
        seconds = max(self._timeout, _FILE_SECONDS)
        return read_renewed(await self._channel.ask("MessageSendFile", request, seconds))

    async def recall(self, id_: str) -> bool:
        """Take back a message of our own; whether it succeeded."""
        data = await self._ask("MessageRecall", id_)
        return bool(_stubs().MessageRecallResponse().parse(data).success)

    async def remove(self, room: str, id_: str) -> None:
        """Remove a member from a group; may be a silent no-op."""
        await self._ask("RoomDel", room, id_)

    async def invite(self, room: str, id_: str) -> None:
        """Invite a person into a group."""
        await self._ask("RoomAdd", room, id_)

    async def announce(self, room: str, text: str) -> None:
        """Set the announcement; may be a silent no-op.

        The text goes twice: wrapped as the stubs know it, and as field 3, without which gateways
        since 1.19 take the call for a question.
        """
        request = bytes(_stubs().RoomAnnounceRequest(id=room, text=text))
        request += text_field(_ANNOUNCEMENT_FIELD, text)
        await self._channel.ask("RoomAnnounce", request, self._timeout)

    async def announcement(self, room: str) -> str:
        """The announcement as it is now."""
        return read_renewed(await self._ask("RoomAnnounce", room))

    async def _ask(self, method: str, *texts: str) -> bytes:
        """A question whose fields are texts, from 1."""
        fields = (text_field(number, text) for number, text in enumerate(texts, 1))
        return await self._channel.ask(method, b"".join(fields), self._timeout)


def _message(id_: str) -> tuple[str, bytes, float]:
    return "MessagePayload", text_field(1, id_), _MESSAGE_SECONDS


def _stubs() -> Any:
    """The message classes of wechaty-grpc: slow to import, and for rare calls only."""
    from wechaty_grpc.wechaty import puppet

    return puppet
