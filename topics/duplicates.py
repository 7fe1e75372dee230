"""Topics that ask nearly the same thing, found without comparing each with each."""

from collections.abc import Iterable
from enum import Enum

from rules.likeness import handles, letters_of
from storage.values import Topic

HALF = 0.5
"""Two texts are alike if they share so much of their pairs of neighbouring letters."""

_HANDLES = 12
_ENOUGH = 40
"""So many topics that share a handle are looked at closely."""


class Likeness(Enum):
    """What is alike about two topics."""

    TITLE = "标题相同 the same title"
    TEXT = "内容相近 nearly the same text"


class Bank:
    """The topics to compare with."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._by_title: dict[str, Topic] = {}
        self._by_handle: dict[int, list[tuple[Topic, set[str]]]] = {}
        for topic in topics:
            self.add(topic)

    def add(self, topic: Topic) -> None:
        """Compare with this one as well."""
        self._by_title.setdefault(letters_of(topic.title), topic)
        known = (topic, pairs(topic.text))
        for handle in handles(topic.text, _HANDLES):
            self._by_handle.setdefault(handle, []).append(known)

    def like(self, topic: Topic) -> tuple[Topic, Likeness] | None:
        """The topic with another key that is most like this one, if any is alike at all."""
        same = self._by_title.get(letters_of(topic.title))
        if same is not None and same.key != topic.key:
            return same, Likeness.TITLE
        mine = pairs(topic.text)
        near = [(shared(mine, theirs), other) for other, theirs in self._near(topic)]
        share, other = max(near, key=lambda each: each[0], default=(0.0, topic))
        return (other, Likeness.TEXT) if share >= HALF else None

    def _near(self, topic: Topic) -> Iterable[tuple[Topic, set[str]]]:
        """The topics that share a handle, those with the rarest first and no more than a few.

        Where hundreds share one, as texts do that were written by a form, it tells nothing.
        """
        found: dict[str, tuple[Topic, set[str]]] = {}
        lists = (self._by_handle.get(handle, []) for handle in handles(topic.text, _HANDLES))
        for some in sorted(lists, key=len):
            found |= {each[0].key: each for each in some[:_ENOUGH] if each[0].key != topic.key}
            if len(found) >= _ENOUGH:
                break
        return found.values()


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring letters in a text; of a very short one, itself."""
    letters = letters_of(text)
    return {letters[place : place + 2] for place in range(max(1, len(letters) - 1))}


def shared(one: set[str], other: set[str]) -> float:
    """How much of what is in either is in both: from 0 to 1."""
    return len(one & other) / len(one | other)
