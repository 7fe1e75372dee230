"""Replays recorded messages through two sets of rules, and keeps what differs.

Nothing is written and nobody is told.
"""

from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.events import Group, Identity, Message
from bot.frozen import frozen
from handlers.recorded import Part, recorded
from handlers.rehearsing import IN_ORDER, Heard, Rehearsal, Touch
from handlers.standing import Standing
from storage.values_of_order import Said

_NOBODY: Standing = (None, 0)

Comings = Mapping[Identity, Sequence[datetime]]
"""When people came into a group, oldest first."""
People = list[tuple[Group, Identity]]
"""Members, each of one group."""


@frozen
class Example:
    """A message that is judged otherwise now."""

    message: Message
    group: Group
    touch: Touch


@dataclass(slots=True)
class OfRule:
    """What one rule does to the recorded messages: before and after the change."""

    before: int = 0
    after: int = 0
    silent_before: int = 0
    silent_after: int = 0
    newly: int = 0
    """Messages that nothing touched before and this rule touches now."""
    no_longer: int = 0
    """Messages that this rule touched before and nothing touches now."""
    taken_over: int = 0
    """Messages that another rule touched before and this one touches now."""
    unjudged: int = 0
    follows: Counter[str] = field(default_factory=Counter)
    """What would follow, by the word of the consequence."""
    followed: Counter[str] = field(default_factory=Counter)
    """What followed before."""
    examples: deque[Example] = field(default_factory=deque)
    former: deque[Example] = field(default_factory=deque)


class Replay:
    """Hears the history once, oldest first, and compares two sides.

    Where there is no rehearsal `before`, nothing was touched before.
    """

    def __init__(
        self, before: Rehearsal | None, after: Rehearsal, since: datetime, examples: int
    ) -> None:
        self.compares = before is not None
        self._before = before
        self._after = after
        self._since = since
        self._most = examples
        self._standings = _Standings()
        self.messages = 0
        self.nameless = 0
        """Messages of people who were forgotten; nobody can be touched by them."""
        self.unjudged = 0
        """Messages that at least one rule could not judge."""
        self.lacking: Counter[Part] = Counter()
        self.rules: defaultdict[str, OfRule] = defaultdict(self._of_rule)
        self.touched_before: Counter[tuple[Group, Identity]] = Counter()
        self.touched_after: Counter[tuple[Group, Identity]] = Counter()

    def people(self) -> tuple[People, People]:
        """Members touched only after the change, and only before it; most often touched first."""
        before, after = self.touched_before, self.touched_after
        newly = [who for who, _ in after.most_common() if who not in before]
        return newly, [who for who, _ in before.most_common() if who not in after]

    def _of_rule(self) -> OfRule:
        kept = self._most
        return OfRule(examples=deque(maxlen=kept), former=deque(maxlen=kept))

    def enter(self, group: Group, comings: Comings) -> None:
        """Before the first message of a group: when its people came."""
        self._standings.know(group, comings)

    def hear_all(self, coming: Sequence[tuple[Group, Said]], tick: Callable[[], None]) -> None:
        """The next messages, in order; `tick` is called after each, and may raise."""
        told = [(group, said, recorded(said, group)) for group, said in coming]
        whole = [(pair[0], group) for group, _, pair in told if pair and pair[0] is pair[1]]
        for side in (self._before, self._after):
            if side is not None:
                side.expect(whole)
        for group, said, pair in told:
            self.hear(group, said, pair)
            tick()

    def hear(self, group: Group, said: Said, pair: tuple[Message, Message] | None = None) -> None:
        """The next message. What is older than `since` only becomes the past of what follows.

        `pair` is what was recorded of it, where that has been asked already.
        """
        counts = said.at >= self._since
        self.messages += counts
        pair = pair or recorded(said, group)
        if pair is None:
            self.nameless += counts
            return
        message, judgeable = pair
        standing = self._standings.of(message, group)
        sides = (self._before, self._after)
        pasts = [each.hear(message, group, standing) if each else None for each in sides]
        if not counts:
            return
        before, after = (
            side.judge(judgeable, group, past, standing) if side else IN_ORDER
            for side, past in zip(sides, pasts, strict=True)
        )
        if before is not IN_ORDER or after is not IN_ORDER:
            self._compare(message, group, before, after)

    def _compare(self, message: Message, group: Group, before: Heard, after: Heard) -> None:
        self._note_blind(before, after)
        for found in before.silent:
            self.rules[found.rule.called].silent_before += 1
        for found in after.silent:
            self.rules[found.rule.called].silent_after += 1
        was, now = before.touch, after.touch
        who = (group, message.author)
        if was is not None:
            rule = self.rules[was.found.rule.called]
            rule.before += 1
            rule.followed[was.step.consequence.word] += 1
            self.touched_before[who] += 1
            if now is None:
                rule.no_longer += 1
                rule.former.append(Example(message, group, was))
        if now is not None:
            rule = self.rules[now.found.rule.called]
            rule.after += 1
            rule.follows[now.step.consequence.word] += 1
            self.touched_after[who] += 1
            if was is None:
                rule.newly += 1
                rule.examples.append(Example(message, group, now))
            elif was.found.rule.called != now.found.rule.called:
                rule.taken_over += 1

    def _note_blind(self, before: Heard, after: Heard) -> None:
        blind = {rule.called: part for rule, part in (*before.blind, *after.blind)}
        if blind:
            self.unjudged += 1
            self.lacking.update(set(blind.values()))
            for name in blind:
                self.rules[name].unjudged += 1


class _Standings:
    """Who came when, and how much they said since: from what was recorded, without asking."""

    def __init__(self) -> None:
        self._comings: dict[tuple[Group, Identity], Sequence[datetime]] = {}
        self._said: dict[tuple[Group, Identity], tuple[datetime, int]] = {}

    def know(self, group: Group, comings: Comings) -> None:
        for who, moments in comings.items():
            self._comings[group, who] = moments

    def of(self, message: Message, group: Group) -> Standing:
        """Of the author before this message, which then counts itself."""
        key = (group, message.author)
        comings = self._comings.get(key)
        place = bisect_right(comings, message.at) if comings else 0
        if not comings or not place:
            return _NOBODY
        joined_at = comings[place - 1]
        since, before = self._said.get(key, (joined_at, 0))
        if since != joined_at:
            before = 0
        self._said[key] = (joined_at, before + 1)
        return joined_at, before
