"""Bytes of a file that people wrote, as text: UTF-8 with or without BOM, or GB18030."""

import codecs
import re

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ud800-\udfff]|[\ufeff\ufffe\uffff]"
)
"""Three small classes are compiled in a tenth of the time that one takes."""


class Undecodable(ValueError):  # noqa: N818 — caught by config_file, which makes a fault of it
    """The bytes are no text we can read; `line` and `column` are where they stop being one."""

    def __init__(self, said: str, line: int = 1, column: int = 1) -> None:
        super().__init__(said)
        self.line = line
        self.column = column


def decode(content: bytes) -> str:
    """The text, with every line ending in a plain newline. Raises Undecodable."""
    if content.startswith(_UTF16):
        raise Undecodable("文件是 UTF-16，请另存为 UTF-8 this is UTF-16: save it as UTF-8")
    text = _decoded(content.removeprefix(codecs.BOM_UTF8))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    odd = _UNPRINTABLE.search(text)
    if odd:
        said = f"这里有看不见的控制字符 an invisible control character (U+{ord(odd[0]):04X})"
        raise Undecodable(said, *_place(text[: odd.start()]))
    return text


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        broken = error.start
    sound = content.decode(errors="ignore").encode()
    if _beyond_ascii(sound) * 2 <= _beyond_ascii(content):
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            pass
    raise Undecodable(
        "这里不是 UTF-8（也不是 GB18030），请另存为 UTF-8 neither UTF-8 nor GB18030: save as UTF-8",
        *_place(
            content[:broken].decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        ),
    )


def _beyond_ascii(content: bytes) -> int:
    return sum(byte > 0x7F for byte in content)  # noqa: PLR2004 — the end of ASCII


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows this text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")
