import asyncio
import gc

import pytest
from gateway.wechaty.far_end import HEADERS, FarEnd, framed
from h2.settings import SettingCodes
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.wechaty import frames
from bot.gateway.wechaty.channel import Channel
from bot.gateway.wechaty.frames import Kind, frame
from bot.gateway.wechaty.status import Code, Failed

LONG = 1_000_000


def ask(channel: Channel, request: bytes = b"?", seconds: float = 60) -> asyncio.Task[bytes]:
    """A question on its way."""
    return asyncio.create_task(channel.ask("Ask", request, seconds))


async def how_it_failed(asked: asyncio.Task[bytes]) -> tuple[Code, bool]:
    """The code of a failure, and whether the gateway may have seen the question."""
    with pytest.raises(Failed) as failed:
        await asked
    return failed.value.code, failed.value.sent


@settings(deadline=None)
@given(
    answers=st.lists(st.binary(max_size=300), min_size=1, max_size=5),
    pieces=st.integers(1, 60),
)
async def test_answers_come_through_in_any_pieces(answers: list[bytes], pieces: int) -> None:
    """However the network cuts the bytes, each question gets its own answer."""
    far = FarEnd(pieces)
    channel = await far.open()
    asked = [ask(channel, answer) for answer in answers]
    await far.turn()
    for stream in reversed(far.whole):
        far.answer(stream, far.asked[stream][5:])
    await far.turn()
    assert answers == [await question for question in asked]
    await channel.close()


async def test_what_a_question_says_of_itself() -> None:
    """Path, token and the marks of gRPC stand in the headers."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    said = far.headers[1]
    assert ("/wechaty.Puppet/Ask", "Wechaty secret") == (said[":path"], said["authorization"])
    assert ("secret", "trailers") == (said[":authority"], said["te"])
    await channel.close()
    assert (Code.UNAVAILABLE, True) == await how_it_failed(asked)


async def test_a_long_question_waits_for_the_windows() -> None:
    """No more is sent than the other side takes; the rest follows when it opens its windows."""
    far = FarEnd()
    far.takes = False
    channel = await far.open()
    asked, short = ask(channel, bytes(LONG)), ask(channel)
    await far.turn()
    assert (65_535, []) == (len(far.asked[1]), far.whole)
    far.h2.increment_flow_control_window(LONG)
    far.h2.increment_flow_control_window(10_000, 1)
    await far.turn()
    assert (75_535, [3]) == (len(far.asked[1]), far.whole)
    far.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: LONG + 5})
    await far.turn()
    assert (framed(bytes(LONG)), [3, 1]) == (far.asked[1], far.whole)
    far.answer(1, b"long")
    far.answer(3, b"short")
    await far.turn()
    assert (b"long", b"short") == (await asked, await short)
    await channel.close()


async def test_a_long_answer() -> None:
    """An answer of many frames comes as one."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    far.answer(1, bytes(LONG))
    await far.turn()
    assert bytes(LONG) == await asked
    await channel.close()


async def test_no_more_at_once_than_the_other_side_takes() -> None:
    """What goes beyond its limit waits, in order; who gives up waiting is not sent at all."""
    far = FarEnd()
    channel = await far.open()
    far.h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 1})
    await far.turn()
    first, given_up, third = ask(channel, b"1"), ask(channel, b"2"), ask(channel, b"3")
    await far.turn()
    given_up.cancel()
    await far.turn()
    assert [1] == far.whole
    far.answer(1, b"one")
    await far.turn()
    assert (b"one", framed(b"3")) == (await first, far.asked[3])
    far.answer(3, b"three")
    await far.turn()
    assert b"three" == await third
    await channel.close()


async def test_who_gives_up_tells_the_other_side() -> None:
    """By a deadline or by being cancelled: the stream is reset, a late answer harms nobody."""
    far = FarEnd()
    channel = await far.open()
    late, cancelled = ask(channel, seconds=0), ask(channel)
    await far.turn()
    cancelled.cancel()
    assert (Code.DEADLINE_EXCEEDED, True) == await how_it_failed(late)
    await far.turn()
    assert [1, 3] == sorted(far.reset)
    far.say(frame(Kind.DATA, 0, 1, b"late") + frame(Kind.RESET, 0, 3, frames.number(8)))
    assert not far.aborted
    await channel.close()


@pytest.mark.parametrize(
    ("trailers", "expected"),
    [
        ([("grpc-status", "16"), ("grpc-message", "%E5%9B%B4")], (Code.UNAUTHENTICATED, "围")),
        ([("grpc-status", "99")], (Code.UNKNOWN, "")),
        ([("grpc-status", "9" * 5000)], (Code.UNKNOWN, "")),
        ([("grpc-status", "x")], (Code.UNKNOWN, "")),
    ],
)
async def test_a_refusal_says_why(
    trailers: list[tuple[str, str]], expected: tuple[Code, str]
) -> None:
    """Code and words of the gateway come through, whatever they are."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    far.answer(1, b"", trailers)
    await far.turn()
    with pytest.raises(Failed) as failed:
        await asked
    assert expected == (failed.value.code, failed.value.details)
    await channel.close()


@pytest.mark.parametrize(("http", "code"), [("404", Code.UNIMPLEMENTED), ("299", Code.UNKNOWN)])
async def test_an_answer_that_is_no_grpc(http: str, code: Code) -> None:
    """A web server's answer is told by its HTTP status."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    far.h2.send_headers(1, [(":status", http)], end_stream=True)
    await far.turn()
    assert (code, True) == await how_it_failed(asked)
    await channel.close()


@pytest.mark.parametrize("message", [b"", b"\0\0\0\0\x09cut", b"\1\0\0\0\0", b"\0\xff\xff\xff\xff"])
async def test_an_answer_cut_off_or_compressed(message: bytes) -> None:
    """What is not one whole message is no answer."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    far.h2.send_headers(1, HEADERS)
    far.h2.send_data(1, message)
    far.h2.send_headers(1, [("grpc-status", "0")], end_stream=True)
    await far.turn()
    assert (Code.INTERNAL, True) == await how_it_failed(asked)
    await channel.close()


async def test_a_question_that_was_not_looked_at() -> None:
    """A refused stream, and those behind a GOAWAY: they were certainly not done."""
    far = FarEnd()
    channel = await far.open()
    refused, answered, unseen = ask(channel), ask(channel), ask(channel)
    await far.turn()
    far.h2.reset_stream(1, 7)
    far.say(far.h2.data_to_send() + frame(Kind.GOAWAY, 0, 0, frames.number(3) + bytes(4)))
    assert (Code.UNAVAILABLE, False) == await how_it_failed(refused)
    assert (Code.UNAVAILABLE, False) == await how_it_failed(unseen)
    assert (Code.UNAVAILABLE, False) == await how_it_failed(ask(channel))
    far.answer(3, b"still")
    await far.turn()
    assert b"still" == await answered
    await channel.close()


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 30))
async def test_a_stream_of_messages_in_any_pieces(messages: list[bytes], pieces: int) -> None:
    """Each message is handed on once, in order, until the stream ends."""
    far = FarEnd(pieces)
    channel = await far.open()
    heard: list[bytes] = []
    listening = asyncio.create_task(channel.listen("Event", b"", heard.append))
    await far.turn()
    far.h2.send_headers(1, HEADERS)
    far.h2.send_data(1, b"".join(map(framed, messages)), pad_length=3)
    far.h2.send_headers(1, [("grpc-status", "0")], end_stream=True)
    await far.turn()
    await listening
    assert messages == heard
    await channel.close()


async def test_headers_in_several_frames() -> None:
    """Long headers are continued in a second frame, padded and with a priority as they may be."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    block = frames.block(((b":status", b"200"), (b"grpc-status", b"5")))
    padded = b"\x02" + bytes(5) + block[:3] + bytes(2)
    flags = frames.PADDED | frames.PRIORITY | frames.END_STREAM
    far.say(frame(Kind.HEADERS, flags, 1, padded))
    far.say(frame(Kind.CONTINUATION, 0, 1, block[3:5]))
    far.say(frame(Kind.CONTINUATION, frames.END_HEADERS, 1, block[5:]))
    assert (Code.NOT_FOUND, True) == await how_it_failed(asked)
    await channel.close()


async def test_repeated_headers_read_alike_while_the_table_changes() -> None:
    """What is kept of the answers' headers is dropped when the table they refer to changes."""
    far = FarEnd()
    channel = await far.open()
    found = []
    for status in ("5", "5", "7", "5", "7", "5", "12", "7", "5"):
        asked = ask(channel)
        await far.turn()
        far.answer(far.whole[-1], b"", [("grpc-status", status)])
        await far.turn()
        found.append((await how_it_failed(asked))[0])
    assert [5, 5, 7, 5, 7, 5, 12, 7, 5] == found
    await channel.close()


async def test_a_ping_is_answered() -> None:
    """With the bytes it brought."""
    far = FarEnd()
    channel = await far.open()
    far.h2.ping(b"weilu---")
    await far.turn()
    assert (False, True) == (far.aborted, channel.connected())
    await channel.close()
    assert (True, False) == (far.aborted, channel.connected())


@pytest.mark.parametrize(
    "nonsense",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        frame(Kind.DATA, 0, 1, bytes(20_000)),
        frame(Kind.PUSH_PROMISE, 0, 1, bytes(4)),
        frame(Kind.CONTINUATION, 0, 1, b""),
        frame(Kind.HEADERS, 0, 1, b"") + frame(Kind.PING, 0, 0, bytes(8)),
        frame(Kind.HEADERS, frames.END_HEADERS, 1, b"\xff\xff\xff\xff\xff\xff"),
        frame(Kind.HEADERS, frames.PADDED, 1, b"\x05"),
        frame(Kind.SETTINGS, 0, 0, b"odd"),
        frame(Kind.RESET, 0, 1, b""),
        frame(Kind.WINDOW_UPDATE, 0, 0, frames.number(2**31 - 1)),
        frame(Kind.HEADERS, 0, 1, bytes(16_000))
        + frame(Kind.CONTINUATION, 0, 1, bytes(16_000)) * 5,
    ],
)
async def test_what_is_no_http2_ends_the_line(nonsense: bytes) -> None:
    """Every call fails, the line is given up, and nothing is raised."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    far.say(nonsense)
    assert (Code.UNAVAILABLE, True) == await how_it_failed(asked)
    assert far.aborted


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 255), st.integers(0, 5), st.binary())))
async def test_any_frames_are_taken_or_end_the_line(
    said: list[tuple[int, int, int, bytes]],
) -> None:
    """Whatever comes, it is a failed call at worst."""
    far = FarEnd()
    channel = await far.open()
    asked = ask(channel)
    await far.turn()
    for kind, flags, stream, payload in said:
        head = frames.HEAD.pack(0, len(payload), kind, flags, stream)
        far.near.data_received(head + payload)
    await channel.close()
    with pytest.raises(Failed):
        await asked


async def test_at_rest_a_question_goes_out_at_once_and_what_follows_together() -> None:
    """The first is sent before the turn of the event loop ends, the others as one packet after."""
    far = FarEnd()
    channel = await far.open()
    far.near._sending._went = 0  # as after a pause
    assert channel.asked("Ask", b"1", 60) is not None
    assert [1] == far.whole
    channel.asked("Ask", b"2", 60)
    channel.asked("Ask", b"3", 60)
    assert [1] == far.whole
    await far.turn()
    assert [1, 3, 5] == far.whole
    await channel.close()


async def test_a_question_that_nobody_waits_for_leaves_nothing_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither a failure that is never looked at, nor a task."""
    far = FarEnd()
    channel = await far.open()
    channel.asked("Ask", b"?", 60)
    tasks = asyncio.all_tasks()
    await channel.close()
    gc.collect()
    assert ("", tasks) == (caplog.text, asyncio.all_tasks())
    with pytest.raises(Failed):
        channel.asked("Ask", b"?", 60)
