"""What an import would do to the bank: a plain value, to be looked at before it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from pathlib import Path

from bot.faults import Fault
from bot.frozen import frozen
from bot.shown import shown
from storage.values import Topic
from topics.duplicates import Bank, Likeness
from topics.files import Entry, TopicFaults
from topics.life import WrongStep, moved


@frozen
class Changed:
    """A topic that is there, before and after."""

    before: Topic
    after: Topic

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that differ."""
        return tuple(
            field.name
            for field in fields(Topic)
            if getattr(self.before, field.name) != getattr(self.after, field.name)
        )


@frozen
class Alike:
    """A topic of the file, by its line, and another one that asks nearly the same."""

    line: int
    topic: Topic
    other: Topic
    likeness: Likeness


@frozen
class Import:
    """What would be new, what would change, how much stays, and what is suspiciously alike."""

    new: tuple[Topic, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    alike: tuple[Alike, ...]

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What has to be kept."""
        return (*self.new, *(each.after for each in self.changed))


def weighed(file: Path, found: Sequence[Entry], bank: Iterable[Topic]) -> Import:
    """What importing these entries of a file would do. Raises TopicFaults.

    An entry is the topic of the bank with its key, or without a key of its own with its title. Of
    that topic only the fields that the file has change; whose proposal it was never does.
    """
    bank = tuple(bank)
    scales = _Scales(str(file), bank)
    new, changed, placed = [], [], []
    for entry in found:
        topic = scales.placed(entry)
        before = scales.known.get(topic.key)
        if before is None:
            new.append(topic)
        elif before != topic:
            changed.append(Changed(before, topic))
        placed.append((entry, topic, before))
    if scales.faults:
        raise TopicFaults(scales.faults)
    asked = [(e, t) for e, t, b in placed if b is None or (b.title, b.text) != (t.title, t.text)]
    unchanged = len(found) - len(new) - len(changed)
    return Import(tuple(new), tuple(changed), unchanged, tuple(_alike(asked, bank)))


class _Scales:
    """Holds the entries against the bank."""

    def __init__(self, file: str, bank: Sequence[Topic]) -> None:
        self.faults: list[Fault] = []
        self.known = {topic.key: topic for topic in bank}
        self._file = file
        self._keys = {topic.key.casefold(): topic for topic in reversed(bank)}
        self._titles = {topic.title.casefold(): topic for topic in reversed(bank)}
        self._lines: dict[str, int] = {}

    def placed(self, entry: Entry) -> Topic:
        """The topic as it would be in the bank."""
        before = self._before(entry)
        topic = entry.topic if before is None else self._merged(entry, before)
        first = self._lines.setdefault(topic.key, entry.line)
        if first != entry.line:
            said = f"与第 {first} 行是同一个话题 the same topic as in line {first}"
            self._blame(entry, "title", said)
        return topic

    def _before(self, entry: Entry) -> Topic | None:
        there = self._keys.get(entry.topic.key.casefold())
        if there is None and "key" not in entry.places:
            there = self._titles.get(entry.topic.title.casefold())
        return there

    def _merged(self, entry: Entry, before: Topic) -> Topic:
        given = {name: getattr(entry.topic, name) for name in entry.places if name != "key"}
        if before.proposer is not None:
            given.pop("author", None)
        topic = replace(before, **given)
        try:
            moved(before.status, topic.status)
        except WrongStep as wrong:
            self._blame(entry, "status", str(wrong))
        return topic

    def _blame(self, entry: Entry, field: str, said: str) -> None:
        hint = f"话题 {shown(entry.topic.title[:40])} the topic"
        self.faults.append(Fault(self._file, *entry.place(field), field, said, hint))


def _alike(asked: Sequence[tuple[Entry, Topic]], bank: Sequence[Topic]) -> Iterable[Alike]:
    """Each is held against the bank as it would be, and against those above it in the file."""
    if not asked:
        return
    replaced = {topic.key for _, topic in asked}
    others = Bank(topic for topic in bank if topic.key not in replaced)
    for entry, topic in asked:
        if there := others.like(topic):
            yield Alike(entry.line, topic, *there)
        others.add(topic)
