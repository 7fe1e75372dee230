"""Files of words: one word a line, shared between groups and with other people.

`#` begins a comment, `!` a phrase that protects the words inside it. UTF-8, with or without a mark
at its beginning, or GB18030, which is what Windows in China writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 100
_MOST = 5_000_000
"""Bytes: some hundred thousand words. What is larger is another file taken by mistake."""


class WordListError(ValueError):
    """A file of words cannot be used; the sentence says which, where, and what to do."""


@dataclass(frozen=True, slots=True)
class WordList:
    """What a file holds, in its order, each once."""

    words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()


def read(path: Path) -> WordList:
    """The words and allow phrases of a file. Raises WordListError."""
    words: dict[str, None] = {}
    allow: dict[str, None] = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        phrase = line.partition("#")[0].strip()
        if not phrase:
            continue
        kept = allow if phrase.startswith("!") else words
        phrase = phrase.removeprefix("!").strip()
        if not phrase or len(phrase) > _LONGEST:
            raise WordListError(
                f"{path}:{number}：一行一个词，1 到 {_LONGEST} 字"
                f" one word a line, 1 to {_LONGEST} characters"
            )
        kept[phrase] = None
    return WordList(tuple(words), tuple(allow))


def read_all(paths: Iterable[Path]) -> WordList:
    """Several files as one. Raises WordListError."""
    lists = [read(path) for path in paths]
    return WordList(
        tuple(dict.fromkeys(word for each in lists for word in each.words)),
        tuple(dict.fromkeys(phrase for each in lists for phrase in each.allow)),
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST:
            raise WordListError(f"{path}：文件太大 larger than {_MOST:,} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise WordListError(
            f"{path}：读不到，请检查路径和权限（相对于 config.yaml 所在目录）"
            f" cannot be read: check its path, from the folder of config.yaml ({error.strerror})"
        ) from None
    place = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            place = max(place, raw.count(b"\n", 0, error.start) + 1)
    raise WordListError(
        f"{path}:{place}：既不是 UTF-8 也不是 GB18030，请另存为 UTF-8"
        " is neither UTF-8 nor GB18030: save it as UTF-8"
    )
