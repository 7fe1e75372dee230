import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storage.known import Layer, Undo

keys = st.integers(0, 3)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("set"), keys, st.integers()),
        st.tuples(st.just("learn"), st.dictionaries(keys, st.integers()), st.none()),
    ),
    max_size=8,
)


def apply(undo: Undo, target: dict[int, int], todo: list[tuple[Any, ...]]) -> None:
    """Make these changes."""
    for what, key, value in todo:
        if what == "set":
            undo.set(target, key, value)
        else:
            undo.learn(target, key)


@given(before=changes, after=changes)
def test_what_is_taken_back_never_was(before: list[Any], after: list[Any]):
    """Whatever was set or learnt since a mark, in whatever order."""
    undo, target = Undo(), {0: 0}
    apply(undo, target, before)
    mark, was = len(undo.changes), copy.copy(target)

    apply(undo, target, after)
    undo.back_to(mark)

    assert was == target


def test_what_is_there_is_not_learnt_anew():
    """It may be newer than what was looked up."""
    undo, target = Undo(), {1: 10}
    undo.learn(target, {1: 1, 2: 2})

    assert {1: 10, 2: 2} == target


def test_a_layer_hands_over_what_was_changed():
    """All works read what one has changed once it has committed, and not before."""
    shared = {"a": 1, "b": 2}
    undo = Undo()
    layer, other = Layer(shared, undo), Layer(shared, Undo())
    layer.put("a", 3)
    mark = len(undo.changes)
    layer.put("b", None)
    layer.put("c", 4)
    assert [3, None, 4, None] == [layer.get(key) for key in "abcd"]
    assert [1, 2, None, None] == [other.get(key) for key in "abcd"]

    undo.back_to(mark)
    layer.hand_over()

    assert {"a": 3, "b": 2} == shared
    assert [3, 2] == [other.get(key) for key in "ab"]
