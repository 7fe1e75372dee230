from datetime import UTC, datetime, timedelta
from typing import Any

from builders import group, later, person
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Group, Identity
from handlers.flow import MOST, Before, Flow
from rules.base import Earlier

GROUP, LIN = group(), person("小林")
MINUTE = timedelta(minutes=1)


def note(
    flow: Flow, where: Group, by: Identity, second: float, message_id: str, **over: Any
) -> Before:
    """Told to a flow."""
    return flow.room(where).note(by, later(seconds=second), message_id, **over)


def noted(flow: Flow, *heard: tuple[str, int]) -> list[list[datetime]]:
    """The pasts of messages, each an id and its second."""
    return [note(flow, GROUP, LIN, second, each).times() for each, second in heard]


def test_the_past_of_each():
    """Each message is given the times of those before it."""
    assert [[], [later()], [later(), later(seconds=5)]] == noted(
        Flow(), ("a", 0), ("b", 5), ("c", 9)
    )


@given(st.lists(st.integers(0, 100), max_size=30), st.integers(0, 30))
def test_a_batch_run_anew_finds_the_same_past(seconds: list[int], failed_after: int):
    """A batch that fails somewhere and is run again is judged as if it had run once."""
    heard = [(f"m{number}", second) for number, second in enumerate(sorted(seconds))]
    flow = Flow()
    flow.room(GROUP).keep(timedelta(minutes=10))
    noted(flow, *heard[:failed_after])

    assert noted(Flow(), *heard) == noted(flow, *heard)


def test_members_and_groups_apart():
    """What one says in one group is nobody else's past, and no other group's."""
    flow = Flow()
    note(flow, GROUP, LIN, 0, "a")

    assert [] == note(flow, GROUP, person("阿秀"), 0, "b").times()
    assert [] == note(flow, group("健身群"), LIN, 0, "c").times()


def test_what_is_long_past_is_dropped():
    """No more is kept than the rules look back, and an hour for batches that are run anew."""
    flow = Flow()
    flow.room(GROUP).keep(MINUTE)

    assert [later(seconds=61)] == noted(flow, ("a", 0), ("b", 61), ("c", 3661), ("d", 3662))[-1][:1]


def test_no_window_grows_without_end():
    """Of a member who never stops, the newest are kept."""
    flow = Flow()
    flow.room(GROUP).keep(timedelta(days=1))
    pasts = noted(flow, *((f"m{number}", number) for number in range(MOST + 50)))

    assert MOST == len(pasts[-1])
    assert later(seconds=MOST + 48) == pasts[-1][-1]


def test_the_silent_are_dropped():
    """Ten thousand people who each said one thing, a minute apart, do not stay in memory."""
    flow = Flow()
    flow.room(GROUP).keep(MINUTE)
    for number in range(10_000):
        note(flow, GROUP, person(f"p{number}"), 60 * number, f"m{number}")

    assert len(flow) <= 1024


def test_what_was_warmed_waits_for_its_group():
    """Windows of a group whose rules are not known yet are kept however many others come."""
    flow = Flow()
    flow.room(GROUP).keep(MINUTE)
    note(flow, group("健身群"), LIN, 0, "old")
    for number in range(3000):
        note(flow, GROUP, person(f"p{number}"), 60 * number, f"m{number}")

    assert [later()] == note(flow, group("健身群"), LIN, 9, "new").times()


def test_what_was_said():
    """The likenesses of what they said, oldest first, without what is like nothing."""
    flow = Flow()
    for message_id, second, likeness in (("a", 5, 1), ("b", 6, None), ("c", 0, 3)):
        at = later(seconds=second)
        said = None if likeness is None else Earlier(LIN, GROUP, at, likeness)
        note(flow, GROUP, LIN, second, message_id, said=said)

    before = note(flow, GROUP, LIN, 9, "d")
    assert [
        Earlier(LIN, GROUP, later(), 3),
        Earlier(LIN, GROUP, later(seconds=5), 1),
    ] == before.texts()


@given(st.permutations(range(8)))
def test_the_order_of_arrival_does_not_matter(order: list[int]):
    """Whichever way the earlier ones came, the last has the same past."""
    flow = Flow()
    flow.room(GROUP).keep(MINUTE)
    noted(flow, *((f"m{number}", number * 400) for number in order))

    assert [later(seconds=number * 400) for number in range(8)] == noted(flow, ("last", 3000))[0]


def test_a_time_to_come():
    """A message that claims to be from next year makes nobody else's past forgotten."""
    flow = Flow()
    flow.room(GROUP).keep(MINUTE)
    note(flow, GROUP, LIN, 0, "a", now=later())
    for number in range(2000):
        note(flow, GROUP, person(f"p{number}"), 365 * 86400, f"m{number}", now=later())

    assert [later()] == note(flow, GROUP, LIN, 9, "b", now=later()).times()


def test_at_the_end_of_time():
    """A message that claims to be from the last of all days breaks nothing."""
    flow = Flow()
    flow.room(GROUP).keep(MINUTE)
    last = datetime.max.replace(tzinfo=UTC)
    for number in range(3):
        flow.room(GROUP).note(LIN, last, f"m{number}", now=later(hours=2 * number))

    assert [last] * 3 == note(flow, GROUP, LIN, 9, "d").times()


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=30))
def test_what_was_told_stays(heard: list[tuple[int, bool]]):
    """Whatever is heard and forgotten afterwards, what was told before is the same as it was."""
    flow = Flow()
    flow.room(GROUP).keep(timedelta(seconds=30))
    told, then = [], []
    for number, (minute, texts) in enumerate(heard):
        said = Earlier(LIN, GROUP, later(minutes=minute), number) if texts else None
        before = note(flow, GROUP, LIN, 60 * minute, f"m{number}", said=said)
        told.append(before)
        then.append((before.times(), before.texts()))

    assert then == [(each.times(), each.texts()) for each in told]
