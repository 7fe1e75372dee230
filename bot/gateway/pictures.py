"""Pictures that go out with a topic: an address on the web, or a file beside config.yaml."""

from dataclasses import field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.frozen import frozen

MOST_BYTES = 2 * 1024 * 1024
"""A gateway takes no call of more than 4 MB, and a picture grows by a third on its way there."""

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF87a": ".gif",
    b"GIF89a": ".gif",
}
_RIFF, _WEBP = b"RIFF", b"WEBP"
_SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_LONGEST_NAME = 100


class NoPicture(Exception):  # noqa: N818  it says what is the matter
    """There is no such picture, or it may not go out; says why, Chinese first."""


@frozen
class Picture:
    """A picture as it can be sent: its bytes, or the address from which the platform loads it."""

    name: str
    data: bytes = field(default=b"", repr=False)
    url: str = ""


def is_address(place: str) -> bool:
    """Whether a picture is on the web, not in a file."""
    return place.lower().startswith(("http://", "https://"))


def lacking(why: str) -> str:
    """What operators are told of a text that went out without its picture."""
    return f"话发了，图片没有：{why} The words are out, the picture is not."


def picture(place: str, folder: Path | None) -> Picture:
    """The picture at this place: an address, or a path below `folder` (None: there is none).

    Reads the file, so it takes its time. Raises NoPicture, and nothing else.
    """
    if is_address(place):
        return _on_the_web(place)
    if folder is None:
        raise NoPicture("这里不发图片文件 picture files are not sent here")
    try:
        path = _inside(place, folder.resolve())
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:  # a bad name, a link that leads to itself
        raise NoPicture(
            f"读不到图片文件 the picture cannot be read: {place[:_LONGEST_NAME]}"
        ) from error
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise NoPicture(f"图片超过 {most} MB the picture is larger than {most} MB: {path.name}")
    return Picture(path.stem + _suffix(data, path.name), data)


def _on_the_web(place: str) -> Picture:
    try:
        parts = urlsplit(place)
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname or any(char.isspace() or not char.isprintable() for char in place):
        raise NoPicture(f"图片的网址不对 no address of a picture: {place[:_LONGEST_NAME]!r}")
    name = PurePosixPath(unquote(parts.path)).name[-_LONGEST_NAME:]
    is_named = name.lower().endswith(_SUFFIXES) and name.isprintable()
    return Picture(name if is_named else "picture.jpg", url=place)


def _inside(place: str, folder: Path) -> Path:
    """The file itself, behind all links; it and the way to it are below the folder and not hidden.

    Raises NoPicture or OSError.
    """
    path = (folder / place).resolve(strict=True)
    hidden = path.is_relative_to(folder) and any(
        part.startswith(".") for part in path.relative_to(folder).parts
    )
    if hidden or not path.is_relative_to(folder) or not path.is_file():
        raise NoPicture(
            "图片文件要放在 config.yaml 所在的文件夹里"
            f" a picture has to be in the folder of config.yaml: {place[:_LONGEST_NAME]}"
        )
    return path


def _suffix(data: bytes, name: str) -> str:
    """What kind of picture it is by its first bytes, whatever it is called."""
    if data[:4] == _RIFF and data[8:12] == _WEBP:
        return ".webp"
    for beginning, suffix in _BEGINNINGS.items():
        if data.startswith(beginning):
            return suffix
    raise NoPicture(f"这个文件不是图片 this file is no picture: {name[:_LONGEST_NAME]}")
