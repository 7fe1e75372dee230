"""One transaction: buffered rows, savepoints, numbers, and the layer over what is known.

Rows that come by the hundred (messages, interactions, actions) are not executed one by one: a
store appends them to its buffer and they are written together. A savepoint is then a mark in the
buffers. Only when something is executed inside it do the rows of before go to the database and a
real SAVEPOINT is opened, so that taking back one event never takes another's rows along.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Executable, Row, bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.events import Identity
from storage.columns import plain
from storage.digests import digest
from storage.ids import Ids
from storage.known import Known, Layer, Person, Undo
from storage.lasting import Lasting, tables_of
from storage.lines import Line
from storage.metadata import place_of
from storage.prepared import Params, Prepared, prepared
from storage.savepoints import Savepoint, name_of
from storage.tables import counters, salt
from storage.trouble import DatabaseTrouble, in_words

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]

_NONE: Params = {}
_SALT = select(salt.c.value)
_FORGETS = select(counters.c.value).where(counters.c.name == "forgets")
# In one order and all at once, so that two processes never wait for each other in a circle.
_NUMBERS = select(counters.c.name, counters.c.value).order_by(counters.c.name).with_for_update()
_SET_NUMBER = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=bindparam("number"))
)


class Transaction:
    """What the stores stand on: a transaction that has begun. Not thread-safe."""

    def __init__(self, line: Line, known: Known, ids: Ids, *, reading: bool = False) -> None:
        self._line = line
        self._known = known
        self._lasting: Lasting | None = None
        self._changed: set[str] = set()  # tables that were written to, buffered rows left out
        self._refused: dict[Executable, Callable[[], None]] = {}
        self._rows: list[tuple[Executable, dict[str, Any]]] = []
        self._open: list[Savepoint] = []
        self._undo = Undo()
        self._numbers: dict[str, int] = {}
        self._used: dict[str, int] = {}
        self._digested: tuple[tuple[str, ...], str] = ((), "")
        self._broken = False
        self._last: list[Callable[[], None]] = []
        self._ends: list[Callable[[], None]] = []
        self.dialect = line.dialect.name
        if not known.salt:
            known.salt = self.stored(_SALT)[0].value
        if not reading and (version := line.version()) is not None:
            self._lasting = known.lasting
            self._lasting.begin((line, version))
        self._forgets: int = self.lasting("forgets", _FORGETS, lambda rows: rows[0].value)
        known.catch_up(self._forgets)
        self.groups = Layer(known.groups, self._undo)
        self.people = Layer(known.people, self._undo)
        self.stays = Layer(known.stays, self._undo)
        self.pacts = Layer(known.pacts, self._undo)
        self.windows = known.windows
        self.pulses = known.pulses
        self.bank = known.bank
        self.set = self._undo.set
        self.learn = self._undo.learn
        self.next_id = ids.next

    @property
    def anybody_forgotten(self) -> bool:
        """Whether there is anybody to leave out at all."""
        forgets: int = self._numbers.get("forgets", self._forgets)
        return forgets > 0

    def digest(self, *parts: str) -> str:
        """The salted digest of these parts."""
        if parts != self._digested[0]:  # whoever stages a post asks right after it was planned
            self._digested = parts, digest(self._known.salt, *parts)
        return self._digested[1]

    def forget(self, identity: Identity) -> str:
        """Know from now on that this person was forgotten; the digest that keeps it so."""
        self.number("forgets")
        key = (plain(identity.account), plain(identity.id))
        self.people.put(key, Person(None, ""))
        return self.digest(*key)

    def buffer(
        self, statement: Executable, refused: Callable[[], None] | None = None
    ) -> Callable[[dict[str, Any]], None]:
        """Where to put the parameters of this statement; they are written table by table.

        `refused` is called when the database did not take all of them.
        """
        if refused is not None:
            self._refused[statement] = refused
        put = self._rows.append
        return lambda row: put((statement, row))

    def is_latest(self, row: dict[str, Any]) -> bool:
        """Whether nothing was buffered since this row, and no savepoint begun: it may be changed.

        By `set`, so that it is taken back together with whatever belongs to it.
        """
        since = self._open[-1].rows if self._open else 0
        return len(self._rows) > since and self._rows[-1][1] is row

    def before_commit(self, last: Callable[[], None]) -> None:
        """Call this once, when a commit begins."""
        self._last.append(last)

    def at_end(self, let_go: Callable[[], None]) -> None:
        """Call this when the work is over, committed or not."""
        self._ends.append(let_go)

    def end(self) -> None:
        """Let go of whatever holds this transaction, so that its rows are gone at once.

        The garbage collection takes them by the ten thousand: a long stop for the event loop.
        """
        for let_go in self._ends:
            let_go()
        self._ends.clear()
        self._last.clear()
        self._refused.clear()

    def stored(self, statement: Executable, params: Params = _NONE) -> Sequence[Any]:
        """Rows as they are in the database, without what still lies in the buffers."""
        ready = self._prepared(statement, params)
        try:
            if ready is None:
                return self._line.select(statement, params)
            return ready.rows(self._line, params)
        except SQLAlchemyError as error:
            raise in_words(error) from error

    def lasting(
        self,
        asked: Hashable,
        statement: Executable,
        answer: Callable[[Sequence[Any]], T],
        params: Params = _NONE,
    ) -> T:
        """What `stored` rows mean, asked again only if somebody may have written to their tables.

        None is not kept. The answer is everybody's: it must not be changed.
        """
        kept = None if self._lasting is None else self._lasting.get(asked, self._changed)
        if kept is not None:
            return kept  # type: ignore[no-any-return]
        found = answer(self.stored(statement, params))
        if self._lasting is not None and self._changed.isdisjoint(tables_of(statement)):
            self._lasting.keep(asked, found, tables_of(statement))
        return found

    def read(self, statement: Executable, params: Params = _NONE) -> Sequence[AnyRow]:
        """Rows, buffered ones included."""
        self.flush()
        return self.stored(statement, params)

    def flush(self) -> None:
        """Write what is buffered."""
        if self._rows:
            self._settle()

    def write(self, statement: Executable, params: Params | Sequence[Params] = _NONE) -> int:
        """Change something at once; the number of rows that changed."""
        self._settle()
        return self._change(statement, [params] if isinstance(params, Mapping) else params)

    def number(self, counter: str) -> int:
        """The next small number of a counter; none is lost when this is rolled back."""
        if not self._numbers:
            numbers = {row.name: row.value for row in self.stored(_NUMBERS)}
            if numbers["forgets"] != self._forgets:
                # What was looked up before may be about someone who is forgotten by now.
                self._broken = True
                raise DatabaseTrouble(
                    "刚有人被删除，这一批须重来。 "
                    "Somebody has just been forgotten: this batch has to be run again."
                )
            self._numbers.update(numbers)
        value = self._numbers[counter] + 1
        self.set(self._numbers, counter, value)
        self.set(self._used, counter, value)
        return value

    def savepoint(self) -> Savepoint:
        """An exception inside undoes what happened inside, and goes on upwards."""
        return Savepoint(self._open, self._rows, self._undo.changes, self._leave)

    def _leave(self, *, well: bool) -> None:
        point = self._open.pop()
        if not well:
            del self._rows[point.rows :]
            self._undo.back_to(point.undo)
        if not point.real or (self._line.lost and not well):
            return
        name = name_of(len(self._open))
        if not well:
            self._at_once(f"ROLLBACK TO SAVEPOINT {name}")
        self._at_once(f"RELEASE SAVEPOINT {name}")

    def _at_once(self, sql: str) -> None:
        """A line that breaks at a savepoint is the database's trouble, not the event's."""
        try:
            self._line.execute(sql)
        except SQLAlchemyError as error:
            raise in_words(error) from error

    def _settle(self) -> None:
        """Write what is buffered, each savepoint's rows inside that savepoint."""
        for depth, point in enumerate(self._open):
            if not point.real:
                written = point.rows
                self._write_rows(written, before=True)
                for inner in self._open[depth:]:
                    inner.rows -= written
                self._at_once(f"SAVEPOINT {name_of(depth)}")
                point.real = True
        self._write_rows(len(self._rows), before=not self._open)

    def _write_rows(self, count: int, *, before: bool) -> None:
        """Write the first `count` rows.

        If that fails and they are from before the innermost savepoint, taking that back would not
        bring them back: the work is over.
        """
        due: dict[Executable, list[dict[str, Any]]] = {}
        for statement, row in self._rows[:count]:
            due.setdefault(statement, []).append(row)
        del self._rows[:count]
        try:
            for statement in sorted(due, key=place_of):
                taken = self._change(statement, due[statement])
                if taken < len(due[statement]) and statement in self._refused:
                    self._refused[statement]()
        except Exception:
            self._broken = self._broken or before
            raise

    def _change(self, statement: Any, rows: Sequence[Params]) -> int:
        if not rows:
            return 0
        self._changed.add(statement.table.name)
        ready = self._prepared(statement, rows[0])
        try:
            if ready is None:
                return self._line.change(statement, rows)
            return ready.change(self._line, rows)
        except SQLAlchemyError as error:
            raise in_words(error) from error

    def _prepared(self, statement: Executable, params: Params) -> Prepared | None:
        return prepared(statement, self._line.dialect, tuple(params))

    def commit(self) -> None:
        """Make it last. Raises DatabaseTrouble if it cannot; then nothing has happened."""
        if self._broken:
            raise DatabaseTrouble(
                "这一批有写不进去的行，整批未提交。 "
                "Some rows of this batch could not be written; the batch is not committed."
            )
        for last in self._last:
            last()
        self._last.clear()
        self._settle()
        rows = [{"counter": name, "number": n} for name, n in sorted(self._used.items())]
        self._change(_SET_NUMBER, rows)
        if self._lasting is not None:
            self._lasting.written(self._changed)
        try:
            self._line.commit()
        except SQLAlchemyError as error:
            raise in_words(error) from error
        self._hand_over()

    def _hand_over(self) -> None:
        with self._known.lock:
            forgotten_now = self._numbers.get("forgets", self._forgets)
            if self._known.forgets != self._forgets:
                return
            if forgotten_now != self._forgets:
                self._known.clear()
                self._known.forgets = forgotten_now
                return
            layers: tuple[Layer[Any, Any], ...] = (self.groups, self.people, self.stays, self.pacts)
            for layer in layers:
                layer.hand_over()
