"""Replacing the text of config.yaml: whole or not at all, and never over what somebody else wrote.

The watcher of a running Weilu takes it up like any other edit (bot/reload.py).
"""

import hashlib
import os
import shutil
import tempfile
import threading
from pathlib import Path

from bot.config_file import read
from bot.decoding import Undecodable, decode
from bot.faults import ConfigFaults, Fault
from bot.frozen import frozen

_WRITING = threading.Lock()
_CRLF = b"\r\n"


@frozen
class Written:
    """What the file holds. The digest tells two states of it apart."""

    text: str
    digest: str
    crlf: bool


class ChangedMeanwhile(Exception):  # noqa: N818 - it is told to whoever edits
    """The file is not what the edit began from; it was left as it is."""


class NotWritten(Exception):  # noqa: N818 - it is told to whoever edits
    """The file could not be written and is as it was; the message is the system's."""


def written(path: Path) -> Written:
    """The file as it is now. Raises ConfigFaults where it cannot be read as text."""
    content = read(path)
    try:
        text = decode(content)
    except Undecodable as wrong:
        raise ConfigFaults([Fault(str(path), wrong.line, wrong.column, "", str(wrong))]) from None
    return Written(text, hashlib.sha256(content).hexdigest(), _CRLF in content)


def backup(path: Path) -> Path:
    """Where the text stays that was there before."""
    return path.with_name(f"{path.name}.bak")


def replace(path: Path, text: str, began_from: str) -> None:
    """Put this text into the file, in UTF-8 and with the line ends it had; what was there goes into
    its `backup`.

    `began_from` is the digest of what was read. Raises ChangedMeanwhile, NotWritten, and
    ConfigFaults where the file cannot be read any more.
    """
    with _WRITING:
        now = written(path)
        if now.digest != began_from:
            raise ChangedMeanwhile
        content = text.encode()
        if now.crlf:
            content = content.replace(b"\n", _CRLF)
        there = path.resolve()  # a link stays a link
        try:
            _put(backup(there), there.read_bytes(), like=there)
            _put(there, content, like=there)
        except OSError as error:
            raise NotWritten(error.strerror or type(error).__name__) from error


def _put(path: Path, content: bytes, *, like: Path) -> None:
    """Whoever reads it at any moment finds the old content or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(like, name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
