"""The terminal room: `weilu run` on the sandbox, where a person types and the group answers."""

import asyncio
import codecs
import contextlib
import os
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from bot import duration
from bot.config import Config
from bot.events import Group, Kind
from bot.gateway import sandbox
from bot.gateway.base import CaresFor, nowhere
from bot.shown import shown
from bot.transcript import Transcript
from bot.typed import HELP, Typed, parse

_DRAWN = {"", "quote", "link", "picture", "card"}
"""What the transcript shows once it is typed."""
YOU = "你"
DEFAULT_GROUP = "读书会"
CAST = ("老周", "小林", "阿青", "陈姐")
_LONGEST = 2000
"""Characters of one typed line that are taken."""
_LARGEST = 10 * 1024 * 1024
"""Bytes of a picture that are sent."""
_FURTHEST = timedelta(days=366)
"""The clock is moved no further at once: programmes look at every day in between."""


class Room:
    """A small sandbox network for the groups that the config names, with a few people in it.

    `clock` is the network's, which `/clock` moves; give it to the app. Open it while the app runs.
    """

    def __init__(
        self,
        config: Config,
        cares_for: CaresFor,
        wants_pictures: CaresFor = nowhere,
        pictures: Path | None = None,
    ) -> None:
        self.clock = sandbox.ShiftedClock()
        self.network = sandbox.SandboxNetwork(self.clock)
        self.gateway = sandbox.SandboxGateway(
            self.network,
            config.account.name,
            cares_for=cares_for,
            wants_pictures=wants_pictures,
            pictures=pictures,
        )
        self._zone = config.time_zone
        for id_, who in {who.id: who for who in (*config.operators.people, *config.admins)}.items():
            self.network.add_person(who.name or id_, id_)
        self._you = self.network.add_person(YOU)
        for name in _names(config, cares_for):
            everybody = (*CAST, self._you, self.gateway.person)
            self.network.add_group(name, *everybody, admins=[self.gateway.person])
        if config.operators.group:
            self.network.add_group(config.operators.group, self._you, self.gateway.person)
        self._here = self.network.rooms[0]
        self._speaker = self._you
        self._commands: dict[str, Callable[[str], str]] = {
            "": self._speak,
            "speak_as": self._speak_as,
            "join": self._join,
            "leave": self._leave,
            "group": self._group,
            "quote": self._quote,
            "link": self._link,
            "picture": self._picture,
            "card": self._card,
            "whisper": self._whisper,
            "who": self._who,
            "clock": self._clock,
            "help": lambda _: HELP,
            "unknown": lambda _: "没有这个命令，/帮助 列出全部 No such command; /help lists them",
        }

    @contextlib.asynccontextmanager
    async def open(self, console: Console, keyboard: int = 0) -> AsyncIterator[None]:
        """Show what happens and, if `keyboard` is a terminal, say what is typed there."""
        several = len(self.network.rooms) > 1
        transcript = Transcript(console, self._zone, name_groups=several)
        stop_watching = self.network.watch(transcript.show)
        typing = os.isatty(keyboard)
        console.print(Text(self.hint(typing=typing), style="dim"))
        if typing:
            self._read(console, keyboard)
        try:
            yield
        finally:
            stop_watching()
            asyncio.get_running_loop().remove_reader(keyboard)

    def hint(self, *, typing: bool) -> str:
        """The one line that tells how to go on."""
        if not self.gateway.cares_for(self.gateway.group(self._here)):
            return (
                f"config.yaml 里没有哪一条管「{shown(self._here.name)}」，围炉不会理它。"
                " No entry of config.yaml matches this group: Weilu leaves it alone."
            )
        if not typing:
            return "在终端里运行就能进群聊天。 Run this in a terminal to talk in the group."
        return (
            f"你在「{shown(self._here.name)}」。打字说话，/帮助 列出命令，例如 /来 小明。"
            " Type to speak; /help lists the commands."
        )

    def type(self, line: str) -> str:
        """Do what one typed line says; the answer to whoever typed it, often empty."""
        typed = parse(line[:_LONGEST])
        if typed is None:
            return ""
        try:
            return self._do(typed)
        except sandbox.NotPossible as no:
            return str(no)

    def _do(self, typed: Typed) -> str:
        return self._commands[typed.command](typed.rest)

    # What can be typed

    def _speak(self, text: str, quote: sandbox.Line | None = None) -> str:
        room = self._here
        called = [person for person in room.members if f"@{room.name_of(person)}" in text]
        self.network.speak(room, self._speaker, text, mention=called, quote=quote)
        return ""

    def _speak_as(self, name: str) -> str:
        self._speaker = self.network.person(name, self._here) if name else self._you
        if self._speaker.is_account:
            self._speaker = self._you
            return "围炉自己会说话 Weilu speaks for itself"
        return f"现在你是 {self._speaker.name} now you are this person"

    def _join(self, name: str) -> str:
        who = name or self._speaker
        self.network.join(self._here, who, next(iter(self._here.members), None))
        return ""

    def _leave(self, name: str) -> str:
        self.network.leave(self._here, name or self._speaker)
        return ""

    def _group(self, name: str) -> str:
        if name:
            self._here = self.network.room(name)
        names = (f"{'▸' if room is self._here else ' '} {room.name}" for room in self.network.rooms)
        return "\n".join(names)

    def _quote(self, text: str) -> str:
        ours = [line for line in self.network.said if line.room is self._here]
        if not ours:
            return "围炉还没在这里说过话 Weilu has not said anything here yet"
        return self._speak(text, ours[-1])

    def _link(self, text: str) -> str:
        link, _, title = text.partition(" ")
        if "." not in link:
            return "请写上网址，例如 /链接 example.com 标题 Give the address of a page first"
        return self._send(Kind.URL, sandbox.Enclosure(title.strip(), link))

    def _picture(self, path: str) -> str:
        if not path:
            return "请写上图片的路径，例如 /图 码.png Give the path of a picture"
        try:
            with Path(path).expanduser().open("rb") as file:
                picture = file.read(_LARGEST)
        except (OSError, ValueError, RuntimeError) as error:
            return f"读不出这张图 the picture cannot be read: {_why(error)}"
        return self._send(Kind.IMAGE, sandbox.Enclosure(picture=picture))

    def _card(self, name: str) -> str:
        if not name:
            return "请写上是谁的名片，例如 /名片 小明 Say whose card it is"
        return self._send(Kind.CONTACT, sandbox.Enclosure(name))

    def _send(self, kind: Kind, encloses: sandbox.Enclosure) -> str:
        self.network.speak(self._here, self._speaker, kind=kind, encloses=encloses)
        return ""

    def _whisper(self, text: str) -> str:
        self.network.whisper(self._speaker, self.gateway.person, text)
        return ""

    def _who(self, _: str) -> str:
        return "、".join(self._here.name_of(person) for person in self._here.members)

    def _clock(self, text: str) -> str:
        try:
            delta = _delta(text)
            self.clock.move_by(delta)
        except (ValueError, OverflowError) as fault:
            return str(fault)
        now = self.network.now.astimezone(self._zone)
        return f"沙箱的时间 the sandbox's time: {now:%Y-%m-%d %H:%M}"

    # The keyboard

    def _read(self, console: Console, keyboard: int) -> None:
        """Take lines from the terminal as the loop finds them, until it has no more."""
        loop = asyncio.get_running_loop()
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        rest = ""

        def readable() -> None:
            nonlocal rest
            try:
                data = os.read(keyboard, 4096)
            except OSError:  # the terminal is gone; Weilu is not
                data = b""
            if not data:
                loop.remove_reader(keyboard)
            *lines, rest = (rest + decoder.decode(data)).split("\n")
            rest = rest[-_LONGEST:]
            for line in lines:
                self._typed(console, line)

        loop.add_reader(keyboard, readable)

    def _typed(self, console: Console, line: str) -> None:
        _take_back_echo(console, line)
        if answer := self.type(line):
            for part in answer.split("\n"):
                console.print(Text(shown(part), style="dim"))


def _take_back_echo(console: Console, line: str) -> None:
    """The terminal has drawn what was typed; the transcript draws it again, properly."""
    typed = parse(line)
    if typed and typed.command in _DRAWN and console.is_terminal:
        # Of a line that the terminal wrapped, the upper part stays: ugly, and harmless.
        console.control(
            Control(
                (ControlType.CURSOR_UP, 1),
                ControlType.CARRIAGE_RETURN,
                (ControlType.ERASE_IN_LINE, 2),
            )
        )


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _delta(text: str) -> timedelta:
    """`+1h`, `-10m` or `1d`. Raises ValueError with a sentence for anything else."""
    sign = -1 if text.startswith("-") else 1
    delta = duration.parse(text.lstrip("+-").strip())
    if delta > _FURTHEST:
        raise ValueError("一次最多拨一年 a year at the most at once")
    return sign * delta


def _names(config: Config, cares_for: CaresFor) -> list[str]:
    """Names of groups that the config matches; a pattern's wildcards stand for nothing."""
    plain = [re.sub(r"[*?]|\[.*?\]", "", name).strip() for name in config.group_names()]
    found = [name for name in plain if name and cares_for(Group(config.account.name, "", name))]
    return list(dict.fromkeys(found)) or [DEFAULT_GROUP]
