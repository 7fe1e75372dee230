"""How far a programme is from its ratio of universal to professional topics."""

from storage.values import TopicKind
from storage.values_of_topics import Bank
from topics.programme import Programme
from topics.reasons import OVER, SHORT, Reason
from topics.situation import Situation

_RATIO = 2.0
"""Points for each post that a kind is behind its share."""
_LATELY = 30
"""The ratio is held over so many posts of the programme."""


class Balance:
    """The points of each kind: what is behind its share goes first, the more the further."""

    def __init__(self, bank: Bank, programme: Programme, now: Situation) -> None:
        self._behind: dict[TopicKind, float] = {}
        self._percent: dict[TopicKind, int] = {}
        ratio = programme.ratio
        if ratio is None or programme.kind is not None:
            return
        lately = _kinds(bank, now)
        parts = {TopicKind.UNIVERSAL: ratio.universal, TopicKind.PROFESSIONAL: ratio.professional}
        for kind, part in parts.items():
            share, had = part / sum(parts.values()), lately.count(kind)
            self._behind[kind] = share * (len(lately) + 1) - had
            self._percent[kind] = round((share - had / len(lately)) * 100) if lately else 0

    def points(self, kind: TopicKind) -> float:
        """Of the topics of this kind."""
        return _RATIO * self._behind[kind] if self._behind else 0.0

    def reason(self, kind: TopicKind) -> Reason | None:
        """What is said of it; None if the kind is not off its share at all."""
        percent = self._percent.get(kind) if self._percent else None
        if not percent:
            return None
        text = (SHORT if percent > 0 else OVER)[kind]
        return Reason(self.points(kind), text, {"percent": abs(percent)})


def _kinds(bank: Bank, now: Situation) -> list[TopicKind]:
    """The kinds of the programme's latest posts."""
    topics = bank.by_key
    own = (used.topic_key for used in reversed(now.history) if used.programme == now.programme)
    known = (topics[key].kind for key in own if key in topics)
    return [kind for kind, _ in zip(known, range(_LATELY), strict=False)]
