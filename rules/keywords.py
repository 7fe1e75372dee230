"""禁用词：消息里有约定不说的词。 Keywords: a message holds a word the group agreed not to use."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate
from typing import Annotated, ClassVar

from ahocorasick_rs import AhoCorasick
from pydantic import AfterValidator, Field

from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.folding import Places, fold, whole


def _not_blank(phrase: str) -> str:
    """A phrase that nobody can see would match everywhere or nowhere."""
    phrase = phrase.strip()
    if not fold(phrase).strip():
        raise ValueError("词不能是空白 a word must not be blank")
    return phrase


Phrase = Annotated[str, Field(max_length=100), AfterValidator(_not_blank)]


class Keywords(Rule):
    """One of `words` stands in the message, and not inside an `allow` phrase.

    Found however it is written (full-width, capitals, with invisible characters in between). A
    word in Latin letters must stand alone; a Chinese word is found anywhere.
    """

    key: ClassVar[str] = "keywords"
    title: ClassVar[Text] = Text(zh="禁用词", en="words we avoid")

    words: tuple[Phrase, ...] = Field(
        min_length=1,
        description="不可出现的词；西文按整词，中文出现即算"
        " words not to be used: Latin as whole words, Chinese anywhere",
    )
    allow: tuple[Phrase, ...] = Field(
        default=(),
        description="放行的说法：写了「可靠」，其中的「靠」就不算"
        " phrases that protect the words inside them",
    )

    def judge(self, message: Message, past: Past) -> Finding | None:  # noqa: ARG002
        """The first forbidden word in the text, the longest where several begin together."""
        folded = fold(message.text)
        matches = self.automaton.find_matches_as_indexes(folded, overlapping=True)
        if not matches:
            return None
        bound = len(self.words)
        safe = _Shelter((start, end) for which, start, end in matches if which >= bound)
        hits = [
            (start, -end, which)
            for which, start, end in matches
            if which < bound and whole(folded, start, end) and not safe.holds((start, end))
        ]
        return self._first(message, sorted(hits))

    def _first(self, message: Message, hits: list[tuple[int, int, int]]) -> Finding | None:
        """The first hit outside the names of those who are mentioned: nobody chose those here."""
        if not hits:
            return None
        places, names = Places(message.text), _names_mentioned(message)
        for start, minus_end, which in hits:
            span = places.original(start, -minus_end)
            if not names.holds(span):
                word = self.words[which]
                return Finding(self.key, span, f"出现了「{word}」 the word “{word}” was used")
        return None

    @cached_property
    def automaton(self) -> AhoCorasick:
        """The words, then the phrases, ready to be searched for all at once; built when needed."""
        return AhoCorasick([fold(phrase) for phrase in (*self.words, *self.allow)])


class _Shelter:
    """Spans in which a hit does not count; asking is quick however many there are."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def holds(self, span: tuple[int, int]) -> bool:
        """Whether one of the spans holds this whole span."""
        before = bisect_right(self._starts, span[0])
        return before > 0 and self._furthest[before - 1] >= span[1]


def _names_mentioned(message: Message) -> _Shelter:
    """Where the text holds `@name` of somebody who is mentioned."""
    names = {f"@{who.name}" for who in message.mentions if who.name}
    return _Shelter(
        found.span() for name in names for found in re.finditer(re.escape(name), message.text)
    )
