"""How far a conversation has left its topic, by its words alone: cheap, and always the same.

An estimate. A message is about the topic if it shares a word with what was said about it before:
with the post, or with an answer that is about it. In Chinese a word is a pair of neighbouring
characters that are not both mere particles.
"""

from collections.abc import Sequence
from functools import lru_cache

from rules.late import late
from storage.values import AnswerHow
from storage.values_of_programmes import Answer

_OPENING = 3
"""So many answers are taken to be about the topic whatever their words: a good question is seldom
answered in its own."""
_LITTLE = 2
"""Fewer words than this (嗯, 哈哈, a sticker) tell nothing, and are not counted."""
_MOST = 500
"""Characters of a message that are looked at."""

_RUN = late(r"[a-z]{3,}|[\u3400-\u9fff]+")
_PARTICLES = frozenset(
    "的了是我你他她它们这那不也都就在有和吗呢吧啊哦嗯么什怎个很还要会可以好说想去来到上下里得着过把被给"
    "跟对没能多少大小一二三两几今明昨天早晚又再才只最太真自己人家因为所但如果比更做看吃"
)
_SURE = (AnswerHow.QUOTE, AnswerHow.MENTION)


def about(post: str, answers: Sequence[Answer]) -> list[bool | None]:
    """Of each answer, oldest first: whether it is about the post; None where that is not known.

    Not known is what was not kept, and what holds too few words.
    """
    told: list[bool | None] = []
    known = set(words(post))
    opening = _OPENING
    for each in answers:
        said = words(each.text or "")
        if each.how not in _SURE and len(said) < _LITTLE:
            told.append(None)
            continue
        is_about = each.how in _SURE or opening > 0 or not known.isdisjoint(said)
        if is_about:
            known |= said
            opening -= 1
        told.append(is_about)
    return told


def drift(told: Sequence[bool | None]) -> int | None:
    """How much of it is not about the post any more, in percent; None where nothing is known."""
    known = [each for each in told if each is not None]
    return round(100 * known.count(False) / len(known)) if known else None


@lru_cache(maxsize=1024)  # asked for the drift, and again for what was taken up
def words(text: str) -> frozenset[str]:
    """The words of a text by which it is compared."""
    found = set()
    for run in _RUN.findall(text[:_MOST].casefold()):
        if run.isascii():
            found.add(run)
            continue
        pairs = (run[place : place + 2] for place in range(len(run) - 1))
        found.update(pair for pair in pairs if not _PARTICLES.issuperset(pair))
    return frozenset(found)
