"""The fields of a topic as people write them: one parser each, Chinese and English names."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.texts import Language
from storage.values import TopicKind
from topics.life import WORDS
from topics.season import part
from topics.sheets import Cell

COLUMNS = {
    "key": "代号",
    "title": "标题",
    "text": "内容",
    "kind": "类型",
    "category": "分类",
    "tags": "标签",
    "link": "链接",
    "picture": "图片",
    "stages": "阶段",
    "goal": "目标",
    "season": "时令",
    "language": "语言",
    "author": "作者",
    "source": "来源",
    "weight": "权重",
    "status": "状态",
}
"""The fields of a topic and what a Chinese sheet calls them; either may be written."""

KINDS = {"万能": TopicKind.UNIVERSAL, "专业": TopicKind.PROFESSIONAL}
STATUSES = {zh: status for status, zh in WORDS.items()}
LANGUAGES = {"中文": Language.ZH, "英文": Language.EN, "双语": Language.BOTH}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "kind": KINDS,
    "status": STATUSES,
    "language": LANGUAGES,
}
"""The fields that hold one of a few words."""

LISTS = ("tags", "stages", "season")
"""The fields that hold several words, in a sheet with `、` between them."""

_LENGTHS = {
    "key": 64,
    "title": 60,
    "text": 1000,
    "category": 40,
    "goal": 40,
    "author": 40,
    "source": 300,
}
_LONGEST_ADDRESS = 1000
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_HEAVIEST = 100
_MOST = 20
_BETWEEN = re.compile(r"[、,，;；|\n]")
_LINES = re.compile("[\u2028\u2029]")
_UNSEEN = "\ufeff\ufffe\uffff"


def clean(text: str) -> str:
    """Without what nobody sees and without white space around it; lines stay."""
    text = _LINES.sub("\n", text)
    if not text.isprintable():
        text = "".join(
            char
            for char in text
            if char == "\n"
            or (unicodedata.category(char) not in ("Cc", "Cs") and char not in _UNSEEN)
        )
    return text.strip()


def parse(name: str, cell: Cell) -> Any:
    """The value of a field; None or empty where nothing is written. Raises ValueError."""
    return _PARSERS[name](cell)


def _text(name: str) -> Callable[[Cell], str]:
    """Reads a text of one line, or the body of the topic, of a limited length."""

    def read(cell: Cell) -> str:
        words = _one(cell)
        words = words if name == "text" else " ".join(words.split())
        if len(words) > _LENGTHS[name]:
            raise ValueError(
                f"太长：{len(words)} 字，至多 {_LENGTHS[name]} too long: {len(words)} characters,"
                f" at most {_LENGTHS[name]}"
            )
        return words

    return read


def _one(cell: Cell) -> str:
    if cell.many is not None:
        raise ValueError("这里要一段文字 one text is expected here")
    return clean(cell.text)


def _link(cell: Cell) -> str:
    address = _one(cell)
    if address and not _is_address(address):
        raise ValueError(
            "链接要以 http:// 或 https:// 开头，中间没有空格"
            " a link begins with http:// or https:// and holds no space"
        )
    return address


def _picture(cell: Cell) -> str:
    place = _one(cell)
    is_path = place.lower().endswith(_PICTURES) and len(place) <= _LONGEST_ADDRESS
    if (place and not (is_path or _is_address(place))) or "\n" in place:
        raise ValueError(
            f"图片要写网址，或者 {'、'.join(_PICTURES)} 文件的路径"
            " a picture is an address or the path of such a file"
        )
    return place


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    whole = len(text) <= _LONGEST_ADDRESS and not re.search(r"\s", text)
    return whole and parts.scheme in ("http", "https") and bool(parts.netloc)


def _words(cell: Cell) -> tuple[str, ...]:
    """A list, or one text with commas between the words."""
    written: Sequence[str] = (cell.text,) if cell.many is None else cell.many
    each = (" ".join(clean(word).split()) for words in written for word in _BETWEEN.split(words))
    words = tuple(dict.fromkeys(filter(None, each)))
    if len(words) > _MOST or any(len(word) > _MOST for word in words):
        raise ValueError(
            f"至多 {_MOST} 个，每个至多 {_MOST} 字 at most {_MOST} of {_MOST} characters"
        )
    return words


def _season(cell: Cell) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part(words) for words in _words_of_dates(cell)))


def _words_of_dates(cell: Cell) -> tuple[str, ...]:
    """Dates from a sheet carry a time of day, and a span of them is long."""
    written: Sequence[str] = (cell.text,) if cell.many is None else cell.many
    each = [clean(word) for words in written for word in _BETWEEN.split(words)]
    if len(each) > _MOST:
        raise ValueError(f"至多 {_MOST} 个 at most {_MOST}")
    return tuple(filter(None, each))


def _weight(cell: Cell) -> int | None:
    digits = clean(cell.text)
    if cell.many is None and not digits:
        return None
    if cell.many is not None or not re.fullmatch(r"[0-9]{1,3}", digits):
        digits = "0"
    if not 1 <= int(digits) <= _HEAVIEST:
        raise ValueError(
            f"权重要写 1 到 {_HEAVIEST} 的整数 a weight is a whole number from 1 to {_HEAVIEST}"
        )
    return int(digits)


def _one_of(words: Mapping[str, Any]) -> Callable[[Cell], Any]:
    """Reads one of a few words, in Chinese or in English."""
    known = {**words} | {str(value): value for value in words.values()}

    def read(cell: Cell) -> Any:
        word = clean(cell.text).casefold()
        if cell.many is None and (not word or word in known):
            return known.get(word)
        choice = "、".join(f"{zh} {value}" for zh, value in words.items())
        raise ValueError(f"只能写：{choice} one of these is expected")

    return read


_PARSERS: dict[str, Callable[[Cell], Any]] = (
    {name: _text(name) for name in _LENGTHS}
    | {name: _one_of(words) for name, words in CHOICES.items()}
    | {
        "tags": _words,
        "stages": _words,
        "season": _season,
        "link": _link,
        "picture": _picture,
        "weight": _weight,
    }
)
