"""Many messages at once: what their texts leave nothing to find for is seen by a few looks.

A look at one text costs a call or two whatever is in it, and most texts hold nothing. So the texts
are put one below the other and searched as one. What comes out is a sieve: “perhaps”, or surely
not; whoever judges looks at what is left as if nobody had looked before.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import cached_property
from itertools import accumulate
from typing import Any, Generic, TypeVar

from bot.events import Message
from rules.normalising import Normal, Normaliser, normaliser
from rules.steps import ALL

LONGEST = 1_000
"""A longer text is for whoever judges: so much of it is in it that it is not passed over anyway."""

_S = TypeVar("_S", str, bytes)
_T = TypeVar("_T")


class Bundle(Generic[_S]):
    """Texts one below the other, each in lines of its own."""

    def __init__(self, texts: Sequence[_S], line: _S) -> None:
        self._texts: Sequence[_S] = texts
        self.joined: _S = line.join(texts)
        """All of them."""
        self._count = len(texts)
        self._starts = list(accumulate(map(len, texts), _next_start, initial=0))

    def __iter__(self) -> Iterator[_S]:
        """Each text."""
        return iter(self._texts)

    def touched(self, search: Callable[[_S, int], Any]) -> set[int]:
        """The places of the texts in which a search finds something, or across which it does.

        A new line must be to the search what the beginning and the end of a text are. A find that
        runs on into the next text tells of both, so that none is hidden behind it.
        """
        found: set[int] = set()
        joined, starts, place = self.joined, self._starts, 0
        while place < self._count and (match := search(joined, starts[place])) is not None:
            first, place = self._across(match.start(), match.end())
            found.update(range(first, place))
        return found

    def across(self, spans: Iterable[tuple[int, int]]) -> set[int]:
        """The places of the texts that these parts of all of them touch."""
        return {place for span in spans for place in range(*self._across(*span))}

    def _across(self, start: int, end: int) -> tuple[int, int]:
        """From which text, and until before which, something stands."""
        first = bisect_right(self._starts, start) - 1
        return first, max(bisect_left(self._starts, end), first + 1)


def _next_start(start: int, length: int) -> int:
    return start + length + 1


class Sheaf:
    """Messages that are held against the same rules. What is found out of them is so once."""

    def __init__(self, messages: Sequence[Message], zone: tzinfo = UTC) -> None:
        self.messages = messages
        """Of all, no text is longer than `LONGEST`, and none has a title."""
        self.zone = zone
        self.texts = [message.text for message in messages]
        self._found: dict[Hashable, Any] = {}

    def once(self, key: Hashable, find: Callable[[], _T]) -> _T:
        """What `find` finds; asked again by the same key it is not sought again."""
        if key not in self._found:
            self._found[key] = find()
        found: _T = self._found[key]
        return found

    def touched(self, pattern: re.Pattern[str]) -> set[int]:
        """The places of the texts in which a pattern finds something; see `Bundle.touched`."""
        return self.once(("sent", pattern), lambda: self.sent.touched(pattern.search))

    def plainly_touched(self, pattern: re.Pattern[str]) -> set[int]:
        """The same for the texts after the steps for single characters."""
        bundle = self._plain_bundle
        return self.once(("plain", pattern), lambda: bundle.touched(pattern.search))

    @cached_property
    def sent(self) -> Bundle[str]:
        """The texts as they were sent."""
        return Bundle(self.texts, "\n")

    @cached_property
    def _plain_bundle(self) -> Bundle[str]:
        return Bundle(self.plain, "\n") if self.loud else self.sent

    @property
    def loud(self) -> Mapping[int, Normal]:
        """What of the texts there may be something to normalise in, by its place."""
        return self.normal(normaliser(ALL))

    @cached_property
    def plain(self) -> Sequence[str]:
        """Each text after the steps for single characters."""
        plain = list(self.texts)
        for place, normal in self.loud.items():
            plain[place] = normal.plain().text
        return plain

    def normal(self, way: Normaliser) -> Mapping[int, Normal]:
        """The texts in which there may be something to normalise this way, by their places."""
        return self.once(way, lambda: dict(self._loud(way)))

    def _loud(self, way: Normaliser) -> Iterable[tuple[int, Normal]]:
        look = way.first_look
        for place, text in enumerate(self.texts):
            begin = look(text)
            if begin >= 0:
                yield place, way.worked(text, begin)
