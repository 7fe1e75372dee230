"""The exam that every gateway takes alike: what bot/gateway/base.py promises."""

import importlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from gateway.ear import Ear
from gateway.stage import ACCOUNT, Enclosed, Stage
from pictures import code, saved
from PIL.Image import effect_noise

from bot.actions import Announce, Invite, Priority, Recall, Remove, Say
from bot.events import (
    GatewayChanged,
    GatewayState,
    Group,
    GroupRenamed,
    Identity,
    Kind,
    MemberJoined,
    MemberLeft,
    Message,
    MessageRecalled,
    Noticed,
    Quote,
    RosterRead,
)
from bot.gateway.base import Capability, Gateway, Status
from bot.gateway.pictures import MOST_BYTES

CARED_FOR = "读书会"
BLIND = "不看图"
HOSTILE = [
    "小林\u202e\u2066反过来\u200d👩‍👩‍👧‍👦",
    "换\r\n行\n- - - - - - - - - - - - - - -\n“引号”「",
    "\x1b[2J\x1b]0;标题\x07{name} %s <a href='x'>' OR 1=1 --",
    "\ufeff\u0000\u0007末",
]


@pytest.fixture(params=["sandbox", "wechaty"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A platform with our account on it and nobody else."""
    # Imported only when asked for: `-k sandbox` needs no gRPC and no Node.
    stage: Stage = importlib.import_module(f"gateway.{request.param}_stage").make()
    try:
        await stage.open()
        yield stage
    finally:
        await stage.close()


@pytest.fixture
def gateway(stage: Stage, tmp_path: Path) -> Gateway:
    """Our account's gateway; it cares for the groups whose name begins with 读书会.

    It looks into pictures where the name does not end with 不看图, and sends those of `tmp_path`.
    """
    stage.pictures = tmp_path
    return stage.gateway(
        lambda group: group.name.startswith(CARED_FOR),
        lambda group: not group.name.endswith(BLIND),
    )


@pytest.fixture
async def ear(gateway: Gateway) -> AsyncIterator[Ear]:
    """The gateway, logged in and listened to; what a test says first it says after the login."""
    async with Ear(gateway) as ear:
        await ear.logged_in()
        yield ear


async def people(stage: Stage, *names: str) -> list[Identity]:
    """Some new people."""
    return [await stage.person(name) for name in names]


async def reading_group(stage: Stage, *, admin: bool = True) -> tuple[Group, list[Identity]]:
    """读书会 with 老周, who owns it, 小林 and 阿青, and us."""
    members = await people(stage, "老周", "小林", "阿青")
    return await stage.add_group(CARED_FOR, members, admin=admin), members


async def heard_up_to_now(stage: Stage, ear: Ear, group: Group, who: Identity) -> None:
    """Return once everything that happened in the group before this call has been heard."""
    mark = await stage.speak(group, who, "记号")
    await ear.hears(Message, lambda message: message.id == mark)


def say(to: Group | Identity, text: str, *mentions: Identity) -> Say:
    """Something to say."""
    return Say(
        key=f"say:{text}",
        why="考试 exam",
        priority=Priority.ANSWER,
        to=to,
        text=text,
        mentions=mentions,
    )


def remove(group: Group, member: Identity) -> Remove:
    """Somebody to remove."""
    return Remove(
        key=f"remove:{member.id}",
        why="考试 exam",
        priority=Priority.MODERATION,
        group=group,
        member=member,
    )


def announce(group: Group, text: str) -> Announce:
    """Something to announce."""
    return Announce(key="announce", why="考试", priority=Priority.NOTICE, group=group, text=text)


# Hearing


async def test_login_is_told_with_who_we_are(stage: Stage, ear: Ear) -> None:
    """The account's state is told, and with the login who we are."""
    login = await ear.logged_in()
    me = await stage.me()
    assert (ACCOUNT, me.id) == (login.account, login.me.id if login.me else None)
    assert GatewayState.CONNECTING is ear.all(GatewayChanged)[0].state


async def test_account_and_capabilities(ear: Ear, gateway: Gateway) -> None:
    """A logged-in gateway knows its account and that it hears, speaks and tells of joins."""
    assert ACCOUNT == gateway.account
    assert {Capability.HEAR_ALL, Capability.SPEAK, Capability.JOINS} <= gateway.capabilities


async def test_message_is_heard_once(stage: Stage, ear: Ear) -> None:
    """A message in a group has its id, group, author with name, time, kind and text; once."""
    group, (zhou, lin, _) = await reading_group(stage)
    id_ = await stage.speak(group, lin, "大家早上好")
    message = await ear.hears(Message, lambda message: message.id == id_)
    await heard_up_to_now(stage, ear, group, zhou)
    assert [message] == ear.all(Message, lambda other: other.id == id_)
    assert (group, lin, "小林") == (message.group, message.author, message.author.name)
    assert (Kind.TEXT, "大家早上好", (), None) == (
        message.kind,
        message.text,
        message.mentions,
        message.quote,
    )
    assert message.group is not None
    assert CARED_FOR == message.group.name
    assert (False, timedelta(0)) == (message.ours, message.at.utcoffset())


async def test_mentions_are_heard_in_order(stage: Stage, ear: Ear) -> None:
    """Those mentioned are told as members, in order, without repeats, us among them."""
    group, (zhou, lin, qing) = await reading_group(stage)
    me = await stage.me()
    id_ = await stage.speak(group, lin, "你们怎么看？", mentions=[qing, me, zhou, qing])
    message = await ear.hears(Message, lambda message: message.id == id_)
    assert (qing, me, zhou) == message.mentions
    assert message.text.endswith("你们怎么看？")


async def test_reply_is_told_apart_from_what_it_quotes(stage: Stage, ear: Ear) -> None:
    """The text of a reply is the answer; the quote holds whom and what."""
    group, (zhou, lin, _) = await reading_group(stage)
    first = await stage.speak(group, lin, "最近在读《乡土中国》")
    quote = Quote(lin.name, "最近在读《乡土中国》", first)
    id_ = await stage.speak(group, zhou, "我也读过，第二章最好", quote=quote)
    message = await ear.hears(Message, lambda message: message.id == id_)
    assert "我也读过，第二章最好" == message.text
    assert message.quote is not None
    assert (lin.name, "最近在读《乡土中国》") == (message.quote.name, message.quote.text)
    assert message.quote.message_id in {"", first}


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.RED_ENVELOPE, Kind.MINI_PROGRAM, Kind.AUDIO])
async def test_other_kinds_are_heard_as_kinds(stage: Stage, ear: Ear, kind: Kind) -> None:
    """What is not text is heard as the kind it is."""
    group, (_, lin, _) = await reading_group(stage)
    id_ = await stage.speak(group, lin, kind=kind)
    message = await ear.hears(Message, lambda message: message.id == id_)
    assert (kind, lin) == (message.kind, message.author)


CARDS = [
    (Kind.URL, Enclosed("低价清仓", "加我领取", "https://a.example.com/p?x=1&y=2")),
    (Kind.URL, Enclosed(link="https://example.com")),
    (Kind.MINI_PROGRAM, Enclosed("拼团", "三人成团", "wx1234567890/pages/index?id=3")),
    (Kind.MINI_PROGRAM, Enclosed("拼团", "", "wx1234567890")),
    (Kind.ATTACHMENT, Enclosed("报价单.xlsx")),
    (Kind.CONTACT, Enclosed()),
]


@pytest.mark.parametrize(("kind", "card"), CARDS)
async def test_cards_tell_what_they_are_and_where_they_lead(
    stage: Stage, ear: Ear, kind: Kind, card: Enclosed
) -> None:
    """A card has a title, below it its description, and a link; it has no text."""
    group, (_, lin, _) = await reading_group(stage)
    id_ = await stage.speak(group, lin, kind=kind, encloses=card)
    message = await ear.hears(Message, lambda message: message.id == id_)
    title = "\n".join(filter(None, (card.title, card.description)))
    heard = (message.kind, message.text, message.title, message.link)
    assert (kind, "", title, card.link) == heard


async def test_a_picture_is_loaded_where_it_is_wanted(stage: Stage, ear: Ear) -> None:
    """Its bytes come with the message, the code in it can be read; a large one, too."""
    group, (_, lin, _) = await reading_group(stage)
    for picture in (code("https://u.wechat.com/x"), saved(effect_noise((500, 500), 90))):
        shown = Enclosed(picture=picture)
        id_ = await stage.speak(group, lin, kind=Kind.IMAGE, encloses=shown)
        message = await ear.hears(Message, lambda message, id_=id_: message.id == id_)
        assert (Kind.IMAGE, picture) == (message.kind, message.picture)


async def test_a_picture_is_not_loaded_where_it_is_not_wanted(stage: Stage, ear: Ear) -> None:
    """Elsewhere the message comes without; so does what is no picture."""
    members = await people(stage, "老周", "小林")
    group = await stage.add_group(CARED_FOR + BLIND, members)
    picture = Enclosed(picture=code("https://u.wechat.com/x"))
    for kind in (Kind.IMAGE, Kind.VIDEO):
        id_ = await stage.speak(group, members[1], kind=kind, encloses=picture)
        message = await ear.hears(Message, lambda message, id_=id_: message.id == id_)
        assert (kind, b"") == (message.kind, message.picture)


async def test_a_picture_that_cannot_be_loaded_costs_no_message(stage: Stage, ear: Ear) -> None:
    """The message comes without it, and in its turn."""
    group, (_, lin, qing) = await reading_group(stage)
    await stage.lose_pictures()
    lost = Enclosed(picture=code("https://u.wechat.com/x"))
    ids = [await stage.speak(group, lin, kind=Kind.IMAGE, encloses=lost)]
    ids += [await stage.speak(group, qing, "发了什么？")]
    await ear.hears(Message, lambda message: message.id == ids[1])
    assert [(id_, b"") for id_ in ids] == [(each.id, each.picture) for each in ear.all(Message)]


async def test_a_kind_nobody_knows_does_not_break(stage: Stage, ear: Ear) -> None:
    """A kind of the future is an unknown one, and the next message is heard as ever."""
    group, (_, lin, _) = await reading_group(stage)
    strange = await stage.speak(group, lin, "？", kind=99)
    message = await ear.hears(Message, lambda message: message.id == strange)
    await heard_up_to_now(stage, ear, group, lin)
    assert Kind.UNKNOWN is message.kind


async def test_order_within_a_group_is_kept(stage: Stage, ear: Ear) -> None:
    """A hundred messages of two groups are heard in the order they were said in each."""
    group, (zhou, lin, qing) = await reading_group(stage)
    other = await stage.add_group("读书会二群", [zhou, lin])
    for number in range(50):
        await stage.speak(group, (lin, qing)[number % 2], f"{number}")
        await stage.speak(other, (zhou, lin)[number % 2], f"{number}")
    await heard_up_to_now(stage, ear, group, zhou)
    await heard_up_to_now(stage, ear, other, zhou)
    expected = [f"{number}" for number in range(50)] + ["记号"]
    for place in (group, other):
        assert expected == [message.text for message in ear.all(Message) if message.group == place]


async def test_private_words_have_no_group(stage: Stage, ear: Ear) -> None:
    """What is said to us in private is a message without a group."""
    (lin,) = await people(stage, "小林")
    id_ = await stage.speak(None, lin, "在吗？")
    message = await ear.hears(Message, lambda message: message.id == id_)
    assert (None, lin, "在吗？", False) == (
        message.group,
        message.author,
        message.text,
        message.ours,
    )


async def test_joins_are_told_with_the_inviter(stage: Stage, ear: Ear) -> None:
    """Somebody comes in: who, into which group, invited by whom, noticed as it happened; once."""
    group, (_, lin, _) = await reading_group(stage)
    (guest,) = await people(stage, "小明")
    await stage.join(group, guest, lin)
    joined = await ear.hears(MemberJoined)
    await heard_up_to_now(stage, ear, group, guest)
    assert [joined] == ear.all(MemberJoined)
    assert (group, guest, lin, Noticed.EVENT) == (
        joined.group,
        joined.member,
        joined.inviter,
        joined.noticed,
    )
    assert "小明" == joined.member.name


async def test_leaves_are_told_with_the_remover(stage: Stage, ear: Ear) -> None:
    """Leaving of one's own will has no remover, being removed has one."""
    group, (zhou, lin, qing) = await reading_group(stage)
    await stage.leave(group, lin)
    await stage.remove(group, qing, zhou)
    await ear.hears(MemberLeft, times=2)
    assert [(lin, None), (qing, zhou)] == [
        (event.member, event.remover) for event in ear.all(MemberLeft)
    ]


async def test_a_renamed_group_is_told(stage: Stage, ear: Ear) -> None:
    """A new name comes with the old one, and later messages carry it."""
    group, (zhou, lin, _) = await reading_group(stage)
    await heard_up_to_now(stage, ear, group, lin)
    await stage.rename(group, "读书会·冬", zhou)
    renamed = await ear.hears(GroupRenamed)
    assert (group, "读书会·冬", CARED_FOR, zhou) == (
        renamed.group,
        renamed.group.name,
        renamed.old_name,
        renamed.by,
    )
    id_ = await stage.speak(group, lin, "好名字")
    message = await ear.hears(Message, lambda message: message.id == id_)
    assert message.group is not None
    assert "读书会·冬" == message.group.name


async def test_a_recalled_message_is_told(stage: Stage, ear: Ear) -> None:
    """A message taken back is told by its id."""
    group, (_, lin, _) = await reading_group(stage)
    id_ = await stage.speak(group, lin, "发错了")
    await ear.hears(Message, lambda message: message.id == id_)
    await stage.recall(group, id_)
    recalled = await ear.hears(MessageRecalled)
    assert (id_, group) == (recalled.id, recalled.group)


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_names_and_texts_pass_through(stage: Stage, ear: Ear, words: str) -> None:
    """Names and texts are handed on as they are, and what comes after is heard."""
    zhou, strange = await people(stage, "老周", words)
    group = await stage.add_group(CARED_FOR + words, [zhou, strange])
    id_ = await stage.speak(group, strange, words, mentions=[zhou])
    message = await ear.hears(Message, lambda message: message.id == id_)
    await heard_up_to_now(stage, ear, group, zhou)
    assert message.text.endswith(words)
    assert words == message.author.name
    assert (CARED_FOR + words, (zhou,)) == (
        message.group.name if message.group else None,
        message.mentions,
    )


# Acting


async def test_say_in_a_group_is_heard_there_and_echoed(
    stage: Stage, ear: Ear, gateway: Gateway
) -> None:
    """What we say arrives, comes back as our own once, and the ids agree where one was given."""
    group, (_, lin, _) = await reading_group(stage)
    outcome = await gateway.perform(say(group, "大家好"))
    echo = await ear.hears(Message, lambda message: message.ours)
    await heard_up_to_now(stage, ear, group, lin)
    assert outcome.status in {Status.DONE, Status.SENT}
    assert outcome.message_id in {"", echo.id}
    assert [echo] == ear.all(Message, lambda message: message.ours)
    assert (group, await stage.me(), "大家好") == (echo.group, echo.author, echo.text)
    assert [(group.id, "大家好")] == [(said.to, said.text) for said in await stage.said()]


async def test_a_picture_follows_its_text(
    stage: Stage, ear: Ear, gateway: Gateway, tmp_path: Path
) -> None:
    """A file goes as it is, an address for the platform to load; each after its text, and echoed.

    That is so for a picture of nearly the size that is allowed as well.
    """
    group, (_, lin, _) = await reading_group(stage)
    large = saved(effect_noise((1200, 1200), 90).convert("RGB"), "BMP")[: MOST_BYTES - 8]
    (tmp_path / "茶.png").write_bytes(code("https://example.com"))
    (tmp_path / "大.png").write_bytes(b"\x89PNG\r\n\x1a\n" + large)
    outcomes = [
        await gateway.perform(replace(say(to, "看图"), picture=place))
        for to in (group, lin)
        for place in ("茶.png", "大.png", "https://example.com/a/b.jpg?x=1")
    ]
    echoes = await ear.hears(Message, lambda message: message.ours, times=12)
    kinds = [each.kind for each in ear.all(Message, lambda message: message.ours)]
    shown = await stage.shown()
    assert echoes.ours
    assert [Kind.TEXT, Kind.IMAGE] * 6 == kinds
    assert all(each.status in {Status.DONE, Status.SENT} for each in outcomes)
    assert not any(each.incomplete or each.detail for each in outcomes)
    assert ["茶.png", "大.png", "b.jpg"] * 2 == [each.title for each in shown]
    assert (tmp_path / "茶.png").read_bytes() == shown[0].picture
    assert (MOST_BYTES, "") == (len(shown[1].picture), shown[1].link)
    assert "https://example.com/a/b.jpg?x=1" == shown[2].link


@pytest.mark.parametrize("place", ["没有.png", "../茶.png", "/etc/hostname", "注.png", "http://"])
async def test_a_picture_that_may_not_go_out(
    stage: Stage, ear: Ear, gateway: Gateway, tmp_path: Path, place: str
) -> None:
    """The text stands; what is missing, outside of the folder or no picture is told, not sent."""
    group, _ = await reading_group(stage)
    (tmp_path / "注.png").write_text("秘密 secret")
    outcome = await gateway.perform(replace(say(group, "看图"), picture=place))
    await ear.hears(Message, lambda message: message.ours)
    assert outcome.status in {Status.DONE, Status.SENT}
    assert outcome.incomplete
    assert "图片没有" in outcome.detail
    assert ([], 1) == (await stage.shown(), len(await stage.said()))


async def test_a_refused_picture_leaves_its_text(
    stage: Stage, ear: Ear, gateway: Gateway, tmp_path: Path
) -> None:
    """A platform that takes no picture takes the text all the same, once."""
    group, _ = await reading_group(stage)
    (tmp_path / "茶.png").write_bytes(code("https://example.com"))
    await stage.refuse_pictures()
    outcome = await gateway.perform(replace(say(group, "看图"), picture="茶.png"))
    await ear.hears(Message, lambda message: message.ours)
    assert (True, [(group.id, "看图")]) == (
        outcome.incomplete,
        [(said.to, said.text) for said in await stage.said()],
    )
    assert [] == await stage.shown()


async def test_say_with_mentions_names_them_first(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """Those mentioned are really mentioned, by name, before the text."""
    group, (_, lin, qing) = await reading_group(stage)
    outcome = await gateway.perform(say(group, "你们好", lin, qing))
    (said,) = await stage.said()
    assert outcome.status in {Status.DONE, Status.SENT}
    assert (lin.id, qing.id) == said.mentions
    assert said.text.endswith("你们好")
    assert -1 < said.text.find("@小林") < said.text.find("@阿青") < said.text.find("你们好")
    echo = await ear.hears(Message, lambda message: message.ours)
    assert echo.text.endswith("你们好")


async def test_say_in_private(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """A private word reaches that person only; its echo has no group."""
    (lin,) = await people(stage, "小林")
    outcome = await gateway.perform(say(lin, "只告诉你"))
    echo = await ear.hears(Message, lambda message: message.ours)
    assert outcome.status in {Status.DONE, Status.SENT}
    assert (None, "只告诉你") == (echo.group, echo.text)
    assert [(lin.id, "只告诉你")] == [(said.to, said.text) for said in await stage.said()]


async def test_say_where_there_is_nobody(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """Speaking in a group that does not exist is refused, not raised."""
    outcome = await gateway.perform(say(Group(ACCOUNT, "没有@这个群", "没有"), "有人吗"))
    assert Status.REFUSED is outcome.status
    assert outcome.detail
    assert [] == await stage.said()


async def test_removal_is_proven(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """Removing somebody is done only when they are gone; confirm() reads it back."""
    group, (_, lin, _) = await reading_group(stage)
    assert await gateway.confirm(remove(group, lin)) is False
    outcome = await gateway.perform(remove(group, lin))
    left = await ear.hears(MemberLeft)
    assert Status.DONE is outcome.status
    assert lin.id not in await stage.members(group)
    assert await gateway.confirm(remove(group, lin)) is True
    assert (group, lin, await stage.me()) == (left.group, left.member, left.remover)


async def test_a_refused_removal_is_refused(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """What the platform refuses is told as refused, with a sentence."""
    group, (_, lin, _) = await reading_group(stage)
    await stage.refuse(Remove)
    outcome = await gateway.perform(remove(group, lin))
    assert Status.REFUSED is outcome.status
    assert outcome.detail
    assert lin.id in await stage.members(group)


async def test_an_ignored_removal_is_noticed(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """What the platform accepts and does not do is told as ignored."""
    group, (_, lin, _) = await reading_group(stage)
    await stage.ignore(Remove)
    outcome = await gateway.perform(remove(group, lin))
    assert Status.IGNORED is outcome.status
    assert outcome.detail
    assert await gateway.confirm(remove(group, lin)) is False


async def test_removal_without_the_right_is_not_done(
    stage: Stage, ear: Ear, gateway: Gateway
) -> None:
    """As a plain member we remove nobody."""
    group, (_, lin, _) = await reading_group(stage, admin=False)
    outcome = await gateway.perform(remove(group, lin))
    assert outcome.status in {Status.REFUSED, Status.IGNORED}
    assert lin.id in await stage.members(group)


async def test_announcement_is_read_back(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """An announcement is done when it reads as we wrote it."""
    group, _ = await reading_group(stage)
    outcome = await gateway.perform(announce(group, "本周共读：第三章"))
    assert Status.DONE is outcome.status
    assert "本周共读：第三章" == await stage.announcement(group)
    assert await gateway.confirm(announce(group, "本周共读：第三章")) is True
    assert await gateway.confirm(announce(group, "另一则")) is False


async def test_an_ignored_announcement_is_noticed(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """An announcement that does not stick is told as ignored."""
    group, _ = await reading_group(stage)
    await stage.ignore(Announce)
    assert Status.IGNORED is (await gateway.perform(announce(group, "本周共读"))).status


async def test_speech_cannot_be_confirmed(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """Whether something was said cannot be read back; the echo tells."""
    group, _ = await reading_group(stage)
    assert await gateway.confirm(say(group, "早")) is None


async def test_invite_brings_somebody_in_or_says_no(
    stage: Stage, ear: Ear, gateway: Gateway
) -> None:
    """An invited person is in the group when the platform takes the invitation at once."""
    group, _ = await reading_group(stage)
    (guest,) = await people(stage, "小明")
    outcome = await gateway.perform(
        Invite(key="invite", why="考试", priority=Priority.NOTICE, group=group, member=guest)
    )
    present = guest.id in await stage.members(group)
    assert outcome.status in ({Status.DONE} if present else {Status.SENT, Status.REFUSED})


async def test_recall_of_our_own(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """Our own message can be taken back where the platform can, else it is refused."""
    group, _ = await reading_group(stage)
    await gateway.perform(say(group, "发错了"))
    echo = await ear.hears(Message, lambda message: message.ours)
    outcome = await gateway.perform(
        Recall(key="recall", why="考试", priority=Priority.NOTICE, group=group, message_id=echo.id)
    )
    possible = Capability.RECALL in gateway.capabilities
    assert outcome.status in ({Status.DONE, Status.SENT} if possible else {Status.REFUSED})


# The line


async def test_rosters_follow_the_login_for_groups_cared_for(stage: Stage) -> None:
    """After the login we know who is in each group cared for, and nothing of any other."""
    group, members = await reading_group(stage)
    await stage.add_group("家人群", members)
    gateway = stage.gateway(lambda group: group.name == CARED_FOR)
    async with Ear(gateway) as ear:
        roster = await ear.hears(RosterRead)
        await heard_up_to_now(stage, ear, group, members[0])
        assert [group] == [roster.group for roster in ear.all(RosterRead)]
        assert {*members, await stage.me()} == set(roster.members)


async def test_it_comes_back_by_itself(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """After the line broke it logs in again; the roster tells who came and went meanwhile."""
    group, (zhou, lin, qing) = await reading_group(stage)
    (guest,) = await people(stage, "小明")
    await heard_up_to_now(stage, ear, group, lin)
    await stage.disconnect()
    await ear.hears(GatewayChanged, lambda event: event.state is GatewayState.OFFLINE)
    await stage.join(group, guest, zhou)
    await stage.leave(group, qing)
    await stage.speak(group, lin, "没人听见")
    await stage.reconnect()
    await ear.logged_in(times=2)
    roster = await ear.hears(RosterRead, lambda roster: guest in roster.members)
    assert {zhou, lin, guest, await stage.me()} == set(roster.members)
    await heard_up_to_now(stage, ear, group, lin)
    outcome = await gateway.perform(say(group, "我回来了"))
    assert outcome.status in {Status.DONE, Status.SENT}


async def test_nothing_is_sent_while_offline(stage: Stage, ear: Ear, gateway: Gateway) -> None:
    """Without a line an action is unsent: it certainly did not happen and may be tried again."""
    group, (_, lin, _) = await reading_group(stage)
    await heard_up_to_now(stage, ear, group, lin)
    await stage.disconnect()
    await ear.hears(GatewayChanged, lambda event: event.state is GatewayState.OFFLINE)
    outcome = await gateway.perform(say(group, "有人吗"))
    await stage.reconnect()
    await ear.logged_in(times=2)
    assert Status.UNSENT is outcome.status
    assert [] == await stage.said()


async def test_close_ends_the_events(ear: Ear, gateway: Gateway) -> None:
    """close() ends events(), may be called twice, and afterwards nothing is sent."""
    await gateway.close()
    await gateway.close()
    await ear.ended.wait()
    assert Status.UNSENT is (await gateway.perform(say(Group(ACCOUNT, "g"), "早"))).status


async def test_another_gateway_takes_over(stage: Stage) -> None:
    """After one process stopped, the next one of the same account hears and speaks."""
    group, (_, lin, _) = await reading_group(stage)
    for _ in range(2):
        gateway = stage.gateway(lambda _: True)
        async with Ear(gateway) as ear:
            await ear.logged_in()
            await heard_up_to_now(stage, ear, group, lin)
