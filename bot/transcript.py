"""The chat of the sandbox as it happens, drawn for a terminal of any width."""

import re
from collections.abc import Iterator
from zlib import crc32
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.events import Kind
from bot.gateway import sandbox
from bot.shown import shown

_COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_red", "bright_cyan")
_OURS = "bold bright_yellow"
_INDENT = 18
"""Where the words begin: behind the time and the name."""
_KINDS = {
    Kind.IMAGE: "图片",
    Kind.AUDIO: "语音",
    Kind.VIDEO: "视频",
    Kind.EMOTICON: "表情",
    Kind.ATTACHMENT: "文件",
    Kind.URL: "链接",
    Kind.RED_ENVELOPE: "红包",
    Kind.MINI_PROGRAM: "小程序",
    Kind.LOCATION: "位置",
    Kind.CONTACT: "名片",
    Kind.CHAT_HISTORY: "聊天记录",
}

_PIECE = re.compile(r"[《「『（【“‘]*(?:[!-~]+|[^!-~])[》」』）】”’，。、；：？！…]*", re.DOTALL)
"""What is not broken: a Latin word or one letter, with the marks that belong to it."""


class Transcript:
    """Give `show` to `network.watch`; everything that happens is then on the console.

    Times of day are those of `zone`. With `name_groups` the group is named whenever it is another
    one than before. Whatever a terminal would obey in names and texts is replaced before it is
    shown.
    """

    def __init__(self, console: Console, zone: ZoneInfo, *, name_groups: bool = False) -> None:
        self._console = console
        self._zone = zone
        self._name_groups = name_groups
        self._last: sandbox.Room | None = None

    def show(self, happening: sandbox.Happening) -> None:
        """Draw one thing that happened."""
        self._name(_where(happening))
        if isinstance(happening, sandbox.Spoken):
            self._console.print(self._line(happening.line))
        else:
            self.note(shown(str(happening)))

    def note(self, sentence: str) -> None:
        """Draw a sentence of the house itself, as WeChat draws who came and went."""
        self._console.print(Text(f"— {sentence} —", style="dim"), justify="center")

    def _name(self, room: sandbox.Room | None) -> None:
        if self._name_groups and room and room is not self._last:
            self._last = room
            self._console.rule(Text(shown(room.name)), style="dim")

    def _line(self, line: sandbox.Line) -> RenderableType:
        colour = _OURS if line.author.is_account else _COLOURS[crc32(line.author.id.encode()) % 7]
        head = Table.grid(padding=(0, 1, 0, 0), expand=True)
        head.add_column(width=5, style="dim")
        head.add_column(width=_INDENT - 7, overflow="ellipsis", no_wrap=True, style=colour)
        head.add_column(ratio=1, overflow="fold", style=_OURS if line.author.is_account else "")
        time = line.at.astimezone(self._zone).strftime("%H:%M")
        said = wrapped(words(line), self._console.width - _INDENT)
        head.add_row(time, Text(self._speaker(line)), Text(said))
        return Group(head, *(_below(part) for part in self._margin(line)))

    def _speaker(self, line: sandbox.Line) -> str:
        mark = "◆ " if line.author.is_account else ""
        return f"{mark}{shown(line.name)}"

    def _margin(self, line: sandbox.Line) -> list[str]:
        """What stands dimly below: to whom alone it was said, what it quotes, and why."""
        parts = []
        if isinstance(line.to, sandbox.Person):
            parts.append(f"私聊 in private → {shown(line.to.name)}")
        if line.quote:
            parts.append(f"┆ {shown(line.quote.name)}：{words(line.quote)}".replace("\n", " "))
        if line.why:
            parts.append(f"╰ {shown(line.why)}")
        return parts


def _where(happening: sandbox.Happening) -> sandbox.Room | None:
    if isinstance(happening, sandbox.Spoken | sandbox.Recalled):
        return happening.line.room
    return None if isinstance(happening, sandbox.Befriended) else happening.room


def words(line: sandbox.Line) -> str:
    """What was said, or in brackets what kind of thing it is; safe to show, breaks kept."""
    kind = Kind(line.kind)
    said = " ".join(filter(None, (line.text, line.encloses.title, line.encloses.link)))
    text = "\n".join(shown(part) for part in said.splitlines())
    return text if kind is Kind.TEXT else f"[{_KINDS.get(kind, '未知消息')}] {text}".rstrip()


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most `width` cells, broken as Chinese is: anywhere but in a word.

    No line begins with a closing mark or ends with an opening one; only a single word that is
    wider stays as it is.
    """
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width))


def _lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    yield line


def _below(part: str) -> Padding:
    text = Text(part, style="dim", no_wrap=True, overflow="ellipsis")
    return Padding(text, (0, 0, 0, _INDENT))
