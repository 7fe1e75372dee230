"""The gateway's calls, typed, over grpc.aio, with the message classes of wechaty-grpc.

Every call raises grpc.aio.AioRpcError when it fails; only this package sees it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
import grpc.aio
from pydantic import SecretStr
from wechaty_grpc.wechaty import puppet

from bot.gateway.wechaty.address import Address
from bot.gateway.wechaty.wire import Spoken, read_renewed, read_spoken, text_field

_ANNOUNCEMENT_FIELD = 3
_START_SECONDS = 20.0
"""The server itself gives its puppet 15 seconds to start or stop."""
_MESSAGE_SECONDS = 5.0
"""Later messages wait for an earlier one, so that it must not take long; it is asked again."""

_OPTIONS = [
    # Each line has a connection of its own: the pool shared by all channels would also share a
    # dead connection's back-off.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.enable_http_proxy", 0),
    # A message is two small calls. Keeping each for a retry of gRPC's own, and probing how much
    # fits into the line, takes a sixth of the time; what may be tried again is not gRPC's to know.
    ("grpc.enable_retries", 0),
    ("grpc.http2.bdp_probe", 0),
    ("grpc.http2.lookahead_bytes", 1024 * 1024),
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
]


def open_channel(address: Address, token: SecretStr, security: tuple[str, bytes] | None) -> Any:
    """A channel that connects when first used; `security` is (server name, root), or None."""
    if security is None:
        # Gateways before 0.30 know no metadata and read the token from :authority.
        options = [*_OPTIONS, ("grpc.default_authority", token.get_secret_value())]
        return grpc.aio.insecure_channel(str(address), options=options)
    name, root = security
    options = [*_OPTIONS, ("grpc.ssl_target_name_override", name)]
    return grpc.aio.secure_channel(str(address), grpc.ssl_channel_credentials(root), options)


class Client:
    """One connection to one gateway."""

    def __init__(self, channel: Any, token: SecretStr, timeout: float) -> None:
        self._channel = channel
        self._timeout = timeout
        # Made once: of anything else grpc.aio would make it anew for each call.
        self._metadata = grpc.aio.Metadata(("authorization", f"Wechaty {token.get_secret_value()}"))
        self._methods: dict[str, Any] = {}

    def connected(self) -> bool:
        """Whether the transport stands."""
        return bool(self._channel.get_state() == grpc.ChannelConnectivity.READY)

    async def events(self) -> AsyncIterator[bytes]:
        """The stream of EventResponse bytes; the server allows one at a time."""
        method = self._channel.unary_stream("/wechaty.Puppet/Event")
        with _own_cancellation_only():
            async for data in method(bytes(puppet.EventRequest()), metadata=self._metadata):
                yield data

    async def start(self) -> None:
        """Start the account; quick if it is already running."""
        await self._call("Start", puppet.StartRequest(), _START_SECONDS)

    async def stop(self) -> None:
        """Stop the account and free the event stream, whoever holds it."""
        await self._call("Stop", puppet.StopRequest(), _START_SECONDS)

    async def ding(self, data: str, timeout: float) -> None:  # noqa: ASYNC109  gRPC's own deadline
        """Ask for a `dong` event."""
        await self._call("Ding", puppet.DingRequest(data=data), timeout)

    async def message(self, id_: str) -> Spoken:
        """What was said. Raises Malformed too."""
        return read_spoken(await self._call("MessagePayload", text_field(1, id_), _MESSAGE_SECONDS))

    async def rooms(self) -> Sequence[str]:
        """The ids of the groups the account is in."""
        data = await self._call("RoomList", puppet.RoomListRequest())
        return tuple(puppet.RoomListResponse().parse(data).ids)

    async def room_name(self, room: str) -> str:
        """The name of a group."""
        data = await self._call("RoomPayload", puppet.RoomPayloadRequest(id=room))
        return str(puppet.RoomPayloadResponse().parse(data).topic)

    async def member_ids(self, room: str) -> Sequence[str]:
        """Who is in a group, asked of the platform and not of the gateway's cache."""
        data = await self._call("RoomMemberList", puppet.RoomMemberListRequest(id=room))
        return tuple(puppet.RoomMemberListResponse().parse(data).member_ids)

    async def member_name(self, room: str, id_: str) -> str:
        """What a group shows: the alias there, else the nickname."""
        request = puppet.RoomMemberPayloadRequest(id=room, member_id=id_)
        data = await self._call("RoomMemberPayload", request)
        member = puppet.RoomMemberPayloadResponse().parse(data)
        return str(member.room_alias or member.name)

    async def contact_name(self, id_: str) -> str:
        """A person's nickname."""
        data = await self._call("ContactPayload", puppet.ContactPayloadRequest(id=id_))
        return str(puppet.ContactPayloadResponse().parse(data).name)

    async def friendship(self, id_: str) -> Any:
        """A FriendshipPayloadResponse."""
        request = puppet.FriendshipPayloadRequest(id=id_)
        return puppet.FriendshipPayloadResponse().parse(
            await self._call("FriendshipPayload", request)
        )

    async def invitation(self, id_: str) -> Any:
        """A RoomInvitationPayloadResponse."""
        request = puppet.RoomInvitationPayloadRequest(id=id_)
        return puppet.RoomInvitationPayloadResponse().parse(
            await self._call("RoomInvitationPayload", request)
        )

    async def say(self, to: str, text: str, mentions: Sequence[str]) -> str:
        """Say something in a group or to a person; the message's id if the gateway tells it."""
        request = puppet.MessageSendTextRequest(
            conversation_id=to, text=text, mentonal_ids=list(mentions)
        )
        return read_renewed(await self._call("MessageSendText", request))

    async def recall(self, id_: str) -> bool:
        """Take back a message of our own; whether it succeeded."""
        data = await self._call("MessageRecall", puppet.MessageRecallRequest(id=id_))
        return bool(puppet.MessageRecallResponse().parse(data).success)

    async def remove(self, room: str, id_: str) -> None:
        """Remove a member from a group; may be a silent no-op."""
        await self._call("RoomDel", puppet.RoomDelRequest(id=room, contact_id=id_))

    async def invite(self, room: str, id_: str) -> None:
        """Invite a person into a group."""
        await self._call("RoomAdd", puppet.RoomAddRequest(id=room, contact_id=id_))

    async def announce(self, room: str, text: str) -> None:
        """Set the announcement; may be a silent no-op.

        The text goes twice: wrapped as the stubs know it, and as field 3, without which gateways
        since 1.19 take the call for a question.
        """
        request = bytes(puppet.RoomAnnounceRequest(id=room, text=text))
        await self._call("RoomAnnounce", request + text_field(_ANNOUNCEMENT_FIELD, text))

    async def announcement(self, room: str) -> str:
        """The announcement as it is now."""
        return read_renewed(await self._call("RoomAnnounce", puppet.RoomAnnounceRequest(id=room)))

    async def _call(self, name: str, request: Any, timeout: float = 0) -> bytes:  # noqa: ASYNC109  gRPC's own deadline
        method = self._methods.get(name)
        if method is None:
            method = self._methods[name] = self._channel.unary_unary(f"/wechaty.Puppet/{name}")
        with _own_cancellation_only():
            answer: bytes = await method(
                bytes(request), metadata=self._metadata, timeout=timeout or self._timeout
            )
        return answer


@contextmanager
def _own_cancellation_only() -> Iterator[None]:
    """Closing a channel cancels its calls, and grpc.aio tells that as CancelledError too.

    It must not pass for a cancellation of whoever asked: whole tasks would end without a word.
    """
    try:
        yield
    except grpc.aio.UsageError:
        raise _failed(grpc.StatusCode.UNAVAILABLE, "the line was closed before") from None
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise _failed(grpc.StatusCode.CANCELLED, "the line was closed meanwhile") from None


def _failed(code: grpc.StatusCode, details: str) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(), details)
