"""The same judging for everybody: Weilu's own rules, without Weilu.

200 words and a flood window a member, as many rules as exist today. The peers call `Judge` with
what they received; it stores nothing.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from bot.events import Group, Identity, Kind, Message
from rules.base import Finding, Past, Rule
from rules.flood import Flood
from rules.keywords import Keywords

ACCOUNT = "围炉"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def rules(words: tuple[str, ...]) -> tuple[Rule, ...]:
    """Every rule there is, at its defaults, with the words of this chat."""
    return (
        Keywords(words=words, reason="这里不做广告 no advertising here"),
        Flood(reason="让别人也说得上话 let others get a word in"),
    )


class Judge:
    """What a bot does with each message before it answers."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._rules = rules(words)
        self._times: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)

    def begin(self) -> None:
        """Forget what was heard: the same chat begins anew."""
        self._times.clear()

    def judge(self, group: str, member: str, text: str, seconds: float) -> Finding | None:
        """The first finding."""
        at = START + timedelta(seconds=seconds)
        message = Message(
            id="",
            group=Group(ACCOUNT, group),
            author=Identity(ACCOUNT, member),
            at=at,
            kind=Kind.TEXT,
            text=text,
        )
        times = self._times[group, member]
        while times and times[0] <= at - timedelta(minutes=1):
            del times[0]
        past = Past(times)
        found = next((found for rule in self._rules if (found := rule.judge(message, past))), None)
        times.append(at)
        return found
