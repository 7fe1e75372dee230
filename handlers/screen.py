"""Puts a list onto one screen of a telephone: nobody scrolls for rules."""

from collections.abc import Sequence

from bot.texts import Language, Text
from handlers.wording import harmless

Entry = tuple[Text, str]
"""A title, and the words behind it; a few titles say enough."""

LINES, CHARACTERS = 12, 400
"""About what a screen shows without scrolling."""

_SHORTEST = 10
"""Characters of a reason that are left at least, however many there are."""

_ENTRY = Text(zh="{number}. {title}：{words}", en="{number}. {title}: {words}")
_MORE = Text(zh="……还有 {count} 条", en="… and {count} more")


def one_screen(head: str, entries: Sequence[Entry], tail: str, language: Language) -> str:
    """The head, as many entries (title and words) as there is room for, and the tail.

    Long words are cut before entries are left out; how many were left out is said.
    """
    around = [line for part in (head, tail) for line in part.splitlines()]
    room = max(LINES - len(around), 2)
    shown = _fitting(entries, room)
    left = len(entries) - len(shown)
    titles = [_title(title, language) for title, _ in shown]
    taken = sum(map(len, around)) + sum(len(title) + 4 for title in titles)
    most = max((CHARACTERS - taken) // max(len(shown), 1), _SHORTEST)
    lines = [
        _entry(number, title, harmless(words, most), language)
        for number, (title, (_, words)) in enumerate(zip(titles, shown, strict=True), start=1)
    ]
    more = _MORE.say(_one(language), count=left) if left else ""
    return "\n".join(part for part in (head, *lines, more, tail) if part)


def _fitting(entries: Sequence[Entry], room: int) -> Sequence[Entry]:
    """Those that go on a screen with room for so many lines, one of which may have to say more."""
    return entries if len(entries) <= room else entries[: room - 1]


def _entry(number: int, title: str, words: str, language: Language) -> str:
    if not words:
        return f"{number}. {title}"
    return _ENTRY.say(_one(language), number=number, title=title, words=words)


def _title(title: Text, language: Language) -> str:
    if language is Language.BOTH and title.zh != title.en:
        return f"{title.zh} {title.en}"
    return title.say(_one(language))


def _one(language: Language) -> Language:
    """The words of an entry are those of the config, so the frame around them is said once."""
    return Language.ZH if language is Language.BOTH else language
