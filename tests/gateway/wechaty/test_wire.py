import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechaty_grpc.wechaty import puppet

from bot.gateway.wechaty.wire import (
    Malformed,
    Raw,
    Spoken,
    fields,
    read_raw,
    read_renewed,
    read_spoken,
    text_field,
)

ids = st.text(max_size=40)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Whatever the gateway sends, reading it gives a value or Malformed, never anything else."""
    for read in (read_raw, read_spoken, read_renewed, lambda data: list(fields(data))):
        try:
            read(data)
        except Malformed:
            continue


@given(
    id_=ids,
    text=ids,
    stamp=st.integers(0, 2**63 - 1),
    kind=st.integers(0, 2**31 - 1),
    room=ids,
    mentions=st.lists(st.text(min_size=1, max_size=40)),
)
def test_a_payload_reads_as_the_stubs_wrote_it(
    *, id_: str, text: str, stamp: int, kind: int, room: str, mentions: list[str]
) -> None:
    """Our small reader understands what the project's own message class encodes."""
    payload = puppet.MessagePayloadResponse(
        id=id_,
        text=text,
        timestamp=stamp,
        type=kind,
        from_id="talker",
        room_id=room,
        mention_ids=mentions,
    )
    expected = Spoken(id_, text, stamp, kind, "talker", room, tuple(mentions))
    assert expected == read_spoken(bytes(payload))


@given(st.integers(1, 27), st.text())
def test_an_event_reads_as_the_stubs_wrote_it(number: int, payload: str) -> None:
    """An event's number and JSON come through."""
    assert Raw(number, payload) == read_raw(
        bytes(puppet.EventResponse(type=number, payload=payload))
    )


@given(st.text())
def test_a_text_field_reads_as_written(text: str) -> None:
    """A field written by hand is what the old stubs read under the same number."""
    assert text == puppet.MessagePayloadRequest().parse(text_field(1, text)).id


@given(st.text())
def test_a_renewed_text_is_read_from_old_and_new_gateways(text: str) -> None:
    """The text stands in field 2, or wrapped in field 1; the newer field wins."""
    wrapped = bytes(puppet.RoomAnnounceResponse(text=text))
    assert (text, text) == (read_renewed(text_field(2, text)), read_renewed(wrapped))
    assert "新" == read_renewed(wrapped + text_field(2, "新"))


def test_fixed_width_fields_are_skipped() -> None:
    """A float or a double of a future version does not disturb the fields around it."""
    data = b"\x0d1234" + b"\x11" + b"12345678" + text_field(3, "是我")
    assert [(3, "是我".encode())] == list(fields(data))


@pytest.mark.parametrize("data", [b"\x0a\x05ab", b"\x0b", b"\x08", b"\x08" + b"\xff" * 11])
def test_what_is_cut_off_or_absurd_is_malformed(data: bytes) -> None:
    """A cut field, a group, a missing number and an endless one are refused."""
    with pytest.raises(Malformed):
        list(fields(data))
