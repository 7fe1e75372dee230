"""Reads an order word by word.

Case, width and punctuation make no difference; names and reasons stay as they were written.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from bot.duration import parse
from bot.events import Identity, Message
from bot.frozen import frozen
from rules.late import late

_NARROW = {0x3000: " ", 0x3002: ".", 0x3001: ",", 0x2019: "'"} | {
    wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)
}
_GAP = late(r"[\s:,;/!.~\-—]*")
_END = late(r"[\s:,;!.#@\d\[「『“\"]|案件|$")
_NUMBER = late(r"(?:案件|case|no\.?)?\s*#?\s*([0-9]{1,9})(?![0-9a-z])")
_TASK = late(r"(?:任务|task|no\.?)?\s*#?\s*([0-9]{1,9})(?![0-9a-z])")
_CASE = late(r"(?:案件|case|#)\s*#?\s*([0-9]{1,9})(?![0-9a-z])")
_LENGTH = late(r"(?:[0-9]{1,6}\s*(?:s|m|h|d|秒|分钟|分|小时|天)(?![a-z])\s*)+")
_QUOTED = late(r"[「『“\"']([^「」『』“”\"\n]{1,100})[」』”\"']")
_BARE = late(r"[^\s@：「」『』“”\"]+")
_GROUP = late(r"\s*@\s*")


@frozen
class Whom:
    """Somebody as an order names them: mentioned, by the number of their case, or by name or id.

    `group` is the name of the group where one was written.
    """

    mentioned: Identity | None = None
    case: int = 0
    name: str = ""
    group: str = ""


NOBODY = Whom()
"""Where an order names nobody."""


def folded(text: str) -> str:
    """Small and narrow letters, so that position n is position n of the original."""
    narrow = text.translate(_NARROW)
    small = "".join(char.lower() if len(char.lower()) == 1 else char for char in narrow)
    return re.sub(r"\s", " ", small)


def _without(me: Identity, message: Message) -> str:
    """The text without our own mention; a group that is named like us stays: 小林@围炉读书会."""
    name = next((each.name for each in message.mentions if each == me), None)
    if name is None:
        return message.text
    if not name:
        return re.sub(r"^\s*@\S*", " ", message.text)
    ours = re.escape(f"@{name}")
    return re.sub(rf"^\s*{ours}|(?<!\w){ours}(?!\w)", " ", message.text)


class Phrase:
    """What is still to be read of a message: each method takes its piece off the front, or None."""

    def __init__(self, message: Message, me: Identity | None) -> None:
        text = message.text if me is None else _without(me, message)
        self._text = text
        self._folded = folded(text)
        self._mentions = [each for each in message.mentions if each != me]
        self._at = 0
        self._skip()

    def word(self, words: Iterable[str]) -> str | None:
        """The longest of these words; it ends where no letter goes on."""
        for word in sorted(words, key=len, reverse=True):
            end = self._at + len(word)
            if self._folded.startswith(word, self._at) and _END.match(self._folded, end):
                self._to(end)
                return word
        return None

    def number(self) -> int | None:
        """A number as in 17, #17, 案件 17."""
        return self._numbered(_NUMBER)

    def task(self) -> int | None:
        """The number of a task as in 5, #5, 任务 5."""
        return self._numbered(_TASK)

    def lasting(self) -> timedelta | None:
        """A length of time as in 3天, 1d12h. Raises ValueError for one that is too long."""
        found = _LENGTH.match(self._folded, self._at)
        if found is None:
            return None
        length = parse(found[0])
        self._to(found.end())
        return length

    def whom(self) -> Whom | None:
        """Somebody: @小林, 小林, 「小 林」, 小林@读书会, #17."""
        case = self._numbered(_CASE)
        if case is not None:
            return Whom(case=case)
        mentioned = self._mentioned()
        if mentioned is not None:
            return Whom(mentioned=mentioned, group=self._of_group())
        start = _GROUP.match(self._folded, self._at)
        name = self._name(start.end() if start else self._at)
        return Whom(name=name, group=self._of_group()) if name else None

    def one(self) -> str:
        """One word, or a few between quotation marks; empty where there is none."""
        return self._name(self._at)

    def rest(self) -> str:
        """All that is left, as it was written."""
        text = self._text[self._at :].strip()
        self._at = len(self._text)
        return text

    def _numbered(self, pattern: re.Pattern[str]) -> int | None:
        found = pattern.match(self._folded, self._at)
        if found is None:
            return None
        self._to(found.end())
        return int(found[1])

    def _mentioned(self) -> Identity | None:
        for who in sorted(self._mentions, key=lambda each: len(each.name), reverse=True):
            if who.name and self._text.startswith(f"@{who.name}", self._at):
                self._to(self._at + 1 + len(who.name))
                return who
        alone = len(self._mentions) == 1 and self._folded.startswith("@", self._at)
        if not alone:
            return None
        _ = self._name(self._at + 1)  # mentioned by another of their names
        return self._mentions[0]

    def _of_group(self) -> str:
        found = _GROUP.match(self._folded, self._at)
        return self._name(found.end()) if found else ""

    def _name(self, at: int) -> str:
        quoted = _QUOTED.match(self._text, at)
        found = quoted or _BARE.match(self._text, at)
        if found is None:
            return ""
        self._to(found.end(), gap=False)
        name = quoted[1].strip() if quoted else found[0].strip(":，,;；")
        if not _GROUP.match(self._folded, self._at):
            self._skip()
        return name

    def _to(self, position: int, *, gap: bool = True) -> None:
        self._at = position
        if gap:
            self._skip()

    def _skip(self) -> None:
        found = _GAP.match(self._folded, self._at)
        self._at = found.end() if found else self._at
