import gc
import weakref
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

import pytest
from builders import ACCOUNT, NOON, group, person, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import Priority, Say, place
from bot.events import Group
from storage.database import Database, DatabaseTrouble
from storage.values import InteractionKind
from storage.work import Work

steps = st.lists(
    st.tuples(
        st.sampled_from(["message", "query", "statement", "action", "case", "fail"]),
        st.integers(0, 4),
    ),
    max_size=6,
)
"""What one event does: buffered rows, statements at once, and sometimes a fault at the end."""


MESSAGES = [f"m{number}" for number in range(6)]
places = count(1)


class FaultError(Exception):
    """A handler's bug."""


@dataclass
class Model:
    """What should be in the database of one group."""

    where: Group
    messages: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)

    def heard(self, work: Work) -> int:
        """How many messages the group has, as the database says."""
        known = work.groups.find(ACCOUNT, self.where.id)
        return known.messages if known else 0


def do(work: Work, model: Model, kind: str, number: int) -> None:
    """One step, in the database and in the model."""
    who, other = person(f"人{number}"), person(f"人{number + 1}")
    if kind == "message":
        message = said("早", id=f"m{number}", author=who, group=model.where)
        key = work.messages.add(message, keep_text=True)
        assert (key is None) == (message.id in model.messages)
        if key is not None:
            model.messages.add(message.id)
            work.interactions.add(model.where, who, other, InteractionKind.MENTION, NOON, key)
    elif kind == "query":
        assert len(model.messages) == model.heard(work)
    elif kind == "statement":
        work.accounts.stop(ACCOUNT, "停", NOON)
        work.memberships.seen(model.where, who, NOON)
        model.names[who.id] = who.name
    elif kind == "action":
        say = Say(
            key=f"{model.where.id}{number}",
            why="",
            priority=Priority.NOTICE,
            to=model.where,
            text="好",
        )
        assert work.outbox.stage(say, NOON) == (say.key not in model.actions)
        model.actions.add(say.key)
    else:
        raise FaultError


def event(work: Work, model: Model, todo: list[tuple[str, int]], inner: bool) -> Model:  # noqa: FBT001
    """One event in a savepoint, perhaps with another in it; the model as it is after it."""
    after = deepcopy(model)
    try:
        with work.savepoint():
            for place, (kind, number) in enumerate(todo):
                if inner and place == len(todo) // 2:
                    after = event(work, after, todo[::-1], inner=False)
                do(work, after, kind, number)
    except FaultError:
        return model
    return after


def compare(work: Work, model: Model) -> None:
    """The database holds what the model does, no more and no less."""
    rows = work.outbox.list(limit=1_000_000)
    present = work.memberships.present(model.where)
    assert model.messages == {m for m in MESSAGES if work.messages.id_of(model.where, m)}
    assert model.actions == {row.action.key for row in rows if place(row.action) == model.where}
    assert model.names == {each.id: each.name for each in present}
    assert len(model.messages) == model.heard(work)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(st.tuples(steps, st.booleans()), max_size=5), max_size=3))
def test_savepoints_never_lose_or_leak_rows(
    database: Database, batches: list[list[tuple[list[tuple[str, int]], bool]]]
):
    """Random batches of events, some failing, leave exactly what the good events did."""
    model = Model(group(f"第{next(places)}群"))
    for batch in batches:
        with database.work() as work:
            for todo, inner in batch:
                model = event(work, model, todo, inner)
            work.commit()
        with database.work() as work:
            compare(work, model)


def test_a_batch_whose_rows_were_refused_does_not_commit(database: Database):
    """When rows of an earlier event turn out to be refused, a later event cannot save the batch."""
    with database.work() as work:
        work.messages.add(said("早", id="m1"), keep_text=True)
        work.commit()
    with database.work() as work:
        with work.savepoint():
            work.messages._heard[1, "m1"] = 0  # as if another process had written it just now
            work.messages.add(said("早", id="m1"), keep_text=True)
        with pytest.raises(DatabaseTrouble), work.savepoint():
            work.accounts.stop(ACCOUNT, "停", NOON)
        with pytest.raises(DatabaseTrouble, match="not committed"):
            work.commit()
    with database.work() as work:
        assert work.accounts.get(ACCOUNT) is None


def test_an_event_whose_own_rows_are_refused_spoils_only_itself(database: Database):
    """The refused rows go with the event's savepoint; what came before it is committed."""
    with database.work() as work:
        work.messages.add(said("早", id="m1"), keep_text=True)
        work.commit()
    with database.work() as work:
        with work.savepoint():
            work.messages.add(said("好", id="m2"), keep_text=True)
        with pytest.raises(DatabaseTrouble), work.savepoint():  # noqa: PT012 one event
            work.messages._heard[1, "m1"] = 0
            work.messages.add(said("早", id="m1"), keep_text=True)
            work.accounts.stop(ACCOUNT, "停", NOON)
        work.commit()
    with database.work() as work:
        assert work.messages.id_of(group(), "m2") is not None
        assert work.accounts.get(ACCOUNT) is None


def test_what_was_rolled_back_is_not_remembered(database: Database):
    """People and groups of a work without commit are looked up anew, and are not there."""
    with database.work() as work:
        first = work.members.id_of(person("小林"), NOON)
        work.messages.add(said("早"), keep_text=True)
        work.groups.all()
    with database.work() as work:
        assert first == work.members.id_of(person("小吴"), NOON)
        work.messages.add(said("早", "小吴"), keep_text=True)
        work.commit()
    with database.work() as work:
        assert ["小吴"] == [card.name for card in work.members.find("小")]


def test_a_work_that_is_over_is_gone_at_once(sqlite_database: Database):
    """Its rows do not wait for the garbage collection, which would stop the event loop for them."""
    gc.collect()
    gc.disable()
    try:
        with sqlite_database.work() as work:
            work.messages.add(said("早"), keep_text=True)
            work.posts.active(group(), NOON)
            work.outbox.heard(said("早", ours=True))
            work.commit()
            alive = weakref.ref(work._transaction)
        del work
        assert alive() is None
    finally:
        gc.enable()
