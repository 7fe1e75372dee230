"""What the sandbox promises beyond the shared exam: faults, capabilities, its own small API."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from builders import ACCOUNT, NOON
from gateway.ear import Ear
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Action, Announce, Invite, Mute, Priority, Recall, Remove, Say
from bot.clock import MovableClock
from bot.events import (
    FriendshipRequested,
    GatewayChanged,
    GatewayState,
    Identity,
    InvitationReceived,
    MemberJoined,
    MemberLeft,
    Message,
    MessageRecalled,
    RosterRead,
)
from bot.gateway.base import Capability, Gateway, Outcome, Status
from bot.gateway.sandbox import (
    Happening,
    Joined,
    Line,
    NotPossible,
    Role,
    Room,
    SandboxGateway,
    SandboxNetwork,
    ShiftedClock,
    Spoken,
)


@pytest.fixture
def clock() -> MovableClock:
    """It stands at noon."""
    return MovableClock(NOON)


@pytest.fixture
def network(clock: MovableClock) -> SandboxNetwork:
    """A network without anybody but the account."""
    return SandboxNetwork(clock)


@pytest.fixture
def gateway(network: SandboxNetwork) -> SandboxGateway:
    """The account on it."""
    return SandboxGateway(network, ACCOUNT)


@pytest.fixture
def room(network: SandboxNetwork, gateway: SandboxGateway) -> Room:
    """读书会 of 老周, who owns it, 小林 and the account, an admin."""
    return network.add_group("读书会", "老周", "小林", admins=[gateway.person])


@pytest.fixture
async def ear(gateway: SandboxGateway, room: Room) -> AsyncIterator[Ear]:
    """The gateway, listened to and logged in."""
    async with Ear(gateway) as ear:
        await ear.logged_in()
        yield ear


async def texts(ear: Ear, gateway: SandboxGateway) -> list[str]:
    """What has been heard of what has arrived."""
    await gateway.settled()
    return [message.text for message in ear.all(Message)]


def act(kind: type[Action], gateway: SandboxGateway, room: Room, **over: Any) -> Action:
    """Some action of a kind, about 小林 where it is about somebody."""
    member = gateway.identity(gateway.network.person("小林"))
    fields: dict[type, dict[str, Any]] = {
        Say: {"to": gateway.group(room), "text": "早"},
        Remove: {"group": gateway.group(room), "member": member},
        Invite: {"group": gateway.group(room), "member": member},
        Announce: {"group": gateway.group(room), "text": "公告"},
        Recall: {"group": gateway.group(room), "message_id": "没有"},
        Mute: {"group": gateway.group(room), "member": member, "until": None},
    }
    about: dict[str, Any] = {"key": "k", "why": "试试", "priority": Priority.NOTICE}
    return kind(**(about | fields[kind] | over))


def test_it_is_a_gateway(gateway: SandboxGateway) -> None:
    """It has everything the protocol names."""
    gate: Gateway = gateway
    assert ACCOUNT == gate.account
    assert frozenset(Capability) - {Capability.MUTE} == gate.capabilities


# The network


def test_ids_are_the_same_in_every_run() -> None:
    """The same calls on the same clock make the same ids; another start other message ids."""

    def run(network: SandboxNetwork) -> tuple[str, str, str]:
        room = network.add_group("读书会", "老周", "小林")
        line = network.speak(room, "小林", "早")
        return room.id, line.author.id, line.id

    first = run(SandboxNetwork(MovableClock(NOON)))
    again = run(SandboxNetwork(MovableClock(NOON)))
    later = run(SandboxNetwork(MovableClock(NOON + timedelta(days=1))))
    assert first == again
    assert first[:2] == later[:2]
    assert first[2] != later[2]


def test_two_people_may_have_one_name(network: SandboxNetwork) -> None:
    """Each is somebody of their own; inside a room, its own member of that name is meant."""
    one, other = network.add_person("小林"), network.add_person("小林")
    room = network.add_group("读书会", "老周", other)
    assert one.id != other.id
    assert other is network.speak(room, "小林", "早").author
    assert one is network.person("小林")


def test_watchers_see_everything_and_may_stop(network: SandboxNetwork, room: Room) -> None:
    """A watcher is told what happens from then on until it stops watching."""
    seen: list[Happening] = []
    stop = network.watch(seen.append)
    line = network.speak(room, "小林", "早")
    guest = network.join(room, "小明", "小林")
    stop()
    network.leave(room, guest)
    assert [Spoken(line), Joined(room, guest, network.person("小林"))] == seen


def test_mentions_stand_in_the_text_once(network: SandboxNetwork, room: Room) -> None:
    """As in WeChat: `@name ` before the text, unless the text says it itself; by nickname."""
    network.nickname(room, "老周", "班长")
    assert (
        "@班长\u2005@围炉\u2005早"
        == network.speak(room, "小林", "早", mention=["班长", "围炉"]).text
    )
    assert "早 @班长" == network.speak(room, "小林", "早 @班长", mention=["老周"]).text


@pytest.mark.parametrize(
    "what",
    [
        lambda network: network.speak("读书会", "路人", "我不在群里"),
        lambda network: network.speak("没有这个群", "小林", "早"),
        lambda network: network.remove("读书会", "老周", "围炉"),
        lambda network: network.remove("读书会", "老周", "小林"),
        lambda network: network.join("读书会", "小林"),
        lambda network: network.leave("读书会", "路人"),
        lambda network: network.announce("读书会", "公告", "小林"),
        lambda network: network.recall(network.speak("读书会", "小林", "早"), "老周"),
        lambda network: network.line("没有"),
    ],
)
def test_what_cannot_be_is_said_so(network: SandboxNetwork, room: Room, what: object) -> None:
    """Everything that a group would not allow raises NotPossible and changes nothing."""
    network.add_person("路人")
    before = [person.name for person in room.members]
    with pytest.raises(NotPossible, match=r"[一-鿿]+.*[a-z]+"):
        what(network)  # type: ignore[operator]
    assert before == [person.name for person in room.members]


def test_an_owner_who_leaves_hands_on(network: SandboxNetwork, room: Room) -> None:
    """The eldest member owns the group then; a new owner can be appointed too."""
    network.leave(room, "老周")
    assert Role.OWNER is room.role_of(network.person("小林"))
    network.appoint(room, "围炉", Role.OWNER)
    assert Role.MEMBER is room.role_of(network.person("小林"))


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_any_name_and_text_can_be_said(name: str, text: str) -> None:
    """The network takes every name and every text, and each happening reads as a sentence."""
    network = SandboxNetwork(MovableClock(NOON))
    seen: list[str] = []
    network.watch(lambda happening: seen.append(str(happening)))
    room = network.add_group(name, network.add_person(name))
    line = network.speak(room, room.members[0], text, mention=room.members)
    network.recall(line)
    network.rename(room, text)
    network.leave(room, room.members[0])
    assert (text, 4) == (line.text[-len(text) :] if text else "", len(seen))


# Hearing


async def test_settled_waits_until_all_was_dealt_with(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """After settled() the listener has come back for more."""
    for number in range(100):
        network.speak(room, "小林", f"{number}")
    assert [f"{number}" for number in range(100)] == await texts(ear, gateway)


async def test_dropped_and_duplicated_events(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """The next events are lost or come twice, as many as were asked for."""
    gateway.faults.drop = 2
    for text in "甲乙丙":
        network.speak(room, "小林", text)
    gateway.faults.duplicate = 1
    for text in "丁戊":
        network.speak(room, "小林", text)
    assert list("丙丁丁戊") == await texts(ear, gateway)
    first, second = ear.all(Message, lambda message: message.text == "丁")
    assert first.id == second.id


async def test_delayed_events_arrive_in_order_by_the_clock(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, clock: MovableClock, ear: Ear
) -> None:
    """A delayed event holds up those behind it; the message's own time is when it was said."""
    gateway.faults.delay = timedelta(seconds=30)
    network.speak(room, "小林", "慢")
    gateway.faults.delay = timedelta(0)
    network.speak(room, "小林", "快")
    assert [] == await texts(ear, gateway)
    clock.move_by(timedelta(seconds=30))
    await ear.hears(Message, times=2)
    assert ["慢", "快"] == await texts(ear, gateway)
    assert {NOON} == {message.at for message in ear.all(Message)}


async def test_what_is_on_its_way_is_lost_with_the_line(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, clock: MovableClock, ear: Ear
) -> None:
    """What had arrived is heard; what was delayed, and all said meanwhile, is not."""
    network.speak(room, "小林", "到了")
    gateway.faults.delay = timedelta(seconds=30)
    network.speak(room, "小林", "在路上")
    gateway.disconnect()
    network.speak(room, "小林", "断线时")
    clock.move_by(timedelta(minutes=1))
    gateway.faults.delay = timedelta(0)
    gateway.reconnect()
    network.speak(room, "小林", "回来了")
    assert ["到了", "回来了"] == await texts(ear, gateway)


async def test_states_are_told(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """Each change of the connection is one event; cutting a cut line is none."""
    gateway.disconnect()
    gateway.disconnect()
    gateway.reconnect()
    gateway.reconnect()
    gateway.log_out()
    network.speak(room, "小林", "没人听见")
    gateway.log_in()
    await gateway.settled()
    expected = "connecting,logged in,offline,connecting,logged in,logged out,connecting,logged in"
    assert expected == ",".join(event.state for event in ear.all(GatewayChanged))
    assert [] == ear.all(Message)
    assert 3 == len(ear.all(RosterRead))


async def test_starting_without_a_line(network: SandboxNetwork, gateway: SandboxGateway) -> None:
    """It says offline, or logged out, and comes up when the line does."""
    gateway.disconnect()
    async with Ear(gateway) as ear:
        await ear.hears(GatewayChanged, lambda event: event.state is GatewayState.OFFLINE)
        gateway.log_out()
        gateway.reconnect()
        await ear.hears(
            GatewayChanged, lambda event: event.state is GatewayState.LOGGED_OUT, times=2
        )
        gateway.log_in()
        await ear.logged_in()


async def test_brought_into_a_group(
    network: SandboxNetwork, gateway: SandboxGateway, ear: Ear
) -> None:
    """Being invited is heard as a join of ourselves, and the roster follows; then put out."""
    club = network.add_group("创业者", "阿青", "小明")
    network.speak(club, "小明", "它还不在")
    network.join(club, gateway.person, "阿青")
    roster = await ear.hears(RosterRead, lambda roster: roster.group == gateway.group(club))
    assert ["阿青", "小明", "围炉"] == [member.name for member in roster.members]
    network.remove(club, gateway.person, "阿青")
    left = await ear.hears(MemberLeft)
    network.speak(club, "小明", "它又不在了")
    assert gateway.me == left.member
    assert [] == await texts(ear, gateway)
    assert gateway.me in [event.member for event in ear.all(MemberJoined)]


async def test_requests_are_heard(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """Friend requests and invitations reach the one they are for."""
    club = network.add_group("创业者", "阿青")
    network.befriend("阿青", gateway.person, "我是阿青")
    network.invite(club, gateway.person, "阿青")
    network.befriend("阿青", "小林", "不是给围炉的")
    await gateway.settled()
    (friend,) = ear.all(FriendshipRequested)
    (invitation,) = ear.all(InvitationReceived)
    assert ("阿青", "我是阿青") == (friend.person.name, friend.hello)
    assert ("创业者", "阿青") == (
        invitation.group_name,
        invitation.inviter.name if invitation.inviter else "",
    )


async def test_private_recalls_and_nicknames_are_not_told(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """What the platform tells no bot makes no event; the nickname is the author's name then."""
    network.recall(network.whisper("小林", gateway.person, "嘘"))
    network.nickname(room, "小林", "林林")
    network.speak(room, "小林", "早")
    await gateway.settled()
    assert [] == ear.all(MessageRecalled)
    assert ["小林", "林林"] == [message.author.name for message in ear.all(Message)]


async def test_without_hear_all_only_what_is_for_us(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """Mentions, private words and our own echo are heard; with JOINS off nobody comes or goes."""
    gateway.switch_off(Capability.HEAR_ALL, Capability.JOINS)
    network.speak(room, "小林", "听不见")
    network.speak(room, "小林", "围炉在吗", mention=[gateway.person])
    network.whisper("小林", gateway.person, "悄悄话")
    network.join(room, "小明")
    await gateway.perform(act(Say, gateway, room))
    assert ["@围炉\u2005围炉在吗", "悄悄话", "早"] == await texts(ear, gateway)
    assert [] == ear.all(MemberJoined)
    gateway.switch_on(Capability.HEAR_ALL)
    network.speak(room, "小林", "又听见了")
    assert "又听见了" == (await texts(ear, gateway))[-1]


# Acting


@pytest.mark.parametrize(
    ("kind", "capability"),
    [
        (Say, Capability.SPEAK),
        (Remove, Capability.REMOVE),
        (Invite, Capability.INVITE),
        (Announce, Capability.ANNOUNCE),
        (Recall, Capability.RECALL),
    ],
)
async def test_what_is_switched_off_is_refused(
    gateway: SandboxGateway, room: Room, ear: Ear, kind: type[Action], capability: Capability
) -> None:
    """Without the capability the action is refused with a sentence."""
    gateway.switch_off(capability)
    outcome = await gateway.perform(act(kind, gateway, room))
    assert Status.REFUSED is outcome.status
    assert outcome.detail


async def test_a_mute(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """Once switched on: the member cannot speak until then, or until it is taken back."""
    lin = gateway.identity(network.person("小林"))
    until = network.now + timedelta(days=1)
    mute = act(Mute, gateway, room, member=lin, until=until)
    assert Status.REFUSED is (await gateway.perform(mute)).status

    gateway.switch_on(Capability.MUTE)
    assert Status.DONE is (await gateway.perform(mute)).status
    assert await gateway.confirm(mute)
    with pytest.raises(NotPossible, match="禁言"):
        network.speak(room, "小林", "早")
    unmute = act(Mute, gateway, room, member=lin, until=None)
    assert Status.DONE is (await gateway.perform(unmute)).status
    assert not await gateway.confirm(mute)
    assert "早" == network.speak(room, "小林", "早").text


async def test_say_without_private_words_mentions_or_quotes(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """Private words are refused; a group word goes without what the platform cannot do."""
    lin = gateway.identity(network.person("小林"))
    earlier = network.speak(room, "小林", "早")
    say = act(Say, gateway, room, mentions=(lin, Identity(ACCOUNT, "走了")), quotes=earlier.id)
    await gateway.perform(say)
    gateway.switch_off(Capability.MENTION, Capability.QUOTE, Capability.SPEAK_IN_PRIVATE)
    await gateway.perform(say)
    outcome = await gateway.perform(act(Say, gateway, room, to=lin))

    def shape(line: Line) -> tuple[str, list[str], Line | None, str]:
        return line.text, [person.name for person in line.mentions], line.quote, line.why

    assert [
        ("@小林\u2005早", ["小林"], earlier, "试试"),
        ("早", [], None, "试试"),
    ] == [shape(line) for line in network.said]
    assert Status.REFUSED is outcome.status


async def test_faults_of_acting(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """Refused, ignored, without an id, lost after it happened: each is told as what it is."""
    say = act(Say, gateway, room)
    gateway.faults.refuse = {Say}
    assert Status.REFUSED is (await gateway.perform(say)).status
    gateway.faults.refuse = set()
    gateway.faults.ignore = {Say}
    assert Outcome(Status.SENT) == await gateway.perform(say)
    assert [] == network.said
    gateway.faults.ignore = set()
    gateway.faults.without_ids = True
    assert Outcome(Status.SENT) == await gateway.perform(say)
    gateway.faults.lose = {Say}
    assert Status.UNSURE is (await gateway.perform(say)).status
    assert ["早", "早"] == [line.text for line in network.said]
    assert Status.UNSENT is (await gateway.perform(say)).status


async def test_proofs(
    network: SandboxNetwork, gateway: SandboxGateway, room: Room, ear: Ear
) -> None:
    """Invite, remove (also of one who has gone) and recall are read back, confirm() agrees."""
    guest = gateway.identity(network.add_person("小明"))
    invite = act(Invite, gateway, room, member=guest)
    remove = act(Remove, gateway, room, member=guest)
    sent = await gateway.perform(act(Say, gateway, room))
    recall = act(Recall, gateway, room, message_id=sent.message_id)
    for action in (invite, invite, remove, remove, recall):
        assert Outcome(Status.DONE) == await gateway.perform(action)
        assert await gateway.confirm(action) is True
    theirs = network.speak(room, "小林", "我的")
    outcome = await gateway.perform(act(Recall, gateway, room, message_id=theirs.id))
    assert Status.REFUSED is outcome.status
    gateway.disconnect()
    assert await gateway.confirm(remove) is None


async def test_a_restart_is_the_same_account(network: SandboxNetwork, room: Room) -> None:
    """A new gateway of the same account is the same person, and hears from its start on."""
    first = SandboxGateway(network, ACCOUNT)
    async with Ear(first) as ear:
        await ear.logged_in()
    network.speak(room, "小林", "没人在")
    second = SandboxGateway(network, ACCOUNT)
    async with Ear(second) as ear:
        await ear.logged_in()
        network.speak(room, "小林", "在了")
        assert ["在了"] == await texts(ear, second)
    assert first.me == second.me


# The clock


async def test_a_shifted_clock_wakes_sleepers() -> None:
    """Moving it wakes those who sleep until then; moved back, they sleep longer."""
    clock = ShiftedClock()
    before = clock.now()
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.move_by(timedelta(minutes=-30))
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.move_by(timedelta(minutes=91))
    await sleeper
    assert clock.now() >= before + timedelta(hours=1)
    await clock.sleep(0.001)
    await clock.sleep(-1)


def test_a_clock_cannot_leave_the_calendar() -> None:
    """Too far is an OverflowError and moves nothing."""
    clock = ShiftedClock()
    with pytest.raises(OverflowError):
        clock.move_by(timedelta(days=9_000_000))
    assert clock.now().year < 3000
