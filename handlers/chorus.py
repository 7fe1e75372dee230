"""What everybody said lately, found by what it is like, in bounded memory and in constant time."""

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.flow import SLACK
from rules.base import Earlier
from rules.likeness import NEAR

MOST = 10_000
"""So many messages are kept at most: 12 MB."""

VOICES = 200
"""So many voices (an author in a group) are told at most, those heard last; no limit is higher."""

_CROWDED = 200
"""So many of one drawer are looked at, the newest: who says one thing thousands of times slows
nobody down."""


class _Voice(NamedTuple):
    """Something that was said, under its handles; `moment` is when, or when it was heard."""

    said: Earlier
    likeness: int  # beside the one in `said`: this is the one place where a look-up counts
    handles: tuple[int, ...]
    moment: datetime


class Chorus:
    """Likenesses with author, group and time, in drawers by their handles (rules/likeness.py)."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._heard: dict[int, _Voice] = {}
        self._drawers: dict[int, list[int]] = {}
        self._next = 0
        self._latest: datetime | None = None

    def __len__(self) -> int:
        """How many messages are kept."""
        return len(self._heard)

    def note(
        self,
        said: Earlier,
        message_id: str,
        handles: tuple[int, ...],
        *,
        kept_for: timedelta | None = None,
        now: datetime | None = None,
    ) -> list[Earlier]:
        """Remember this; what was heard before it in the account and is nearly the same.

        Oldest first, one for each voice: the nearest in time. Asked again for the same message it
        gives the same answer. What is older than `kept_for` is dropped (None: not known yet). `now`
        is the time by our clock if it is known: a message that claims to be from later makes
        nothing forgotten sooner.
        """
        key = (said.group.account, said.group.id, message_id)
        number = self._numbers.get(key)
        near = self._near(said.likeness, handles, self._next if number is None else number)
        if number is None:
            moment = said.at if now is None or said.at < now else now
            self._put(key, _Voice(said, said.likeness, handles, moment))
            self._forget(self._latest - kept_for - SLACK if kept_for and self._latest else None)
        return self._like(said, near) if near else []

    def _put(self, key: tuple[str, str, str], voice: _Voice) -> None:
        number = self._numbers[key] = self._next
        self._next += 1
        self._heard[number] = voice
        for handle in voice.handles:
            self._drawers.setdefault(handle, []).append(number)
        if self._latest is None or voice.moment > self._latest:
            self._latest = voice.moment

    def _like(self, said: Earlier, near: set[int]) -> list[Earlier]:
        voices: dict[tuple[str, str], Earlier] = {}
        for number in sorted(near.intersection(self._heard), reverse=True):
            each = self._heard[number].said
            if each.group.account != said.group.account:
                continue
            voice = (each.group.id, each.author.id)
            if voice not in voices and len(voices) == VOICES:
                break
            known = voices.setdefault(voice, each)
            if abs(each.at - said.at) < abs(known.at - said.at):
                voices[voice] = each
        return sorted(voices.values(), key=_time)

    def _near(self, likeness: int, handles: tuple[int, ...], before: int) -> set[int]:
        """The numbers of what is nearly the same and was heard before."""
        found: set[int] = set()
        heard, drawers = self._heard, self._drawers
        for handle in handles:
            numbers = drawers.get(handle)
            if numbers:
                end = bisect_left(numbers, before)
                for number in numbers[max(end - _CROWDED, 0) : end]:
                    if (heard[number].likeness ^ likeness).bit_count() <= NEAR:
                        found.add(number)
        return found

    def _forget(self, before: datetime | None) -> None:
        """Drop the first heard while they are older than that, or more than the most."""
        while self._heard:
            key, number = next(iter(self._numbers.items()))
            voice = self._heard[number]
            if len(self._heard) <= MOST and (before is None or voice.moment >= before):
                return
            del self._numbers[key], self._heard[number]
            for handle in voice.handles:
                self._drawers[handle].remove(number)
                if not self._drawers[handle]:
                    del self._drawers[handle]


def _time(said: Earlier) -> datetime:
    return said.at
