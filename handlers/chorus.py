"""What everybody said lately, found by what it is like, in bounded memory and in constant time."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.flow import EVER, SLACK, due
from rules.base import Earlier
from rules.likeness import NEAR

MOST = 10_000
"""So many messages are kept at most: 8 MB."""

VOICES = 200
"""So many voices (an author in a group) are told at most, those heard last; no limit is higher."""

_CROWDED = 200
"""So many of one drawer are looked at, the newest: who says one thing thousands of times slows
nobody down."""


class _Voice(NamedTuple):
    """Something that was said, under its handles; `moment` is when, or when it was heard."""

    number: int
    said: Earlier
    likeness: int  # beside the one in `said`: this is the one place where a look-up counts
    handles: tuple[int, ...]
    moment: datetime
    key: tuple[str, str, str]


_made = tuple.__new__  # a named tuple's own way takes three times as long


class Chorus:
    """Likenesses with author, group and time, in drawers by their handles (rules/likeness.py)."""

    def __init__(self) -> None:
        self._heard: dict[tuple[str, str, str], _Voice] = {}
        self._order: deque[_Voice] = deque()
        self._drawers: dict[int, _Voice | list[_Voice]] = {}
        """By handle; most hold one voice, which needs no list."""
        self._next = 0
        self._latest = EVER
        self._kept_for: timedelta | None = None
        self._due = EVER
        """At this moment there may be something to forget."""

    def __len__(self) -> int:
        """How many messages are kept."""
        return len(self._heard)

    def keep(self, looks_back: timedelta) -> None:
        """The rules look back so far; what is older is dropped. Before that nothing is."""
        if self._kept_for != looks_back + SLACK:
            self._kept_for = looks_back + SLACK
            self._due = EVER

    def note(
        self,
        said: Earlier,
        message_id: str,
        handles: tuple[int, ...],
        *,
        now: datetime | None = None,
    ) -> list[Earlier]:
        """Remember this; what was heard before it in the account and is nearly the same.

        Oldest first, one for each voice: the nearest in time. Asked again for the same message it
        gives the same answer. `now` is the time by our clock if it is known: a message that claims
        to be from later makes nothing forgotten sooner.
        """
        _, group, at, likeness = said
        key = (group.account, group.id, message_id)
        known = self._heard.get(key)
        if known is not None:
            return _like(said, self._near_before(known.number, likeness, handles))
        number = self._next
        self._next = number + 1
        moment = at if now is None or at < now else now
        voice = _made(_Voice, (number, said, likeness, handles, moment, key))
        self._heard[key] = voice
        self._order.append(voice)
        near: list[_Voice] = []
        drawers = self._drawers
        for handle in handles:
            drawer = drawers.setdefault(handle, voice)
            if drawer is not voice:
                if not isinstance(drawer, list):
                    drawer = drawers[handle] = [drawer]
                near += _near(likeness, drawer[-_CROWDED:])
                drawer.append(voice)
        too_much = len(self._order) > MOST
        if moment > self._latest:
            self._latest = moment
            too_much |= moment > self._due
        if too_much:
            self._forget()
        return _like(said, self._still_heard(near)) if near else []

    def _near_before(self, number: int, likeness: int, handles: tuple[int, ...]) -> list[_Voice]:
        """What is nearly the same and was heard before that."""
        near: list[_Voice] = []
        for handle in handles:
            drawer = self._drawers.get(handle, [])
            if not isinstance(drawer, list):
                drawer = [drawer]
            end = bisect_left(drawer, number, key=_number)
            near += _near(likeness, drawer[max(end - _CROWDED, 0) : end])
        return near

    def _still_heard(self, voices: Iterable[_Voice]) -> list[_Voice]:
        """Without those that are forgotten by now."""
        first = self._order[0].number if self._order else self._next
        return [each for each in voices if each.number >= first]

    def _forget(self) -> None:
        """Drop the first heard while they are older than that, or more than the most."""
        order, kept_for = self._order, self._kept_for
        before = EVER if kept_for is None else self._latest - kept_for
        while order and (len(order) > MOST or order[0].moment < before):
            voice = order.popleft()
            del self._heard[voice.key]
            for handle in voice.handles:
                drawer = self._drawers[handle]
                if isinstance(drawer, list) and len(drawer) > 1:
                    del drawer[0]  # all others in it were heard later
                else:
                    del self._drawers[handle]
        self._due = due(order[0].moment, kept_for) if order else EVER


def _near(likeness: int, voices: list[_Voice]) -> list[_Voice]:
    return [each for each in voices if (each.likeness ^ likeness).bit_count() <= NEAR]


def _like(said: Earlier, near: Iterable[_Voice]) -> list[Earlier]:
    """One for each voice, the nearest in time."""
    account = said.group.account
    voices: dict[tuple[str, str], Earlier] = {}
    for _, each in sorted({each.number: each.said for each in near}.items(), reverse=True):
        if each.group.account != account:
            continue
        voice = (each.group.id, each.author.id)
        if voice not in voices and len(voices) == VOICES:
            break
        known = voices.setdefault(voice, each)
        if abs(each.at - said.at) < abs(known.at - said.at):
            voices[voice] = each
    return sorted(voices.values(), key=_time)


def _number(voice: _Voice) -> int:
    return voice.number


def _time(said: Earlier) -> datetime:
    return said.at
