from hypothesis import given
from hypothesis import strategies as st

from storage.ids import Ids


@given(st.lists(st.integers(1_600_000_000_000, 3_600_000_000_000), min_size=1, max_size=600))
def test_ids_grow_whatever_the_clock_does(times: list[int]):
    """Each key is larger than the one before and fits 63 bits, also when the clock goes back."""
    clock = iter(times)
    ids = Ids(lambda: next(clock))
    made = [ids.next() for _ in times]

    assert sorted(set(made)) == made
    assert 0 < made[0] <= made[-1] < 1 << 63


@given(st.integers(0, (1 << 14) - 1), st.integers(0, (1 << 14) - 1), st.integers(1, 700))
def test_two_processes_do_not_meet(first: int, second: int, count: int):
    """Two nodes at the same stopped clock give different keys, however many."""
    nodes = [Ids(lambda: 1_800_000_000_000, node) for node in {first, second}]
    made = [node.next() for node in nodes for _ in range(count)]

    assert len(set(made)) == len(made)


def test_a_burst_within_a_millisecond():
    """More keys than a millisecond has turns for are still all different."""
    ids = Ids(lambda: 1_800_000_000_000)

    assert 5000 == len({ids.next() for _ in range(5000)})
