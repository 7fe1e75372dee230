"""Tests of bot/queues.py: memory says what the database would say of what waits."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import ACCOUNT, NOON, group, later
from claiming import waiting
from hypothesis import given
from hypothesis import strategies as st
from outbox_stage import say

from bot import queues
from bot.actions import Priority, place
from bot.queues import Queues
from storage.database import Database
from storage.values import OutboxRow, OutboxState


class Table:
    """The database's side: the rows that wait, and which of them were read."""

    def __init__(self) -> None:
        self.rows: dict[int, OutboxRow] = {}
        self.read: list[int] = []

    def add(self, number: int, **over: Any) -> OutboxRow:
        """A row that waits."""
        fields = {"not_before": NOON} | {k: over.pop(k) for k in ("not_before",) if k in over}
        row = OutboxRow(
            number, ACCOUNT, say(str(number), **over), OutboxState.PENDING, 0, NOON, **fields
        )
        self.rows[number] = row
        return row

    def pending(self) -> list[tuple[int, Any]]:
        """As the store says it."""
        return [(row.id, row.not_before) for row in self.rows.values()]

    def __call__(self, row_ids: Iterable[int]) -> list[OutboxRow]:
        """Those of these rows that wait."""
        wanted = list(row_ids)
        self.read += wanted
        return [self.rows[row_id] for row_id in wanted if row_id in self.rows]

    def first(self, known: Queues, *busy: Any) -> list[int]:
        """The first rows of all places that are not busy."""
        return [row.id for rows in known.values(known.heads(busy), self) for row in rows]


def test_the_first_of_each_place_in_order() -> None:
    """By priority, then by age; a busy place is passed over."""
    known, table = Queues(), Table()
    for number, where, priority in (
        (1, "甲", Priority.TOPIC),
        (2, "乙", Priority.ANSWER),
        (3, "甲", Priority.MODERATION),
        (4, "乙", Priority.ANSWER),
    ):
        known.put(table.add(number, to=group(where), priority=priority), NOON)
    assert [3, 2] == table.first(known)
    assert [2] == table.first(known, group("甲"))
    known.drop([3])
    assert [2, 1] == table.first(known)


def test_those_behind_the_first_as_urgent_as_it_is() -> None:
    """In order, each once, and nothing is taken out of the line by looking."""
    known, table = Queues(), Table()
    rows = [table.add(number, priority=Priority.ANSWER) for number in range(1, 6)]
    rows.append(table.add(6, priority=Priority.TOPIC))
    for row in rows:
        known.put(row, NOON)
    known.drop([3])
    known.put_off(4, later(minutes=1))
    known.put(table.rows[4], NOON)  # it is back, and stands there twice
    for most in (2, 9):
        assert [2, 4, 5][:most] == [row_id for _, row_id, _ in known.behind(group(), most)]
    assert [1] == table.first(known)
    assert [] == known.behind(group("别处"), 9)


def test_what_is_put_off_is_out_of_the_way_until_then() -> None:
    """And read again at that time, as somebody may have changed it."""
    known, table = Queues(), Table()
    known.put(table.add(1), NOON)
    known.put(table.add(2), NOON)
    known.put_off(1, later(minutes=1))
    known.read_due(later(seconds=59), table)
    assert [2] == table.first(known)
    assert later(minutes=1) == known.next_due()
    known.read_due(later(minutes=1), table)
    assert [1] == table.first(known)
    assert [1] == table.read
    assert known.next_due() is None


def test_what_another_process_changed_is_seen() -> None:
    """A cancelled row is forgotten, a new one noticed, a held one that may go now let go."""
    known, table = Queues(), Table()
    for number in (1, 2):
        known.put(table.add(number, to=group(f"群{number}")), NOON)
    known.put_off(2, later(hours=1))
    del table.rows[1]
    table.add(3, to=group("群3"))
    known.compare(table.pending())
    known.read_due(NOON, table)
    assert [2, 3] == table.first(known)
    assert 1 not in known


def test_what_was_cancelled_unseen_is_passed_over() -> None:
    """Where a row is read again because it was not kept in memory."""
    known, table = Queues(), Table()
    for number in range(queues.MOST + 2):
        known.put(table.add(number), NOON)
    known.drop(range(queues.MOST))
    del table.rows[queues.MOST]
    assert [] == table.first(known)
    assert [queues.MOST + 1] == table.first(known)


def test_a_note_stands_beside_the_row() -> None:
    """Without reading it again."""
    known, table = Queues(), Table()
    row = table.add(1)
    known.put(row, NOON)
    known.note(row, "安静时段")
    ((noted,),) = known.values(known.heads(()), table)
    assert replace(row, detail="安静时段") == noted
    assert [] == table.read


def test_not_every_row_is_kept() -> None:
    """Twenty thousand of them are numbers in memory, and still come in their order."""
    known, table = Queues(), Table()
    for number in range(20_000):
        known.put(table.add(number, to=group(f"群{number % 7}")), NOON)
    assert len(known._rows) <= queues.MOST + 7
    assert 20_000 == len(known)
    order = []
    while heads := table.first(known):
        order += heads
        known.drop(heads)
        assert len(known._rows) <= queues.MOST + 7
    assert list(range(20_000)) == order


def test_all_that_waits_is_seen(sqlite_database: Database) -> None:
    """Also where it is more than one look holds."""
    known = Queues()
    with sqlite_database.work() as work:
        for number in range(1201):
            work.outbox.stage(say(str(number)), NOON)
        known.compare(work.outbox.pending(ACCOUNT))
        known.read_due(NOON, lambda row_ids: work.outbox.rows(ACCOUNT, row_ids))
        assert 1201 == len(known)
        assert waiting(work, ACCOUNT, NOON)[0].id == next(known.heads(()))[1]


class Story:
    """What happens to a table and to what is remembered of it, step by step."""

    def __init__(self) -> None:
        self.known, self.table, self.now = Queues(), Table(), NOON

    def step(self, number: int, what: str, where: str, priority: Priority) -> None:
        """One step, then a look at what is due."""
        heads = [row_id for _, row_id, _ in self.known.heads(())]
        if what in {"put", "hand over"}:
            row = self.table.add(number, to=group(where), priority=priority, not_before=self.now)
            if what == "hand over":
                self.known.put(row, self.now)
        elif what == "take" and heads:
            self.known.drop(heads[:1])
            self.table.rows.pop(heads[0], None)
        elif what == "put off" and heads and heads[0] in self.table.rows:
            self.known.put_off(heads[0], self.now + timedelta(minutes=2))
            self.let_go(heads[0], minutes=2)
        elif what == "cancel" and self.table.rows:
            del self.table.rows[min(self.table.rows)]
        elif what == "let go" and self.table.rows:
            self.let_go(max(self.table.rows))
        elif what == "compare":
            self.known.compare(self.table.pending())
        elif what == "tick":
            self.now += timedelta(minutes=1)
        self.known.read_due(self.now, self.table)

    def let_go(self, row_id: int, minutes: int = 0) -> None:
        """Somebody changes when a row may be done."""
        row = self.table.rows[row_id]
        moment = self.now + timedelta(minutes=minutes)
        self.table.rows[row_id] = replace(row, not_before=moment)

    def first(self) -> list[int]:
        """The first of each place, found by looking at the whole table."""
        due = [row for row in self.table.rows.values() if row.not_before <= self.now]
        first: dict[Any, int] = {}
        for row in sorted(due, key=lambda row: (row.action.priority, row.id)):
            first.setdefault(place(row.action), row.id)
        return list(first.values())


STEPS = ["put", "hand over", "take", "put off", "cancel", "let go", "compare", "tick"]


@pytest.mark.parametrize("kept", [0, 3])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from("甲乙丙"), st.sampled_from(Priority)),
        max_size=60,
    )
)
def test_whatever_happens_it_agrees_with_the_table(
    kept: int, steps: list[tuple[str, str, Priority]]
) -> None:
    """After comparing, the first of each place is the one a look at the whole table finds."""
    story = Story()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queues, "MOST", kept)
        for number, step in enumerate(steps):
            story.step(number, *step)
        story.step(len(steps), "compare", "", Priority.TOPIC)
        assert story.first() == story.table.first(story.known)
        assert len(story.table.rows) == len(story.known)
