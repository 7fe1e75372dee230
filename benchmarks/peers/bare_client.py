"""A bare client of the gateway: grpcio, 32 payloads fetched ahead, answers keywords, in order.

No rules, no storage, no reconnecting: what the transport itself allows. Run as
`python -m benchmarks.peers.bare_client ENDPOINT TOKEN WORDS_FILE`.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import grpc.aio
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

AHEAD = 32
_MESSAGE, _LOGIN = 2, 25  # event types
_STRING, _ENUM_AS_NUMBER = 9, 5


def _messages(**fields: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """Message classes with the few fields that are needed: name to (number, type)."""
    file = descriptor_pb2.FileDescriptorProto(name="bare.proto", package="bare", syntax="proto3")
    for name, members in fields.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in members.items():
            message.field.add(name=field, number=number, type=kind, label=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"bare.{name}"))
        for name in fields
    }


_CLASSES = _messages(
    Empty={},
    Event={"type": (1, _ENUM_AS_NUMBER), "payload": (2, _STRING)},
    Id={"id": (1, _STRING)},
    Payload={"text": (3, _STRING), "talker_id": (6, _STRING), "room_id": (7, _STRING)},
    Say={"conversation_id": (1, _STRING), "text": (2, _STRING)},
)


class Client:
    """Fetches ahead, answers in order."""

    def __init__(self, endpoint: str, token: str, words: list[str]) -> None:
        self._channel = grpc.aio.insecure_channel(endpoint)
        self._metadata = (("authorization", f"Wechaty {token}"),)
        self._words = words
        self._me = ""
        self._fetched: asyncio.Queue[asyncio.Task[Any]] = asyncio.Queue(AHEAD)
        self._saying: set[asyncio.Task[Any]] = set()
        self._payload = self._call("MessagePayload", "Payload")
        self._say = self._call("MessageSendText", "Empty")

    def _call(self, name: str, answer: str) -> Any:
        return self._channel.unary_unary(
            f"/wechaty.Puppet/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=_CLASSES[answer].FromString,
        )

    async def run(self) -> None:
        """Until the stream ends."""
        stream = self._channel.unary_stream(
            "/wechaty.Puppet/Event",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=_CLASSES["Event"].FromString,
        )(_CLASSES["Empty"](), metadata=self._metadata)
        answering = asyncio.create_task(self._answer())
        started = False
        async for event in stream:
            if not started:
                started = True
                await self._call("Start", "Empty")(_CLASSES["Empty"](), metadata=self._metadata)
            if event.type == _LOGIN:
                self._me = json.loads(event.payload)["contactId"]
            elif event.type == _MESSAGE:
                asked = _CLASSES["Id"](id=json.loads(event.payload)["messageId"])
                fetch = self._payload(asked, metadata=self._metadata)
                await self._fetched.put(asyncio.ensure_future(_result(fetch)))
        answering.cancel()

    async def _answer(self) -> None:
        while True:
            said = await (await self._fetched.get())
            if said.talker_id != self._me and any(word in said.text for word in self._words):
                answer = _CLASSES["Say"](conversation_id=said.room_id, text="请看群规")
                # Not awaited: the next message need not wait until this answer has arrived.
                saying = asyncio.ensure_future(_result(self._say(answer, metadata=self._metadata)))
                self._saying.add(saying)
                saying.add_done_callback(self._saying.discard)


async def _result(call: Any) -> Any:
    return await call


async def main() -> None:
    """Answer until the gateway ends."""
    endpoint, token, words_file = sys.argv[1:]
    words = json.loads(Path(words_file).read_text("utf-8"))  # noqa: ASYNC240 - nothing runs yet
    await Client(endpoint, token, words).run()


if __name__ == "__main__":
    asyncio.run(main())
