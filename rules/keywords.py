"""禁用词：消息里有约定不说的词。 Keywords: a message holds a word the group agreed not to use."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from bot.events import Message
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.lexicon import Hit, Lexicon, Role, Words
from rules.normalising import Normal
from rules.sheaf import Sheaf
from rules.shelter import NOWHERE, Shelter, names_mentioned
from rules.spellings import Spellings, extended, trouble
from rules.steps import ALL, Step
from rules.word_lists import WordList, is_blank


def _not_blank(phrase: str) -> str:
    """A phrase that nobody can see would match everywhere or nowhere."""
    phrase = phrase.strip()
    if is_blank(phrase):
        raise ValueError("词不能是空白 a word must not be blank")
    return phrase


Phrase = Annotated[str, Field(max_length=100), AfterValidator(_not_blank)]


_ALLOWED, _NEIGHBOUR = Role.ALLOWED, Role.NEIGHBOUR  # members of an enum are slow to ask for


class Keywords(Rule):
    """One of `words` stands in the message, and not inside an `allow` phrase.

    Found however it is written, as far as the steps of rules/steps.py undo it. A word in Latin
    letters must stand alone unless `part` is set; a Chinese word is found anywhere.
    """

    key: ClassVar[str] = "keywords"
    title: ClassVar[Text] = Text(zh="禁用词", en="words we avoid")
    of_content: ClassVar[bool] = True

    words: tuple[Phrase, ...] = Field(
        default=(),
        description="不可出现的词；西文按整词，中文出现即算"
        " words not to be used: Latin as whole words, Chinese anywhere",
    )
    lists: tuple[str, ...] = Field(
        default=(),
        description="词表文件（.txt，从 config.yaml 所在目录找），一行一词，! 开头的行是放行的说法"
        " files of words (.txt, looked for beside config.yaml), one a line; a line beginning with !"
        " is an allow phrase",
    )
    allow: tuple[Phrase, ...] = Field(
        default=(),
        description="放行的说法：写了「可靠」，其中的「靠」就不算"
        " phrases that protect the words inside them",
    )
    near: dict[Phrase, tuple[Phrase, ...]] = Field(
        default={},
        description="只有旁边出现另一个词才算的词，如 代理: [加我, 私聊]"
        " words that count only near one of others",
    )
    near_within: int = Field(
        default=20, ge=0, le=500, description="「旁边」是隔多少个字以内 how many characters apart"
    )
    part: bool = Field(
        default=False,
        description="西文词在更长的词里也算 Latin words count inside longer words as well",
    )
    without: tuple[Step, ...] = Field(
        default=(),
        description="不做哪几步还原 steps of normalisation not to be taken",
    )
    spellings: dict[Phrase, tuple[Phrase, ...]] = Field(
        default={},
        description="自己补充的别写，如 微信: [薇xin]"
        " spellings beside those of the table that ships",
    )

    @field_validator("near")
    @classmethod
    def _neighbours(cls, near: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for word, neighbours in near.items():
            if not neighbours:
                raise ValueError(
                    f"「{word}」旁边要有哪个词？写在方括号里"
                    f" near which words does “{word}” count? write them in brackets"
                )
        return near

    @field_validator("spellings")
    @classmethod
    def _spellings(cls, more: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if wrong := trouble(more):
            raise ValueError(wrong)
        return more

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.words or self.near or self.lists):
            raise ValueError(
                "words、lists、near 至少写一样 write at least one of words, lists and near"
            )
        return self

    def filled(self, found: WordList) -> Self:
        """The same rule with the words of its lists behind its own."""
        words = tuple(dict.fromkeys((*self.words, *found.words)))
        allow = tuple(dict.fromkeys((*self.allow, *found.allow)))
        return self.model_copy(update={"words": words, "allow": allow})

    def may_find(self, sheaf: Sheaf) -> dict[int, Finding]:
        """All messages that hold a forbidden word, with the first of each."""
        lexicon, number = self.bound
        found: dict[int, Finding] = {}
        for place, (normal, hits) in sheaf.once(lexicon, lambda: lexicon.among(sheaf)).items():
            first = self._first(sheaf.messages[place], hits.get(number, ()))
            if first is not None:
                found[place] = self._finding(first, normal)
        return found

    def judge(self, message: Message, past: Past) -> Finding | None:  # noqa: ARG002
        """The first forbidden word in the text, the longest where several begin together."""
        lexicon, number = self.bound
        found = lexicon.search(message.text)
        hits = found.get(number) if found else None
        first = self._first(message, hits) if hits else None
        return self._finding(first, lexicon.normal(message.text)) if first else None

    def _first(self, message: Message, hits: Sequence[Hit]) -> Hit | None:
        """The first hit outside what is allowed and outside the names of those mentioned."""
        words = [(hit.span[0], -hit.span[1], hit.which, hit) for hit in hits if not hit.role]
        if not words:
            return None
        allowed = [hit.span for hit in hits if hit.role is _ALLOWED]
        safe = Shelter(allowed) if allowed else NOWHERE
        names = names_mentioned(message)
        places = self._places(hits) if self.near else {}
        for *_, hit in sorted(words):
            span = hit.span
            if not (safe.holds(span) or names.holds(span)) and self._is_near(hit, places):
                return hit
        return None

    def _finding(self, hit: Hit, normal: Normal) -> Finding:
        word, steps = self.vocabulary.words[hit.which], normal.steps(*hit.span)
        detail = f"出现了「{word}」 the word “{word}” was used"
        return Finding(self.called, hit.span, detail, steps)

    def _places(self, hits: Iterable[Hit]) -> dict[str, list[tuple[int, int]]]:
        """Where the neighbours stand."""
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for hit in hits:
            if hit.role is _NEIGHBOUR:
                places[self.vocabulary.neighbours[hit.which]].append(hit.span)
        return places

    def _is_near(self, hit: Hit, places: dict[str, list[tuple[int, int]]]) -> bool:
        """Whether one of the neighbours that a word needs, if any, is near enough."""
        neighbours = self.near.get(self.vocabulary.words[hit.which])
        if neighbours is None:
            return True
        start, end = hit.span
        within = self.near_within
        return any(
            there[0] - end <= within and start - there[1] <= within
            for neighbour in neighbours
            for there in places.get(neighbour, ())
        )

    @cached_property
    def vocabulary(self) -> Words:
        """What is looked for."""
        return Words(
            words=tuple(dict.fromkeys((*self.words, *self.near))) if self.near else self.words,
            allowed=self.allow,
            neighbours=tuple(dict.fromkeys(n for each in self.near.values() for n in each)),
            part=self.part,
        )

    @cached_property
    def bound(self) -> tuple[Lexicon, int]:
        """The lexicon that holds the words, and their place in it; `share` gives them a common one.

        Not a field: what a rule is does not depend on who its words are searched together with.
        """
        return Lexicon([self.vocabulary], *self.way), 0

    @cached_property
    def way(self) -> tuple[frozenset[Step], Spellings | None]:
        """How texts are normalised for this rule."""
        more = tuple(self.spellings.items())
        return ALL - frozenset(self.without), extended(more) if more else None
