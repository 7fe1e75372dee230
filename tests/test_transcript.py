import io
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.clock import MovableClock
from bot.events import Kind
from bot.gateway.sandbox import Enclosure, Room, SandboxGateway, SandboxNetwork
from bot.transcript import Transcript, wrapped


class Screen:
    """A network whose happenings are drawn into a string, 80 columns wide."""

    def __init__(self, width: int = 80, *, name_groups: bool = False) -> None:
        self.network = SandboxNetwork(MovableClock(NOON))
        self.us = SandboxGateway(self.network).person
        self.drawn = io.StringIO()
        console = Console(file=self.drawn, width=width, color_system=None)
        transcript = Transcript(console, ZoneInfo("Asia/Shanghai"), name_groups=name_groups)
        self.network.watch(transcript.show)

    def lines(self) -> list[str]:
        """What is on it, without trailing spaces."""
        return [line.rstrip() for line in self.drawn.getvalue().splitlines()]

    def group(self) -> Room:
        """读书会 of 小林 and us."""
        return self.network.add_group("读书会", "小林", self.us)


def test_a_line_has_time_speaker_words_quote_and_reason() -> None:
    """Local time, name, words; below them what it quotes and why it was said."""
    screen = Screen()
    room = screen.group()
    first = screen.network.speak(room, "小林", "早")
    screen.network.speak(room, screen.us, "欢迎\n你好", quote=first, why="新成员 welcome")
    assert [
        "12:00 小林        早",
        "12:00 ◆ 围炉      欢迎",
        "                  你好",
        "                  ┆ 小林：早",
        "                  ╰ 新成员 welcome",
    ] == screen.lines()


def test_a_card_shows_what_it_is_and_where_it_leads() -> None:
    """Its title and its address stand behind its kind."""
    screen = Screen()
    card = Enclosure("好文\n读读", "https://example.com")
    screen.network.speak(screen.group(), "小林", kind=Kind.URL, encloses=card)
    shown = ["12:00 小林        [链接] 好文", "                  读读 https://example.com"]
    assert shown == screen.lines()


def test_groups_are_named_when_they_change() -> None:
    """Where there are several, each change of place is told, also of one who only comes."""
    screen = Screen(name_groups=True)
    one, other = screen.group(), screen.network.add_group("创业者", "小林")
    for room in (one, one, other):
        screen.network.speak(room, "小林", "早")
    screen.network.befriend("小林", screen.us)
    screen.network.join(one, "小明")
    shapes = ["─" if "─" in line else line.split()[-1] for line in screen.lines()]
    assert ["─", "早", "早", "─", "早", "—", "─", "—"] == shapes


def test_private_words_and_other_kinds() -> None:
    """A private word says to whom; what is not text says what it is."""
    screen = Screen()
    room = screen.group()
    screen.network.whisper("小林", screen.us, "嘘")
    screen.network.speak(room, "小林", kind=Kind.IMAGE)
    screen.network.speak(room, "小林", "？", kind=99)
    assert [
        "12:00 小林        嘘",
        "                  私聊 in private → 围炉",
        "12:00 小林        [图片]",
        "12:00 小林        [未知消息] ？",
    ] == screen.lines()


def test_who_came_and_went_stands_in_the_middle() -> None:
    """What is not said is a sentence in the middle."""
    screen = Screen()
    room = screen.group()
    screen.network.join(room, "小明", "小林")
    screen.network.leave(room, "小明")
    assert ["— 小林 邀请 小明 加入了群聊 —", "— 小明 离开了群聊 —"] == [
        line.strip() for line in screen.lines()
    ]


hostile = st.text(st.characters(codec=None), max_size=300)


@given(name=hostile, text=hostile, width=st.integers(40, 120))
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.UNKNOWN])
def test_nothing_hostile_reaches_the_terminal(name: str, text: str, width: int, kind: Kind) -> None:
    """No control character is drawn but line ends, no markup is obeyed, no line is too wide."""
    screen = Screen(width)
    room = screen.network.add_group(name, screen.network.add_person(name), screen.us)
    line = screen.network.speak(room, room.members[0], text + "[bold red]", kind=kind)
    screen.network.speak(room, screen.us, "好", quote=line, why=text)
    screen.network.rename(room, text)
    drawn = screen.drawn.getvalue()
    assert all(letter >= " " or letter == "\n" for letter in drawn)
    assert not set("\x1b\x7f\x9b\u202e\u2066\u2028") & set(drawn)
    assert "[bold" in drawn.replace("\n", "").replace(" ", "")
    assert all(cell_len(line) <= width for line in drawn.split("\n"))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("一二三四五\n六七八九十", "一二三四五六七八九十"),
        ("一二三四\n五。", "一二三四五。"),
        ("一二三四\n《书》", "一二三四《书》"),
        ("他说 OK\ngoodbye 了", "他说 OK goodbye 了"),
        ("a\n\nb", "a\n\nb"),
        ("", ""),
    ],
)
def test_wrapping(expected: str, text: str) -> None:
    """Ten cells wide: Chinese breaks anywhere but before a closing mark, Latin between words."""
    assert expected == wrapped(text, 10)


@given(st.text(), st.integers(1, 60))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    """The letters stay, in order."""
    assert "".join(text.split()) == "".join(wrapped(text, width).split())
