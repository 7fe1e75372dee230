"""What is looked up again and again, remembered across works: groups, people, who is where.

A work reads through its own layer and hands it over only when it has committed, so that nothing
rolled back is ever remembered. When somebody is forgotten, by this process or another, everything
is dropped: the count of the forgotten is read at the start of every work.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from bot.frozen import frozen
from storage.lasting import Lasting
from storage.values_of_order import PactRule
from storage.values_of_topics import Bank, Worth

K = TypeVar("K")
V = TypeVar("V")

_LIMIT = 200_000  # entries of a kind; beyond that they are dropped and looked up again
_PULSES = 32  # spans: a few lengths of time in a few zones, for the last half hours
_UNSET: Any = object()
_LEARNT: Any = object()


@frozen
class GroupRow:
    """A group as it is stored."""

    id: int
    name: str
    managed: bool


@frozen
class Person:
    """A person as one account knows them; `id` is None for someone who was forgotten."""

    id: int | None
    name: str


@frozen
class Stay:
    """A member in a group: the name they go by there, and when they came if that is known."""

    name: str
    joined_at: datetime | None


class Windows:
    """Before when no window of a post ends that was not measured, account by account.

    Too early is harmless: somebody looks and finds nothing.
    """

    def __init__(self) -> None:
        self._first: dict[str, datetime] = {}
        self._lock = Lock()

    def first(self, account: str) -> datetime | None:
        """That moment; None while nothing is known."""
        return self._first.get(account)

    def wait(self, account: str, until: datetime) -> None:
        """Whoever looked found no window that ends before."""
        with self._lock:
            self._first[account] = until

    def opened(self, until: datetime) -> None:
        """A window was opened that ends then, whether or not that lasts."""
        with self._lock:
            for account, first in self._first.items():
                self._first[account] = min(first, until)


class Pulses:
    """How much was said in groups in spans of earlier weeks, by those spans; the latest few."""

    def __init__(self) -> None:
        self._counted: dict[object, dict[int, tuple[int, ...]]] = {}
        self._lock = Lock()

    def of(self, spans: object) -> dict[int, tuple[int, ...]]:
        """The counts by group, to read and to add to."""
        with self._lock:
            while spans not in self._counted and len(self._counted) >= _PULSES:
                del self._counted[next(iter(self._counted))]
            return self._counted.setdefault(spans, {})


@dataclass
class KnownBank:
    """The topic bank, its version, and how topics went, by so many results that were measured."""

    version: object = None
    bank: Bank = field(default_factory=lambda: Bank(()))
    measured: int = 0
    worths: Mapping[str, Worth] = field(default_factory=dict)


@dataclass
class Known:
    """The shared memory of one Database object."""

    salt: str = ""
    forgets: int = 0
    groups: dict[tuple[str, str], GroupRow] = field(default_factory=dict)
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    stays: dict[tuple[int, int], Stay] = field(default_factory=dict)
    pacts: dict[tuple[int, int], tuple[PactRule, ...]] = field(default_factory=dict)
    """The rules of a group's version, which never change."""
    windows: Windows = field(default_factory=Windows)
    pulses: Pulses = field(default_factory=Pulses)
    bank: KnownBank = field(default_factory=KnownBank)
    lasting: Lasting = field(default_factory=Lasting)
    lock: Lock = field(default_factory=Lock)

    def catch_up(self, forgets: int) -> None:
        """Drop everything if somebody was forgotten since."""
        with self.lock:
            if forgets != self.forgets:
                self.clear()
                self.forgets = forgets

    def clear(self) -> None:
        """Drop everything."""
        for shared in (self.groups, self.people, self.stays, self.pacts):
            shared.clear()
        self.bank.version = None


class Undo:
    """Changes to dictionaries that can be taken back to where they were so many."""

    def __init__(self) -> None:
        self.changes: list[tuple[dict[Any, Any], Any, Any]] = []
        """What was changed, which key, and what was there before."""

    def set(self, target: dict[K, V], key: K, value: V) -> None:
        """Set an entry, so that it can be taken back."""
        self.changes.append((target, key, target.get(key, _UNSET)))
        target[key] = value

    def learn(self, target: dict[K, V], found: Mapping[K, V]) -> None:
        """Set entries that can be taken back together; what is there stays as it is."""
        new = {key: found[key] for key in found.keys() - target.keys()} if target else found
        self.changes.append((target, new, _LEARNT))
        target.update(new)

    def back_to(self, mark: int) -> None:
        """Take back everything since there were so many changes."""
        while len(self.changes) > mark:
            target, key, before = self.changes.pop()
            if before is _LEARNT:
                for each in key:
                    del target[each]
            elif before is _UNSET:
                del target[key]
            else:
                target[key] = before


class _Through(dict[K, V | None]):
    """What a work has changed; what it does not have is read from what lies under it."""

    def __init__(self, under: Callable[[K], V | None]) -> None:
        super().__init__()
        self._under = under

    def __missing__(self, key: K) -> V | None:
        return self._under(key)


class Layer(Generic[K, V]):
    """What one work knows, over what all works know."""

    def __init__(self, shared: dict[K, V], undo: Undo) -> None:
        self._shared = shared
        self._new: _Through[K, V] | None = None
        self._undo = undo
        self.get: Callable[[K], V | None] = shared.get
        """What is known, or None. Asked a dozen times for every message."""

    def put(self, key: K, value: V | None) -> None:
        """Know this from now on; None: no longer know it."""
        if self._new is None:
            self._new = _Through(self._shared.get)
            self.get = self._new.__getitem__
        self._undo.set(self._new, key, value)

    def hand_over(self) -> None:
        """The work has committed: all works know it from now on."""
        if self._new is None:
            return
        if len(self._shared) > _LIMIT:
            self._shared.clear()
        for key, value in self._new.items():
            if value is None:
                self._shared.pop(key, None)
            else:
                self._shared[key] = value
