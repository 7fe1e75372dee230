"""话题 Topics: the bank, searched and changed in place."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.shown import REPLACED, shown
from bot.texts import Text
from console.sessions import Right
from console.visit import Visit, digest, page
from handlers.bank_changes import edit, restatus, version, write
from handlers.verdicts import Verdict
from storage.reports import Reports
from storage.values import Topic, TopicKind, TopicStatus
from storage.values_of_topics import Bank, TopicChange, Worth
from topics.fields import CHOICES, COLUMNS, LISTS
from topics.forms import FORM, read, written
from topics.life import WORDS
from topics.template import NOTES

TITLE = Text(zh="话题", en="Topics")
STATES = {status: Text(zh=zh, en=status.value) for status, zh in WORDS.items()}
KINDS = {
    TopicKind.UNIVERSAL: Text(zh="万能", en="universal"),
    TopicKind.PROFESSIONAL: Text(zh="专业", en="professional"),
}
_STATUSES = {status.value: status for status in TopicStatus}
_KINDS = {kind.value: kind for kind in TopicKind}
TABS = (TopicStatus.APPROVED, TopicStatus.PROPOSED, TopicStatus.RESTING, TopicStatus.RETIRED)
SHORT = ("kind", "category", "tags", "weight")
"""The fields beside title and text that are edited most; the rest is folded away."""
_GONE = Text(zh="没有这个话题了。", en="There is no such topic any more.")
_NO_STATUS = Text(zh="没有这个状态。", en="There is no such status.")
_STEP, _FURTHEST = 50, 1000
_TAGS = 60
_LONGEST = 4000


def stored(name: str, value: object) -> tuple[str, str]:
    """A value of the history in words, Chinese and English."""
    words = str(value)
    if name in LISTS:
        words = "、".join(json.loads(words))
    chinese = {str(known): zh for zh, known in CHOICES.get(name, {}).items()}
    return chinese.get(words, words), words


_FIELDS: dict[str, Any] = {
    "states": STATES,
    "kinds": KINDS,
    "choices": CHOICES,
    "columns": COLUMNS,
    "notes": NOTES,
    "form": FORM,
    "short": SHORT,
    "name_of": digest,
    "stored": stored,
}


@dataclass(frozen=True)
class Filter:
    """What of the bank somebody wants to see. None: any."""

    text: str
    tag: str
    status: TopicStatus | None
    kind: TopicKind | None
    most: int = _STEP

    def takes(self, topic: Topic) -> bool:
        """Whether a topic is among it; the status is looked at apart."""
        if self.tag and self.tag not in topic.tags:
            return False
        if self.kind is not None and topic.kind is not self.kind:
            return False
        words = (topic.title, topic.text, topic.key, topic.category, topic.author, *topic.tags)
        return not self.text or any(self.text in word.casefold() for word in words)


@dataclass(frozen=True)
class Found:
    """The topics that were looked for, and how many there are of each status."""

    topics: Sequence[Topic]
    counts: Counter[TopicStatus]
    tags: Sequence[str]
    total: int
    bank: Bank


@dataclass(frozen=True)
class Opened:
    """One topic, its fields as they stand in a form, its history, newest first, and its worth."""

    topic: Topic
    words: dict[str, str]
    version: str
    history: Sequence[TopicChange]
    worth: Worth | None
    faults: dict[str, str]


def wanted(visit: Visit) -> Filter:
    """As the address says; what it says wrongly is taken for any."""
    status = visit.field("status", 20) or TopicStatus.APPROVED
    return Filter(
        text=visit.field("q", 100).casefold(),
        tag=visit.field("tag", 40),
        status=_STATUSES.get(status),
        kind=_KINDS.get(visit.field("kind", 20)),
        most=min(max(visit.number("most"), _STEP), _FURTHEST),
    )


def _look(reports: Reports, one: Filter) -> Found:
    bank = reports.stores.topics.bank()
    fitting = [topic for topic in bank.topics if one.takes(topic)]
    some = [topic for topic in fitting if one.status in (None, topic.status)]
    tags = Counter(tag for topic in bank.topics for tag in topic.tags)
    return Found(
        topics=some[::-1][: one.most],
        counts=Counter(topic.status for topic in fitting),
        tags=[tag for tag, _ in tags.most_common(_TAGS)],
        total=len(some),
        bank=bank,
    )


async def _found(visit: Visit) -> dict[str, Any]:
    one = wanted(visit)
    found = await visit.read(lambda reports: _look(reports, one))
    return {"found": found, "wanted": one, "q": visit.field("q", 100), "tabs": TABS, **_FIELDS}


@page()
async def show(visit: Visit) -> Response:
    """The whole page."""
    new: dict[str, Any] = {"words": {}, "faults": {}}
    return visit.page("topics.html", title=TITLE, seen="", tab="bank", **new, **await _found(visit))


@page()
async def found(visit: Visit) -> Response:
    """What was found, by itself."""
    return visit.live("topics_found.html", **await _found(visit))


@page()
async def one(visit: Visit) -> Response:
    """The inside of one topic, asked for when it is opened."""
    opened = await _opened(visit, visit.field("key", 200))
    if opened is None:
        return visit.told(visit.say(_GONE), well=False)
    return visit.part("topics_inside.html", opened=opened, **_FIELDS)


async def _opened(visit: Visit, key: str) -> Opened | None:
    def look(reports: Reports) -> tuple[Topic | None, list[TopicChange], Worth | None]:
        topics = reports.stores.topics
        return topics.get(key), topics.history(key), topics.bank().worths.get(key)

    topic, history, worth = await visit.read(look)
    if topic is None:
        return None
    words = {name: _visible(written(topic, name)) for name in FORM}
    return Opened(topic, words, version(topic), history[::-1], worth, {})


def _visible(text: str) -> str:
    """Without what is never shown: in a field it would be replaced, and saved like that."""
    return "".join(
        each for each in text if each == "\n" or each in REPLACED or shown(each) != REPLACED
    )


@page(Right.OPERATOR)
async def save(visit: Visit) -> Response:
    """The fields of a topic as they stand in the form; what is wrong is said beside each."""
    key, was = visit.field("key", 200), visit.field("was", 40)
    words = _written(visit)
    _, faults = read(words)
    opened = await _opened(visit, key)
    if faults and opened is not None:
        wrong = replace(opened, words=opened.words | words, version=was, faults=faults)
        return _row(visit, wrong, None)
    verdict = await visit.decide(lambda scene, by: edit(scene, key, words, was, by))
    return await _after(visit, key, verdict)


@page(Right.OPERATOR)
async def move(visit: Visit) -> Response:
    """Approve, rest or retire a topic; of a proposal the author is thanked."""
    key, why = visit.field("key", 200), visit.field("why", 200)
    to = _STATUSES.get(visit.field("status", 20))
    if to is None:
        return visit.told(visit.say(_NO_STATUS), well=False)
    verdict = await visit.decide(lambda scene, by: restatus(scene, key, to, by, why))
    return await _after(visit, key, verdict)


async def _after(visit: Visit, key: str, verdict: Verdict) -> Response:
    """The topic as it is now, opened, and what came of it at the foot of the page."""
    opened = await _opened(visit, key)
    return visit.told(verdict) if opened is None else _row(visit, opened, verdict)


def _row(visit: Visit, opened: Opened, verdict: Verdict | None) -> Response:
    words = verdict.say(visit.language) if verdict else ""
    done = verdict is not None and verdict.done
    return visit.part(
        "topics_changed.html", topic=opened.topic, opened=opened, words=words, done=done, **_FIELDS
    )


@page(Right.OPERATOR)
async def new(visit: Visit) -> Response:
    """A topic of the operators' own."""
    words = _written(visit) | {"key": visit.field("new_key", _LONGEST)}
    _, faults = read({"title": "", "text": ""} | words)
    if faults:
        return visit.part("topics_new.html", words=words, faults=faults, opened=True, **_FIELDS)
    verdict = await visit.decide(lambda scene, by: write(scene, words, by))
    if not verdict.done:
        return visit.told(verdict)
    answer = visit.part(
        "topics_added.html", words={}, faults={}, told=verdict.say(visit.language), **_FIELDS
    )
    answer.headers["hx-trigger"] = "changed"
    return answer


def _written(visit: Visit) -> dict[str, str]:
    return {name: visit.field(name, _LONGEST) for name in FORM if name in visit.form}


ROUTES = [
    Route("/topics", show),
    Route("/topics/found", found),
    Route("/topics/one", one),
    Route("/topics/save", save, methods=["POST"]),
    Route("/topics/move", move, methods=["POST"]),
    Route("/topics/new", new, methods=["POST"]),
]
