import asyncio
import io
import os
import pty
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import ACCOUNT
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.config import AccountSettings, Config, GroupEntry, Match, OperatorsSettings, Person
from bot.events import Kind
from bot.gateway.sandbox import Enclosure, Line
from bot.room import Room
from bot.typed import COMMANDS
from handlers.settings import GroupSettings


def config(*groups: Match, **over: object) -> Config:
    """A config with these groups, on the sandbox."""
    entries = tuple(GroupEntry(match=match, settings=GroupSettings()) for match in groups)
    return Config(account=AccountSettings(name=ACCOUNT), groups=entries, **over)


def opened(*groups: Match, **over: object) -> Room:
    """The room for such a config."""
    chosen = config(*groups, **over)
    return Room(chosen, lambda group: chosen.group(group) is not None)


@pytest.fixture
def room() -> Room:
    """The room for 读书会."""
    return opened(Match(name="读书会"))


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A terminal: where a person types, and where the room reads."""
    typing, reading = pty.openpty()
    yield typing, reading
    for end in (typing, reading):
        try:
            os.close(end)
        except OSError:
            continue


def screen() -> Console:
    """A console that draws into a string."""
    return Console(file=io.StringIO(), width=80, color_system=None)


def drawn(console: Console) -> str:
    """What is on it."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def last(room: Room) -> Line:
    """What was said last."""
    return room.network.lines[-1]


async def eventually(console: Console, words: str) -> None:
    """Return once these words are on the screen; the test's timeout ends a wait in vain."""
    while words not in drawn(console):  # noqa: ASYNC110 - a screen has no event to wait for
        await asyncio.sleep(0.01)


# Who is there


@pytest.mark.parametrize(
    ("expected", "groups"),
    [
        (["围炉读书会", "创业者"], [Match(name="围炉读书会"), Match(pattern="创业者*")]),
        (["读书会"], [Match(pattern="*")]),
        (["读书会"], [Match(id="12345@chatroom")]),
        (["读书会"], []),
    ],
)
def test_groups_are_those_of_the_config(expected: list[str], groups: list[Match]) -> None:
    """A group for each name and pattern, and one in any case."""
    assert expected == [there.name for there in opened(*groups).network.rooms]


def test_operators_are_there() -> None:
    """They have the ids that the config gives them, and their group is there with us in it."""
    people = (Person(id="op1", name="小秘"), Person(id="op2"))
    operators = OperatorsSettings(group="运营群", people=people)
    room = opened(Match(name="读书会"), operators=operators, admins=people[:1])
    assert ["小秘", "op2"] == [room.network.person(id_).name for id_ in ("op1", "op2")]
    assert ["你", "围炉"] == [person.name for person in room.network.room("运营群").members]


# What is typed


def test_words_are_said(room: Room) -> None:
    """As 你, with mentions of those who are there."""
    assert "" == room.type("早 @小林 @围炉 @没有人")
    assert ("你", "早 @小林 @围炉 @没有人") == (last(room).author.name, last(room).text)
    assert {"小林", "围炉"} == {person.name for person in last(room).mentions}


def test_somebody_comes_speaks_and_leaves(room: Room) -> None:
    """A newcomer is brought in, one speaks as them, they leave."""
    room.type("/来 小明")
    room.type("/我是 小明")
    room.type("大家好")
    assert "小明" == last(room).author.name
    assert room.type("/谁").endswith("、小明")
    room.type("/走")
    assert not room.type("/谁").endswith("、小明")
    assert "不在群" in room.type("还在吗")
    room.type("/我是")
    room.type("我是我")
    assert "你" == last(room).author.name
    assert "围炉" in room.type("/我是 围炉")


def test_quoting_and_whispering(room: Room) -> None:
    """One replies to what Weilu said last here, and speaks to it in private."""
    assert "还没" in room.type("/引 好")
    asked = room.network.speak("读书会", "围炉", "你怎么看？")
    room.type("/引 我也是")
    assert asked is last(room).quote
    room.type("/私 我的记录")
    assert room.gateway.person is last(room).to


def test_going_to_another_group() -> None:
    """What is typed is said in the group one went to."""
    room = opened(Match(name="读书会"), Match(name="创业者"))
    assert "▸ 读书会\n  创业者" == room.type("/组")
    assert "  读书会\n▸ 创业者" == room.type("/组 创业者")
    room.type("早")
    assert room.network.room("创业者") is last(room).room


def test_moving_the_clock(room: Room) -> None:
    """Forwards, backwards, and never out of the calendar."""
    before = room.clock.now()
    assert "沙箱的时间" in room.type("/钟 +2h")
    assert "沙箱的时间" in room.type("/clock -30m")
    assert room.clock.now() >= before + timedelta(hours=1, minutes=30)
    for wrong in ("", "x", "+", "999999d", "+1h; ls"):
        room.type(f"/钟 {wrong}")
    assert room.clock.now() < before + timedelta(hours=2)


def test_a_link_a_picture_and_a_card(room: Room, tmp_path: Path) -> None:
    """Each is sent as what it is."""
    picture = tmp_path / "二维码.png"
    picture.write_bytes(b"png")
    sent = []
    for line in ("/链接 https://example.com 好文 一篇", f"/图 {picture}", "/名片 小林"):
        assert "" == room.type(line)
        sent.append((last(room).kind, last(room).encloses))
    assert [
        (Kind.URL, Enclosure("好文 一篇", "https://example.com")),
        (Kind.IMAGE, Enclosure(picture=b"png")),
        (Kind.CONTACT, Enclosure("小林")),
    ] == sent


@pytest.mark.parametrize("path", ["没有.png", ".", "\0", "~nobody/x"])
def test_a_picture_that_is_none(room: Room, path: str) -> None:
    """Nothing is sent, and whoever typed it is told."""
    before = len(room.network.lines)
    assert room.type(f"/图 {path}").startswith("读不出这张图")
    assert before == len(room.network.lines)


@pytest.mark.parametrize("typed", ["/图", "/链接", "/链接 没有网址", "/名片"])
def test_what_is_missing_is_asked_for(room: Room, typed: str) -> None:
    """A picture needs a path, a link an address, a card a name; nothing is sent."""
    before = len(room.network.lines)
    assert room.type(typed).startswith("请写上")
    assert before == len(room.network.lines)


typed = st.one_of(
    st.text(st.characters(codec=None)),
    st.builds(
        "{} {}".format,
        st.sampled_from(["", *(f"/{name}" for name in COMMANDS)]),
        st.one_of(st.sampled_from(["", "围炉", "老周", "读书会", "+1d"]), st.text()),
    ),
)


@given(st.lists(typed, max_size=8))
def test_whatever_is_typed_is_answered(lines: list[str]) -> None:
    """No line breaks the room: each is done or answered with a sentence."""
    room = opened(Match(name="读书会"))
    for line in lines:
        assert isinstance(room.type(line), str)


# The terminal


async def test_without_a_terminal_there_is_one_hint(room: Room) -> None:
    """Where nobody can type, one line says so and nothing is read."""
    console = screen()
    reading, writing = os.pipe()
    async with room.open(console, reading):
        os.write(writing, "早\n".encode())
        await asyncio.sleep(0)
    os.close(reading)
    os.close(writing)
    assert 1 == len(drawn(console).splitlines())
    assert [] == list(room.network.lines)


async def test_a_typed_line_is_said_and_shown(room: Room, terminal: tuple[int, int]) -> None:
    """Typed in pieces, even within a letter, it is one line; the answer of a command is shown."""
    typing, reading = terminal
    console = screen()
    async with room.open(console, reading):
        line = "大家早\n".encode()
        os.write(typing, line[:4])
        await asyncio.sleep(0)
        os.write(typing, line[4:] + "/谁\n".encode())
        await eventually(console, "老周、小林")
    assert "大家早" == last(room).text
    assert " 你 " in drawn(console)


async def test_hostile_lines_and_the_end_of_input(room: Room, terminal: tuple[int, int]) -> None:
    """Broken UTF-8, escapes and very long lines do no harm, and after the end the room goes on."""
    typing, reading = terminal
    console = screen()
    async with room.open(console, reading):
        os.write(typing, b"\xff\xfe\x1b[2J\xe4\n/\x00\n" + b"a" * 3000 + b"\n\x04")
        await eventually(console, "没有这个命令")
        os.close(typing)
        await asyncio.sleep(0.05)
        room.network.speak("读书会", "小林", "还在")
        await eventually(console, "还在")
    assert "\x1b" not in drawn(console)
    assert all(len(line.text) <= 2000 for line in room.network.lines)


def test_hints() -> None:
    """How to go on; where the config is for no group here, that."""
    room = opened(Match(name="读书会"))
    assert "/帮助" in room.hint(typing=True)
    assert "终端" in room.hint(typing=False)
    assert "不会理它" in opened().hint(typing=True)
