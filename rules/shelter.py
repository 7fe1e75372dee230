"""Parts of a text in which words do not count."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from bot.events import Message


class Shelter:
    """Spans in which a hit does not count; asking is quick however many there are."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def holds(self, span: tuple[int, int]) -> bool:
        """Whether one of the spans holds this whole span."""
        before = bisect_right(self._starts, span[0])
        return before > 0 and self._furthest[before - 1] >= span[1]


def names_mentioned(message: Message) -> Shelter:
    """Where the text holds `@name` of somebody who is mentioned: nobody chose those words here."""
    if not message.mentions:
        return NOWHERE
    return Shelter(_spans(message))


def _spans(message: Message) -> Iterator[tuple[int, int]]:
    for name in {f"@{who.name}" for who in message.mentions if who.name}:
        for found in re.finditer(re.escape(name), message.text):
            yield found.span()


NOWHERE = Shelter(())
