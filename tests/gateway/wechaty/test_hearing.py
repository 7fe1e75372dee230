import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from gateway.ear import Ear
from gateway.node_server import Server
from gateway.stage import ACCOUNT
from gateway.wechaty.ends import gateway, in_state, room

from bot.events import (
    FriendshipRequested,
    GatewayChanged,
    GatewayState,
    Identity,
    InvitationReceived,
    Kind,
    MemberJoined,
    Message,
    RosterRead,
)

SECONDS = 1_763_786_400
GATEWAY = "bot.gateway.wechaty"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What operators were told by the gateway."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith(GATEWAY)
    ]


async def test_scan_login_logout_login() -> None:
    """The code to scan, its refusal, the login, the logout with its reason, and in again."""
    server = Server(scan="https://login.weixin.qq.com/l/weilu")
    async with Ear(gateway(server)) as ear:
        scan = await ear.hears(GatewayChanged, in_state(GatewayState.WAITING_FOR_SCAN))
        server.do("emit", event="scan", payload={"status": 1, "qrcode": ""})
        await ear.hears(GatewayChanged, in_state(GatewayState.WAITING_FOR_SCAN, "取消"))
        server.do("login")
        first = await ear.logged_in()
        server.do("logout", reason="在别处登录")
        out = await ear.hears(GatewayChanged, in_state(GatewayState.LOGGED_OUT))
        server.do("login")
        await ear.logged_in(times=2)
    server.close()
    assert "https://login.weixin.qq.com/l/weilu" == scan.qrcode
    assert (server.me, "围炉") == (first.me.id, first.me.name) if first.me else None
    assert "在别处登录" in out.detail


async def test_a_payload_that_fails_once_is_not_lost(server: Server, ear: Ear) -> None:
    """The message is asked for again, and those behind it wait for it."""
    group, who = room(server)
    server.do("fault", method="messagePayload", times=2, error="busy")
    for text in "甲乙丙":
        server.do("speak", room=group.id, who=who, text=text)
    await ear.hears(Message, lambda message: message.text == "丙")
    heard = ear.all(Message, lambda message: message.group == group)
    assert ["甲", "乙", "丙"] == [message.text for message in heard]


async def test_a_payload_that_fails_for_good_is_skipped(
    server: Server, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    """Two messages nobody can read: told once, and the next is heard."""
    group, who = room(server)
    for _ in range(2):
        server.do("emit", event="message", payload={"messageId": f"nobody's {group.id}"})
    server.do("speak", room=group.id, who=who, text="还在")
    await ear.hears(Message, lambda message: message.group == group)
    assert 1 == len([told for told in warnings(caplog) if "已跳过" in told])


async def test_slow_payloads_keep_their_order(server: Server, ear: Ear) -> None:
    """Payloads that take 0 to 20 ms, at random: handed on as they were said."""
    group, who = room(server)
    server.do("fault", method="messagePayload", times=200, jitter=20)
    server.do("burst", rooms=[group.id], who=who, count=200)
    await ear.hears(Message, lambda message: (message.group, message.text) == (group, "199"))
    heard = ear.all(Message, lambda message: message.group == group)
    assert [str(number) for number in range(200)] == [message.text for message in heard]


@pytest.mark.parametrize("at", [SECONDS, SECONDS * 1_000])
async def test_seconds_and_milliseconds(server: Server, ear: Ear, at: int) -> None:
    """A message's time is the same whether the puppet gives seconds or milliseconds."""
    group, who = room(server)
    server.do("speak", room=group.id, who=who, text="几点", at=at)
    message = await ear.hears(Message, lambda message: message.group == group)
    assert datetime.fromtimestamp(SECONDS, UTC) == message.at


async def test_a_type_nobody_knows(server: Server, ear: Ear) -> None:
    """Of a message of a type from the future the fact that it was sent remains."""
    group, who = room(server)
    server.do("speak", room=group.id, who=who, text="<xml/>", type=99)
    message = await ear.hears(Message, lambda message: message.group == group)
    assert (Kind.UNKNOWN, "") == (message.kind, message.text)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("message", {}),
        ("message", {"messageId": [1]}),
        ("room-join", {"inviteeIdList": ["x"], "inviterId": "y"}),
        ("room-join", {"roomId": "r", "inviteeIdList": "x", "timestamp": "soon"}),
        ("room-leave", {"roomId": 7, "removeeIdList": None}),
        ("room-topic", {"newTopic": 5, "roomId": None}),
        ("room-invite", {"roomInvitationId": "nobody's"}),
        ("friendship", {"friendshipId": None}),
        ("login", {"contactId": ""}),
        ("dirty", {"payloadType": 3, "payloadId": "nobody"}),
        ("scan", {"qrcode": ["x"], "status": "x"}),
        ("error", {"data": "\u202e{oops}"}),
    ],
)
async def test_malformed_events_are_skipped(
    server: Server, ear: Ear, event: str, payload: dict[str, Any]
) -> None:
    """An event without what it must have spoils only itself."""
    group, who = room(server)
    server.do("emit", event=event, payload=payload)
    server.do("speak", room=group.id, who=who, text="还在")
    heard = await ear.hears(Message, lambda message: message.group == group)
    assert "还在" == heard.text


async def test_a_bot_that_is_invited_reads_the_roster(server: Server, ear: Ear) -> None:
    """A group we come into later is read when we come."""
    group, who = room(server)
    payload = {"inviteeIdList": [server.me], "inviterId": who, "roomId": group.id, "timestamp": 1}
    server.do("emit", event="room-join", payload=payload)
    roster = await ear.hears(RosterRead, lambda roster: roster.group == group)
    joined = await ear.hears(MemberJoined, lambda joined: joined.group == group)
    assert {who, server.me} == {member.id for member in roster.members}
    assert (server.me, who) == (joined.member.id, joined.inviter.id if joined.inviter else None)


async def test_a_friend_request(server: Server, ear: Ear) -> None:
    """Somebody wants to be a contact; that somebody has become one is no request."""
    who = server.do("contact", name="阿青")
    for number, hello in ((1, "已经是"), (2, "你好")):
        payload = {"id": f"f{number}{who}", "contactId": who, "type": number, "hello": hello}
        server.do("friendship", payload=payload)
        server.do("emit", event="friendship", payload={"friendshipId": payload["id"]})
    request = await ear.hears(FriendshipRequested)
    assert (Identity(ACCOUNT, who), "阿青", "你好") == (
        request.person,
        request.person.name,
        request.hello,
    )


async def test_an_invitation(server: Server, ear: Ear) -> None:
    """Somebody invites us into a group."""
    who = server.do("contact", name="老周")
    invitation = {"id": "i1", "inviterId": who, "topic": "新群", "timestamp": SECONDS}
    server.do("invitation", payload=invitation)
    server.do("emit", event="room-invite", payload={"roomInvitationId": "i1"})
    received = await ear.hears(InvitationReceived)
    assert ("i1", "新群", "老周", datetime.fromtimestamp(SECONDS, UTC)) == (
        received.id,
        received.group_name,
        received.inviter and received.inviter.name,
        received.at,
    )


async def test_the_alias_in_the_group_goes_first(server: Server, ear: Ear) -> None:
    """A member is called by what the group shows; the nickname is for where it shows nothing."""
    group, who = room(server)
    server.do("alias", room=group.id, who=who, alias="林老师")
    server.do("speak", room=group.id, who=who, text="早")
    message = await ear.hears(Message, lambda message: message.group == group)
    assert "林老师" == message.author.name


@pytest.mark.parametrize("payload", [(4, "room"), (4, "who"), (2, "who")])
async def test_a_new_alias_is_noticed(server: Server, ear: Ear, payload: tuple[int, str]) -> None:
    """Once the platform says that a member changed, the next message has the new name."""
    kind, which = payload
    group, who = room(server)
    server.do("speak", room=group.id, who=who, text="早")
    await ear.hears(Message, lambda message: message.group == group)
    server.do("alias", room=group.id, who=who, alias="小林-围炉-北京")
    for id_ in (group.id, who):  # the server has a cache of its own
        server.do("emit", event="dirty", payload={"payloadType": 4, "payloadId": id_})
    changed = group.id if which == "room" else who
    server.do("emit", event="dirty", payload={"payloadType": kind, "payloadId": changed})
    server.do("speak", room=group.id, who=who, text="改好了")
    message = await ear.hears(
        Message, lambda message: message.text == "改好了" and message.group == group
    )
    assert "小林-围炉-北京" == message.author.name


async def test_names_are_read_anew_at_each_login(server: Server, ear: Ear) -> None:
    """Who changed the name while nobody listened is called by the new one."""
    group, who = room(server)
    server.do("speak", room=group.id, who=who, text="早")
    await ear.hears(Message, lambda message: message.group == group)
    server.do("stop")
    server.do("alias", room=group.id, who=who, alias="林老师")
    server.do("emit", event="dirty", payload={"payloadType": 4, "payloadId": group.id})
    server.do("start")
    await ear.logged_in(times=2)
    server.do("speak", room=group.id, who=who, text="我回来了")
    message = await ear.hears(Message, lambda message: message.text == "我回来了")
    assert "林老师" == message.author.name


async def test_names_that_fail_cost_no_message(server: Server, ear: Ear) -> None:
    """A message whose author's name cannot be read is handed on without it."""
    group, who = room(server)
    server.do("fault", method="roomMemberPayload", times=1, error="busy")
    server.do("speak", room=group.id, who=who, text="早")
    message = await ear.hears(Message, lambda message: message.group == group)
    assert (who, "早") == (message.author.id, message.text)


async def test_members_are_not_loaded_before_they_speak(plain: Server) -> None:
    """A login reads who is in the groups and nobody's details."""
    whos = [plain.do("contact", name=f"成员{number}") for number in range(30)]
    id_ = plain.do("room", name="大群", members=whos)
    before = plain.do("calls").get("roomMemberPayload", 0)
    async with Ear(gateway(plain, tls=False)) as ear:
        roster = await ear.hears(RosterRead, lambda roster: roster.group.id == id_)
        loaded = plain.do("calls").get("roomMemberPayload", 0) - before
    assert ({*whos, plain.me}, 0) == ({member.id for member in roster.members}, loaded)
