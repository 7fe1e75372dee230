"""The real Node gateway with a client before it, driven and timed from the gateway's side."""

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import environment
from benchmarks.chat import Chat, Line
from benchmarks.side import folder

ROOT = Path(__file__).parent.parent
TOKEN = "puppet_mock_benchmark"  # noqa: S105 - of a gateway on loopback, for seconds
KNOCK = "wxid_knocking"


class Gateway:
    """A running Node gateway that takes commands."""

    def __init__(self, place: Path, port: int) -> None:
        self._place = place
        self.endpoint = f"127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [str(environment.node()), str(environment.NODE / "server.mjs"), str(port), TOKEN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
        )
        self._answer()

    def people(self, **people: int) -> None:
        """Who is there; see node/server.mjs."""
        self._command(op="people", **people)

    def play(self, lines: list[dict[str, Any]], *, every: int, patience: float) -> dict[str, Any]:
        """Say these lines and wait for the answers."""
        file = self._place / "lines.json"
        file.write_text(json.dumps(lines), encoding="utf-8")
        return self._command(op="play", file=str(file), every=every, patience=patience)

    def knock(self, text: str, *, every: int = 20, patience: float = 60) -> dict[str, Any]:
        """Say one thing again and again until it is answered."""
        return self._command(
            op="knock", room="0@room", talker="wxid_0", text=text, every=every, patience=patience
        )

    def quiet(self) -> None:
        """Wait until the client has loaded whatever it wants to have."""
        self._command(op="quiet")

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def _command(self, **command: Any) -> dict[str, Any]:
        assert self._process.stdin  # noqa: S101 - for the type checker
        print(json.dumps(command), file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 - for the type checker
        for line in self._process.stdout:
            if line.startswith("{"):
                return dict(json.loads(line))
        raise RuntimeError("the gateway ended")


@dataclass
class Client:
    """A running bot."""

    process: subprocess.Popen[bytes]

    def memory(self, what: str = "VmHWM") -> float:
        """MiB: the most so far (VmHWM) or now (VmRSS)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        (line,) = (line for line in status.splitlines() if line.startswith(what))
        return int(line.split()[1]) / 1024


def start_client(kind: str, endpoint: str, words: tuple[str, ...], place: Path) -> Client:
    """Start a bot of this kind in a folder of its own."""
    words_file = place / "words.json"
    words_file.write_text(json.dumps(words), encoding="utf-8")
    program = {
        "ours": lambda: [sys.executable, "-m", "benchmarks.client"],
        "typescript": lambda: [str(environment.node()), str(environment.NODE / "bot.mjs")],
        "bare": lambda: [str(environment.peers()), "-m", "benchmarks.peers.bare_client"],
        "python-wechaty": lambda: [
            str(environment.python310_peers()),
            str(ROOT / "benchmarks/peers/python_wechaty.py"),
        ],
    }[kind]()
    # HOME: the TypeScript client caches payloads there, python-wechaty in the working folder.
    surroundings = {**environment.installed(), "HOME": str(place), "PYTHONPATH": str(ROOT)}
    command = [*program, endpoint, TOKEN, str(words_file)]
    return Client(subprocess.Popen(command, cwd=place, env=surroundings, stdout=sys.stderr))


@contextlib.contextmanager
def gateway(**people: int) -> Iterator[tuple[Gateway, Path]]:
    """A gateway with these people, and a folder for its client."""
    with folder() as place, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        running = Gateway(place, port)
        try:
            running.people(**{"rooms": 40, "members": 400, "ofOne": 0, "delay": 0, **people})
            yield running, place
        finally:
            running.end()


@contextlib.contextmanager
def connected(kind: str, chat: Chat, **people: int) -> Iterator[tuple[Gateway, Client]]:
    """A gateway and a client of it that has answered once."""
    with gateway(**people) as (running, place):
        client = start_client(kind, running.endpoint, chat.words, place)
        try:
            if not running.knock(chat.words[0])["answeredAt"]:
                raise RuntimeError(f"{kind} answered nothing for a minute")
            # Not measured: everybody is answered once, so that the client has loaded what it wants,
            # and then enough is said for what is compiled while it runs.
            running.play(as_said(_everybody(chat)), every=0, patience=60)
            running.play(as_said(chat.lines(500)), every=0, patience=60)
            running.quiet()
            yield running, client
        finally:
            client.process.kill()
            client.process.wait()


def chat(seed: int) -> Chat:
    """The chat of these people: 40 groups, so that every client soon knows all of them."""
    return Chat(seed, groups=40, members=400)


def _everybody(chat: Chat) -> list[Line]:
    return [Line(n, n % chat.groups, n, 0, chat.words[0], hit=True) for n in range(chat.members)]


def as_said(lines: list[Line]) -> list[dict[str, Any]]:
    """Lines for `Gateway.play`."""
    types = {"text": 7, "image": 6, "emoticon": 5, "audio": 2, "url": 14}
    return [
        {
            "room": f"{line.group}@room",
            "talker": f"wxid_{line.member}",
            "text": line.text,
            "type": types[line.kind],
            "answer": line.hit,
        }
        for line in lines
    ]
