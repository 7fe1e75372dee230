"""Files of words: one word a line, shared between groups and with other people.

`#` begins a comment, `!` a phrase that protects the words inside it. UTF-8, with or without a mark
at its beginning, or GB18030, which is what Windows in China writes.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from bot.frozen import frozen
from rules.normalising import normalise
from rules.steps import OF_CHARACTERS

_LONGEST = 100
_MOST = 5_000_000
"""Bytes: some hundred thousand words. What is larger is another file taken by mistake."""


_TOLD = 20
"""So many faulty lines of a file are told one by one: after that it is probably no list at all."""


class WordListError(ValueError):
    """Files of words cannot be used. `faults` are sentences: which file, where, and what to do."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@frozen
class WordList:
    """What a file holds, in its order, each once."""

    words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()


def read(path: Path) -> WordList:
    """The words and allow phrases of a file. Raises WordListError with every faulty line."""
    words: dict[str, None] = {}
    allow: dict[str, None] = {}
    faulty: list[int] = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        phrase = line.partition("#")[0].strip()
        if not phrase:
            continue
        kept = allow if phrase.startswith("!") else words
        phrase = phrase.removeprefix("!").strip()
        if is_blank(phrase) or len(phrase) > _LONGEST:
            faulty.append(number)
        kept[phrase] = None
    if faulty:
        raise WordListError(*_told(path, faulty))
    return WordList(tuple(words), tuple(allow))


def read_all(paths: Iterable[Path]) -> WordList:
    """Several files as one. Raises WordListError with what is wrong in any of them."""
    lists: list[WordList] = []
    faults: list[str] = []
    for path in paths:
        try:
            lists.append(read(path))
        except WordListError as wrong:
            faults += wrong.faults
    if faults:
        raise WordListError(*faults)
    return WordList(
        tuple(dict.fromkeys(word for each in lists for word in each.words)),
        tuple(dict.fromkeys(phrase for each in lists for phrase in each.allow)),
    )


def is_blank(phrase: str) -> bool:
    """Whether nobody can see it: it would match everywhere or nowhere."""
    return not phrase.isalnum() and not normalise(phrase, OF_CHARACTERS).text.strip()


def _told(path: Path, faulty: list[int]) -> list[str]:
    told = [
        f"{path}:{number}：一行一个看得见的词，1 到 {_LONGEST} 字"
        f" one visible word a line, 1 to {_LONGEST} characters"
        for number in faulty[:_TOLD]
    ]
    left = len(faulty) - _TOLD
    return [*told, f"{path}：还有 {left} 行 and {left} more lines"] if left > 0 else told


def _text(path: Path) -> str:
    try:
        about = path.stat()
        # Nothing else is opened, whatever a proposed config names: a device would never end.
        fault = _unfit(path, about)
        raw = b"" if fault else path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise WordListError(
            f"{path}：读不到，请检查路径和权限（相对于 config.yaml 所在目录）"
            f" cannot be read: check its path, from the folder of config.yaml ({why})"
        ) from None
    if fault:
        raise WordListError(f"{path}：{fault}")
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


def _unfit(path: Path, about: os.stat_result) -> str:
    """Why it is no list of words; empty if it may be one."""
    if path.suffix != ".txt" or not stat.S_ISREG(about.st_mode):
        return "词表要是 .txt 文件 a list of words is a .txt file"
    return f"文件太大 larger than {_MOST:,} bytes" if about.st_size > _MOST else ""
