"""Regular expressions whose cost is linear in the text, whatever is written in either."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from rules.sheaf import Bundle

_MEMORY = 1 << 20
"""One MiB to compile one expression: far more than any sensible one needs."""
_ALL_MEMORY = 16 << 20
_HALVES = re.compile("[\ud800-\udfff]")
_SAID = {
    "invalid perl operator": "不支持环视和条件（这样才保证不会卡住）",
    "invalid escape sequence": "不认识的转义；也不支持反向引用",
    "missing )": "缺右括号",
    "unexpected )": "多了右括号",
    "missing ]": "缺右方括号",
    "invalid character class range": "方括号里的范围不对",
    "invalid character class": "方括号里的写法不对",
    "invalid repetition size": "重复次数过多（至多 1000）",
    "bad repetition operator": "重复符号连用",
    "no argument for repetition operator": "重复符号前面没有东西",
    "invalid named capture group": "组名不对",
    "pattern too large - compile failed": "太大了，请拆成几条",
}
"""What RE2 says, for people."""
_LOOK_AROUND = re.compile(r"\(\?<?[=!]|\(\?>|\(\?P=")


def compiled(expression: str, *, ignore_case: bool, memory: int = _MEMORY) -> Any:
    """The expression as RE2 understands it; `finditer` and `search` take a text.

    Raises ValueError, with the expression and the place in it (from 1), where RE2 does not know
    what is written, where it would need too much memory, and where it finds the empty text.
    """
    import re2  # 10 ms, and only where patterns are used

    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory
    options.case_sensitive = not ignore_case
    try:
        program = re2.compile(expression, options)
    except re2.error as error:
        raise ValueError(_complaint(expression, error.args[0].decode())) from None
    if any(map(_finds_nothing, map(program.search, ("", "a 中")))):
        raise ValueError(
            f"「{expression}」什么都没有也算匹配，等于匹配每一条消息；请去掉可有可无的部分"
            " finds even the empty text and so every message; leave out what is optional"
        )
    return program


def _finds_nothing(match: Any) -> bool:
    return match is not None and match.start() == match.end()


class AnyOf:
    r"""Says, having read a text once, whether any of several expressions may find something in it.

    Always says so where there is no one program for all: because it would be too large, or because
    `\Q` swallows what follows.
    """

    def __init__(self, expressions: Sequence[str], *, ignore_case: bool) -> None:
        self._program = _together(expressions, ignore_case=ignore_case)
        self._by_line = not any(map(_MINDS_LINES.search, expressions))

    def __call__(self, text: str) -> bool:
        """Whether one of them may find something there."""
        return self._program is None or self._program.search(_encoded(text)) is not None

    def among(self, texts: Bundle[str]) -> Collection[int]:
        """The places of the texts of which that is so; they are read as one where that is safe."""
        if self._program is None or not self._by_line:
            return [place for place, text in enumerate(texts) if self(text)]
        if self._program.search(_encoded(texts.joined)) is None:
            return ()
        return Bundle([*map(_encoded, texts)], b"\n").touched(self._program.search)


_MINDS_LINES = re.compile(r"\\[Az]|\(\?[a-zA-Z]*-")
"""Asks for the beginning or the end of the whole text, or may unsay that each line has its own."""


def _together(expressions: Sequence[str], *, ignore_case: bool) -> Any:
    """One program for all; in it ^ and $ stand for the ends of lines, which finds no less."""
    if any(r"\Q" in expression for expression in expressions):
        return None
    together = "|".join(f"(?:{expression})" for expression in expressions)
    try:
        return compiled(f"(?m:{together})", ignore_case=ignore_case, memory=_ALL_MEMORY)
    except ValueError:
        return None


def _encoded(text: str) -> bytes:
    """Bytes are searched in half the time; nobody asks for the place."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return encodable(text).encode()


def encodable(text: str) -> str:
    """The text, as long as before, without the halves of characters that no encoding has."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def _complaint(expression: str, said: str) -> str:
    what, _, part = said.partition(": ")
    place = _place(expression, part)
    chinese = _SAID.get(what, "看不懂")
    quoted = f"：{part}" if part and part != expression else ""
    return f"「{expression}」第 {place} 个字起：{chinese}{quoted} at character {place}: {what}"


def _place(expression: str, part: str) -> int:
    """Where the part that was not understood stands, from 1."""
    if part.startswith("(?"):
        found = _LOOK_AROUND.search(expression)
        if found is not None and found[0].startswith(part[:2]):
            return found.start() + 1
    return max(expression.find(part), 0) + 1
